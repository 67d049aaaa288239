//! Lists of candidates, linked through the heads of their boxes: to enter one takes no
//! memory, and so cannot fail.

use crate::gc_box::Object;
use crate::primitive::AtomicPtr;
use crate::primitive::Ordering::{Acquire, Relaxed, Release};
use crate::primitive::{const_fn, order};
use crate::sharing::Shared;
use std::ptr::{self, NonNull};

/// A list that one thread has to itself. Each of its boxes is LINKED, and the
/// list has a weak share of each.
#[derive(Debug)]
pub(super) struct List {
    first: *mut (),
    /// How many were entered one by one, less those that were taken out.
    len: usize,
}

impl List {
    pub(super) const fn new() -> Self {
        List { first: ptr::null_mut(), len: 0 }
    }

    #[inline]
    pub(super) const fn is_empty(&self) -> bool {
        self.first.is_null()
    }

    /// Enters a box whose share the caller hands over.
    #[inline]
    pub(super) fn push(&mut self, object: Object<Shared>) {
        object.head().set_next(self.first);
        self.first = object.as_erased().as_ptr();
        self.len += 1;
    }

    /// How many there are, in a list that was not taken from a stack.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// Takes one out; its share is the caller's.
    #[inline]
    pub(super) fn pop(&mut self) -> Option<Object<Shared>> {
        // SAFETY: a list is made of boxes, and its share keeps each from being freed.
        let object = unsafe { Object::<Shared>::from_target(NonNull::new(self.first)?) };
        self.first = object.head().next();
        self.len = self.len.saturating_sub(1);
        Some(object)
    }

    /// Takes all of `other`, in its order, before those that are there.
    pub(super) fn append(&mut self, other: List) {
        // Nobody knows how many there are in one that came from a stack.
        let (mut count, mut last, mut next) = (0, None, other.first);
        while let Some(object) = NonNull::new(next) {
            // SAFETY: a list is made of boxes, and its share keeps each from being freed.
            let object = unsafe { Object::<Shared>::from_target(object) };
            (count, last, next) = (count + 1, Some(object), object.head().next());
        }
        if let Some(last) = last {
            last.head().set_next(self.first);
            self.first = other.first;
            self.len += count;
        }
    }
}

/// A list that any thread may add to, and that is taken as a whole (Treiber's stack,
/// without the step that suffers from ABA).
#[derive(Debug)]
pub(super) struct Stack {
    first: AtomicPtr<()>,
}

impl Stack {
    const_fn! {
        pub(super) fn new() -> Self {
            Stack { first: AtomicPtr::new(ptr::null_mut()) }
        }
    }

    /// The first. (Under loom by a change of nothing, see `SharedHead::guess`.)
    fn guess(&self) -> *mut () {
        #[cfg(all(test, loom))]
        let _ = self.first.compare_exchange(ptr::null_mut(), ptr::null_mut(), Relaxed, Relaxed);
        self.first.load(Relaxed)
    }

    /// Enters a box that was just LINKED, with the share that was taken for it.
    #[inline]
    pub(super) fn push(&self, object: Object<Shared>) {
        let mut first = self.guess();
        loop {
            object.head().set_next(first);
            let new = object.as_erased().as_ptr();
            // Release: the link, and the count that made a candidate of it, are seen by
            // who takes the list; pairs with the Acquire in `take`.
            let release = order!(Release unless "push_relaxed");
            match self.first.compare_exchange_weak(first, new, release, Relaxed) {
                Ok(_) => return,
                Err(now) => first = now,
            }
        }
    }

    /// Whether nothing is in there, for who pushes.
    pub(super) fn is_empty(&self) -> bool {
        // Relaxed: what the caller has pushed is there, or in the hands of a collection.
        self.first.load(Relaxed).is_null()
    }

    /// Takes all that is in there.
    pub(super) fn take(&self) -> List {
        if self.guess().is_null() {
            return List::new();
        }
        // Acquire: pairs with the Release in `push`. (Those before the last are seen as
        // well: each exchange continues the release sequence of the one before.)
        let acquire = order!(Acquire unless "take_relaxed");
        List { first: self.first.swap(ptr::null_mut(), acquire), len: 0 }
    }
}
