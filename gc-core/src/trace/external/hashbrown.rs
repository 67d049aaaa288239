//! The hash tables that std's are made of.

use crate::trace::Trace;
use crate::trace::memory::table;
use crate::trace::visit::{Visit as _, owner};
use hashbrown::{HashMap, HashSet, HashTable};

owner! {
    /// The hasher may be of any type and is not traced.
    {K: Trace, V: Trace, S} HashMap<K, V, S> => [K, V], |this, visit| visit.entries(this),
        owns table::<(K, V)>(this.capacity());
    /// The hasher may be of any type and is not traced.
    {T: Trace, S} HashSet<T, S> => [T], |this, visit| visit.all(this),
        owns table::<T>(this.capacity());
    {T: Trace} HashTable<T> => [T], |this, visit| visit.all(this), owns this.allocation_size();
}
