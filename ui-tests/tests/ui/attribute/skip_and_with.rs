use gc_core::{Trace, Tracer};

fn trace_name(_: &String, _: &mut Tracer<'_>) {}

#[derive(Trace)]
struct Node {
    #[trace(skip, unsafe(with = trace_name))]
    name: String,
}

fn main() {}
