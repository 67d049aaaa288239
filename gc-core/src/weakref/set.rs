//! `WeakSet`: elements that go when they die.

use super::equivalence::{ByIdentity, ByValue, Equivalence};
use super::table::{Entered, Item, Table, Verdict};
use crate::handle::Gc;
use crate::heap::Space;
use crate::sharing::Admits;
use crate::trace::{Depth, Sizer, Trace, Tracer};
use std::borrow::Borrow;
use std::convert::Infallible;
use std::fmt;
use std::hash::{BuildHasher, Hash, RandomState};
use std::iter::FusedIterator;
use std::marker::PhantomData;

/// A set that does not keep its elements alive: Python's `weakref.WeakSet`.
///
/// An element goes when it dies, see [`WeakValueMap`](super::WeakValueMap): that page is true of
/// sets too. All methods take `&self`, and elements come out as strong handles.
///
/// Elements are told apart by their values, as in Python, or, as a `WeakSet<T, ByIdentity>`, by
/// which object they are. That asks nothing of `T`. An element's hash is taken when it comes in.
///
/// Sets are combined by methods that take anything which gives handles, and by operators that take
/// two sets: `&a | &b`, `&a & &b`, `&a - &b`, `&a ^ &b`, and `|=`, `&=`, `-=`, `^=`.
///
/// # Examples
///
/// ```
/// use gc_core::unsync::{Gc, WeakSet};
///
/// let (a, b) = (Gc::new("a".to_string()), Gc::new("b".to_string()));
/// let set: WeakSet<String> = [&a, &b].into_iter().collect();
/// assert!(set.contains("a"));
/// drop(a);
/// assert!(!set.contains("a"));
/// assert_eq!(set.iter().collect::<Vec<_>>(), [b]);
/// ```
#[doc(alias = "weakref.WeakSet")]
#[doc(alias = "weakref.WeakSet.update")]
#[doc(alias = "weakref.WeakSet.copy")]
pub struct WeakSet<T: ?Sized, S: Space, By = ByValue> {
    table: Table<T, S, ()>,
    hasher: RandomState,
    by: PhantomData<fn() -> By>,
}

impl<T: ?Sized, S: Space, By> WeakSet<T, S, By> {
    /// An empty set.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::WeakSet;
    ///
    /// let set: WeakSet<String> = WeakSet::new();
    /// assert!(set.is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(0)
    }

    /// An empty set that takes so many elements before it needs more memory. It keeps the room for
    /// as many; other room goes back when seven eighths of it are empty.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::WeakSet;
    ///
    /// let set: WeakSet<String> = WeakSet::with_capacity(100);
    /// assert!(set.capacity() >= 100);
    /// ```
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self::of_table(Table::with_capacity(capacity), RandomState::new())
    }

    fn of_table(table: Table<T, S, ()>, hasher: RandomState) -> Self {
        WeakSet { table, hasher, by: PhantomData }
    }

    /// How many elements there is room for.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.table.capacity()
    }

    /// How many elements there are, in constant time. One that is dead is counted only while its
    /// end is still going on, see [`WeakValueMap::len`](super::WeakValueMap::len).
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let one = Gc::new(1);
    /// let set: WeakSet<i32> = WeakSet::from_iter([&one]);
    /// assert_eq!(set.len(), 1);
    /// drop(one);
    /// assert_eq!(set.len(), 0);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.table.len()
    }

    /// Whether there is no element, see [`len`](WeakSet::len).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes all elements, and gives back the memory.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let one = Gc::new(1);
    /// let set: WeakSet<i32> = WeakSet::from_iter([&one]);
    /// set.clear();
    /// assert!(set.is_empty());
    /// ```
    #[doc(alias = "weakref.WeakSet.clear")]
    pub fn clear(&self) {
        self.table.clear();
    }

    /// Gives back all memory that is not needed, that for [`with_capacity`](WeakSet::with_capacity)
    /// too.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::WeakSet;
    ///
    /// let set: WeakSet<String> = WeakSet::with_capacity(100);
    /// set.shrink_to_fit();
    /// assert_eq!(set.capacity(), 0);
    /// ```
    pub fn shrink_to_fit(&self) {
        self.table.shrink_to_fit();
    }

    /// What is in the set now, to be gone through at leisure.
    ///
    /// The iterator has taken note of all elements and keeps none alive: each time it goes on to
    /// the next one that is still alive. So anything may be done to the set meanwhile. What is put
    /// in does not come, what is removed does if it lives.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let all: Vec<_> = (0..3).map(Gc::new).collect();
    /// let set: WeakSet<i32> = all.iter().collect();
    /// let mut elements: Vec<_> = set.iter().map(|element| *element).collect();
    /// elements.sort();
    /// assert_eq!(elements, [0, 1, 2]);
    /// ```
    #[must_use]
    pub fn iter(&self) -> SetIter<T, S> {
        SetIter { items: self.table.items().into_iter() }
    }

    /// Removes the elements of which `keep` says so.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let all: Vec<_> = (0..10).map(Gc::new).collect();
    /// let set: WeakSet<i32> = all.iter().collect();
    /// set.retain(|element| **element > 6);
    /// assert_eq!(set.len(), 3);
    /// ```
    pub fn retain(&self, mut keep: impl FnMut(&Gc<T, S>) -> bool) {
        for Item { hash, token, weak, .. } in self.table.items() {
            if weak.upgrade().is_some_and(|element| !keep(&element)) {
                drop(self.table.take(hash, token));
            }
        }
    }

    /// Removes some element and gives it back.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let one = Gc::new(1);
    /// let set: WeakSet<i32> = WeakSet::from_iter([&one]);
    /// assert_eq!(set.pop(), Some(one));
    /// assert_eq!(set.pop(), None);
    /// ```
    #[doc(alias = "weakref.WeakSet.pop")]
    pub fn pop(&self) -> Option<Gc<T, S>> {
        loop {
            let element = self.table.take_any()?.upgrade();
            if element.is_some() {
                return element;
            }
        }
    }

    /// The living element with the hash that `is` says it is.
    pub(super) fn find(&self, hash: u64, is: impl Fn(&T) -> bool) -> Option<Gc<T, S>> {
        self.table.find(hash, |item| item.weak.upgrade().filter(|element| is(element)))
    }

    /// Removes it.
    fn take_if(&self, hash: u64, is: impl Fn(&T) -> bool) -> Option<Gc<T, S>> {
        let entry =
            self.table.remove(hash, |item| item.weak.upgrade().is_some_and(|element| is(&element)));
        entry?.upgrade()
    }
}

