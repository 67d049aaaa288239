use gc_core::Trace;

#[derive(Trace)]
struct Node {
    #[trace(unsafe(with = |_, _| {}))]
    name: String,
}

fn main() {}
