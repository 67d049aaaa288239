//! Vectors with room for a few elements in place.

use crate::trace::Trace;
use crate::trace::memory::array;
use crate::trace::visit::{Visit as _, owner};
use smallvec::{Array, IntoIter, SmallVec};

// An array of one's own may stand in a vector: `Array` is an unsafe trait, so its size is right,
// and the vector shows elements of its own only (obligation 1). No code of the array runs.
owner! {
    {A: Array<Item: Trace>} SmallVec<A> => [A::Item], |this, visit| visit.one(this.as_slice()),
        owns if this.spilled() { array::<A::Item>(this.capacity()) } else { 0 };
    /// It does not tell what it has allocated.
    {A: Array<Item: Trace>} IntoIter<A> => [A::Item], |this, visit| visit.one(this.as_slice());
}
