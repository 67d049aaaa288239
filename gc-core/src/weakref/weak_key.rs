//! `WeakKey`: a weak handle for the keys of a map.

use crate::handle::{Gc, Weak};
use crate::heap::Space;
use crate::trace::{Depth, Trace, Tracer};
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::OnceLock;

/// A weak handle that compares and hashes as its object does: what Python's `weakref.ref` does as a
/// key.
///
/// Two are equal while both objects are alive and equal. A dead one is equal to what leads to the
/// same object, and to nothing else. The hash is taken when it is made, so it stays. (In Python it
/// is taken when it is first asked for, which fails if the object is dead by then.)
///
/// With that, two that were equal no longer are when one of the objects dies: a map that has both
/// finds each by its own object's handle. A dead one stays in a map of std's until it is taken out;
/// the [weak collections](super) take out their own.
///
/// # Examples
///
/// ```
/// use gc_core::unsync::{Gc, WeakKey};
/// use std::collections::HashMap;
///
/// let (ann, other_ann) = (Gc::new("ann".to_string()), Gc::new("ann".to_string()));
/// let key = WeakKey::new(&ann);
/// let mut visits = HashMap::from([(key.clone(), 1)]);
/// *visits.get_mut(&WeakKey::new(&other_ann)).unwrap() += 1;
/// assert_eq!(visits[&key], 2);
///
/// drop(ann);
/// assert!(key.upgrade().is_none());
/// assert_eq!(visits[&key], 2); // by identity now
/// assert!(!visits.contains_key(&WeakKey::new(&other_ann)));
/// ```
#[doc(alias = "weakref.ref")]
pub struct WeakKey<T: ?Sized, S: Space> {
    weak: Weak<T, S>,
    hash: u64,
}

impl<T: ?Sized + Hash, S: Space> WeakKey<T, S> {
    /// A key for this object; it takes the object's hash.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakKey};
    ///
    /// let (one, equal) = (Gc::new(1), Gc::new(1));
    /// assert_eq!(WeakKey::new(&one), WeakKey::new(&equal));
    /// ```
    #[must_use]
    pub fn new(object: &Gc<T, S>) -> Self {
        static HASHER: OnceLock<RandomState> = OnceLock::new();
        let hash = HASHER.get_or_init(RandomState::new).hash_one(&**object);
        WeakKey { weak: Gc::downgrade(object), hash }
    }
}

impl<T: ?Sized, S: Space> WeakKey<T, S> {
    /// A strong handle, if the object is alive.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakKey};
    ///
    /// let one = Gc::new(1);
    /// assert_eq!(WeakKey::new(&one).upgrade(), Some(one));
    /// ```
    #[must_use]
    pub fn upgrade(&self) -> Option<Gc<T, S>> {
        self.weak.upgrade()
    }

    /// The weak handle itself.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakKey};
    ///
    /// let one = Gc::new(1);
    /// assert!(WeakKey::new(&one).weak().ptr_eq(&Gc::downgrade(&one)));
    /// ```
    #[must_use]
    pub fn weak(&self) -> &Weak<T, S> {
        &self.weak
    }
}

impl<T: ?Sized + Hash, S: Space> From<&Gc<T, S>> for WeakKey<T, S> {
    fn from(object: &Gc<T, S>) -> Self {
        WeakKey::new(object)
    }
}

impl<T: ?Sized + PartialEq, S: Space> PartialEq for WeakKey<T, S> {
    fn eq(&self, other: &Self) -> bool {
        match (self.upgrade(), other.upgrade()) {
            (Some(one), Some(other)) => one == other,
            _ => self.weak.ptr_eq(&other.weak),
        }
    }
}

impl<T: ?Sized + Eq, S: Space> Eq for WeakKey<T, S> {}

impl<T: ?Sized, S: Space> Hash for WeakKey<T, S> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl<T: ?Sized, S: Space> Clone for WeakKey<T, S> {
    fn clone(&self) -> Self {
        WeakKey { weak: self.weak.clone(), hash: self.hash }
    }
}

impl<T: ?Sized, S: Space> fmt::Debug for WeakKey<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(WeakKey)")
    }
}

// SAFETY: a weak handle owns no object and shows no edge.
unsafe impl<T: ?Sized, S: Space> Trace for WeakKey<T, S> {
    fn trace(&self, _: &mut Tracer<'_>) {}

    fn is_leaf(_: Depth) -> bool {
        true
    }
}
