use gc_core::Trace;

struct Connection;

#[derive(Trace)]
enum State {
    Closed,
    Open(Connection),
}

fn main() {}
