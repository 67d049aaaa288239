//! A value that several owners change: behind a borrow flag, or behind a lock.

use crate::primitive::{TryMutex, TryMutexGuard};
use std::cell::{Ref, RefCell};
use std::fmt::Debug;
use std::ops::Deref;

/// A place that is borrowed or locked for a moment, and never while user code runs: so
/// [`with`](Guarded::with) neither panics nor waits for long.
pub trait Guarded<T>: Debug {
    /// Nobody changes the value while one exists. Dropping it runs no user code.
    type Look<'a>: Deref<Target = T>
    where
        Self: 'a;

    /// A place with `value` in it.
    fn new(value: T) -> Self;

    /// Runs `f`, which runs no user code (no destructor of the user's either), on the value.
    fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R;

    /// The same for who must not wait: `None` if somebody else is there.
    fn try_with<R>(&self, f: impl FnOnce(&mut T) -> R) -> Option<R>;

    /// A look at the value for a collection, which never waits and keeps what it got; `None` if
    /// somebody else is there.
    fn look(&self) -> Option<Self::Look<'_>>;
}

impl<T: Debug> Guarded<T> for RefCell<T> {
    type Look<'a>
        = Ref<'a, T>
    where
        T: 'a;

    fn new(value: T) -> Self {
        RefCell::new(value)
    }

    fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.borrow_mut())
    }

    fn try_with<R>(&self, f: impl FnOnce(&mut T) -> R) -> Option<R> {
        Some(f(&mut *self.try_borrow_mut().ok()?))
    }

    fn look(&self) -> Option<Ref<'_, T>> {
        self.try_borrow().ok()
    }
}

impl<T: Debug> Guarded<T> for TryMutex<T> {
    type Look<'a>
        = TryMutexGuard<'a, T>
    where
        T: 'a;

    fn new(value: T) -> Self {
        TryMutex::new(value)
    }

    fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.lock())
    }

    fn try_with<R>(&self, f: impl FnOnce(&mut T) -> R) -> Option<R> {
        self.try_lock().map(|mut guard| f(&mut guard))
    }

    fn look(&self) -> Option<TryMutexGuard<'_, T>> {
        self.try_lock()
    }
}
