use gc_core::Trace;

#[derive(Trace)]
#[trace]
struct Node {
    name: String,
}

fn main() {}
