use gc_core::sync;
use std::cell::Cell;

fn main() {
    let collections = Cell::new(0);
    let hook = sync::on_collect(move |_, _| collections.set(collections.get() + 1));
    drop(hook);
}
