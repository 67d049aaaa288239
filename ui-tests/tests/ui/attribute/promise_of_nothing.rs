use gc_core::Trace;

#[derive(Trace)]
struct Node {
    #[trace(unsafe(skip))]
    file: std::fs::File,
}

fn main() {}
