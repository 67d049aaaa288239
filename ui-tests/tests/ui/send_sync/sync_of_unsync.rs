use gc_core::{sync, unsync};

fn main() {
    let gc = sync::Gc::new(unsync::Gc::new(1));
    drop(gc);
}
