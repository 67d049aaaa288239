//! A look at the edges of one object, beside whatever else goes on.

use crate::gc_box::Object;
use crate::heap::{self, Heap, Space};
use crate::sharing::{Flags, Head};
use crate::trace::{Found, Tracer};
use std::alloc::{Layout, handle_alloc_error};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// While there is one, no collection runs on this thread.
///
/// A `trace` may make objects, and a collection that these start would run user code under
/// the guards that the look holds, and drop what it is about to hand on.
pub(super) struct Quiet<'h, S: Space> {
    pub(super) heap: &'h Heap<S>,
    /// There was none before.
    began: bool,
}

impl<'h, S: Space> Quiet<'h, S> {
    pub(super) fn new(heap: &'h Heap<S>) -> Self {
        Quiet { heap, began: heap.begin() }
    }
}

impl<S: Space> Drop for Quiet<'_, S> {
    fn drop(&mut self) {
        if self.began {
            self.heap.end();
        }
    }
}

/// Hands `each` the targets of the object's edges, in the order in which they are shown: those of its
/// value, then what is attached to it. They are there until `each` returns; it takes handles to
/// those that it wants to keep, and drops none. Where a lock or a borrow cannot be had, what is
/// behind it is not looked at.
///
/// # Panics
///
/// If the value's `trace` does. None of its edges is handed on then.
///
/// # Safety
///
/// The caller has a handle to the object.
pub(super) unsafe fn look<S: Space>(
    quiet: &Quiet<'_, S>,
    object: Object<S>,
    found: &mut Found,
    mut each: impl FnMut(Object<S>),
) {
    let _ = quiet;
    // (In a destructor, what a handle leads to may be gone.)
    if object.head().flags().any(Flags::LEAF.with(Flags::DEAD)) {
        return;
    }
    found.edges.clear();
    found.callbacks.clear();
    let traced = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: the caller's handle keeps the object until all guards are released below, and a value
        // that others can reach is not borrowed uniquely.
        unsafe { heap::trace(object, &mut Tracer::beside(S::KIND, found)) };
    }));
    if let Err(payload) = traced {
        // What was shown is not looked at: a panic hook has run, which may have dropped it. And
        // not while it unwinds: locks would be poisoned.
        found.release();
        resume_unwind(payload);
    }
    if found.exhausted {
        // Guards may have been released early, so here too nothing may be looked at.
        found.release();
        handle_alloc_error(Layout::new::<Object<S>>());
    }
    for &target in &found.edges {
        // SAFETY: the object owns this handle (obligation 1 of `Trace`), and nothing was dropped
        // since it has shown it: no user code has run, and what other threads could drop stands
        // behind guards that are still held (5).
        each(unsafe { Object::from_target(target) });
    }
    // Whether it had changed does not matter: there are handles now.
    found.release();
}
