use gc_core::sync::Gc;
use std::cell::RefCell;

fn main() {
    let gc = Gc::new(RefCell::new(1));
    drop(gc);
}
