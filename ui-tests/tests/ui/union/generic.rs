use gc_core::Trace;

#[derive(Trace)]
union Slot<T: Copy> {
    value: T,
    next: usize,
}

fn is_trace<T: Trace>() {}

fn main() {
    is_trace::<Slot<u32>>();
}
