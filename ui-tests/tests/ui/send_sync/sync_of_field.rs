use gc_core::{Trace, sync::Gc};
use std::cell::RefCell;

#[derive(Trace)]
struct Person {
    friends: RefCell<Vec<Gc<Person>>>,
}

fn main() {
    let ann = Gc::new(Person { friends: RefCell::default() });
    drop(ann);
}
