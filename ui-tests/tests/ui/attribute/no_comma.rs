use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf finalize)]
struct Node {
    name: String,
}

fn main() {}
