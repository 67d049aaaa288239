//! The bound on questions about types that contain each other.

/// How many more types a question about a type may be handed on to.
///
/// [`Trace::is_leaf`](crate::Trace::is_leaf) asks a type's fields, and a
/// recursive type (`struct Tree { children: Vec<Tree> }`) would ask itself for
/// ever. So each derived implementation hands on a [`deeper`](Depth::deeper)
/// value, and gives the careful answer where there is none: not a leaf, may have
/// a finalizer. A type that is recursive without a `Gc` in between therefore
/// never counts as a leaf unless `#[trace(leaf)]` says so.
///
/// # Examples
///
/// ```
/// use gc_core::{Depth, Trace};
///
/// assert!(<Vec<(u32, String)>>::is_leaf(Depth::START));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Depth(u8);

impl Depth {
    /// Eight types within each other; what nests deeper is not looked at.
    pub const START: Depth = Depth(8);

    /// One type further in, or `None` where the bound is reached.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::Depth;
    ///
    /// let mut depth = Depth::START;
    /// let mut types = 0;
    /// while let Some(deeper) = depth.deeper() {
    ///     (depth, types) = (deeper, types + 1);
    /// }
    /// assert_eq!(types, 8);
    /// ```
    #[inline]
    #[must_use]
    pub const fn deeper(self) -> Option<Depth> {
        match self.0.checked_sub(1) {
            Some(left) => Some(Depth(left)),
            None => None,
        }
    }
}
