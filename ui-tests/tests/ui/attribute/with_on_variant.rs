use gc_core::{Trace, Tracer};

fn trace_number(_: &f64, _: &mut Tracer<'_>) {}

#[derive(Trace)]
enum Value {
    #[trace(unsafe(with = trace_number))]
    Number(f64),
}

fn main() {}
