//! `gc_core::unsync`.

use super::shapes::{shape_methods, shapes};
use super::slot::Slot;
use super::{Collections, Subject, Swept};
use gc_core::Trace;
use gc_core::unsync::{self, Gc, Weak};
use std::cell::RefCell;

/// `gc_core::unsync::Gc`.
#[derive(Debug)]
pub(crate) enum Unsync {}

shapes! {
    traced: { #[derive(Trace)] },
    handle: Gc,
    weak: Weak,
    cell: RefCell,
    up: Gc,
}

impl Subject for Unsync {
    const NAME: &'static str = "unsync";
    const COLLECTS: bool = true;

    shape_methods! { handle: Gc, weak: Weak, cell: RefCell, to_up: Gc::clone, }

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
