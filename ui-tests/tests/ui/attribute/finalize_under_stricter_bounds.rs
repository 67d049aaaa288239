use gc_core::{Finalize, Finalizing, Trace};
use std::fmt::Debug;

#[derive(Trace)]
#[trace(finalize)]
struct Node<T> {
    value: T,
}

impl<T: Debug> Finalize for Node<T> {
    fn finalize(&self, _: &Finalizing<'_>) {
        println!("{:?}", self.value);
    }
}

fn main() {}
