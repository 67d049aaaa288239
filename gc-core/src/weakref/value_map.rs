//! `WeakValueMap`: entries that go with their values.

use super::key::Key;
use super::table::{Entered, Item, Seek, Table, Verdict};
use crate::handle::Gc;
use crate::heap::Space;
use crate::sharing::Admits;
use crate::trace::{Depth, Sizer, Trace, Tracer};
use std::borrow::Borrow;
use std::convert::Infallible;
use std::fmt;
use std::hash::{BuildHasher, Hash, RandomState};

/// A map that does not keep its values alive: Python's `weakref.WeakValueDictionary`.
///
/// An entry goes when its value dies. It is what a cache is made of that must not decide how long
/// something lives: whoever asks while the value is in use gets the same one, and what nobody uses
/// takes no room.
///
/// All methods take `&self`, and values come out as strong handles. The map's keys are its own; it
/// gives them out as [`Key`]s.
///
/// # When entries go
///
/// When the value dies: inside the `drop` of its last handle, or inside the collection that finds
/// it to be garbage. It is a [weak callback](crate::docs::weak#callbacks) of the map's that takes
/// the entry out and drops its key. From the moment of its death the value does not come out of the
/// map any more. Whatever has been put under the key since is left alone.
///
/// # Your own code
///
/// The map runs `Hash` and `Eq` of keys, and drops keys and handles, with no lock taken and
/// nothing borrowed. So that code may use the map itself; and if it panics, the map is as it was
/// before or as it was to be.
///
/// # Keys that hold handles
///
/// The collector does not look into the keys: a `Gc` in there counts as held from outside for as
/// long as the entry is there. An object that owns the map must not be reachable from its keys, or
/// it is never freed while that value lives. [`WeakKey`](super::WeakKey) is a key that holds nothing.
///
/// # In `sync`
///
/// Any number of threads may use the map. Each operation happens at one moment, as if under a
/// lock; [`get_or_insert_with`](WeakValueMap::get_or_insert_with) and
/// [`Entry::or_insert`](super::Entry::or_insert) put nothing in the place of what another thread
/// has put there. Keys are looked at and dropped on any thread, so they are `Send` and `Sync`:
///
/// ```compile_fail,E0277
/// use gc_core::sync::{Gc, WeakValueMap};
/// use std::rc::Rc;
///
/// let map = WeakValueMap::new();
/// map.insert(Rc::new(1), &Gc::new(1));
/// ```
///
/// # Examples
///
/// ```
/// use gc_core::unsync::{Gc, WeakValueMap};
///
/// let rows = WeakValueMap::new();
/// let row = rows.get_or_insert_with(7, || Gc::new("row 7".to_string()));
/// assert!(Gc::ptr_eq(&row, &rows.get(&7).unwrap()));
/// assert_eq!(rows.len(), 1);
///
/// drop(row);
/// assert!(rows.get(&7).is_none());
/// assert_eq!(rows.len(), 0);
/// ```
#[doc(alias = "weakref.WeakValueDictionary")]
#[doc(alias = "weakref.WeakValueDictionary.copy")]
#[doc(alias = "weakref.WeakValueDictionary.update")]
pub struct WeakValueMap<K, T: ?Sized, S: Space> {
    pub(super) table: Table<T, S, Key<K>>,
    hasher: RandomState,
}

