//! Collections that give out keys.

#![allow(deprecated, reason = "there are still those who use `HopSlotMap`")]

use crate::trace::Trace;
use crate::trace::memory::{ValueOr, array, table};
use crate::trace::visit::{Visit as _, leaf, owner};
use slotmap::{
    DefaultKey, DenseSlotMap, HopSlotMap, Key, KeyData, SecondaryMap, SlotMap, SparseSecondaryMap,
};
use std::hash::BuildHasher;
use std::num::NonZeroU32;

// The iterators make keys. `Key` is an unsafe trait whose implementations do what `KeyData` does, so
// no handle is touched there (obligation 2). Keys are `Copy`, so they own none.
owner! {
    {K: Key, V: Trace} SlotMap<K, V> => [V], |this, visit| visit.all(this.values()),
        owns array::<(ValueOr<V, u32>, u32)>(this.capacity() + 1);
    {K: Key, V: Trace} HopSlotMap<K, V> => [V], |this, visit| visit.all(this.values()),
        owns array::<(ValueOr<V, [u32; 3]>, u32)>(this.capacity() + 1);
    /// Its three arrays tell the capacity of one.
    {K: Key, V: Trace} DenseSlotMap<K, V> => [V], |this, visit| visit.all(this.values()),
        owns array::<K>(this.capacity()) + array::<V>(this.capacity())
            + array::<(u32, u32)>(this.capacity() + 1);
    {K: Key, V: Trace} SecondaryMap<K, V> => [V], |this, visit| visit.all(this.values()),
        owns array::<Option<(V, NonZeroU32)>>(this.capacity() + 1);
    /// The hasher is not traced.
    {K: Key, V: Trace, S: BuildHasher} SparseSecondaryMap<K, V, S> => [V],
        |this, visit| visit.all(this.values()),
        owns table::<(u32, (V, u32))>(this.capacity());
}

leaf! {
    DefaultKey,
    /// What a key is made of: in `new_key_type!`, a key of one's own derives `Trace`.
    KeyData,
}
