//! `Gc`: made, followed, cloned, dropped.

use crate::collector;
use crate::gc_box::{GcBox, Object, VTable};
use crate::heap::{self, Space};
use crate::sharing::{Admits, Flags, Head, Released, Shared};
use crate::trace::{Depth, Edge, Trace, Tracer};
use std::fmt;
use std::marker::PhantomData;
use std::mem::needs_drop;
use std::ops::Deref;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::ptr::NonNull;

/// A counted handle to a value that a cycle collector looks after.
///
/// It is used like [`Rc`](std::rc::Rc), or, as [`sync::Gc`](crate::sync::Gc), like
/// [`Arc`](std::sync::Arc): cloning makes another handle to the same
/// value, and the value is dropped at once when the last handle goes. Where
/// handles inside values form cycles, which `Rc` would leak, a collection finds
/// and reclaims them, as Python does. [The guide](crate::docs) says what is freed when.
///
/// The value behind it cannot be changed but through a cell of some kind, as
/// with `Rc`; for a value that is filled in before it is shared there is
/// [`UniqueGc`](crate::unsync::UniqueGc).
///
/// # Examples
///
/// ```
/// use gc_core::{Trace, unsync::{self, Gc}};
/// use std::cell::RefCell;
///
/// #[derive(Trace)]
/// struct Person {
///     name: &'static str,
///     friends: RefCell<Vec<Gc<Person>>>,
/// }
///
/// let ann = Gc::new(Person { name: "Ann", friends: RefCell::default() });
/// let bob = Gc::new(Person { name: "Bob", friends: RefCell::default() });
/// ann.friends.borrow_mut().push(bob.clone());
/// bob.friends.borrow_mut().push(ann.clone());
/// assert_eq!(ann.friends.borrow()[0].name, "Bob");
///
/// drop((ann, bob));
/// assert_eq!(unsync::collect().collected, 2);
/// ```
// # Invariants
//
// 1. `ptr` came from one of the allocating functions of `gc_box`, and one strong
//    count of that box is this handle's; so the value is alive, except for
//    handles inside garbage that is being reclaimed.
pub struct Gc<T: ?Sized, S: Space> {
    ptr: NonNull<GcBox<T, S>>,
    owned: PhantomData<GcBox<T, S>>,
}

impl<T: ?Sized, S: Space> Unpin for Gc<T, S> {}

// SAFETY: as for `Arc`: the counts are atomic, any of the threads may read the value (`Sync`),
// and any may be the one that drops it (`Send`), a collector's among them. What the
// collector asks of values is asked for where one is made (`Admits`).
unsafe impl<T: ?Sized + Send + Sync> Send for Gc<T, Shared> {}
// SAFETY: as above; a shared handle can be cloned, so the same is asked for.
unsafe impl<T: ?Sized + Send + Sync> Sync for Gc<T, Shared> {}
impl<T: ?Sized + RefUnwindSafe, S: Space> UnwindSafe for Gc<T, S> {}
impl<T: ?Sized + RefUnwindSafe, S: Space> RefUnwindSafe for Gc<T, S> {}

/// The flags that an object of type `T` is born with.
#[inline]
pub(super) fn birth_flags<T: Trace>() -> Flags {
    // Without drop glue it owns no `Gc`, so it is never garbage that counts do not free.
    Flags::LEAF
        .only_if(!needs_drop::<T>() || T::is_leaf(Depth::START))
        .with(Flags::FINALIZED.only_if(!T::may_finalize(Depth::START)))
}

