//! A subject that tells observers of events and does not keep them alive.

use crate::method::{Listener, WeakMethod};
use gc_core::Trace;
use gc_core::unsync::Gc;
use gc_examples::report::say;
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

/// What can be observed.
#[derive(Trace)]
pub(crate) struct Subject<E: 'static> {
    name: &'static str,
    /// In the order in which they are told. The collector need not look in there: they are weak.
    #[trace(skip)]
    listeners: RefCell<Vec<Entry<E>>>,
    registered: Cell<u32>,
}

/// An observer on the list. `Rc`, because one that is being told may be taken off the list meanwhile.
struct Entry<E> {
    registration: Registration,
    listener: Rc<dyn Listener<E>>,
}

impl<E> Clone for Entry<E> {
    fn clone(&self) -> Self {
        Entry { registration: self.registration, listener: self.listener.clone() }
    }
}

/// What [`Subject::disconnect`] wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Registration(u32);

impl<E> Subject<E> {
    pub(crate) fn new(name: &'static str) -> Gc<Self> {
        Gc::new(Subject { name, listeners: RefCell::default(), registered: Cell::new(0) })
    }

    /// Has a method of an observer called for each event, until the observer dies.
    ///
    /// The callback that takes a dead observer off the list knows the subject weakly: what a
    /// callback owns counts as held from outside, so a strong handle there would keep the subject
    /// alive for as long as the observer.
    pub(crate) fn connect<T: fmt::Display + 'static>(
        this: &Gc<Self>,
        observer: &Gc<T>,
        method: fn(&T, &E),
    ) -> Registration {
        let registration = Registration(this.registered.replace(this.registered.get() + 1));
        let (subject, name) = (Gc::downgrade(this), observer.to_string());
        let gone = move || match subject.upgrade() {
            None => say(format_args!("{name} is gone; so is what it observed")),
            Some(subject) => {
                say(format_args!("{name} is gone, and off the list of {}", subject.name));
                subject.disconnect(registration);
            }
        };
        let listener = Rc::new(WeakMethod::new(observer, method, gone));
        this.listeners.borrow_mut().push(Entry { registration, listener });
        registration
    }

    /// Takes an observer off the list, where it is on it.
    pub(crate) fn disconnect(&self, registration: Registration) {
        let mut listeners = self.listeners.borrow_mut();
        let place = listeners.iter().position(|entry| entry.registration == registration);
        let entry = place.map(|place| listeners.remove(place));
        // With it goes a weak callback, and what that owns: code of others, so nothing is borrowed.
        drop(listeners);
        drop(entry);
    }

    /// Tells all observers, in the order in which they have come.
    ///
    /// An observer may do as it likes meanwhile. One that comes is told of the next event only;
    /// one that is taken off the list, or dies, before its turn is not told of this one.
    pub(crate) fn notify(&self, event: &E) {
        let listeners = self.listeners.borrow().clone();
        for entry in listeners {
            if self.is_connected(entry.registration) {
                entry.listener.call(event);
            }
        }
    }

    pub(crate) fn observers(&self) -> usize {
        self.listeners.borrow().len()
    }

    fn is_connected(&self, registration: Registration) -> bool {
        self.listeners.borrow().iter().any(|entry| entry.registration == registration)
    }
}
