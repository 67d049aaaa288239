//! A cell that a contract can use without naming the kind of heap.

use gc_core::Trace;
use std::cell::RefCell;

/// A `RefCell` that lends its contents to a closure only, so that nothing is
/// dropped while it is borrowed.
#[derive(Debug, Default, Trace)]
pub struct LocalSlot<T>(RefCell<T>);

impl<T> LocalSlot<T> {
    /// A slot with `value` in it.
    pub fn new(value: T) -> Self {
        LocalSlot(RefCell::new(value))
    }

    /// Puts `value` in and drops what was there, after the borrow has ended.
    pub fn set(&self, value: T) {
        drop(self.0.replace(value));
    }

    /// Puts `value` in and gives back what was there.
    pub fn replace(&self, value: T) -> T {
        self.0.replace(value)
    }

    /// Looks at the contents.
    pub fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        f(&self.0.borrow())
    }

    /// Changes the contents in place; `f` must not drop a handle.
    pub fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.0.borrow_mut())
    }
}

impl<T: Default> LocalSlot<T> {
    /// Takes the contents out.
    pub fn take(&self) -> T {
        self.0.take()
    }
}

impl<T: Clone> LocalSlot<T> {
    /// A clone of the contents.
    pub fn get(&self) -> T {
        self.0.borrow().clone()
    }
}
