use gc_core::{Trace, unsync::Gc};

struct Connection;

#[derive(Trace)]
struct Node<T> {
    value: T,
}

fn main() {
    Gc::new(Node { value: Connection });
}
