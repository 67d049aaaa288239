use gc_core::sync::Gc;
use std::rc::Rc;

fn main() {
    let (gc, owned) = (Gc::new(1), Rc::new(2));
    let watch = Gc::downgrade_with(&gc, move || drop(owned));
    drop(watch);
}
