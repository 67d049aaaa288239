//! A handle that nobody shares yet.

use super::gc::birth_flags;
use super::{Gc, Weak};
use crate::collector;
use crate::gc_box::{GcBox, Object, VTable};
use crate::heap::{self, Space};
use crate::sharing::{Admits, Head, Shared};
use crate::trace::{Depth, Sizer, Trace, Tracer};
use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;

/// The only handle to a new object: its value can be changed until it is
/// [published](UniqueGc::publish) as a [`Gc`].
///
/// The collector does not see the object before that: what it holds counts as held from
/// outside. Weak handles made of it do not upgrade. Dropped without being published, it ends as any object
/// does whose last handle goes.
///
/// # Examples
///
/// ```
/// use gc_core::{Trace, unsync::{Gc, UniqueGc, Weak}};
///
/// #[derive(Trace)]
/// struct Tree {
///     parent: Option<Weak<Tree>>,
///     children: Vec<Gc<Tree>>,
/// }
///
/// let mut root = UniqueGc::new(Tree { parent: None, children: vec![] });
/// let parent = Some(UniqueGc::downgrade(&root));
/// root.children.push(Gc::new(Tree { parent, children: vec![] }));
/// let root: Gc<Tree> = UniqueGc::publish(root);
/// let parent = root.children[0].parent.as_ref().unwrap().upgrade().unwrap();
/// assert!(Gc::ptr_eq(&root, &parent));
/// ```
// # Invariants
//
// 1. `ptr` is a box with a value, whose strong count is zero; no `Gc` to it exists.
// 2. It is invariant in `T`, as std's `UniqueRc` is: a weak handle made before
//    would upgrade to the longer-lived type after a value of the shorter-lived one was put in.
pub struct UniqueGc<T: ?Sized, S: Space> {
    ptr: NonNull<GcBox<T, S>>,
    owned: PhantomData<GcBox<T, S>>,
    invariant: PhantomData<*mut T>,
}

// SAFETY: it owns the value as a `Box` does, and becomes a `Gc`.
unsafe impl<T: ?Sized + Send + Sync> Send for UniqueGc<T, Shared> {}
// SAFETY: a shared one gives shared references to the value, and weak handles.
unsafe impl<T: ?Sized + Send + Sync> Sync for UniqueGc<T, Shared> {}

impl<T: Trace + 'static, S: Space + Admits<T>> UniqueGc<T, S> {
    /// Moves `value` into a new object. It may run a collection before, as [`Gc::new`] does.
    ///
    /// # Panics
    ///
    /// As [`Gc::new`].
    #[must_use]
    pub fn new(value: T) -> Self {
        collector::poll::<S>();
        let flags = S::with_heap(|heap| heap.born(birth_flags::<T>(), GcBox::<T, S>::SIZE));
        let ptr = GcBox::allocate(value, VTable::of::<T>(), flags, 0);
        UniqueGc::from_ptr(ptr)
    }
}

impl<T: ?Sized, S: Space> UniqueGc<T, S> {
    /// The handle to a box that has a value and no strong count.
    pub(super) fn from_ptr(ptr: NonNull<GcBox<T, S>>) -> Self {
        UniqueGc { ptr, owned: PhantomData, invariant: PhantomData }
    }

    /// The box, which the handle goes on to own.
    pub(super) fn ptr(this: &Self) -> NonNull<GcBox<T, S>> {
        this.ptr
    }

    fn object(&self) -> Object<S> {
        Object::new(self.ptr)
    }

    /// Makes a weak handle, which upgrades once the object is published.
    #[must_use]
    pub fn downgrade(this: &Self) -> Weak<T, S> {
        heap::retain_share(this.object());
        Weak::from_ptr(this.ptr)
    }

    /// Makes the object one that can be shared.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, UniqueGc};
    ///
    /// let mut list = UniqueGc::new(vec![1]);
    /// list.push(2);
    /// let list: Gc<Vec<i32>> = UniqueGc::publish(list);
    /// assert_eq!(*list, [1, 2]);
    /// ```
    #[must_use]
    pub fn publish(this: Self) -> Gc<T, S> {
        let this = ManuallyDrop::new(this);
        this.object().head().revive();
        Gc::from_ptr(this.ptr)
    }
}

impl<T: ?Sized, S: Space> From<UniqueGc<T, S>> for Gc<T, S> {
    fn from(unique: UniqueGc<T, S>) -> Self {
        UniqueGc::publish(unique)
    }
}

impl<T: ?Sized, S: Space> Deref for UniqueGc<T, S> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        GcBox::value(&self.ptr)
    }
}

impl<T: ?Sized, S: Space> DerefMut for UniqueGc<T, S> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: by the invariant nobody else has a handle, so neither the
        // collector nor a weak handle leads to the value.
        unsafe { GcBox::value_mut(self.ptr) }
    }
}

impl<T: ?Sized, S: Space> Drop for UniqueGc<T, S> {
    fn drop(&mut self) {
        heap::dispose(self.object());
    }
}

impl<T: ?Sized + fmt::Debug, S: Space> fmt::Debug for UniqueGc<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

// SAFETY: it shows nothing. What it owns may be written to at any time, so a
// collector must not look at it.
unsafe impl<T: ?Sized, S: Space> Trace for UniqueGc<T, S> {
    fn trace(&self, _: &mut Tracer<'_>) {}

    fn is_leaf(_: Depth) -> bool {
        true
    }

    fn measure(&self, sizer: &mut Sizer<'_>) {
        let object = Object::new(self.ptr);
        sizer.add(object.box_size());
        // SAFETY: the value is there, and borrowed by us, as the handle is.
        unsafe { object.measure(sizer) };
    }
}
