use gc_core::{Trace, unsync::Gc};

#[derive(Trace)]
struct Node<'a> {
    name: &'a str,
}

fn main() {
    let name = String::from("a");
    Gc::new(Node { name: &name });
}
