//! `WeakKeyMap`: entries that go with their keys, and values that belong to them.

mod entry;
mod iter;
mod traits;

pub use entry::{Entry, OccupiedEntry, VacantEntry};
pub use iter::Iter;

use super::equivalence::{ByIdentity, ByValue, Equivalence};
use super::table::{Entered, Item, Part, Table, Verdict};
use crate::handle::{Gc, Weak};
use crate::heap::Space;
use crate::sharing::Admits;
use crate::trace::Trace;
use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash, RandomState};
use std::marker::PhantomData;

/// A map from objects to values which keeps no key alive: Python's `weakref.WeakKeyDictionary`.
///
/// It says something of objects that they do not know of themselves, for as long as they live.
///
/// # Whose a value is
///
/// A value belongs to its key. An entry keeps it alive as long as both the map and the key live;
/// when the key dies, or the map is dropped or no longer has the entry, its handle to the value
/// goes. To the collector it is the key that refers to the value, so a value may refer to its own
/// key: when nobody else does, both are garbage. The same goes for cycles of any length, through
/// any number of maps. (This is what is called an ephemeron. In Python such a value keeps its key,
/// and so itself, alive for ever.)
///
/// A map that is only referred to by one of its own values lives as long as that value's key.
///
/// # Which keys are the same
///
/// [`ByValue`], which is what `WeakKeyMap<T, V>` means, compares the keys' values: of several equal
/// objects the one that came first is the key, and the entry goes with that one, as in Python.
/// [`ByIdentity`] tells apart every object.
///
/// # When entries go
///
/// When the key dies: by a [weak callback](crate::docs::weak#callbacks) of the map's, before the
/// key's value is dropped. What was in the map goes right after that value is dropped. A key that its finalizer
/// resurrects keeps its values, and its entries. One whose value is moved out
/// ([`Gc::try_unwrap`]) is dead.
///
/// # Your own code
///
/// The map runs `Hash` and `Eq` of keys, and drops handles, with no lock taken and nothing
/// borrowed. So that code may use the map itself; and if it panics, the map is as it was before or
/// as it was to be.
///
/// # In `sync`
///
/// Any number of threads may use the map. What is done to the entry of one key happens at one
/// moment, as if under a lock; what goes through several entries takes each for itself. An [`Entry`] puts nothing in the place of what another thread has put there.
///
/// # Examples
///
/// ```
/// use gc_core::{Trace, unsync::{self, Gc, WeakKeyMap}};
///
/// #[derive(Trace, PartialEq, Eq, Hash)]
/// struct User {
///     name: &'static str,
/// }
///
/// #[derive(Trace)]
/// struct Session {
///     user: Gc<User>,
/// }
///
/// let sessions = WeakKeyMap::new();
/// let ann = Gc::new(User { name: "Ann" });
/// sessions.insert(&ann, Session { user: ann.clone() });
/// assert_eq!(sessions.get(&*ann).unwrap().user.name, "Ann");
///
/// drop(ann);
/// assert_eq!(unsync::collect().collected, 2);
/// assert!(sessions.is_empty());
/// ```
#[doc(alias = "weakref.WeakKeyDictionary")]
#[doc(alias = "weakref.WeakKeyDictionary.copy")]
#[doc(alias = "weakref.WeakKeyDictionary.update")]
pub struct WeakKeyMap<T: ?Sized, V: ?Sized, S: Space, By = ByValue> {
    table: Table<T, S, Weak<V, S>>,
    hasher: RandomState,
    by: PhantomData<fn() -> By>,
}

// SAFETY: to clone or drop a weak handle counts its shares. In `Shared` the object is one that any
// thread may drop (`Admits`, where it is put in).
unsafe impl<V: ?Sized + 'static, S: Space> Part<S> for Weak<V, S> {}

/// An entry, and the key, which is held.
struct Found<T: ?Sized, V: ?Sized, S: Space> {
    hash: u64,
    token: u64,
    key: Gc<T, S>,
    value: Weak<V, S>,
}

impl<T: ?Sized, V: ?Sized, S: Space> Found<T, V, S> {
    /// What an item tells of, if its key is alive.
    fn of(item: Item<T, S, Weak<V, S>>) -> Option<Self> {
        let Item { hash, token, weak, data } = item;
        weak.upgrade().map(|key| Found { hash, token, key, value: data })
    }
}

