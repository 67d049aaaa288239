//! The same with strong handles, for comparison: how a list of observers becomes a leak.

use gc_core::Trace;
use gc_core::unsync::Gc;
use gc_examples::report::say;
use std::cell::RefCell;

/// Keeps its observers alive, and they it.
#[derive(Trace, Default)]
pub(crate) struct StrongSubject {
    observers: RefCell<Vec<Gc<StrongObserver>>>,
}

/// Knows what it observes.
#[derive(Trace)]
pub(crate) struct StrongObserver {
    name: &'static str,
    _subject: Gc<StrongSubject>,
}

impl StrongSubject {
    pub(crate) fn notify(&self, event: i32) {
        for observer in self.observers.borrow().iter() {
            say(format_args!("{} is told {event}", observer.name));
        }
    }
}

impl StrongObserver {
    pub(crate) fn new(name: &'static str, subject: &Gc<StrongSubject>) -> Gc<StrongObserver> {
        let observer = Gc::new(StrongObserver { name, _subject: subject.clone() });
        subject.observers.borrow_mut().push(observer.clone());
        observer
    }
}
