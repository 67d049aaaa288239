use gc_core::Trace;

struct Connection;

#[derive(Trace)]
struct Pool {
    connections: Vec<Option<Connection>>,
}

fn main() {}
