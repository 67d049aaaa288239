//! Weak collections and finalizers.

/// See the file, and the module that it is in.
macro_rules! weakref {
    ($kind:ty, $module:literal) => {};
}
pub(crate) use weakref;
