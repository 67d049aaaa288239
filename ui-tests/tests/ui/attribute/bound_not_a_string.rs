use gc_core::Trace;

#[derive(Trace)]
#[trace(bound = T)]
struct Node<T> {
    value: T,
}

fn main() {}
