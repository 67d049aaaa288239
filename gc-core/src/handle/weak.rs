//! `Weak`: a handle that does not keep its object alive.

use super::Gc;
use crate::gc_box::{GcBox, Object};
use crate::heap::{self, Space};
use crate::sharing::{Flags, Head, Shared};
use crate::trace::{Depth, Trace, Tracer};
use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::ptr::{self, NonNull};

/// A handle that does not keep its object alive: Python's `weakref.ref`. See
/// [the guide](crate::docs::weak).
///
/// It is one word for sized `T`, and its bits are the object's identity for as long as the
/// handle exists: the memory of a dead object is kept until its last weak handle goes.
///
/// # Examples
///
/// ```
/// use gc_core::unsync::{Gc, Weak};
///
/// let value = Gc::new("spam".to_string());
/// let weak: Weak<String> = Gc::downgrade(&value);
/// assert!(weak.upgrade().is_some());
/// drop(value);
/// assert!(weak.upgrade().is_none());
/// ```
// # Invariants
//
// 1. Either `ptr` has the address `usize::MAX` (made by `new`), or it points to a
//    box, one share of which is this handle's. The value may be dropped.
#[doc(alias = "weakref.ref")]
pub struct Weak<T: ?Sized, S: Space> {
    ptr: NonNull<GcBox<T, S>>,
    owned: PhantomData<GcBox<T, S>>,
}

impl<T: ?Sized, S: Space> Unpin for Weak<T, S> {}

// SAFETY: as for `Gc`, which it can be upgraded to.
unsafe impl<T: ?Sized + Send + Sync> Send for Weak<T, Shared> {}
// SAFETY: as above.
unsafe impl<T: ?Sized + Send + Sync> Sync for Weak<T, Shared> {}
impl<T: ?Sized + RefUnwindSafe, S: Space> UnwindSafe for Weak<T, S> {}
impl<T: ?Sized + RefUnwindSafe, S: Space> RefUnwindSafe for Weak<T, S> {}

impl<T, S: Space> Weak<T, S> {
    /// A handle to nothing: it never upgrades. Nothing is allocated.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Weak;
    ///
    /// assert!(Weak::<String>::new().upgrade().is_none());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Weak { ptr: GcBox::nowhere(), owned: PhantomData }
    }
}

impl<T: ?Sized, S: Space> Weak<T, S> {
    /// The handle for a share that is already there.
    #[inline]
    pub(super) fn from_ptr(ptr: NonNull<GcBox<T, S>>) -> Self {
        Weak { ptr, owned: PhantomData }
    }

    /// Where the handle points to; its share goes along only if the caller forgets `this`.
    #[inline]
    pub(super) fn ptr(this: &Self) -> NonNull<GcBox<T, S>> {
        this.ptr
    }

    /// The box, unless the handle was made by [`new`](Weak::new).
    #[inline]
    pub(crate) fn object(&self) -> Option<Object<S>> {
        if GcBox::is_nowhere(self.ptr) { None } else { Some(Object::new(self.ptr)) }
    }

    /// A strong handle, if the object is alive. Garbage in a cycle is alive until a collection
    /// finds it.
    ///
    /// To upgrade makes no object, so it never starts a collection. In `sync` it waits while a
    /// collection decides on the object, which takes a few steps for each object that is decided on
    /// with it. Too many handles are what they are to [`Gc::clone`].
    #[inline]
    #[must_use]
    pub fn upgrade(&self) -> Option<Gc<T, S>> {
        let usable = self.object()?.head().try_retain();
        usable.then(|| Gc::from_ptr(self.ptr))
    }

    /// Whether both lead to the same object, dead or alive, or both to nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// let a = Gc::new(1);
    /// let (one, other) = (Gc::downgrade(&a), Gc::downgrade(&a));
    /// drop(a);
    /// assert!(one.ptr_eq(&other));
    /// ```
    #[inline]
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        ptr::addr_eq(self.ptr.as_ptr(), other.ptr.as_ptr())
    }

    /// How many strong handles there are to the object: zero if it is dead. As with
    /// [`Gc::strong_count`], a collection that looks at it counts for one.
    #[must_use]
    pub fn strong_count(&self) -> usize {
        match self.object() {
            Some(object) if !object.head().flags().any(Flags::DEAD) => object.head().count(),
            _ => 0,
        }
    }

    /// How many weak handles there are to the object: zero if it is dead, as in std.
    #[must_use]
    pub fn weak_count(&self) -> usize {
        match self.object() {
            Some(object) if self.strong_count() > 0 => heap::weak_count(object),
            _ => 0,
        }
    }
}

impl<T: ?Sized, S: Space> Weak<T, S> {
    /// Where the value stands or stood. It is dangling where there never was one.
    ///
    /// It stays the same, and no other object gets the address, for as long as
    /// this handle exists.
    #[inline]
    #[must_use]
    pub fn as_ptr(&self) -> *const T {
        GcBox::place_ptr(self.ptr)
    }

    /// The handle as a pointer, see [`as_ptr`](Weak::as_ptr); its share goes with the pointer.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, Weak};
    ///
    /// let value = Gc::new(7);
    /// let raw = Gc::downgrade(&value).into_raw();
    /// assert_eq!(raw, Gc::as_ptr(&value));
    /// // SAFETY: the pointer comes from `into_raw` and is turned back once.
    /// let weak: Weak<i32> = unsafe { Weak::from_raw(raw) };
    /// assert_eq!(weak.upgrade().as_deref(), Some(&7));
    /// ```
    #[inline]
    #[must_use = "the handle is leaked if the pointer is"]
    pub fn into_raw(self) -> *const T {
        ManuallyDrop::new(self).as_ptr()
    }

    /// The handle that [`into_raw`](Weak::into_raw) turned into a pointer.
    ///
    /// # Safety
    ///
    /// `ptr` came from `into_raw` of a handle of the same kind (`unsync` or `sync`)
    /// with the same type of value, and it is turned back once.
    #[inline]
    #[must_use]
    pub unsafe fn from_raw(ptr: *const T) -> Self {
        // SAFETY: the caller promises a pointer to the place of a value in a box, or
        // to none.
        Weak::from_ptr(unsafe { GcBox::of_place_ptr(ptr) })
    }
}

impl<T: ?Sized, S: Space> Clone for Weak<T, S> {
    /// Makes another handle to the same object.
    ///
    /// The process is aborted where there are 2³² − 3 already; in `sync` the memory of an object
    /// that has had 2²⁵ at once is [never given back](crate::docs::threads#immortal-objects).
    #[inline]
    fn clone(&self) -> Self {
        if let Some(object) = self.object() {
            heap::retain_share(object);
        }
        Weak::from_ptr(self.ptr)
    }
}

impl<T: ?Sized, S: Space> Drop for Weak<T, S> {
    #[inline]
    fn drop(&mut self) {
        if let Some(object) = self.object() {
            heap::release_share(object);
        }
    }
}

impl<T, S: Space> Default for Weak<T, S> {
    fn default() -> Self {
        Weak::new()
    }
}

impl<T: ?Sized, S: Space> fmt::Debug for Weak<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(Weak)")
    }
}

// SAFETY: a weak handle owns no object and shows no edge.
unsafe impl<T: ?Sized, S: Space> Trace for Weak<T, S> {
    #[inline]
    fn trace(&self, _: &mut Tracer<'_>) {}

    #[inline]
    fn is_leaf(_: Depth) -> bool {
        true
    }
}
