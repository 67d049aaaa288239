//! One place in a `WeakKeyMap`, and how a map is filled.

use super::{Found, WeakKeyMap};
use crate::handle::Gc;
use crate::heap::Space;
use crate::sharing::Admits;
use crate::trace::Trace;
use crate::weakref::equivalence::{ByValue, Equivalence};
use std::fmt;

/// The place of one key in a [`WeakKeyMap`], see [`WeakKeyMap::entry`].
pub enum Entry<'a, T: ?Sized, V: ?Sized, S: Space, By = ByValue> {
    /// There is a value.
    Occupied(OccupiedEntry<'a, T, V, S, By>),
    /// There is none.
    Vacant(VacantEntry<'a, T, V, S, By>),
}

/// A place with a value. It holds the key and the value.
pub struct OccupiedEntry<'a, T: ?Sized, V: ?Sized, S: Space, By = ByValue> {
    map: &'a WeakKeyMap<T, V, S, By>,
    found: Found<T, V, S>,
    value: Gc<V, S>,
}

/// A place where there was no value. It holds the key.
pub struct VacantEntry<'a, T: ?Sized, V: ?Sized, S: Space, By = ByValue> {
    map: &'a WeakKeyMap<T, V, S, By>,
    hash: u64,
    key: Gc<T, S>,
}

impl<T, V, S, By> WeakKeyMap<T, V, S, By>
where
    T: ?Sized + 'static,
    V: ?Sized + 'static,
    S: Space + Admits<T> + Admits<V>,
    By: Equivalence<T>,
{
    /// The place of `key`, to look at it and to change it.
    ///
    /// The map is not locked meanwhile: others may change it, your own code by way of another
    /// reference, or other threads.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakKeyMap};
    ///
    /// let key = Gc::new("a");
    /// let map = WeakKeyMap::new();
    /// let one = map.entry(&key).or_insert(1);
    /// let same = map.entry(&key).or_insert_with(|| 2);
    /// assert_eq!((*one, *same), (1, 1));
    /// ```
    #[doc(alias = "weakref.WeakKeyDictionary.setdefault")]
    #[doc(alias = "setdefault")]
    pub fn entry(&self, key: &Gc<T, S>) -> Entry<'_, T, V, S, By> {
        let hash = By::hash(key, &self.hasher);
        match self.find_value(hash, |other| By::same(other, key)) {
            Some((found, value)) => Entry::Occupied(OccupiedEntry { map: self, found, value }),
            None => Entry::Vacant(VacantEntry { map: self, hash, key: key.clone() }),
        }
    }
}

impl<T, V, S, By> Entry<'_, T, V, S, By>
where
    T: ?Sized + 'static,
    V: ?Sized + 'static,
    S: Space + Admits<T> + Admits<V>,
    By: Equivalence<T>,
{
    /// The key: the one in the map if there is a value, otherwise the one that was asked for.
    #[must_use]
    pub fn key(&self) -> &Gc<T, S> {
        match self {
            Entry::Occupied(entry) => entry.key(),
            Entry::Vacant(entry) => entry.key(),
        }
    }

    /// The value that is there; `value`, which is put there, if there is none.
    pub fn or_insert(self, value: V) -> Gc<V, S>
    where
        V: Trace + Sized,
    {
        self.or_insert_with(|| value)
    }

    /// The same, with a value that is made only then.
    pub fn or_insert_with(self, make: impl FnOnce() -> V) -> Gc<V, S>
    where
        V: Trace + Sized,
    {
        self.or_insert_gc_with(|| Gc::new(make()))
    }

    /// The same, with `V`'s default.
    pub fn or_default(self) -> Gc<V, S>
    where
        V: Trace + Default,
    {
        self.or_insert_with(V::default)
    }

    /// The same, with an object that may be there already.
    pub fn or_insert_gc_with(self, make: impl FnOnce() -> Gc<V, S>) -> Gc<V, S> {
        match self {
            Entry::Occupied(entry) => entry.value,
            Entry::Vacant(entry) => entry.insert_gc(make()),
        }
    }
}

impl<T, V, S, By> OccupiedEntry<'_, T, V, S, By>
where
    T: ?Sized + 'static,
    V: ?Sized + 'static,
    S: Space + Admits<T> + Admits<V>,
    By: Equivalence<T>,
{
    /// The key in the map.
    #[must_use]
    pub fn key(&self) -> &Gc<T, S> {
        &self.found.key
    }

    /// The value.
    #[must_use]
    pub fn get(&self) -> &Gc<V, S> {
        &self.value
    }

    /// The value, when the place is done with.
    #[must_use]
    pub fn into_value(self) -> Gc<V, S> {
        self.value
    }

    /// Puts another value there, and gives back the one that was.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakKeyMap};
    /// use gc_core::weakref::key_map::Entry;
    ///
    /// let key = Gc::new("a");
    /// let map = WeakKeyMap::from([(&key, 1)]);
    /// let Entry::Occupied(mut entry) = map.entry(&key) else { unreachable!() };
    /// assert_eq!((*entry.insert(2), **entry.get()), (1, 2));
    /// ```
    pub fn insert(&mut self, value: V) -> Gc<V, S>
    where
        V: Trace + Sized,
    {
        let (hash, value) = (self.found.hash, Gc::new(value));
        drop(self.map.put(hash, &self.found.key, value.clone()));
        // It has another place now, if somebody had removed the one that was.
        if let Some(found) = self.map.find(hash, |other| By::same(other, &self.found.key)) {
            self.found = found;
        }
        self.found.value = Gc::downgrade(&value);
        std::mem::replace(&mut self.value, value)
    }

    /// Removes the value, and gives it back. If it has been replaced meanwhile, what stands there
    /// now stays.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakKeyMap};
    /// use gc_core::weakref::key_map::Entry;
    ///
    /// let key = Gc::new("a");
    /// let map = WeakKeyMap::from([(&key, 1)]);
    /// let Entry::Occupied(entry) = map.entry(&key) else { unreachable!() };
    /// assert_eq!(*entry.remove(), 1);
    /// assert!(map.is_empty());
    /// ```
    pub fn remove(self) -> Gc<V, S> {
        drop(self.map.take_this(&self.found));
        self.value
    }
}

