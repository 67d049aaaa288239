use gc_core::Trace;

#[derive(Trace)]
enum Value {
    #[trace(rename = "none")]
    Nothing,
    Number(f64),
}

fn main() {}
