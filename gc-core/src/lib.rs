//! Garbage-collected smart pointers with Python's memory management.
#![doc = ""]

mod sharing;
mod trace;
mod unraisable;

pub use trace::{Depth, Edge, Finalize, Finalizing, Trace, Tracer};
pub use unraisable::{Unraisable, UserCode, set_unraisable_hook};

#[cfg(feature = "derive")]
pub use gc_derive::Trace;

#[doc(hidden)]
pub use trace::derived as __private;
