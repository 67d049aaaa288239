//! How large objects are.

/// See the file, and the module that it is in.
macro_rules! sizes {
    ($kind:ty, $module:literal) => {};
}
pub(crate) use sizes;
