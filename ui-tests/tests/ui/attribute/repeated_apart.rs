use gc_core::Trace;

#[derive(Trace)]
#[trace(bound = "T: Trace")]
#[trace(bound = "")]
struct Node<T> {
    value: T,
}

fn main() {}
