//! A cell that a contract can use without naming the kind of heap.

use super::{Lock, lock};
use gc_core::Trace;

/// A [`Lock`] that lends its contents to a closure only, so that nothing is dropped
/// while it is taken.
#[derive(Debug, Default, Trace)]
pub struct Slot<T>(Lock<T>);

impl<T> Slot<T> {
    /// A slot with `value` in it.
    pub fn new(value: T) -> Self {
        Slot(Lock::new(value))
    }

    /// Puts `value` in and drops what was there, after the lock is released.
    pub fn set(&self, value: T) {
        drop(self.replace(value));
    }

    /// Puts `value` in and gives back what was there.
    pub fn replace(&self, value: T) -> T {
        std::mem::replace(&mut *lock(&self.0), value)
    }

    /// Looks at the contents. The slot is taken meanwhile: `f` must not come back to it.
    pub fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        f(&lock(&self.0))
    }

    /// Changes the contents in place, as above; `f` must not drop a handle.
    pub fn with_mut<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut lock(&self.0))
    }
}

impl<T: Default> Slot<T> {
    /// Takes the contents out.
    pub fn take(&self) -> T {
        self.replace(T::default())
    }
}

impl<T: Clone> Slot<T> {
    /// A clone of the contents.
    pub fn get(&self) -> T {
        self.with(T::clone)
    }
}
