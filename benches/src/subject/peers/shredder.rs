//! shredder 0.2: mark and sweep over all handles, on threads of its own, and destructors on another. It collects by
//! itself, when there are three quarters more objects than after the last time. Nothing is freed when its last handle
//! goes, so a batch ends with a collection where it does not have one.
//!
//! Handles are followed through a guard. There are no weak handles.

use crate::subject::shapes::{shape_methods, shapes};
use crate::subject::slot::{Handle, Slot};
use crate::subject::{Parallel, Subject, Swept};
use ::shredder::marker::GcDrop;
use ::shredder::{Gc, Scan, collect, synchronize_destructors};
use std::sync::Mutex;

/// `shredder::Gc`.
#[derive(Debug)]
pub(crate) enum Shredder {}

shapes! { traced: { #[derive(Scan)] }, handle: Gc, cell: Mutex, up: Gc, }

impl<T: Scan + GcDrop + 'static> Handle for Gc<T> {
    type Value = T;

    #[inline]
    fn look<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        f(&self.get())
    }
}

impl Subject for Shredder {
    const NAME: &'static str = "shredder";
    const COLLECTS: bool = true;

    shape_methods! {
        handle: Gc,
        make: Gc::new,
        cell: Mutex,
        to_up: Gc::clone,
        sum: sum_by_guard,
    }

    fn collect() -> Swept {
        collect();
        synchronize_destructors();
        Swept::default()
    }

    fn settle() {
        Self::collect();
    }
}

impl Parallel for Shredder {}
