use gc_core::Trace;

#[derive(Trace)]
struct Node<'a> {
    name: &'a str,
}

impl<'a> Drop for Node<'a> {
    fn drop(&mut self) {}
}

fn main() {}