impl<K, T: ?Sized, S: Space> WeakValueMap<K, T, S> {
    /// An empty map.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::WeakValueMap;
    ///
    /// let map: WeakValueMap<u32, String> = WeakValueMap::new();
    /// assert!(map.is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(0)
    }

    /// An empty map that takes so many entries before it needs more memory. It keeps the room for
    /// as many; other room goes back when seven eighths of it are empty.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::WeakValueMap;
    ///
    /// let map: WeakValueMap<u32, String> = WeakValueMap::with_capacity(100);
    /// assert!(map.capacity() >= 100);
    /// ```
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        WeakValueMap { table: Table::with_capacity(capacity), hasher: RandomState::new() }
    }

    /// How many entries there is room for.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let values: Vec<_> = (0..1000).map(Gc::new).collect();
    /// let map: WeakValueMap<_, _> = values.iter().enumerate().collect();
    /// assert!(map.capacity() >= 1000);
    /// drop(values);
    /// assert!(map.capacity() < 1000);
    /// ```
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.table.capacity()
    }

    /// How many entries there are, in constant time: Python's `len`.
    ///
    /// An entry whose value is dead is counted only while its end is still going on: in callbacks
    /// of that value that are newer than the entry, in callbacks of other objects of the same
    /// garbage, and on other threads meanwhile. As in Python.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let (a, b) = (Gc::new(1), Gc::new(2));
    /// let map = WeakValueMap::from_iter([("a", &a), ("b", &b)]);
    /// drop(a);
    /// assert_eq!(map.len(), 1);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there is no entry, see [`len`](WeakValueMap::len).
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// let value = Gc::new(1);
    /// map.insert("a", &value);
    /// assert!(!map.is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes all entries, and gives back their memory.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let value = Gc::new(1);
    /// let map = WeakValueMap::from_iter([("a", &value)]);
    /// map.clear();
    /// assert!(map.is_empty());
    /// ```
    #[doc(alias = "weakref.WeakValueDictionary.clear")]
    pub fn clear(&self) {
        self.table.clear();
    }

    /// Gives back all memory that is not needed, that for [`with_capacity`](WeakValueMap::with_capacity)
    /// too.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::WeakValueMap;
    ///
    /// let map: WeakValueMap<u32, String> = WeakValueMap::with_capacity(100);
    /// map.shrink_to_fit();
    /// assert_eq!(map.capacity(), 0);
    /// ```
    pub fn shrink_to_fit(&self) {
        self.table.shrink_to_fit();
    }

    /// Removes the entries of which `keep` says so.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let values: Vec<_> = (0..10).map(Gc::new).collect();
    /// let map: WeakValueMap<_, _> = values.iter().enumerate().collect();
    /// map.retain(|_, value| **value > 6);
    /// assert_eq!(map.len(), 3);
    /// ```
    pub fn retain(&self, mut keep: impl FnMut(&K, &Gc<T, S>) -> bool) {
        for Item { hash, token, weak, data } in self.table.items() {
            if weak.upgrade().is_some_and(|value| !keep(&data, &value)) {
                drop(self.table.take(hash, token));
            }
        }
    }

    /// Removes some entry and gives back what was in it: Python's `popitem`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let value = Gc::new(1);
    /// let map = WeakValueMap::from_iter([("a", &value)]);
    /// let (key, popped) = map.pop().unwrap();
    /// assert!(key == "a" && Gc::ptr_eq(&popped, &value));
    /// assert!(map.pop().is_none());
    /// ```
    #[doc(alias = "weakref.WeakValueDictionary.popitem")]
    pub fn pop(&self) -> Option<(Key<K>, Gc<T, S>)> {
        loop {
            let entry = self.table.take_any()?;
            if let Some(value) = entry.upgrade() {
                return Some((entry.into_data(), value));
            }
        }
    }
}

impl<K, T: ?Sized, S: Space> WeakValueMap<K, T, S> {
    pub(super) fn hash<Q: Hash + ?Sized>(&self, key: &Q) -> u64 {
        self.hasher.hash_one(key)
    }

    /// The value under `key`, if it is alive.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let value = Gc::new(1);
    /// let map = WeakValueMap::from_iter([("a".to_string(), &value)]);
    /// assert_eq!(map.get("a").as_deref(), Some(&1));
    /// drop(value);
    /// assert_eq!(map.get("a"), None);
    /// ```
    #[doc(alias = "weakref.WeakValueDictionary.get")]
    #[must_use]
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<Gc<T, S>>
    where
        K: Borrow<Q>,
    {
        self.get_key_value(key).map(|(_, value)| value)
    }

    /// The same, with the key that is in the map.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let value = Gc::new(1);
    /// let map = WeakValueMap::from_iter([("a".to_string(), &value)]);
    /// let (key, there) = map.get_key_value("a").unwrap();
    /// assert_eq!((key.as_str(), *there), ("a", 1));
    /// ```
    #[must_use]
    pub fn get_key_value<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<(Key<K>, Gc<T, S>)>
    where
        K: Borrow<Q>,
    {
        self.living(self.hash(key), |item| is(item, key))
    }

    /// The living value of the entry that `is` the one that is looked for, and its key.
    pub(super) fn living(
        &self,
        hash: u64,
        is: impl Fn(&Item<T, S, Key<K>>) -> bool,
    ) -> Option<(Key<K>, Gc<T, S>)> {
        let mut seek = Seek::new(hash);
        loop {
            let found = self.table.unseen(&mut seek).find(&is)?;
            if let Some(value) = found.weak.upgrade() {
                return Some((found.data, value));
            }
            // Dead, or another has been put in its place: in that case it has not been seen.
        }
    }

    /// Whether there is a living value under `key`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// map.insert(1, &Gc::new("spam")); // gone at once
    /// assert!(!map.contains_key(&1));
    /// ```
    #[must_use]
    pub fn contains_key<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get(key).is_some()
    }

    /// Removes the entry of `key`; gives back its value, if that is alive.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let value = Gc::new(1);
    /// let map = WeakValueMap::from_iter([("a", &value)]);
    /// assert_eq!(map.remove("a").as_deref(), Some(&1));
    /// assert_eq!(map.remove("a"), None);
    /// ```
    #[doc(alias = "weakref.WeakValueDictionary.pop")]
    pub fn remove<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<Gc<T, S>>
    where
        K: Borrow<Q>,
    {
        self.remove_entry(key).map(|(_, value)| value)
    }

    /// The same, with the key that was in the map.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let value = Gc::new(1);
    /// let map = WeakValueMap::from_iter([("a".to_string(), &value)]);
    /// let (key, _) = map.remove_entry("a").unwrap();
    /// assert_eq!(key.into_inner().as_deref(), Some("a"));
    /// ```
    pub fn remove_entry<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<(Key<K>, Gc<T, S>)>
    where
        K: Borrow<Q>,
    {
        let entry = self.table.remove(self.hash(key), |item| is(item, key))?;
        let value = entry.upgrade()?;
        Some((entry.into_data(), value))
    }
}

