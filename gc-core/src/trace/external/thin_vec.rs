//! Vectors of the size of one pointer.

use crate::trace::Trace;
use crate::trace::memory::array;
use crate::trace::visit::{Visit as _, owner};
use thin_vec::{IntoIter, ThinVec};

owner! {
    {T: Trace} ThinVec<T> => [T], |this, visit| visit.one(this.as_slice()),
        owns with_header::<T>(this.capacity());
    /// It does not tell how large its buffer is: what has been taken out is not counted.
    {T: Trace} IntoIter<T> => [T], |this, visit| visit.one(this.as_slice()),
        owns with_header::<T>(this.as_slice().len());
}

/// The length and the capacity stand before the elements.
fn with_header<T>(capacity: usize) -> usize {
    let header = size_of::<[usize; 2]>().next_multiple_of(align_of::<T>());
    if capacity == 0 { 0 } else { header.saturating_add(array::<T>(capacity)) }
}