impl<T: ?Sized, S: Space, By: Equivalence<T>> WeakSet<T, S, By> {
    /// Whether an element is what `value` is.
    pub(super) fn has(&self, value: &T) -> bool {
        self.find(By::hash(value, &self.hasher), |element| By::same(element, value)).is_some()
    }

    /// Removes the element that is what `value` is.
    pub(super) fn take_same(&self, value: &T) -> Option<Gc<T, S>> {
        self.take_if(By::hash(value, &self.hasher), |element| By::same(element, value))
    }
}

impl<T, S, By> WeakSet<T, S, By>
where
    T: ?Sized + 'static,
    S: Space + Admits<T>,
    By: Equivalence<T>,
{
    /// Puts an element in; `false` if there is one that is the same. That one stays.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let set: WeakSet<i32> = WeakSet::new();
    /// let (one, other) = (Gc::new(1), Gc::new(1));
    /// assert!(set.insert(&one));
    /// assert!(!set.insert(&other));
    /// assert_eq!(set.len(), 1);
    /// ```
    #[doc(alias = "weakref.WeakSet.add")]
    pub fn insert(&self, element: &Gc<T, S>) -> bool {
        self.enter(By::hash(element, &self.hasher), element).is_none()
    }

    /// The element that is the same as this one, which is put in if there is none.
    ///
    /// In `sync`, where several threads do so at once, all get the one that came first.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let set: WeakSet<i32> = WeakSet::new();
    /// let one = set.get_or_insert(&Gc::new(1));
    /// assert!(Gc::ptr_eq(&one, &set.get_or_insert(&Gc::new(1))));
    /// ```
    pub fn get_or_insert(&self, element: &Gc<T, S>) -> Gc<T, S> {
        let there = self.enter(By::hash(element, &self.hasher), element);
        there.unwrap_or_else(|| element.clone())
    }

    /// Puts an element in, unless one that is the same is there, which it gives.
    pub(super) fn enter(&self, hash: u64, element: &Gc<T, S>) -> Option<Gc<T, S>> {
        let entered = self.table.enter(hash, element, (), |item| {
            let there = item.weak.upgrade().filter(|there| By::same(there, element));
            there.map_or(Verdict::Other, Verdict::Stays)
        });
        match entered {
            Entered::Stayed(there) => Some(there),
            Entered::New | Entered::Instead(_) => None,
        }
    }
}

impl<T: ?Sized, S: Space> WeakSet<T, S, ByValue> {
    /// The hash of a value.
    pub(super) fn hash<Q: Hash + ?Sized>(&self, value: &Q) -> u64 {
        self.hasher.hash_one(value)
    }

    /// Whether there is a living element with this value. (Of a handle: `&*handle`.)
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let one = Gc::new("one".to_string());
    /// let set: WeakSet<String> = WeakSet::from_iter([&one]);
    /// assert!(set.contains("one") && set.contains(&*one));
    /// ```
    #[must_use]
    pub fn contains<Q: Hash + Eq + ?Sized>(&self, value: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.get(value).is_some()
    }