impl<T: ?Sized, V: ?Sized, S: Space> WeakKeyMap<T, V, S> {
    /// An empty map, whose keys are the same if they are equal. (One [`ByIdentity`] is made by
    /// [`by_identity`](WeakKeyMap::by_identity), and any by [`Default`].)
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty map that takes so many entries before it needs more memory for them. It keeps the
    /// room for as many.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self::with(Table::with_capacity(capacity), RandomState::new())
    }
}

impl<T: ?Sized, V: ?Sized, S: Space, By> WeakKeyMap<T, V, S, By> {
    fn with(table: Table<T, S, Weak<V, S>>, hasher: RandomState) -> Self {
        WeakKeyMap { table, hasher, by: PhantomData }
    }

    /// How many entries there is room for.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.table.capacity()
    }

    /// How many entries there are, in constant time: Python's `len`.
    ///
    /// An entry whose key is dead is counted only while its end is still going on: in callbacks of
    /// that key that are newer than the entry, in callbacks of other objects of the same garbage,
    /// and on other threads meanwhile. As in Python.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakKeyMap};
    ///
    /// let (a, b) = (Gc::new("a"), Gc::new("b"));
    /// let map = WeakKeyMap::from([(&a, 1), (&b, 2)]);
    /// drop(a);
    /// assert_eq!(map.len(), 1);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there is no entry, see [`len`](WeakKeyMap::len).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Gives back all memory that is not needed, that for
    /// [`with_capacity`](WeakKeyMap::with_capacity) too.
    pub fn shrink_to_fit(&self) {
        self.table.shrink_to_fit();
    }

    /// What is in the map now, to be gone through at leisure: pairs of strong handles to the key
    /// and to the value.
    ///
    /// The iterator has taken note of all entries and keeps nothing alive: each time it goes on to
    /// the next whose key and value are. So anything may be done to the map meanwhile. What is put
    /// in does not come; of a key that is given another value that comes; what is removed does if
    /// both of it live.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakKeyMap};
    ///
    /// let keys = [Gc::new(1), Gc::new(2), Gc::new(3)];
    /// let map: WeakKeyMap<_, _> = keys.iter().map(|key| (key, **key * 10)).collect();
    /// let mut iter = map.iter();
    /// let (key, value) = iter.next().unwrap();
    /// assert_eq!(*value, *key * 10);
    /// drop(keys); // that one lives on
    /// assert!(iter.next().is_none());
    /// assert_eq!(map.len(), 1);
    /// ```
    #[doc(alias = "weakref.WeakKeyDictionary.items")]
    #[must_use]
    pub fn iter(&self) -> Iter<T, V, S> {
        Iter::new(&self.table)
    }

    /// The living keys, see [`iter`](WeakKeyMap::iter).
    #[doc(alias = "weakref.WeakKeyDictionary.keys")]
    pub fn keys(&self) -> impl Iterator<Item = Gc<T, S>> + use<T, V, S, By> {
        self.table.items().into_iter().filter_map(|item| item.weak.upgrade())
    }

    /// The values of living keys, see [`iter`](WeakKeyMap::iter).
    #[doc(alias = "weakref.WeakKeyDictionary.values")]
    pub fn values(&self) -> impl Iterator<Item = Gc<V, S>> + use<T, V, S, By> {
        self.iter().map(|(_, value)| value)
    }

    /// Weak handles to the keys, some of which may be dead by the time they are looked at:
    /// Python's `keyrefs`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakKeyMap};
    ///
    /// let key = Gc::new("a");
    /// let map = WeakKeyMap::from([(&key, 1)]);
    /// let refs = map.key_refs();
    /// drop(key);
    /// assert!(refs[0].upgrade().is_none());
    /// ```
    #[doc(alias = "weakref.WeakKeyDictionary.keyrefs")]
    #[must_use]
    pub fn key_refs(&self) -> Vec<Weak<T, S>> {
        self.table.items().into_iter().map(|item| item.weak).collect()
    }

    /// Removes all entries, and then drops the map's handles to their values.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakKeyMap};
    ///
    /// let key = Gc::new("a");
    /// let map = WeakKeyMap::from([(&key, 1)]);
    /// map.clear();
    /// assert!(map.is_empty());
    /// ```
    #[doc(alias = "weakref.WeakKeyDictionary.clear")]
    pub fn clear(&self) {
        let found = self.table.items().into_iter().filter_map(Found::of);
        // What a destructor does must not come between: all are taken out first.
        let gone: Vec<_> = found.filter_map(|found| self.take(found)).collect();
        drop(gone);
    }

    /// Removes the entries of which `keep` says so. A value that is put in the place of the one
    /// that `keep` was asked about stays.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakKeyMap};
    ///
    /// let keys: Vec<_> = (0..10).map(Gc::new).collect();
    /// let map: WeakKeyMap<_, _> = keys.iter().map(|key| (key, **key * 2)).collect();
    /// map.retain(|_, value| **value > 12);
    /// assert_eq!(map.len(), 3);
    /// ```
    pub fn retain(&self, mut keep: impl FnMut(&Gc<T, S>, &Gc<V, S>) -> bool) {
        for found in self.table.items().into_iter().filter_map(Found::of) {
            let Some(value) = found.value.upgrade() else { continue };
            if keep(&found.key, &value) {
                continue;
            }
            drop(self.take_this(&found));
        }
    }

    /// Removes some entry and gives back what was in it: Python's `popitem`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakKeyMap};
    ///
    /// let key = Gc::new("a");
    /// let map = WeakKeyMap::from([(&key, 1)]);
    /// let (popped, value) = map.pop().unwrap();
    /// assert!(Gc::ptr_eq(&popped, &key) && *value == 1);
    /// assert!(map.pop().is_none());
    /// ```
    #[doc(alias = "popitem")]
    #[doc(alias = "weakref.WeakKeyDictionary.popitem")]
    pub fn pop(&self) -> Option<(Gc<T, S>, Gc<V, S>)> {
        loop {
            let entry = self.table.take_any()?;
            if let Some(key) = entry.upgrade() {
                let value = Gc::detach(&key, &entry.into_data());
                if let Some(value) = value {
                    return Some((key, value));
                }
            }
        }
    }

    /// Takes an entry out, and with it the map's handle to the value; `None` if somebody else has.
    fn take(&self, found: Found<T, V, S>) -> Option<(Gc<T, S>, Gc<V, S>)> {
        let entry = self.table.take(found.hash, found.token)?;
        let value = Gc::detach(&found.key, &entry.into_data())?;
        Some((found.key, value))
    }

    /// The same, unless there is another value by now.
    fn take_this(&self, found: &Found<T, V, S>) -> Option<Gc<V, S>> {
        let is_this = |there: &Weak<V, S>| there.ptr_eq(&found.value);
        let entry = self.table.take_if(found.hash, found.token, is_this)?;
        Gc::detach(&found.key, &entry.into_data())
    }

    /// The entry whose key `is` the one that is looked for. No lock is held while it says so.
    fn find(&self, hash: u64, is: impl Fn(&T) -> bool) -> Option<Found<T, V, S>> {
        self.table.find(hash, |item| Found::of(item).filter(|found| is(&found.key)))
    }

    /// The same, with the value, which is held.
    #[allow(clippy::type_complexity, reason = "nothing else is made of these")]
    fn find_value(&self, hash: u64, is: impl Fn(&T) -> bool) -> Option<(Found<T, V, S>, Gc<V, S>)> {
        loop {
            let found = self.find(hash, &is)?;
            if let Some(value) = found.value.upgrade() {
                return Some((found, value));
            }
            // The key lives, so somebody has just put another value there, or removed the entry.
        }
    }

    /// Takes out the entry that [`find`](Self::find) would find.
    fn take_by(&self, hash: u64, is: impl Fn(&T) -> bool) -> Option<(Gc<T, S>, Gc<V, S>)> {
        let mut held = None;
        let entry = self.table.remove(hash, |item| {
            let key = item.weak.upgrade().filter(|key| is(key));
            let found = key.is_some();
            held = key;
            found
        })?;
        let key = held?;
        let value = Gc::detach(&key, &entry.into_data())?;
        Some((key, value))
    }
}

