use gc_core::Trace;

#[derive(Trace)]
#[trace(finalise)]
struct Node {
    #[trace(skip, skip)]
    file: std::fs::File,
    #[trace(leaf)]
    name: String,
}

fn is_trace<T: Trace>() {}

fn use_it() {
    is_trace::<Node>();
}

fn main() {}
