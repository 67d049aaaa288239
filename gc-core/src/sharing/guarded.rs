//! A value that several owners change: behind a borrow flag, or behind a lock.

use crate::primitive::{Mutex, lock};
use std::cell::RefCell;
use std::fmt::Debug;

/// A place that is borrowed or locked for a moment, and never while user code runs: so
/// [`with`](Guarded::with) neither panics nor waits for long.
pub trait Guarded<T>: Debug {
    /// A place with `value` in it.
    fn new(value: T) -> Self;

    /// Runs `f`, which runs no user code (no destructor of the user's either), on the value.
    fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R;
}

impl<T: Debug> Guarded<T> for RefCell<T> {
    fn new(value: T) -> Self {
        RefCell::new(value)
    }

    fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.borrow_mut())
    }
}

impl<T: Debug> Guarded<T> for Mutex<T> {
    fn new(value: T) -> Self {
        Mutex::new(value)
    }

    fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut lock(self))
    }
}
