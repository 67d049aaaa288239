use gc_core::{Finalize, Finalizing, Trace};

#[derive(Trace)]
#[trace(finalize)]
struct Node(String);

impl Finalize for Node {
    fn finalize(&self, _: &Finalizing<'_>) {}
}

impl Drop for Node {
    fn drop(&mut self) {}
}

fn main() {}