impl<T: 'static, S: Space> Gc<T, S> {
    /// Moves `value` into a new object.
    ///
    /// Now and then this is where an automatic collection runs, before the
    /// object is made, and with it finalizers, weak callbacks and destructors of any
    /// garbage: see [the guide](crate::docs::finalizers#any-gcnew-may-run-finalizers). In `sync` a
    /// [background collector](crate::sync::background) takes that over.
    ///
    /// # Panics
    ///
    /// In debug builds, as [`unsync::collect`](crate::unsync::collect), if it has run a collection
    /// of `unsync`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// let five = Gc::new(5);
    /// assert_eq!(*five, 5);
    /// ```
    #[inline]
    #[must_use]
    pub fn new(value: T) -> Self
    where
        T: Trace,
        S: Admits<T>,
    {
        Self::new_with(value, VTable::of::<T>(), birth_flags::<T>())
    }

    /// Moves a value into a new object that does not implement [`Trace`].
    ///
    /// The collector looks at it as at a number: it owns no handle as far as it
    /// knows. If it does own some, the objects they lead to count as held from
    /// outside, so at worst a cycle through it is never found.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// struct Foreign(fn() -> u8);
    ///
    /// let foreign = Gc::new_opaque(Foreign(|| 7));
    /// assert_eq!((foreign.0)(), 7);
    /// ```
    #[inline]
    #[must_use]
    pub fn new_opaque(value: T) -> Self
    where
        S: Admits<T>,
    {
        Self::new_with(value, VTable::opaque::<T>(), Flags::LEAF.with(Flags::FINALIZED))
    }

    #[inline]
    fn new_with(value: T, vtable: &'static VTable<S>, flags: Flags) -> Self {
        collector::poll::<S>();
        Self::new_now(value, vtable, flags)
    }

    /// A new object, without thinking of a collection before.
    #[inline]
    pub(super) fn new_now(value: T, vtable: &'static VTable<S>, flags: Flags) -> Self {
        let flags = S::with_heap(|heap| heap.born(flags, GcBox::<T, S>::SIZE));
        Gc::from_ptr(GcBox::allocate(value, vtable, flags, 1))
    }
}

impl<T: ?Sized, S: Space> Gc<T, S> {
    /// The handle for a count that is already there.
    #[inline]
    pub(crate) fn from_ptr(ptr: NonNull<GcBox<T, S>>) -> Self {
        Gc { ptr, owned: PhantomData }
    }

    /// The box; the count goes with it only if the caller forgets `self`.
    #[inline]
    pub(super) fn ptr(this: &Self) -> NonNull<GcBox<T, S>> {
        this.ptr
    }

    /// The box without its type, for as long as the handle is there.
    #[inline]
    pub(crate) fn object(this: &Self) -> Object<S> {
        Object::new(this.ptr)
    }

    /// This handle as an edge of the object graph, for a [`Trace`] written by hand.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// let a = Gc::new(1);
    /// assert_eq!(Gc::edge(&a), Gc::edge(&a.clone()));
    /// ```
    #[inline]
    #[must_use]
    pub fn edge(this: &Self) -> Edge {
        Gc::object(this).edge()
    }
}

impl<T: ?Sized, S: Space> Deref for Gc<T, S> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        GcBox::value(&self.ptr)
    }
}

impl<T: ?Sized, S: Space> Clone for Gc<T, S> {
    /// Makes another handle to the same value.
    ///
    /// The process is aborted where there are 2³² − 1 already; in `sync` an object with 2²⁷ becomes
    /// [immortal](crate::docs::threads#immortal-objects).
    #[inline]
    fn clone(&self) -> Self {
        Gc::object(self).head().retain();
        Gc::from_ptr(self.ptr)
    }
}

impl<T: ?Sized, S: Space> Drop for Gc<T, S> {
    /// Gives the handle back. With the last one the object ends: its finalizer runs, weak handles
    /// to it die, and its value is dropped. In `sync`, if a collection on another thread looks at
    /// the object just then, that thread ends it.
    ///
    /// # Panics
    ///
    /// If a destructor does that this runs, after all else that died with it is gone. Unless the
    /// thread is unwinding already: then
    /// [`set_unraisable_hook`](crate::set_unraisable_hook)'s hook is told.
    #[inline]
    fn drop(&mut self) {
        let object = Gc::object(self);
        if !needs_drop::<T>() {
            // Without drop glue it owns no `Gc`, so it is never garbage that counts do not free. (Where
            // something is attached to it, it stays a candidate anyway.)
            if object.head().unpin() {
                heap::dispose_plain::<T, S>(object);
            }
            return;
        }
        match object.head().release() {
            Released::Alive => {}
            Released::Candidate => collector::suspect(object),
            Released::Last => heap::dispose(object),
        }
    }
}

// SAFETY: 1. a `Gc` owns exactly one handle, itself, and shows it once. 2. and 3.
// hold trivially. 4. `drop` only counts down where the target is already dead.
// 5. does not apply.
unsafe impl<T: ?Sized, S: Space> Trace for Gc<T, S> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        tracer.handle(S::KIND, Gc::object(self).as_erased());
    }

    #[inline]
    fn only_shows(_: Depth) -> bool {
        true
    }

    /// By type and address: another object's text is its own.
    fn debug_within(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        Some(fmt::Display::fmt(&Gc::object(self).label(), f))
    }
}
