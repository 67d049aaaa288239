use gc_core::Trace;

#[derive(Trace)]
struct Node {
    #[trace(unsafe_ignore)]
    file: std::fs::File,
}

fn main() {}
