use gc_core::Trace;

#[derive(Trace)]
struct Node {
    #[trace(skip, skip)]
    file: std::fs::File,
}

fn main() {}
