use gc_core::Trace;

#[derive(Trace)]
union Word {
    int: u64,
    float: f64,
}

fn main() {}
