//! `gc_core::unsync`.

use super::shapes::{shape_methods, shapes, weak_methods};
use super::slot::{Handle as _, Slot, plain_handle};
use super::{Collections, Subject, Swept, Weakly};
use gc_core::Trace;
use gc_core::unsync::{self, Gc, Weak};
use std::cell::RefCell;

/// `gc_core::unsync::Gc`.
#[derive(Debug)]
pub(crate) enum Unsync {}

shapes! {
    traced: { #[derive(Trace)] },
    handle: Gc,
    cell: RefCell,
    up: Gc,
}

plain_handle!(Gc);

impl Subject for Unsync {
    const NAME: &'static str = "unsync";
    const COLLECTS: bool = true;
    const REPORTS: bool = true;

    shape_methods! {
        handle: Gc,
        make: Gc::new,
        cell: RefCell,
        to_up: Gc::clone,
        sum: sum_by_reference,
    }

    fn collect() -> Swept {
        let report = unsync::collect();
        Swept { visited: report.visited, collected: report.collected }
    }

    fn quietly<R>(f: impl FnOnce() -> R) -> R {
        let _pause = unsync::pause();
        f()
    }

    fn collections() -> Collections {
        unsync::stats().iter().fold(Collections::default(), |sum, generation| Collections {
            count: sum.count + generation.collections,
            time: sum.time + generation.duration,
        })
    }
}

impl Weakly for Unsync {
    weak_methods! { weak: Weak, downgrade: Gc::downgrade, }
}