    /// The living element with this value.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let one = Gc::new("one".to_string());
    /// let set: WeakSet<String> = WeakSet::from_iter([&one]);
    /// assert!(set.get("one").is_some_and(|there| Gc::ptr_eq(&there, &one)));
    /// ```
    #[must_use]
    pub fn get<Q: Hash + Eq + ?Sized>(&self, value: &Q) -> Option<Gc<T, S>>
    where
        T: Borrow<Q>,
    {
        self.find(self.hash(value), |element| element.borrow() == value)
    }

    /// Removes the element with this value. `false` if there is none: Python's `discard`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let one = Gc::new(1);
    /// let set: WeakSet<i32> = WeakSet::from_iter([&one]);
    /// assert!(set.remove(&1));
    /// assert!(!set.remove(&1));
    /// ```
    #[doc(alias = "weakref.WeakSet.remove")]
    #[doc(alias = "weakref.WeakSet.discard")]
    pub fn remove<Q: Hash + Eq + ?Sized>(&self, value: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.take(value).is_some()
    }

    /// Removes the element with this value, and gives it back.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakSet};
    ///
    /// let one = Gc::new(1);
    /// let set: WeakSet<i32> = WeakSet::from_iter([&one]);
    /// assert_eq!(set.take(&1), Some(one));
    /// ```
    pub fn take<Q: Hash + Eq + ?Sized>(&self, value: &Q) -> Option<Gc<T, S>>
    where
        T: Borrow<Q>,
    {
        self.take_if(self.hash(value), |element| element.borrow() == value)
    }
}

impl<T: ?Sized, S: Space> WeakSet<T, S, ByIdentity> {
    /// Whether this object is an element.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{unsync::{Gc, WeakSet}, weakref::ByIdentity};
    ///
    /// let (one, equal) = (Gc::new(1), Gc::new(1));
    /// let set: WeakSet<i32, ByIdentity> = WeakSet::from_iter([&one]);
    /// assert!(set.contains(&one) && !set.contains(&equal));
    /// ```
    #[must_use]
    pub fn contains(&self, element: &Gc<T, S>) -> bool {
        self.has(element)
    }

    /// Removes this object. `false` if it is no element: Python's `discard`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{unsync::{Gc, WeakSet}, weakref::ByIdentity};
    ///
    /// let one = Gc::new(1);
    /// let set: WeakSet<i32, ByIdentity> = WeakSet::from_iter([&one]);
    /// assert!(set.remove(&one) && !set.remove(&one));
    /// ```
    #[doc(alias = "weakref.WeakSet.remove")]
    #[doc(alias = "weakref.WeakSet.discard")]
    pub fn remove(&self, element: &Gc<T, S>) -> bool {
        self.take_same(element).is_some()
    }
}

impl<T: ?Sized, S: Space, By> Default for WeakSet<T, S, By> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: ?Sized + 'static, S: Space + Admits<T>, By> Clone for WeakSet<T, S, By> {
    /// Makes another set with the same elements.
    fn clone(&self) -> Self {
        let items = self.table.items();
        let table = Table::with_room_now(items.len());
        for Item { hash, weak, .. } in items {
            if let Some(element) = weak.upgrade() {
                // No two of them are the same.
                let _ = table.enter(hash, &element, (), |_| Verdict::<Infallible>::Other);
            }
        }
        Self::of_table(table, self.hasher.clone())
    }
}

impl<T: ?Sized + fmt::Debug, S: Space, By> fmt::Debug for WeakSet<T, S, By> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self).finish()
    }
}

// SAFETY: there is nothing to show (obligation 1), touch (2) or look into (5), so this is a leaf
// (3). Its destructor touches no object (4).
unsafe impl<T: ?Sized, S: Space, By> Trace for WeakSet<T, S, By> {
    fn trace(&self, _: &mut Tracer<'_>) {}

    fn is_leaf(_: Depth) -> bool {
        true
    }

    fn measure(&self, sizer: &mut Sizer<'_>) {
        self.table.measure(sizer, |(), _| ());
    }
}

/// What was in a [`WeakSet`], see [`WeakSet::iter`].
pub struct SetIter<T: ?Sized, S: Space> {
    items: std::vec::IntoIter<Item<T, S, ()>>,
}

impl<T: ?Sized, S: Space> Iterator for SetIter<T, S> {
    type Item = Gc<T, S>;

    fn next(&mut self) -> Option<Gc<T, S>> {
        self.items.find_map(|item| item.weak.upgrade())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.items.len()))
    }
}

impl<T: ?Sized, S: Space> FusedIterator for SetIter<T, S> {}

impl<T: ?Sized, S: Space> fmt::Debug for SetIter<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetIter").field("at_most", &self.items.len()).finish()
    }
}

impl<T: ?Sized, S: Space, By> IntoIterator for &WeakSet<T, S, By> {
    type Item = Gc<T, S>;
    type IntoIter = SetIter<T, S>;

    fn into_iter(self) -> SetIter<T, S> {
        self.iter()
    }
}
