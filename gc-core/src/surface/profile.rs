//! What a piece of the program allocates.

/// See the file, and the module that it is in.
macro_rules! profile {
    ($kind:ty, $module:literal) => {};
}
pub(crate) use profile;
