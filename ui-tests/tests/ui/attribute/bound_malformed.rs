use gc_core::Trace;

#[derive(Trace)]
#[trace(bound = "T Trace")]
struct Node<T> {
    value: T,
}

fn main() {}
