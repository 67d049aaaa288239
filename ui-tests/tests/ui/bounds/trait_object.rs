use gc_core::Trace;

trait Shape {}

#[derive(Trace)]
struct Drawing {
    shapes: Vec<Box<dyn Shape>>,
}

fn main() {}
