//! Handles as plain pointers.

use super::Gc;
use crate::gc_box::GcBox;
use crate::heap::Space;
use crate::trace::Edge;
use std::mem::ManuallyDrop;

impl<T: ?Sized, S: Space> Gc<T, S> {
    /// Where the value stands. The address is a multiple of 16 at least.
    #[inline]
    #[must_use]
    pub fn as_ptr(this: &Self) -> *const T {
        GcBox::value_ptr(Gc::ptr(this))
    }

    /// The handle as a pointer to the value; its count goes with the pointer.
    ///
    /// The low four bits of the address are zero, and free for tags that are
    /// taken off again before [`from_raw`](Gc::from_raw).
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// let raw = Gc::into_raw(Gc::new(7));
    /// // SAFETY: the pointer comes from `into_raw` and is turned back once.
    /// let back = unsafe { Gc::from_raw(raw) };
    /// assert_eq!(*back, 7);
    /// ```
    #[inline]
    #[must_use = "the handle is leaked if the pointer is"]
    pub fn into_raw(this: Self) -> *const T {
        Gc::as_ptr(&*ManuallyDrop::new(this))
    }

    /// The handle that [`into_raw`](Gc::into_raw) turned into a pointer.
    ///
    /// # Safety
    ///
    /// `ptr` came from `into_raw` of a handle of the same kind (`unsync` or `sync`), with the same type
    /// of value or one it was coerced to, and it is turned back once for each count.
    #[inline]
    #[must_use]
    pub unsafe fn from_raw(ptr: *const T) -> Self {
        // SAFETY: the caller promises a pointer to the place of a value in a box.
        Gc::from_ptr(unsafe { GcBox::of_place(ptr) })
    }

    /// One handle more to the object that `ptr` points into.
    ///
    /// # Safety
    ///
    /// `ptr` came from [`into_raw`](Gc::into_raw), and the object is alive.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// let raw = Gc::into_raw(Gc::new(7));
    /// // SAFETY: the pointer comes from `into_raw` and stands for one count.
    /// unsafe { Gc::increment_strong_count(raw) };
    /// // SAFETY: now it stands for two, and this gives one of them back.
    /// unsafe { Gc::decrement_strong_count(raw) };
    /// // SAFETY: this takes the other.
    /// assert_eq!(*unsafe { Gc::from_raw(raw) }, 7);
    /// ```
    pub unsafe fn increment_strong_count(ptr: *const T) {
        // SAFETY: the caller's promise; the count that `from_raw` takes is not given back.
        let this = ManuallyDrop::new(unsafe { Gc::<T, S>::from_raw(ptr) });
        let _kept = ManuallyDrop::new(Gc::clone(&this));
    }

    /// One handle less to the object that `ptr` points into, as if one were dropped.
    /// [`increment_strong_count`](Gc::increment_strong_count) has an example.
    ///
    /// # Safety
    ///
    /// `ptr` came from [`into_raw`](Gc::into_raw), and a count is there for this to take. In a
    /// destructor that a collection runs, the value may already be dropped.
    pub unsafe fn decrement_strong_count(ptr: *const T) {
        // SAFETY: the caller's promise.
        drop(unsafe { Gc::<T, S>::from_raw(ptr) });
    }

    /// The edge of a handle that was turned into a pointer, for a
    /// [`Trace`](crate::Trace) of a type that keeps its handles so.
    /// [The guide](crate::docs::adapting#words-with-tag-bits) has an example.
    ///
    /// # Safety
    ///
    /// `ptr` came from [`into_raw`](Gc::into_raw), and its count has not been given back.
    #[inline]
    #[must_use]
    pub unsafe fn edge_of_raw(ptr: *const T) -> Edge {
        // SAFETY: the caller's promise.
        let this = ManuallyDrop::new(unsafe { Gc::<T, S>::from_raw(ptr) });
        Gc::edge(&this)
    }
}
