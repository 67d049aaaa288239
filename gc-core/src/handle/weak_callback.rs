//! Weak handles that tell when their object is gone.

use super::{Gc, Weak};
use crate::heap::{Callback, Space};
use crate::sharing::Carries;
use crate::trace::{Trace, Tracer};
use std::fmt;

/// A weak handle with a callback: Python's `weakref.ref(object, callback)`.
///
/// The callback runs once, when the object is dead. It does not run if this
/// handle is dropped before, or if it is part of the same garbage as the object.
/// An object's callbacks run newest first; when they do, no weak
/// handle to any object that died with it upgrades any more.
///
/// What the callback owns counts as held from outside while the object lives.
///
/// In `sync` it runs on whichever thread finds the object dead, so it is `Send`: see [the
/// guide](crate::docs::threads#what-may-run-where). To drop the handle does not wait for one that
/// another thread is about to run, or runs.
///
/// # Panics
///
/// A panic in a callback goes to [`set_unraisable_hook`](crate::set_unraisable_hook)'s hook.
///
/// # Examples
///
/// ```
/// use gc_core::unsync::Gc;
/// use std::{cell::Cell, rc::Rc};
///
/// let value = Gc::new(5);
/// let gone = Rc::new(Cell::new(false));
/// let watch = Gc::downgrade_with(&value, { let gone = gone.clone(); move || gone.set(true) });
/// assert!(watch.upgrade().is_some());
/// drop(value);
/// assert!(gone.get());
/// ```
#[doc(alias = "weakref.ref")]
pub struct WeakCallback<T: ?Sized, S: Space> {
    weak: Weak<T, S>,
    id: u64,
}

impl<T: ?Sized, S: Space> Gc<T, S> {
    /// Makes a weak handle whose callback runs when the object is dead: Python's
    /// `weakref.ref(object, callback)`. See [`WeakCallback`].
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    /// use std::{cell::Cell, rc::Rc};
    ///
    /// let deaths = Rc::new(Cell::new(0));
    /// let count = || { let deaths = deaths.clone(); move || deaths.set(deaths.get() + 1) };
    /// let value = Gc::new(5);
    /// let _kept = Gc::downgrade_with(&value, count());
    /// drop(Gc::downgrade_with(&value, count())); // cancelled
    /// drop(value);
    /// assert_eq!(deaths.get(), 1);
    /// ```
    #[doc(alias = "weakref.ref")]
    #[doc(alias = "weakref.finalize")]
    #[must_use = "dropping the handle cancels the callback"]
    pub fn downgrade_with<F>(this: &Self, callback: F) -> WeakCallback<T, S>
    where
        F: FnOnce() + 'static,
        S: Carries<F>,
    {
        // SAFETY: in `Shared` a callback that it carries is `Send`.
        unsafe { Gc::watch(this, Box::new(callback)) }
    }

    /// The same for a callback of which the caller knows that the heap may keep it.
    ///
    /// # Safety
    ///
    /// In `Shared` it may be run, and dropped, on any thread.
    pub(crate) unsafe fn watch(this: &Self, callback: Callback) -> WeakCallback<T, S> {
        let id = S::with_heap(|heap| heap.watch(Gc::object(this), callback));
        WeakCallback { weak: Gc::downgrade(this), id }
    }
}

impl<T: ?Sized, S: Space> WeakCallback<T, S> {
    /// A strong handle, if the object is alive.
    #[must_use]
    pub fn upgrade(&self) -> Option<Gc<T, S>> {
        self.weak.upgrade()
    }

    /// The weak handle itself.
    #[must_use]
    pub fn weak(&self) -> &Weak<T, S> {
        &self.weak
    }

    /// Drops the handle and with it the callback.
    pub fn cancel(self) {
        drop(self);
    }
}

impl<T: ?Sized, S: Space> Drop for WeakCallback<T, S> {
    fn drop(&mut self) {
        let Some(object) = self.weak.object() else { return };
        let callback = S::with_heap(|heap| heap.unwatch(object.as_erased(), self.id));
        // What it owns is dropped here, with nothing of the heap's borrowed.
        drop(callback);
    }
}

impl<T: ?Sized, S: Space> fmt::Debug for WeakCallback<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(WeakCallback)")
    }
}

// SAFETY: a weak handle owns no object and shows no edge.
unsafe impl<T: ?Sized, S: Space> Trace for WeakCallback<T, S> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if let Some(object) = self.weak.object() {
            tracer.callback(object.edge(), self.id);
        }
    }
}