/// Keys that are the same if they are equal: what a key is looked up by is anything that it can be
/// borrowed as, itself among them.
impl<T: ?Sized, V: ?Sized, S: Space> WeakKeyMap<T, V, S, ByValue> {
    fn hash<Q: Hash + ?Sized>(&self, key: &Q) -> u64 {
        self.hasher.hash_one(key)
    }

    /// The value of `key`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakKeyMap};
    ///
    /// let key = Gc::new("a".to_string());
    /// let map = WeakKeyMap::from([(&key, 1)]);
    /// assert_eq!(map.get(&*key).as_deref(), Some(&1));
    /// assert_eq!(map.get("a").as_deref(), Some(&1));
    /// drop(key);
    /// assert_eq!(map.get("a"), None);
    /// ```
    #[doc(alias = "weakref.WeakKeyDictionary.get")]
    #[must_use]
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<Gc<V, S>>
    where
        T: Borrow<Q>,
    {
        self.get_key_value(key).map(|(_, value)| value)
    }

    /// The same, with the object that is the key.
    #[must_use]
    pub fn get_key_value<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<(Gc<T, S>, Gc<V, S>)>
    where
        T: Borrow<Q>,
    {
        let (found, value) = self.find_value(self.hash(key), |other| other.borrow() == key)?;
        Some((found.key, value))
    }

