use gc_core::{Trace, unsync::Gc};

#[derive(Trace)]
struct Node(Option<Gc<Node>>);

impl Drop for Node {
    fn drop(&mut self) {}
}

impl gc_core::__private::MayDerive<Node> for gc_core::__private::HasDrop {}

fn main() {}
