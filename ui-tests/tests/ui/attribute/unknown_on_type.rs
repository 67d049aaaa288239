use gc_core::Trace;

#[derive(Trace)]
#[trace(no_drop)]
struct Node {
    name: String,
}

fn main() {}
