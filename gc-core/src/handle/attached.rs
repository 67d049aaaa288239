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

/// For random programs, which attach only what is of their objects' one type.
#[cfg(all(test, shuttle))]
impl<T: 'static, S: Space> Gc<T, S> {
    /// The handle for a count that an erased one has had.
    fn of_attached(object: crate::gc_box::Object<S>) -> Option<Self> {
        crate::gc_box::GcBox::of_object(object).map(Gc::from_ptr)
    }

    /// Takes back what was attached last.
    pub(crate) fn detach_last(this: &Self) -> Option<Self> {
        let last = S::with_heap(|heap| heap.with_attached(Gc::object(this), Vec::pop));
        last.flatten().and_then(Gc::of_attached)
    }

    /// New handles to all that is attached.
    pub(crate) fn attached(this: &Self) -> Vec<Self> {
        use crate::sharing::Head;
        let clone = |object: &crate::gc_box::Object<S>| {
            object.head().retain();
            Gc::of_attached(*object)
        };
        let all = S::with_heap(|heap| {
            heap.with_attached(Gc::object(this), |all| all.iter().filter_map(clone).collect())
        });
        all.unwrap_or_default()
    }
}
