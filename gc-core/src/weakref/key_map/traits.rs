//! What std's traits make of a map.

use super::{Item, WeakKeyMap};
use crate::heap::Space;
use crate::sharing::Admits;
use crate::trace::{Depth, Sizer, Trace, Tracer};
use crate::weakref::equivalence::Equivalence;
use crate::weakref::table::Table;
use std::fmt;
use std::hash::RandomState;

impl<T: ?Sized, V: ?Sized, S: Space, By> Default for WeakKeyMap<T, V, S, By> {
    fn default() -> Self {
        Self::with(Table::with_room_now(0), RandomState::new())
    }
}

impl<T, V, S, By> Clone for WeakKeyMap<T, V, S, By>
where
    T: ?Sized + 'static,
    V: ?Sized + 'static,
    S: Space + Admits<T> + Admits<V>,
    By: Equivalence<T>,
{
    /// Makes another map with the same keys and the same values: Python's `copy`.
    fn clone(&self) -> Self {
        let items = self.table.items();
        let map = Self::with(Table::with_room_now(items.len()), self.hasher.clone());
        for Item { hash, weak, data, .. } in items {
            if let (Some(key), Some(value)) = (weak.upgrade(), data.upgrade()) {
                map.put(hash, &key, value);
            }
        }
        map
    }
}

impl<T, V, S, By> PartialEq for WeakKeyMap<T, V, S, By>
where
    T: ?Sized,
    V: ?Sized + PartialEq,
    S: Space,
    By: Equivalence<T>,
{
    /// Whether both have the same living keys, and equal values for them.
    fn eq(&self, other: &Self) -> bool {
        let all: Vec<_> = self.iter().collect();
        all.len() == other.iter().count()
            && all.iter().all(|(key, value)| {
                let there = other.find_value(other.hash_of(key), Self::is(key));
                there.is_some_and(|(_, there)| there == *value)
            })
    }
}

impl<T, V, S, By> Eq for WeakKeyMap<T, V, S, By>
where
    T: ?Sized,
    V: ?Sized + Eq,
    S: Space,
    By: Equivalence<T>,
{
}

impl<T, V, S, By> fmt::Debug for WeakKeyMap<T, V, S, By>
where
    T: ?Sized + fmt::Debug,
    V: ?Sized + fmt::Debug,
    S: Space,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

// SAFETY: nothing is shown (obligation 1), touched (2) or looked into (5), so this is a leaf (3):
// the values belong to the keys. The destructor upgrades weak handles, which those to garbage do
// not (4).
unsafe impl<T: ?Sized, V: ?Sized, S: Space, By> Trace for WeakKeyMap<T, V, S, By> {
    fn trace(&self, _: &mut Tracer<'_>) {}

    fn is_leaf(_: Depth) -> bool {
        true
    }

    fn measure(&self, sizer: &mut Sizer<'_>) {
        // The values belong to the keys.
        self.table.measure(sizer, |_, _| ());
    }
}
