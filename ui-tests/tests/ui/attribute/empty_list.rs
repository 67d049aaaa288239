use gc_core::Trace;

#[derive(Trace)]
struct Node {
    #[trace()]
    name: String,
}

fn main() {}
