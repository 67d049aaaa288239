//! The axis on which the two pointers differ: how a box's counts are kept.

mod local;

pub use local::Local;

/// Which kind of heap an object is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(hidden)]
pub enum Kind {
    /// One thread's own.
    Local,
    /// Shared by all threads.
    Shared,
}
