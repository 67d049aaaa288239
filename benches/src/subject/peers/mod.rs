//! Other crates. One file a crate, each with what it has no part in and why.

pub(crate) mod arena;
mod bacon;
mod boa;
mod dumpster;
mod gcmodule;
pub(crate) mod python;
mod rust_cc;
// The derives of these two are from before there was this warning.
#[allow(non_local_definitions)]
mod rust_gc;
#[allow(non_local_definitions)]
mod shredder;

pub(crate) use bacon::Bacon;
pub(crate) use boa::BoaGc;
pub(crate) use dumpster::{Dumpster, DumpsterSync};
pub(crate) use gcmodule::{Gcmodule, GcmoduleSync};
pub(crate) use rust_cc::RustCc;
pub(crate) use rust_gc::RustGc;
pub(crate) use shredder::Shredder;

use std::cell::Cell;

/// How many objects are let go between two collections of a crate that collects only when it is told to:
/// a tenth of the churn's, so that garbage is bounded and a live million is not gone through too often.
const SELDOM: usize = 20_000;

thread_local! {
    static LET_GO: Cell<usize> = const { Cell::new(0) };
}

/// Counts what was let go and says whether it is time to collect.
fn is_time(objects: usize) -> bool {
    let sum = LET_GO.get() + objects;
    LET_GO.set(sum % SELDOM);
    sum >= SELDOM
}
