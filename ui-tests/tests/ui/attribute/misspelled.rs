use gc_core::Trace;

#[derive(Trace)]
struct Node {
    #[trace(skp)]
    file: std::fs::File,
}

fn main() {}
