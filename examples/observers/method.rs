//! A method of an object that it does not keep alive: Python's `weakref.WeakMethod`.
//!
//! In Python a bound method holds its object, and is itself gone as soon as nobody holds it: so
//! neither it nor a weak reference to it will do. Here a method is a function, which needs no
//! keeping, and the object stands beside it, weakly.

use gc_core::unsync::{Gc, WeakCallback};

/// An object, weakly, and which of its methods to call.
pub(crate) struct WeakMethod<T, E> {
    /// Tells when the object is gone, for as long as this is there.
    object: WeakCallback<T>,
    method: fn(&T, &E),
}

/// Someone to tell of events, of whatever type.
pub(crate) trait Listener<E> {
    fn call(&self, event: &E);
}

impl<T: 'static, E> WeakMethod<T, E> {
    pub(crate) fn new(object: &Gc<T>, method: fn(&T, &E), gone: impl FnOnce() + 'static) -> Self {
        WeakMethod { object: Gc::downgrade_with(object, gone), method }
    }
}

impl<T, E> Listener<E> for WeakMethod<T, E> {
    /// Calls the method, if the object is alive. It stays so until the method returns.
    fn call(&self, event: &E) {
        if let Some(object) = self.object.upgrade() {
            (self.method)(&object, event);
        }
    }
}
