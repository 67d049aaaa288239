use gc_core::Trace;

#[derive(Trace)]
enum Value {
    Number(f64),
    #[trace(skip)]
    File(#[trace(skip)] std::fs::File),
}

fn main() {}
