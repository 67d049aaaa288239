use gc_core::sync::Gc;
use std::cell::Cell;

fn main() {
    let gc = Gc::new(Cell::new(1));
    drop(gc);
}
