use gc_core::{Trace, Tracer};

unsafe fn trace_name(_: &String, _: &mut Tracer<'_>) {}

#[derive(Trace)]
struct Node {
    #[trace(with = trace_name)]
    name: String,
}

fn main() {}
