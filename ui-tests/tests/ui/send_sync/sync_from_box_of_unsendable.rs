use gc_core::{Trace, sync::Gc};

fn share(boxed: Box<dyn Trace>) -> Gc<dyn Trace> {
    Gc::from(boxed)
}

fn main() {
    drop(share(Box::new(1)));
}
