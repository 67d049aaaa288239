use gc_core::Trace;

#[derive(Trace)]
struct Node {
    #[trace(crate = gc_core)]
    name: String,
}

fn main() {}
