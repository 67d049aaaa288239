//! Vectors in an array, whose places are never without a value.

use crate::trace::Trace;
use crate::trace::visit::{Visit as _, leaf, owner};
use tinyvec::{ArrayVec, SliceVec, TinyVec};

// Only std's arrays: `Array` is a safe trait, and one of one's own might show what it does not own
// (obligation 1).
owner! {
    /// Traced as the array in it, whose values beyond the vector's length it owns as well.
    {T: Trace, const N: usize} ArrayVec<[T; N]> => [T], |this, visit| visit.one(this.as_inner());
    {T: Trace + Default, const N: usize} TinyVec<[T; N]> => [T], |this, visit| match this {
        TinyVec::Inline(array) => visit.one(array),
        TinyVec::Heap(vec) => visit.one(vec),
    };
}

leaf! {
    /// A leaf: it borrows its elements.
    {T} SliceVec<'_, T>,
}
