use gc_core::Trace;

#[derive(Trace)]
#[trace(bound = "T: Tracing")]
struct Node<T> {
    value: T,
}

fn main() {}
