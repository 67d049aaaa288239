use gc_core::Trace;

#[derive(Trace)]
#[trace(bound = "T: Clone")]
struct Node<T> {
    value: T,
}

fn main() {}
