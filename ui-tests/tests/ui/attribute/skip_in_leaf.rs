use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf)]
struct Node {
    #[trace(skip)]
    name: String,
}

fn main() {}
