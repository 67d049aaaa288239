//! One place in a `WeakValueMap`, and how a map is filled.

use super::key::Key;
use super::value_map::WeakValueMap;
use crate::handle::Gc;
use crate::heap::Space;
use crate::sharing::Admits;
use std::fmt;
use std::hash::Hash;

/// The place of one key in a [`WeakValueMap`], see [`WeakValueMap::entry`].
///
/// # Examples
///
/// ```
/// use gc_core::{unsync::{Gc, WeakValueMap}, weakref::Entry};
///
/// let map = WeakValueMap::new();
/// let value = Gc::new(1);
/// match map.entry("a") {
///     Entry::Occupied(_) => unreachable!(),
///     Entry::Vacant(entry) => drop(entry.insert(&value)),
/// }
/// assert!(matches!(map.entry("a"), Entry::Occupied(_)));
/// ```
pub enum Entry<'a, K, T: ?Sized, S: Space> {
    /// There is a living value.
    Occupied(OccupiedEntry<'a, K, T, S>),
    /// There is none.
    Vacant(VacantEntry<'a, K, T, S>),
}

/// A place with a value, which lives at least as long as this does.
pub struct OccupiedEntry<'a, K, T: ?Sized, S: Space> {
    map: &'a WeakValueMap<K, T, S>,
    hash: u64,
    key: Key<K>,
    value: Gc<T, S>,
}

/// A place where there was no living value.
pub struct VacantEntry<'a, K, T: ?Sized, S: Space> {
    map: &'a WeakValueMap<K, T, S>,
    hash: u64,
    key: K,
}

impl<K, T, S> WeakValueMap<K, T, S>
where
    K: Hash + Eq + 'static,
    T: ?Sized + 'static,
    S: Space + Admits<K> + Admits<T>,
{
    /// The place of `key`, to look at it and to change it.
    ///
    /// The map is not locked meanwhile: others may change it, your own code by way of another
    /// reference, or other threads.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// let one = map.entry("a").or_insert(&Gc::new(1));
    /// let same = map.entry("a").or_insert_with(|| Gc::new(2));
    /// assert_eq!((*one, *same), (1, 1));
    /// ```
    #[doc(alias = "weakref.WeakValueDictionary.setdefault")]
    pub fn entry(&self, key: K) -> Entry<'_, K, T, S> {
        let hash = self.hash(&key);
        match self.living(hash, |item| *item.data == key) {
            Some((key, value)) => Entry::Occupied(OccupiedEntry { map: self, hash, key, value }),
            None => Entry::Vacant(VacantEntry { map: self, hash, key }),
        }
    }
}

impl<K, T, S> Entry<'_, K, T, S>
where
    K: Hash + Eq + 'static,
    T: ?Sized + 'static,
    S: Space + Admits<K> + Admits<T>,
{
    /// The key: the map's own if there is a value, otherwise the one that was asked for.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let map: WeakValueMap<&str, u8> = WeakValueMap::new();
    /// assert_eq!(map.entry("a").key(), &"a");
    /// ```
    #[must_use]
    pub fn key(&self) -> &K {
        match self {
            Entry::Occupied(entry) => &entry.key,
            Entry::Vacant(entry) => &entry.key,
        }
    }

    /// The value that is there; `value`, which is put there, if there is none.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let (one, two) = (Gc::new(1), Gc::new(2));
    /// let map = WeakValueMap::new();
    /// assert_eq!(map.entry("a").or_insert(&one), one);
    /// assert_eq!(map.entry("a").or_insert(&two), one);
    /// ```
    pub fn or_insert(self, value: &Gc<T, S>) -> Gc<T, S> {
        match self {
            Entry::Occupied(entry) => entry.value,
            Entry::Vacant(entry) => entry.insert(value),
        }
    }

    /// The same, with a value that is made only then.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// assert_eq!(*map.entry("a").or_insert_with(|| Gc::new(1)), 1);
    /// ```
    pub fn or_insert_with(self, make: impl FnOnce() -> Gc<T, S>) -> Gc<T, S> {
        self.or_insert_with_key(|_| make())
    }

    /// The same, with a value that is made from the key.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// assert_eq!(*map.entry("a").or_insert_with_key(|key| Gc::new(key.len())), 1);
    /// ```
    pub fn or_insert_with_key(self, make: impl FnOnce(&K) -> Gc<T, S>) -> Gc<T, S> {
        match self {
            Entry::Occupied(entry) => entry.value,
            Entry::Vacant(entry) => {
                let value = make(&entry.key);
                entry.insert(&value)
            }
        }
    }
}

