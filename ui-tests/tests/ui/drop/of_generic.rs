use gc_core::Trace;

#[derive(Trace)]
struct Node<T> {
    value: T,
}

impl<T> Drop for Node<T> {
    fn drop(&mut self) {}
}

fn main() {}
