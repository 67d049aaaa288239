//! What happened, in order.

use std::sync::{Arc, Mutex, PoisonError};

/// One thing that happened to the node of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    /// Its finalizer was called.
    Finalized(usize),
    /// The weak callback of that number was called.
    Called(usize),
    /// Its value was dropped.
    Dropped(usize),
    /// A remark of the test itself.
    Note(&'static str),
}

/// A list of events that nodes and tests add to. Clones share the list.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<Vec<Event>>>);

impl Log {
    /// An empty log.
    #[must_use]
    pub fn new() -> Log {
        Log::default()
    }

    /// Adds an event.
    pub fn push(&self, event: Event) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(event);
    }

    /// Adds a remark.
    pub fn note(&self, remark: &'static str) {
        self.push(Event::Note(remark));
    }

    /// The events since the last call, in order.
    #[must_use]
    pub fn take(&self) -> Vec<Event> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// All events so far, in order.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The names of the nodes that were dropped, sorted.
    #[must_use]
    pub fn dropped(&self) -> Vec<usize> {
        self.sorted(|event| match event {
            Event::Dropped(name) => Some(name),
            _ => None,
        })
    }

    /// The names of the nodes whose finalizer ran, sorted.
    #[must_use]
    pub fn finalized(&self) -> Vec<usize> {
        self.sorted(|event| match event {
            Event::Finalized(name) => Some(name),
            _ => None,
        })
    }

    /// The numbers of the callbacks that ran, in order.
    #[must_use]
    pub fn called(&self) -> Vec<usize> {
        let called = |event| match event {
            Event::Called(number) => Some(number),
            _ => None,
        };
        self.events().into_iter().filter_map(called).collect()
    }

    fn sorted(&self, name: impl Fn(Event) -> Option<usize>) -> Vec<usize> {
        let mut names: Vec<usize> = self.events().into_iter().filter_map(name).collect();
        names.sort_unstable();
        names
    }
}
