//! Derived types in handles that go from thread to thread.

use gc_core::Trace;
use gc_core::sync::{self, Gc, Weak};
use std::sync::{Mutex, OnceLock, RwLock};

#[derive(Trace)]
struct Person {
    name: String,
    parent: OnceLock<Weak<Person>>,
    friends: RwLock<Vec<Gc<Person>>>,
    state: Mutex<State>,
}

#[derive(Trace)]
enum State {
    Idle,
    Meeting(Gc<Person>),
}

fn person(name: &str) -> Gc<Person> {
    Gc::new(Person {
        name: name.to_owned(),
        parent: OnceLock::new(),
        friends: RwLock::default(),
        state: Mutex::new(State::Idle),
    })
}

fn main() {
    let (ann, bob) = (person("Ann"), person("Bob"));
    ann.friends.write().unwrap().push(bob.clone());
    bob.parent.set(Gc::downgrade(&ann)).unwrap();
    let thread = std::thread::spawn(move || {
        *bob.state.lock().unwrap() = State::Meeting(bob.parent.get().unwrap().upgrade().unwrap());
        bob.name.clone()
    });
    assert_eq!(thread.join().unwrap(), "Bob");
    if let State::Meeting(with) = &*ann.friends.read().unwrap()[0].state.lock().unwrap() {
        assert_eq!(with.name, "Ann");
    }
    drop(ann);
    assert_eq!(sync::collect().collected, 2);
    assert_eq!(sync::live(), 0);
}
