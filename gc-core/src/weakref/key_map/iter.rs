//! Iteration over what was in a map when it began.

use super::WeakKeyMap;
use crate::handle::{Gc, Weak};
use crate::heap::Space;
use crate::weakref::table::Item;
use std::fmt;

/// What was in a [`WeakKeyMap`], see [`WeakKeyMap::iter`].
pub struct Iter<T: ?Sized, V: ?Sized, S: Space> {
    pub(super) items: std::vec::IntoIter<Item<T, S, Weak<V, S>>>,
}

impl<T: ?Sized, V: ?Sized, S: Space> Iterator for Iter<T, V, S> {
    type Item = (Gc<T, S>, Gc<V, S>);

    fn next(&mut self) -> Option<Self::Item> {
        self.items.find_map(|item| Some((item.weak.upgrade()?, item.data.upgrade()?)))
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
