use gc_core::sync::Gc;
use std::cell::RefCell;

fn main() {
    let gc = Gc::new_opaque(RefCell::new(1));
    drop(gc);
}
