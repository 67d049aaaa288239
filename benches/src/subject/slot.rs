//! What pointers and the cells in their objects have in common, under the same few names for each kind.

use std::cell::RefCell;
use std::mem;
use std::sync::{Mutex, PoisonError};

/// A handle that is followed. Some give a guard, so the value is lent for one call only.
pub(super) trait Handle: Clone {
    type Value;
    fn look<R>(&self, f: impl FnOnce(&Self::Value) -> R) -> R;
}

/// Says so of a pointer like `Rc`.
macro_rules! plain_handle {
    ($Handle:ident $(, $($bounds:tt)+)?) => {
        impl<T: 'static $(+ $($bounds)+)?> $crate::subject::slot::Handle for $Handle<T> {
            type Value = T;

            #[inline]
            fn look<R>(&self, f: impl FnOnce(&T) -> R) -> R {
                f(self)
            }
        }
    };
}
pub(super) use plain_handle;

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
