use gc_core::Trace;

#[derive(Trace)]
#[trace(leaf, bound = "T: Trace")]
struct Node<T> {
    value: T,
}

fn main() {}
