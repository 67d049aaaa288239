//! Values that belong to an object beside its own: they live as long as it does.

use super::{Gc, Weak};
use crate::heap::Space;
use std::mem::ManuallyDrop;

impl<T: ?Sized, S: Space> Gc<T, S> {
    /// Makes `value` the object's own: the handle is dropped after the object's value is, or its
    /// value was moved out. To the collector it is a handle in the object.
    pub(crate) fn attach<V: ?Sized>(this: &Self, value: Gc<V, S>) {
        let value = ManuallyDrop::new(value);
        S::with_heap(|heap| heap.attach(Gc::object(this), Gc::object(&value)));
    }

    /// Takes back a handle to what `value` leads to, if one was attached.
    pub(crate) fn detach<V: ?Sized>(this: &Self, value: &Weak<V, S>) -> Option<Gc<V, S>> {
        let attached = value.object()?;
        S::with_heap(|heap| heap.detach(Gc::object(this), attached))?;
        // The handle is to the same object, and is ours now.
        Some(Gc::from_ptr(Weak::ptr(value)))
    }
}
