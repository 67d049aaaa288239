//! Objects that know themselves from the start.

use super::gc::birth_flags;
use super::{Gc, Weak};
use crate::collector;
use crate::gc_box::{GcBox, Object, VTable};
use crate::heap::{self, Space};
use crate::sharing::{Admits, Head};
use crate::trace::Trace;

impl<T: Trace + 'static, S: Space + Admits<T>> Gc<T, S> {
    /// A new object whose value is made with a weak handle to it.
    ///
    /// The weak handle does not upgrade before this has returned.
    ///
    /// # Panics
    ///
    /// Where `make` does; the object is then gone, and the weak handle dead. And as
    /// [`new`](Gc::new).
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{Trace, unsync::{Gc, Weak}};
    ///
    /// #[derive(Trace)]
    /// struct Widget {
    ///     me: Weak<Widget>,
    /// }
    ///
    /// let widget = Gc::new_cyclic(|me| Widget { me: me.clone() });
    /// assert!(Gc::ptr_eq(&widget, &widget.me.upgrade().unwrap()));
    /// ```
    #[must_use]
    pub fn new_cyclic(make: impl FnOnce(&Weak<T, S>) -> T) -> Self {
        collector::poll::<S>();
        let flags = S::with_heap(|heap| heap.born(birth_flags::<T>(), GcBox::<T, S>::SIZE));
        let whole = GcBox::<T, S>::allocate_empty(VTable::of::<T>(), flags, 0);
        let object = Object::new(whole);
        // No value was made: the box ends as one that was emptied.
        let unfinished = scopeguard::guard(object, |object| {
            S::with_heap(|heap| heap.end_emptied(object));
        });
        heap::retain_share(object);
        let weak = Weak::from_ptr(whole);
        let value = make(&weak);
        // SAFETY: the box was made above without a value, and nobody can have looked at it.
        unsafe { GcBox::put_value(whole, value) };
        object.head().revive();
        scopeguard::ScopeGuard::into_inner(unfinished);
        Gc::from_ptr(whole)
    }
}
