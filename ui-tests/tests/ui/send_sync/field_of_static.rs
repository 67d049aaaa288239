use gc_core::{Trace, unsync::Gc};
use std::sync::Mutex;

#[derive(Trace)]
struct Registry {
    name: Option<Gc<str>>,
}

static REGISTRY: Mutex<Registry> = Mutex::new(Registry { name: None });

fn main() {
    drop(REGISTRY.lock());
}
