//! What `unsync` and `sync` offer under the same names, each function and its documentation written
//! once.
//!
//! A macro for each group of functions, which both modules call with their kind of heap and their
//! own name. The name is for the examples: `#[doc = concat!("use gc_core::", $module, "::{self as
//! gc, Gc};")]` is the one line in which they differ. What a function does stands in the modules
//! below; here it is only given a name and a page.

mod control;
mod debug;
mod finalize;
mod profile;
mod sizes;
mod weakref;

pub(crate) use control::control;
pub(crate) use debug::debug;
pub(crate) use finalize::finalize;
pub(crate) use profile::profile;
pub(crate) use sizes::sizes;
pub(crate) use weakref::weakref;
