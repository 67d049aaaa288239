use gc_core::sync::Gc;
use std::rc::Rc;

fn main() {
    let gc = Gc::new(Rc::new(1));
    drop(gc);
}
