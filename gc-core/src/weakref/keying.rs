//! Which objects are the same to a weak collection.

use std::fmt::Debug;
use std::hash::{BuildHasher, Hash, RandomState};
use std::ptr;

/// Which objects are the same to a collection: [`ByValue`] or [`ByIdentity`]. Sealed.
pub trait Keying<T: ?Sized>: sealed::Sealed + Debug + 'static {
    #[doc(hidden)]
    fn hash(hasher: &RandomState, value: &T) -> u64;

    #[doc(hidden)]
    fn same(one: &T, other: &T) -> bool;
}

/// Objects are the same if their values are equal.
#[derive(Debug)]
pub enum ByValue {}

/// Objects are the same only to themselves: Python's `is`. Their values need neither `Eq` nor
/// `Hash`, and may change.
#[derive(Debug)]
pub enum ByIdentity {}

impl<T: ?Sized + Hash + Eq> Keying<T> for ByValue {
    fn hash(hasher: &RandomState, value: &T) -> u64 {
        hasher.hash_one(value)
    }

    fn same(one: &T, other: &T) -> bool {
        one == other
    }
}

/// No two objects that are alive have their values at the same address: the counts stand before
/// each, even if it has no size.
impl<T: ?Sized> Keying<T> for ByIdentity {
    fn hash(hasher: &RandomState, value: &T) -> u64 {
        hasher.hash_one(ptr::from_ref(value).addr())
    }

    fn same(one: &T, other: &T) -> bool {
        ptr::addr_eq(one, other)
    }
}

mod sealed {
    /// Keeps the choice ours.
    pub trait Sealed {}

    impl Sealed for super::ByValue {}
    impl Sealed for super::ByIdentity {}
}
