use gc_core::Trace;

#[derive(Trace)]
#[trace(drop)]
struct Node {
    name: String,
}

impl Drop for Node {
    fn drop(&mut self) {}
}

fn main() {}
