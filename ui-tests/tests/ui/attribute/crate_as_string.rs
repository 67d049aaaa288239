use gc_core::Trace;

#[derive(Trace)]
#[trace(crate = "gc_core")]
struct Node {
    name: String,
}

fn main() {}
