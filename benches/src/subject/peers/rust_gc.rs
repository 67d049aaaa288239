//! gc 0.5: mark and sweep, with a count of the handles on the stack. It collects by itself, by the bytes that are
//! allocated. Nothing is freed when its last handle goes, so a batch ends with a collection where it does not have one.
//!
//! Marking is recursive. There are no weak handles.

use crate::subject::shapes::{shape_methods, shapes};
use crate::subject::slot::{Handle as _, Slot, plain_handle};
use crate::subject::{Subject, Swept};
use ::gc::{Finalize, Gc, GcCell, Trace, force_collect};
use std::mem;

/// `gc::Gc`.
#[derive(Debug)]
pub(crate) enum RustGc {}

shapes! { traced: { #[derive(Trace, Finalize)] }, handle: Gc, cell: GcCell, up: Gc, }

plain_handle!(Gc, Trace);

impl<T: Trace> Slot<T> for GcCell<T> {
    #[inline]
    fn put(&self, value: T) -> T {
        mem::replace(&mut *self.borrow_mut(), value)
    }

    #[inline]
    fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.borrow_mut())
    }
}

impl Subject for RustGc {
    const NAME: &'static str = "gc";
    const COLLECTS: bool = true;

    shape_methods! {
        handle: Gc,
        make: Gc::new,
        cell: GcCell,
        to_up: Gc::clone,
        sum: sum_by_reference,
    }

    fn collect() -> Swept {
        force_collect();
        Swept::default()
    }

    fn settle() {
        force_collect();
    }
}
