//! Garbage to be looked at, and what objects refer to.

/// See the file, and the module that it is in.
macro_rules! debug {
    ($kind:ty, $module:literal) => {};
}
pub(crate) use debug;
