use gc_core::{Trace, unsync::Gc};

#[derive(Trace)]
struct Node<'a> {
    parent: Option<&'a Gc<Node<'a>>>,
}

fn main() {
    let parent = Gc::new(Node { parent: None });
    Gc::new(Node { parent: Some(&parent) });
}
