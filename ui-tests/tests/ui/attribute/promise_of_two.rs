use gc_core::Trace;

#[derive(Trace)]
#[trace(unsafe(drop, leaf))]
struct Node {
    name: String,
}

fn main() {}
