//! Iteration over what was in a map when it began.

use super::WeakKeyMap;
use crate::handle::{Gc, Weak};
use crate::heap::Space;
use crate::weakref::table::{Item, Table};
use std::fmt;

/// What was in a [`WeakKeyMap`], see [`WeakKeyMap::iter`].
pub struct Iter<T: ?Sized, V: ?Sized, S: Space> {
    table: Table<T, S, Weak<V, S>>,
    items: std::vec::IntoIter<Item<T, S, Weak<V, S>>>,
}

impl<T: ?Sized, V: ?Sized, S: Space> Iter<T, V, S> {
    /// Over what is in the table now.
    pub(super) fn new(table: &Table<T, S, Weak<V, S>>) -> Self {
        Iter { table: table.clone(), items: table.items().into_iter() }
    }
}

/// The value that an item's entry has now, or had when it was removed. The key is held.
fn value<T: ?Sized, V: ?Sized, S: Space>(
    table: &Table<T, S, Weak<V, S>>,
    item: &Item<T, S, Weak<V, S>>,
) -> Option<Gc<V, S>> {
    loop {
        let Some(now) = table.data(item.hash, item.token) else { return item.data.upgrade() };
        if let Some(value) = now.upgrade() {
            return Some(value);
        }
        // The key lives, so somebody has just put another value there, or removed the entry.
    }
}

impl<T: ?Sized, V: ?Sized, S: Space> Iterator for Iter<T, V, S> {
    type Item = (Gc<T, S>, Gc<V, S>);

    fn next(&mut self) -> Option<Self::Item> {
        let Iter { table, items } = self;
        items.find_map(|item| Some((item.weak.upgrade()?, value(table, &item)?)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.items.len()))
    }
}

impl<T: ?Sized, V: ?Sized, S: Space> std::iter::FusedIterator for Iter<T, V, S> {}

impl<T: ?Sized, V: ?Sized, S: Space> fmt::Debug for Iter<T, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").field("at_most", &self.items.len()).finish()
    }
}

impl<T: ?Sized, V: ?Sized, S: Space, By> IntoIterator for &WeakKeyMap<T, V, S, By> {
    type Item = (Gc<T, S>, Gc<V, S>);
    type IntoIter = Iter<T, V, S>;

    fn into_iter(self) -> Iter<T, V, S> {
        self.iter()
    }
}
