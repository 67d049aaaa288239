//! The cells around what changes in an object: the same few operations for each kind.

use std::cell::RefCell;
use std::mem;
use std::sync::{Mutex, PoisonError};

/// A cell with a value in it.
pub(super) trait Slot<T> {
    /// Puts a value in and gives back the one that was there.
    fn put(&self, value: T) -> T;
    /// Runs `f` on the value.
    fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R;
}

impl<T> Slot<T> for RefCell<T> {
    #[inline]
    fn put(&self, value: T) -> T {
        self.replace(value)
    }

    #[inline]
    fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.borrow_mut())
    }
}

impl<T> Slot<T> for Mutex<T> {
    #[inline]
    fn put(&self, value: T) -> T {
        // What was there is dropped by the caller, without the lock.
        self.with(|place| mem::replace(place, value))
    }

    #[inline]
    fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
