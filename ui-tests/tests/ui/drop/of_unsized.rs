use gc_core::Trace;

#[derive(Trace)]
struct Node<T: ?Sized> {
    name: String,
    tail: T,
}

impl<T: ?Sized> Drop for Node<T> {
    fn drop(&mut self) {}
}

fn main() {}