impl<K, T, S> OccupiedEntry<'_, K, T, S>
where
    K: Hash + Eq + 'static,
    T: ?Sized + 'static,
    S: Space + Admits<K> + Admits<T>,
{
    /// The key in the map.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{unsync::{Gc, WeakValueMap}, weakref::Entry};
    ///
    /// let one = Gc::new(1);
    /// let map = WeakValueMap::from_iter([("a", &one)]);
    /// let Entry::Occupied(entry) = map.entry("a") else { unreachable!() };
    /// assert!(entry.key() == &"a");
    /// ```
    #[must_use]
    pub fn key(&self) -> &Key<K> {
        &self.key
    }

    /// The value.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{unsync::{Gc, WeakValueMap}, weakref::Entry};
    ///
    /// let one = Gc::new(1);
    /// let map = WeakValueMap::from_iter([("a", &one)]);
    /// let Entry::Occupied(entry) = map.entry("a") else { unreachable!() };
    /// assert_eq!(*entry.get(), one);
    /// ```
    #[must_use]
    pub fn get(&self) -> &Gc<T, S> {
        &self.value
    }

    /// The value, when the place is done with.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{unsync::{Gc, WeakValueMap}, weakref::Entry};
    ///
    /// let one = Gc::new(1);
    /// let map = WeakValueMap::from_iter([("a", &one)]);
    /// let Entry::Occupied(entry) = map.entry("a") else { unreachable!() };
    /// assert_eq!(entry.into_value(), one);
    /// ```
    #[must_use]
    pub fn into_value(self) -> Gc<T, S> {
        self.value
    }

    /// Puts another value there, and gives back the one that was.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{unsync::{Gc, WeakValueMap}, weakref::Entry};
    ///
    /// let (one, two) = (Gc::new(1), Gc::new(2));
    /// let map = WeakValueMap::from_iter([("a", &one)]);
    /// let Entry::Occupied(mut entry) = map.entry("a") else { unreachable!() };
    /// assert_eq!(entry.insert(&two), one);
    /// assert_eq!(map.get("a"), Some(two));
    /// ```
    pub fn insert(&mut self, value: &Gc<T, S>) -> Gc<T, S> {
        drop(self.map.insert_key(self.hash, self.key.clone(), value));
        std::mem::replace(&mut self.value, value.clone())
    }

    /// Removes the value, and gives it back. If it has been replaced meanwhile, what stands there
    /// now stays.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{unsync::{Gc, WeakValueMap}, weakref::Entry};
    ///
    /// let one = Gc::new(1);
    /// let map = WeakValueMap::from_iter([("a", &one)]);
    /// let Entry::Occupied(entry) = map.entry("a") else { unreachable!() };
    /// assert_eq!(entry.remove(), one);
    /// assert!(map.is_empty());
    /// ```
    pub fn remove(self) -> Gc<T, S> {
        let this = Gc::downgrade(&self.value);
        let same = |key: &Key<K>| Key::ptr_eq(key, &self.key);
        drop(self.map.table.remove(self.hash, |item| same(&item.data) && item.weak.ptr_eq(&this)));
        self.value
    }
}

