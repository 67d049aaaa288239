use gc_core::Trace;

#[derive(Trace)]
struct Node {
    #[trace(leaf)]
    file: std::fs::File,
}

fn main() {}
