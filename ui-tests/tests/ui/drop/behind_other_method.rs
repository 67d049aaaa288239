use gc_core::Trace;

trait Evade: Sized {
    fn __gc_drop(self) {}
    fn check(self) {}
}

impl<T> Evade for T {}

#[derive(Trace)]
struct Node<T>(T);

impl<T> Drop for Node<T> {
    fn drop(&mut self) {}
}

fn main() {}
