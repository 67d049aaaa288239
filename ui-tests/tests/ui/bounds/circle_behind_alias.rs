use gc_core::Trace;

type Twigs<T> = Vec<Branch<T>>;

#[derive(Trace)]
struct Branch<T> {
    value: T,
    twigs: Twigs<T>,
}

fn is_trace<T: Trace>() {}

fn main() {
    is_trace::<Branch<u8>>();
}
