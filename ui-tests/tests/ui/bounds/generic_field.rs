use gc_core::{Trace, unsync::Gc};

struct Connection<T>(T);

#[derive(Trace)]
struct Session<T> {
    connection: Connection<T>,
}

fn main() {
    Gc::new(Session { connection: Connection(1) });
}
