use gc_core::Trace;

#[derive(Trace)]
struct Node {
    #[trace(unsafe(with = trace_name))]
    name: String,
}

fn main() {}
