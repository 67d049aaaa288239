//! What an object refers to, by its own word.

use super::AnyGc;
use crate::gc_box::Object;
use crate::heap::Space;
use crate::trace::{Found, Tracer};
use std::alloc::{Layout, handle_alloc_error};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// The objects that `object` holds, in the order in which its `trace` shows them. The caller has a
/// handle to it, so that its value is alive, and nobody has a unique reference to that.
pub(crate) fn referents<S: Space>(object: Object<S>) -> Vec<AnyGc<S>> {
    let mut found = Found::default();
    let traced = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: as the caller promises.
        unsafe { object.trace(&mut Tracer::beside(S::KIND, &mut found)) };
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
        handle_alloc_error(Layout::new::<AnyGc<S>>());
    }
    let target = |&target: &_| {
        // SAFETY: the object owns this handle (obligation 1 of `Trace`), and nothing was dropped
        // since it has shown it: no user code has run, and what other threads could drop stands
        // behind guards that are still held (5).
        AnyGc::retained(unsafe { Object::from_target(target) })
    };
    // Each has a handle of its own before the first guard is released: from then on others may drop
    // those that were shown.
    let referents = found.edges.iter().map(target).collect();
    found.release();
    referents
}
