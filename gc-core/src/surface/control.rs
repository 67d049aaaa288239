//! Freezing, hooks, memory outside of the heap.

/// See the file, and the module that it is in.
macro_rules! control {
    ($kind:ty, $module:literal) => {};
}
pub(crate) use control;
