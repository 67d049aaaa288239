//! How a weak set tells its elements apart.

use std::hash::{BuildHasher, Hash, RandomState};
use std::ptr;

/// By their values: two elements are the same if they are equal.
#[derive(Debug)]
pub enum ByValue {}

/// By which object they are: two elements are the same if they are one object.
///
/// # Examples
///
/// ```
/// use gc_core::{unsync::{Gc, WeakSet}, weakref::ByIdentity};
///
/// let set: WeakSet<f32, ByIdentity> = WeakSet::new();
/// let nans = [Gc::new(f32::NAN), Gc::new(f32::NAN)]; // neither `Eq` nor `Hash`
/// assert!(set.insert(&nans[0]) && set.insert(&nans[1]));
/// assert_eq!(set.len(), 2);
/// ```
#[derive(Debug)]
pub enum ByIdentity {}

/// When two elements of a [`WeakSet`](super::WeakSet) are the same: [`ByValue`] or [`ByIdentity`].
pub trait Equivalence<T: ?Sized>: sealed::Equivalence<T> {}

impl<T: ?Sized, By: sealed::Equivalence<T>> Equivalence<T> for By {}

mod sealed {
    use super::RandomState;

    pub trait Equivalence<T: ?Sized> {
        /// The same for all that are the same.
        fn hash(value: &T, hasher: &RandomState) -> u64;
        /// Whether two are the same.
        fn same(one: &T, other: &T) -> bool;
    }
}

impl<T: ?Sized + Hash + Eq> sealed::Equivalence<T> for ByValue {
    fn hash(value: &T, hasher: &RandomState) -> u64 {
        hasher.hash_one(value)
    }

    fn same(one: &T, other: &T) -> bool {
        one == other
    }
}

/// A value stands behind the head of its box, so no two of them have one address, those without a
/// size neither.
impl<T: ?Sized> sealed::Equivalence<T> for ByIdentity {
    fn hash(value: &T, hasher: &RandomState) -> u64 {
        hasher.hash_one((&raw const *value).addr())
    }

    fn same(one: &T, other: &T) -> bool {
        ptr::addr_eq(one, other)
    }
}
