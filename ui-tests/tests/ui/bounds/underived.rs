use gc_core::unsync::Gc;

struct Connection;

fn main() {
    Gc::new(Connection);
}
