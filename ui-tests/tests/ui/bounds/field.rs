use gc_core::Trace;

struct Connection;

#[derive(Trace)]
struct Session {
    name: String,
    connection: Connection,
}

fn main() {}
