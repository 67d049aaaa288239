//! Maps of many shards, each under a lock of its own.

use crate::trace::Trace;
use crate::trace::visit::{Guard, Visit as _, owner, passes_over};
use dashmap::{DashMap, DashSet, RwLockReadGuard};
use std::hash::{BuildHasher, Hash};

// SAFETY: a guard borrows its shard's lock, in which the table stands, and whoever changes the table
// needs the lock for himself. Unlocking may wake a thread, and no more.
unsafe impl<T> Guard for RwLockReadGuard<'_, T> {}

/// Bytes of the shards and of the tables in those that are not locked for writing.
macro_rules! shards {
    ($this:ident) => {
        $this.shards().iter().fold(size_of_val($this.shards()), |bytes, shard| {
            bytes + shard.try_read().map_or(0, |table| table.allocation_info().1.size())
        })
    };
}

/// Walks over the entries of all shards. (A set is a map whose values are `()`, which show nothing.)
macro_rules! walk_shards {
    ($this:ident, $visit:ident) => {
        for shard in $this.shards() {
            let Some(shard) = shard.try_read() else {
                $visit.busy();
                continue;
            };
            $visit.walk_under(shard, |table, visit| {
                // SAFETY: the table outlives the iterator, which is gone at the end of the walk.
                for bucket in unsafe { table.iter() } {
                    // SAFETY: nobody changes the table under the guard, so it has the
                    // bucket that its iterator gives, and there is a value in it.
                    let (key, value) = unsafe { bucket.as_ref() };
                    visit.one(key);
                    visit.one(value.get());
                }
            });
        }
    };
}

owner! {
    /// Looked into while every shard is locked for reading, for which it is only tried: a shard that
    /// is locked for writing shows nothing. The hasher is not traced.
    ///
    /// A [`Finalize`](crate::Finalize) hook in there runs under its shard's lock, so it must not
    /// write to the map.
    {K: Trace + Eq + Hash, V: Trace, S: BuildHasher + Clone} DashMap<K, V, S> => [K, V],
        |this, visit| if !(passes_over::<K, _>(visit) && passes_over::<V, _>(visit)) {
            walk_shards!(this, visit);
        }, owns shards!(this);
    /// Looked into while every shard is locked for reading, for which it is only tried: a shard that
    /// is locked for writing shows nothing. The hasher is not traced.
    ///
    /// A [`Finalize`](crate::Finalize) hook in there runs under its shard's lock, so it must not
    /// write to the set.
    {T: Trace + Eq + Hash, S: BuildHasher + Clone} DashSet<T, S> => [T],
        |this, visit| if !passes_over::<T, _>(visit) {
            walk_shards!(this, visit);
        }, owns shards!(this);
}