    /// Whether there is an entry of `key`.
    #[must_use]
    pub fn contains_key<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.get(key).is_some()
    }

    /// Removes the entry of `key`, and gives back its value.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakKeyMap};
    ///
    /// let key = Gc::new("a");
    /// let map = WeakKeyMap::from([(&key, 1)]);
    /// assert_eq!(map.remove(&"a").as_deref(), Some(&1));
    /// assert_eq!(map.remove(&"a"), None);
    /// ```
    #[doc(alias = "weakref.WeakKeyDictionary.pop")]
    pub fn remove<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<Gc<V, S>>
    where
        T: Borrow<Q>,
    {
        self.remove_entry(key).map(|(_, value)| value)
    }

    /// The same, with the object that was the key.
    pub fn remove_entry<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<(Gc<T, S>, Gc<V, S>)>
    where
        T: Borrow<Q>,
    {
        self.take_by(self.hash(key), |other| other.borrow() == key)
    }
}

impl<T: ?Sized, V: ?Sized, S: Space, By: Equivalence<T>> WeakKeyMap<T, V, S, By> {
    fn hash_of(&self, key: &T) -> u64 {
        By::hash(key, &self.hasher)
    }

    fn is(key: &T) -> impl Fn(&T) -> bool {
        |other| By::same(other, key)
    }
}

/// Keys that are the same only to themselves.
impl<T: ?Sized, V: ?Sized, S: Space> WeakKeyMap<T, V, S, ByIdentity> {
    /// An empty map, of whose keys each is the same only to itself.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakKeyMap};
    ///
    /// let (a, b) = (Gc::new(0.5), Gc::new(0.5));
    /// let names = WeakKeyMap::by_identity();
    /// names.insert(&a, "a");
    /// names.insert(&b, "b");
    /// assert_eq!(names.get(&b).as_deref(), Some(&"b"));
    /// ```
    #[must_use]
    pub fn by_identity() -> Self {
        Self::default()
    }

    /// The value of this very object.
    #[must_use]
    pub fn get(&self, key: &Gc<T, S>) -> Option<Gc<V, S>> {
        self.find_value(self.hash_of(key), Self::is(key)).map(|(_, value)| value)
    }

    /// Whether there is an entry of this very object.
    #[must_use]
    pub fn contains_key(&self, key: &Gc<T, S>) -> bool {
        self.get(key).is_some()
    }

    /// Removes the entry of this very object, and gives back its value.
    pub fn remove(&self, key: &Gc<T, S>) -> Option<Gc<V, S>> {
        self.take_by(self.hash_of(key), Self::is(key)).map(|(_, value)| value)
    }
}

