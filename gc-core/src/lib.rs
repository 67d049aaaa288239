#![doc = include_str!("../README.md")]

// The layers, from the bottom up: each uses only those before it. `.ci/layers` checks that.

mod primitive;

mod sharing;

mod unraisable;

mod trace;

mod gc_box;

mod heap;

mod collector;

pub mod handle;

pub mod inspect;

pub mod weakref;

pub mod profile;

mod surface;

pub mod unsync;

pub mod sync;

pub mod docs;

#[cfg(all(test, shuttle))]
mod schedules;

#[cfg(all(test, loom))]
mod models;

pub use sync::{Gc, Weak};

pub use heap::{DebugFlags, set_debug_sink};
pub use heap::{Generation, GenerationStats, Phase, Report, Thresholds};
pub use profile::{Flow, ProcessMemory, Profile, Profiles, process_memory};
pub use trace::{Depth, Edge, Finalize, Finalizing, Sizer, Trace, Tracer};
pub use unraisable::{Unraisable, UserCode, set_unraisable_hook};

#[cfg(feature = "derive")]
pub use gc_derive::Trace;

/// What the macros need. Nothing in here is for use by hand.
#[doc(hidden)]
pub mod __private {
    pub use crate::gc_box::GcBox;
    pub use crate::handle::{put_together, take_apart};
    pub use crate::trace::derived::*;
}
