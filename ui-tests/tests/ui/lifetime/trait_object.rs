use gc_core::Trace;

trait Shape: Trace {}

#[derive(Trace)]
struct Circle<'a> {
    label: &'a str,
}

impl<'a> Shape for Circle<'a> {}

fn main() {}
