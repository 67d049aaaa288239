use gc_core::Trace;

#[derive(Trace)]
#[trace(finalize)]
struct Node {
    name: String,
}

fn main() {}
