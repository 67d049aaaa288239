//! Vectors of the size of one pointer.

use crate::trace::Trace;
use crate::trace::visit::{Visit as _, owner};
use thin_vec::{IntoIter, ThinVec};

owner! {
    {T: Trace} ThinVec<T> => [T], |this, visit| visit.one(this.as_slice());
    {T: Trace} IntoIter<T> => [T], |this, visit| visit.one(this.as_slice());
}
