//! Hash tables in the order of insertion.

use crate::trace::Trace;
use crate::trace::memory::indexed;
use crate::trace::visit::{Visit as _, owner};
use indexmap::{IndexMap, IndexSet};

owner! {
    /// The hasher may be of any type and is not traced.
    {K: Trace, V: Trace, S} IndexMap<K, V, S> => [K, V], |this, visit| visit.entries(this),
        owns indexed::<(usize, K, V)>(this.capacity());
    /// The hasher may be of any type and is not traced.
    {T: Trace, S} IndexSet<T, S> => [T], |this, visit| visit.all(this),
        owns indexed::<(usize, T)>(this.capacity());
}