/// Whether an entry is for `key`.
fn is<K, Q, T, S>(item: &Item<T, S, Key<K>>, key: &Q) -> bool
where
    K: Borrow<Q>,
    Q: Eq + ?Sized,
    T: ?Sized,
    S: Space,
{
    let own: &K = &item.data;
    own.borrow() == key
}

impl<K, T, S> WeakValueMap<K, T, S>
where
    K: Hash + Eq + 'static,
    T: ?Sized + 'static,
    S: Space + Admits<K> + Admits<T>,
{
    /// Puts `value` under `key`; gives back what was there, if that is alive.
    ///
    /// An equal key that is there already stays, as in std's maps and in Python.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let (one, two) = (Gc::new(1), Gc::new(2));
    /// let map = WeakValueMap::new();
    /// assert_eq!(map.insert("key", &one), None);
    /// assert_eq!(map.insert("key", &two), Some(one));
    /// assert_eq!(map.get("key"), Some(two));
    /// ```
    pub fn insert(&self, key: K, value: &Gc<T, S>) -> Option<Gc<T, S>> {
        self.insert_key(self.hash(&key), Key::new(key), value)
    }

    pub(super) fn insert_key(&self, hash: u64, key: Key<K>, value: &Gc<T, S>) -> Option<Gc<T, S>> {
        let entered = self.table.enter(hash, value, key.clone(), |item| {
            if item.data == key { Verdict::<Infallible>::Replaced } else { Verdict::Other }
        });
        match entered {
            Entered::Instead(before) => before.upgrade(),
            Entered::New => None,
        }
    }

    /// What is under `key` when this returns: the living value that was there, or `value`.
    pub(super) fn get_or_insert(&self, hash: u64, key: K, value: &Gc<T, S>) -> Gc<T, S> {
        let key = Key::new(key);
        let entered = self.table.enter(hash, value, key.clone(), |item| {
            if item.data != key {
                return Verdict::Other;
            }
            item.weak.upgrade().map_or(Verdict::Replaced, Verdict::Stays)
        });
        match entered {
            Entered::Stayed(there) => there,
            Entered::New | Entered::Instead(_) => value.clone(),
        }
    }

    /// The value under `key`, and where there is none alive the one that `make` makes, which is put
    /// there: Python's `setdefault`.
    ///
    /// In `sync`, where several threads do so at once, all of them get the value of the one that
    /// comes first; others' are dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let map = WeakValueMap::new();
    /// let made = map.get_or_insert_with("a", || Gc::new(1));
    /// let found = map.get_or_insert_with("a", || unreachable!());
    /// assert!(Gc::ptr_eq(&made, &found));
    /// ```
    #[doc(alias = "weakref.WeakValueDictionary.setdefault")]
    pub fn get_or_insert_with(&self, key: K, make: impl FnOnce() -> Gc<T, S>) -> Gc<T, S> {
        self.entry(key).or_insert_with(make)
    }
}

impl<K, T: ?Sized, S: Space> Default for WeakValueMap<K, T, S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, T, S> Clone for WeakValueMap<K, T, S>
where
    K: 'static,
    T: ?Sized + 'static,
    S: Space + Admits<K> + Admits<T>,
{
    /// Makes another map with the same values. The two share their keys, and nothing else.
    fn clone(&self) -> Self {
        let items = self.table.items();
        let table = Table::with_room_now(items.len());
        for Item { hash, weak, data, .. } in items {
            if let Some(value) = weak.upgrade() {
                // No two of them are for the same key.
                let _ = table.enter(hash, &value, data, |_| Verdict::<Infallible>::Other);
            }
        }
        WeakValueMap { table, hasher: self.hasher.clone() }
    }
}

impl<K: Hash + Eq, T: ?Sized + PartialEq, S: Space> PartialEq for WeakValueMap<K, T, S> {
    /// Whether the living values are equal, and stand under equal keys.
    fn eq(&self, other: &Self) -> bool {
        let all: Vec<_> = self.iter().collect();
        all.len() == other.iter().count()
            && all.iter().all(|(key, value)| other.get(&**key).is_some_and(|there| there == *value))
    }
}

impl<K: Hash + Eq, T: ?Sized + Eq, S: Space> Eq for WeakValueMap<K, T, S> {}

impl<K: fmt::Debug, T: ?Sized + fmt::Debug, S: Space> fmt::Debug for WeakValueMap<K, T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

// SAFETY: nothing is shown (obligation 1), touched (2) or looked into (5), so this is a leaf (3).
// What keys hold counts as held from outside, so no destructor finds it gone (4).
unsafe impl<K, T: ?Sized, S: Space> Trace for WeakValueMap<K, T, S> {
    fn trace(&self, _: &mut Tracer<'_>) {}

    fn is_leaf(_: Depth) -> bool {
        true
    }

    fn measure(&self, sizer: &mut Sizer<'_>) {
        self.table.measure(sizer, Key::measure);
    }
}
