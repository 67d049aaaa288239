//! rust-cc 0.6: counts, and trial deletion over what lost handles. It collects by itself, by the bytes that are
//! allocated.
//!
//! A last drop goes down a list by recursion; a collection does not. Finalizers are on, as they are by
//! default.

use crate::subject::shapes::{shape_methods, shapes, weak_methods};
use crate::subject::slot::{Handle as _, Slot, plain_handle};
use crate::subject::{Subject, Swept, Weakly};
use ::rust_cc::weak::Weak;
use ::rust_cc::{Cc, Finalize, Trace, collect_cycles, config};
use std::cell::RefCell;

/// `rust_cc::Cc`.
#[derive(Debug)]
pub(crate) enum RustCc {}

shapes! { traced: { #[derive(Trace, Finalize)] }, handle: Cc, cell: RefCell, up: Cc, }

plain_handle!(Cc, Trace);

impl Subject for RustCc {
    const NAME: &'static str = "rust-cc";
    const COLLECTS: bool = true;

    shape_methods! {
        handle: Cc,
        make: Cc::new,
        cell: RefCell,
        to_up: Cc::clone,
        sum: sum_by_reference,
    }

    fn collect() -> Swept {
        collect_cycles();
        Swept::default()
    }

    fn quietly<R>(f: impl FnOnce() -> R) -> R {
        let set =
            |on| config::config(|config| config.set_auto_collect(on)).expect("it is not in use");
        set(false);
        let result = f();
        set(true);
        result
    }
}

impl Weakly for RustCc {
    weak_methods! { weak: Weak, downgrade: Cc::downgrade, }
}
