use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf, unsafe(drop))]
struct Node {
    name: String,
}

fn main() {}
