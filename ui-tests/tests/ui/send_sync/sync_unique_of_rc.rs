use gc_core::sync::UniqueGc;
use std::rc::Rc;

fn main() {
    let gc = UniqueGc::new(Rc::new(1));
    drop(gc);
}
