//! boa_gc 0.22: mark and sweep; what more handles lead to than other objects hold is a root. It collects by itself,
//! by the bytes that are allocated, from one MiB on. Nothing is freed when its last handle goes, so a batch ends with a
//! collection where it does not have one.

use crate::subject::shapes::{shape_methods, shapes, weak_methods};
use crate::subject::slot::{Handle as _, Slot, plain_handle};
use crate::subject::{Subject, Swept, Weakly};
use ::boa_gc::{Finalize, Gc, GcRefCell, Trace, WeakGc, force_collect};
use std::mem;

/// `boa_gc::Gc`.
#[derive(Debug)]
pub(crate) enum BoaGc {}

shapes! { traced: { #[derive(Trace, Finalize)] }, handle: Gc, cell: GcRefCell, up: Gc, }

plain_handle!(Gc, Trace);

impl<T: Trace> Slot<T> for GcRefCell<T> {
    #[inline]
    fn put(&self, value: T) -> T {
        mem::replace(&mut *self.borrow_mut(), value)
    }

    #[inline]
    fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        f(&mut self.borrow_mut())
    }
}

impl Subject for BoaGc {
    const NAME: &'static str = "boa_gc";
    const COLLECTS: bool = true;

    shape_methods! {
        handle: Gc,
        make: Gc::new,
        cell: GcRefCell,
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

impl Weakly for BoaGc {
    weak_methods! { weak: WeakGc, downgrade: WeakGc::new, }
}
