use gc_core::Trace;

#[derive(Trace)]
enum Value {
    #[trace(leaf)]
    Number(f64),
}

fn main() {}
