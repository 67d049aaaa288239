use gc_core::Trace;

#[derive(Trace)]
struct Node {
    #[trace(skip = true)]
    file: std::fs::File,
}

fn main() {}
