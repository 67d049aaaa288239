use gc_core::Trace;

#[derive(Trace)]
#[trace(bound = "T: Trace + Copy")]
struct Node<T> {
    value: T,
}

impl<T> Drop for Node<T> {
    fn drop(&mut self) {}
}

fn main() {}