impl<T, V, S, By> WeakKeyMap<T, V, S, By>
where
    T: ?Sized + 'static,
    V: ?Sized + 'static,
    S: Space + Admits<T> + Admits<V>,
    By: Equivalence<T>,
{
    /// Makes `value` an object that belongs to `key`; gives back what was there.
    ///
    /// An equal key that is there already stays, and the entry goes with that one, as in Python.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakKeyMap};
    ///
    /// let key = Gc::new("key");
    /// let map = WeakKeyMap::new();
    /// assert_eq!(map.insert(&key, 1), None);
    /// assert_eq!(map.insert(&key, 2).as_deref(), Some(&1));
    /// assert_eq!(map.get(&"key").as_deref(), Some(&2));
    /// ```
    pub fn insert(&self, key: &Gc<T, S>, value: V) -> Option<Gc<V, S>>
    where
        V: Trace + Sized,
    {
        self.insert_gc(key, Gc::new(value))
    }

    /// The same, for a value that is an object already.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakKeyMap};
    ///
    /// let (key, value) = (Gc::new("key"), Gc::new(1));
    /// let map = WeakKeyMap::new();
    /// map.insert_gc(&key, value.clone());
    /// assert!(Gc::ptr_eq(&map.get(&"key").unwrap(), &value));
    /// ```
    pub fn insert_gc(&self, key: &Gc<T, S>, value: Gc<V, S>) -> Option<Gc<V, S>> {
        self.put(By::hash(key, &self.hasher), key, value)
    }

    fn put(&self, hash: u64, key: &Gc<T, S>, mut value: Gc<V, S>) -> Option<Gc<V, S>> {
        loop {
            let found = self.find(hash, |other| By::same(other, key));
            let done = match found {
                Some(found) => self.replace(&found, value).map(Some),
                None => self.put_new(hash, key, value).map(|()| None),
            };
            match done {
                Ok(before) => return before,
                Err(again) => value = again,
            }
        }
    }

    /// Puts `value` into an entry, if that is still there; gives back what was in it.
    fn replace(&self, found: &Found<T, V, S>, value: Gc<V, S>) -> Result<Gc<V, S>, Gc<V, S>> {
        let weak = Gc::downgrade(&value);
        Gc::attach(&found.key, value);
        let detach = |weak| {
            Gc::detach(&found.key, &weak).unwrap_or_else(|| unreachable!("it was attached before"))
        };
        self.table.exchange(found.hash, found.token, weak).map(detach).map_err(detach)
    }

    /// Makes an entry for `key`.
    ///
    /// # Errors
    ///
    /// The value, if there is one of a key that is the same.
    fn put_new(&self, hash: u64, key: &Gc<T, S>, value: Gc<V, S>) -> Result<(), Gc<V, S>> {
        // Before there is an entry: who finds that takes back what it tells of.
        let weak = Gc::downgrade(&value);
        Gc::attach(key, value);
        let undo = scopeguard::guard((), |()| drop(Gc::detach(key, &weak)));
        let entered = self.table.enter(hash, key, weak.clone(), |item| {
            let other = item.weak.upgrade();
            let same = other.is_some_and(|other| By::same(&other, key));
            if same { Verdict::Stays(()) } else { Verdict::Other }
        });
        scopeguard::ScopeGuard::into_inner(undo);
        match entered {
            Entered::New | Entered::Instead(_) => Ok(()),
            Entered::Stayed(()) => {
                Err(Gc::detach(key, &weak)
                    .unwrap_or_else(|| unreachable!("it was attached just now")))
            }
        }
    }

    /// What is there when this returns: what was, or `value`.
    fn put_unless_there(&self, hash: u64, key: &Gc<T, S>, mut value: Gc<V, S>) -> Gc<V, S> {
        loop {
            let held = value.clone();
            match self.put_new(hash, key, value) {
                Ok(()) => return held,
                Err(again) => value = again,
            }
            drop(held);
            if let Some((_, there)) = self.find_value(hash, |other| By::same(other, key)) {
                return there;
            }
        }
    }
}

impl<T: ?Sized, V: ?Sized, S: Space, By> Drop for WeakKeyMap<T, V, S, By> {
    /// Drops the map's handles to the values of keys that are alive.
    fn drop(&mut self) {
        self.clear();
    }
}
