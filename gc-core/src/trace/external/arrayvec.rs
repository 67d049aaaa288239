//! Vectors and strings of a fixed capacity.

use crate::trace::Trace;
use crate::trace::visit::{Visit as _, leaf, owner};
use arrayvec::{ArrayString, ArrayVec, IntoIter};

owner! {
    {T: Trace, const CAP: usize} ArrayVec<T, CAP> => [T], |this, visit| visit.one(this.as_slice());
    {T: Trace, const CAP: usize} IntoIter<T, CAP> => [T], |this, visit| visit.one(this.as_slice());
}

leaf! { {const CAP: usize} ArrayString<CAP> }
