use gc_core::Trace;

#[derive(Trace)]
struct Node {
    #[trace(finalize)]
    name: String,
}

fn main() {}
