use gc_core::Trace;

#[derive(Trace)]
struct Node {
    #[trace(unsafe(with))]
    name: String,
}

fn main() {}
