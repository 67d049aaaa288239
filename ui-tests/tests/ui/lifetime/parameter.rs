use gc_core::{Trace, unsync::Gc};

#[derive(Trace)]
struct Node<'a, T> {
    name: &'a str,
    value: T,
}

fn on_the_heap<'a>(name: &'a str) -> Gc<Node<'a, u32>> {
    Gc::new(Node { name, value: 1 })
}

fn main() {}
