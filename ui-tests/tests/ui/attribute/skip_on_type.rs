use gc_core::Trace;

#[derive(Trace)]
#[trace(skip)]
struct Node {
    file: std::fs::File,
}

fn main() {}
