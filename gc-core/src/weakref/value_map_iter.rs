//! How a `WeakValueMap` is gone through.

use super::key::Key;
use super::table::Item;
use super::value_map::WeakValueMap;
use crate::handle::{Gc, Weak};
use crate::heap::Space;
use std::fmt;
use std::iter::FusedIterator;

impl<K, T: ?Sized, S: Space> WeakValueMap<K, T, S> {
    /// What is in the map now, to be gone through at leisure: pairs of a key and a strong
    /// handle.
    ///
    /// The iterator has taken note of all entries and keeps no value alive, only the keys: each
    /// time it goes on to the next value that is still alive. So anything may be done to the map
    /// meanwhile. What is put in does not come, what is removed does if its value lives.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let values = [Gc::new(1), Gc::new(2), Gc::new(3)];
    /// let map: WeakValueMap<_, _> = values.iter().enumerate().collect();
    /// let mut iter = map.iter();
    /// let (key, first) = iter.next().unwrap();
    /// drop(values); // `first` lives on
    /// assert!(iter.next().is_none());
    /// assert_eq!((*key, map.len()), (*first - 1, 1));
    /// ```
    #[doc(alias = "weakref.WeakValueDictionary.items")]
    #[must_use]
    pub fn iter(&self) -> Iter<K, T, S> {
        Iter { items: self.table.items().into_iter() }
    }

    /// The keys of living values, see [`iter`](WeakValueMap::iter).
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let value = Gc::new(1);
    /// let map = WeakValueMap::from_iter([("a", &value)]);
    /// assert_eq!(*map.keys().next().unwrap(), "a");
    /// ```
    #[doc(alias = "weakref.WeakValueDictionary.keys")]
    pub fn keys(&self) -> impl Iterator<Item = Key<K>> + use<K, T, S> {
        self.iter().map(|(key, _)| key)
    }

    /// The living values, see [`iter`](WeakValueMap::iter).
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let value = Gc::new(1);
    /// let map = WeakValueMap::from_iter([("a", &value), ("b", &value)]);
    /// assert_eq!(map.values().map(|value| *value).sum::<i32>(), 2);
    /// ```
    #[doc(alias = "weakref.WeakValueDictionary.values")]
    pub fn values(&self) -> impl Iterator<Item = Gc<T, S>> + use<K, T, S> {
        self.iter().map(|(_, value)| value)
    }

    /// Weak handles to the values, some of which may be dead by the time they are looked at:
    /// Python's `valuerefs`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let value = Gc::new(1);
    /// let map = WeakValueMap::from_iter([("a", &value)]);
    /// let refs = map.value_refs();
    /// drop(value);
    /// assert!(refs[0].upgrade().is_none());
    /// ```
    #[doc(alias = "weakref.WeakValueDictionary.valuerefs")]
    #[doc(alias = "weakref.WeakValueDictionary.itervaluerefs")]
    #[must_use]
    pub fn value_refs(&self) -> Vec<Weak<T, S>> {
        self.table.items().into_iter().map(|item| item.weak).collect()
    }
}

/// What was in a [`WeakValueMap`], see [`WeakValueMap::iter`].
pub struct Iter<K, T: ?Sized, S: Space> {
    items: std::vec::IntoIter<Item<T, S, Key<K>>>,
}

impl<K, T: ?Sized, S: Space> Iterator for Iter<K, T, S> {
    type Item = (Key<K>, Gc<T, S>);

    fn next(&mut self) -> Option<Self::Item> {
        self.items.find_map(|item| item.weak.upgrade().map(|value| (item.data, value)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.items.len()))
    }
}

impl<K, T: ?Sized, S: Space> FusedIterator for Iter<K, T, S> {}

impl<K, T: ?Sized, S: Space> fmt::Debug for Iter<K, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").field("at_most", &self.items.len()).finish()
    }
}

impl<K, T: ?Sized, S: Space> IntoIterator for &WeakValueMap<K, T, S> {
    type Item = (Key<K>, Gc<T, S>);
    type IntoIter = Iter<K, T, S>;

    fn into_iter(self) -> Iter<K, T, S> {
        self.iter()
    }
}