impl<T, V, S, By> VacantEntry<'_, T, V, S, By>
where
    T: ?Sized + 'static,
    V: ?Sized + 'static,
    S: Space + Admits<T> + Admits<V>,
    By: Equivalence<T>,
{
    /// The key that was asked for.
    #[must_use]
    pub fn key(&self) -> &Gc<T, S> {
        &self.key
    }

    /// Puts `value` there; gives back what is there now. That is `value`, unless somebody else has
    /// put another there since the place was looked up: the first stays.
    pub fn insert(self, value: V) -> Gc<V, S>
    where
        V: Trace + Sized,
    {
        self.insert_gc(Gc::new(value))
    }

    /// The same, for a value that is an object already.
    pub fn insert_gc(self, value: Gc<V, S>) -> Gc<V, S> {
        self.map.put_unless_there(self.hash, &self.key, value)
    }
}

impl<T, V, S, By> fmt::Debug for Entry<'_, T, V, S, By>
where
    T: ?Sized + fmt::Debug,
    V: ?Sized + fmt::Debug,
    S: Space,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entry::Occupied(entry) => entry.fmt(f),
            Entry::Vacant(entry) => entry.fmt(f),
        }
    }
}

impl<T, V, S, By> fmt::Debug for OccupiedEntry<'_, T, V, S, By>
where
    T: ?Sized + fmt::Debug,
    V: ?Sized + fmt::Debug,
    S: Space,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut show = f.debug_struct("OccupiedEntry");
        show.field("key", &self.found.key).field("value", &self.value).finish_non_exhaustive()
    }
}

impl<T: ?Sized + fmt::Debug, V: ?Sized, S: Space, By> fmt::Debug for VacantEntry<'_, T, V, S, By> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VacantEntry").field(&self.key).finish()
    }
}

/// Extends a map, and makes one, from pairs of this form.
macro_rules! from_pairs {
    ($(
        $(#[$attr:meta])*
        <$($life:lifetime)?> $key:ty, $value:ty [$($traced:tt)*]
        => |$map:ident, $k:ident, $v:ident| $insert:expr;
    )*) => {$(
        impl<$($life,)? T, V, S, By> Extend<($key, $value)> for &WeakKeyMap<T, V, S, By>
        where
            T: ?Sized + 'static,
            V: $($traced)* 'static,
            S: Space + Admits<T> + Admits<V>,
            By: Equivalence<T>,
        {
            $(#[$attr])*
            fn extend<I: IntoIterator<Item = ($key, $value)>>(&mut self, pairs: I) {
                let $map = *self;
                for ($k, $v) in pairs {
                    drop($insert);
                }
            }
        }

        impl<$($life,)? T, V, S, By> Extend<($key, $value)> for WeakKeyMap<T, V, S, By>
        where
            T: ?Sized + 'static,
            V: $($traced)* 'static,
            S: Space + Admits<T> + Admits<V>,
            By: Equivalence<T>,
        {
            $(#[$attr])*
            fn extend<I: IntoIterator<Item = ($key, $value)>>(&mut self, pairs: I) {
                (&*self).extend(pairs);
            }
        }

        impl<$($life,)? T, V, S, By> FromIterator<($key, $value)> for WeakKeyMap<T, V, S, By>
        where
            T: ?Sized + 'static,
            V: $($traced)* 'static,
            S: Space + Admits<T> + Admits<V>,
            By: Equivalence<T>,
        {
            $(#[$attr])*
            fn from_iter<I: IntoIterator<Item = ($key, $value)>>(pairs: I) -> Self {
                let map = WeakKeyMap::default();
                (&map).extend(pairs);
                map
            }
        }
    )*};
}

from_pairs! {
    /// Puts all values in: Python's `update`.
    <'a> &'a Gc<T, S>, V [Trace +] => |map, key, value| map.insert(key, value);
    /// Puts in all that is in another map: Python's `update`. The two share the values.
    <> Gc<T, S>, Gc<V, S> [?Sized +] => |map, key, value| map.insert_gc(&key, value);
}

impl<T, V, S, const N: usize> From<[(&Gc<T, S>, V); N]> for WeakKeyMap<T, V, S>
where
    T: ?Sized + 'static,
    V: Trace + 'static,
    S: Space + Admits<T> + Admits<V>,
    ByValue: Equivalence<T>,
{
    fn from(pairs: [(&Gc<T, S>, V); N]) -> Self {
        Self::from_iter(pairs)
    }
}
