use gc_core::Trace;

struct Connection<T>(T);

#[derive(Trace)]
struct Pool<T> {
    connections: Vec<Connection<T>>,
}

fn main() {}