impl<K, T, S> VacantEntry<'_, K, T, S>
where
    K: Hash + Eq + 'static,
    T: ?Sized + 'static,
    S: Space + Admits<K> + Admits<T>,
{
    /// The key that was asked for.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{unsync::{Gc, WeakValueMap}, weakref::Entry};
    ///
    /// let map: WeakValueMap<&str, u8> = WeakValueMap::new();
    /// let Entry::Vacant(entry) = map.entry("a") else { unreachable!() };
    /// assert_eq!((*entry.key(), entry.into_key()), ("a", "a"));
    /// ```
    #[must_use]
    pub fn key(&self) -> &K {
        &self.key
    }

    /// The key that was asked for, when the place is done with.
    #[must_use]
    pub fn into_key(self) -> K {
        self.key
    }

    /// Puts `value` there; gives back what is there now. That is `value`, unless somebody else has
    /// put another there since the place was looked up: the first stays.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{unsync::{Gc, WeakValueMap}, weakref::Entry};
    ///
    /// let (one, two) = (Gc::new(1), Gc::new(2));
    /// let map = WeakValueMap::new();
    /// let Entry::Vacant(entry) = map.entry("a") else { unreachable!() };
    /// map.insert("a", &two); // meanwhile
    /// assert_eq!(entry.insert(&one), two);
    /// ```
    pub fn insert(self, value: &Gc<T, S>) -> Gc<T, S> {
        self.map.get_or_insert(self.hash, self.key, value)
    }
}

impl<K: fmt::Debug, T: ?Sized + fmt::Debug, S: Space> fmt::Debug for Entry<'_, K, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entry::Occupied(entry) => entry.fmt(f),
            Entry::Vacant(entry) => entry.fmt(f),
        }
    }
}

impl<K: fmt::Debug, T: ?Sized + fmt::Debug, S: Space> fmt::Debug for OccupiedEntry<'_, K, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut show = f.debug_struct("OccupiedEntry");
        show.field("key", &self.key).field("value", &self.value).finish_non_exhaustive()
    }
}

impl<K: fmt::Debug, T: ?Sized, S: Space> fmt::Debug for VacantEntry<'_, K, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VacantEntry").field(&self.key).finish()
    }
}

/// Extends a map, and makes one, from pairs of this form.
macro_rules! from_pairs {
    ($(
        $(#[$attr:meta])*
        <$($life:lifetime)?> $key:ty, $value:ty => |$map:ident, $k:ident, $v:ident| $insert:expr;
    )*) => {$(
        impl<$($life,)? K, T, S> Extend<($key, $value)> for &WeakValueMap<K, T, S>
        where
            K: Hash + Eq + 'static,
            T: ?Sized + 'static,
            S: Space + Admits<K> + Admits<T>,
        {
            $(#[$attr])*
            fn extend<I: IntoIterator<Item = ($key, $value)>>(&mut self, pairs: I) {
                let $map = *self;
                for ($k, $v) in pairs {
                    drop($insert);
                }
            }
        }

        impl<$($life,)? K, T, S> Extend<($key, $value)> for WeakValueMap<K, T, S>
        where
            K: Hash + Eq + 'static,
            T: ?Sized + 'static,
            S: Space + Admits<K> + Admits<T>,
        {
            $(#[$attr])*
            fn extend<I: IntoIterator<Item = ($key, $value)>>(&mut self, pairs: I) {
                (&*self).extend(pairs);
            }
        }

        impl<$($life,)? K, T, S> FromIterator<($key, $value)> for WeakValueMap<K, T, S>
        where
            K: Hash + Eq + 'static,
            T: ?Sized + 'static,
            S: Space + Admits<K> + Admits<T>,
        {
            $(#[$attr])*
            fn from_iter<I: IntoIterator<Item = ($key, $value)>>(pairs: I) -> Self {
                let map = WeakValueMap::new();
                (&map).extend(pairs);
                map
            }
        }
    )*};
}

from_pairs! {
    /// Puts all values in: Python's `update`.
    <'a> K, &'a Gc<T, S> => |map, key, value| map.insert(key, value);
    /// Puts all values in: Python's `update`. Those that only `pairs` has kept are gone at once.
    <> K, Gc<T, S> => |map, key, value| map.insert(key, &value);
    /// Puts in all that is in another map: Python's `update`. The two share the keys.
    <> Key<K>, Gc<T, S> => |map, key, value| map.insert_key(map.hash(&*key), key, &value);
}

impl<K, T, S, const N: usize> From<[(K, &Gc<T, S>); N]> for WeakValueMap<K, T, S>
where
    K: Hash + Eq + 'static,
    T: ?Sized + 'static,
    S: Space + Admits<K> + Admits<T>,
{
    fn from(pairs: [(K, &Gc<T, S>); N]) -> Self {
        Self::from_iter(pairs)
    }
}
