//! The keys that weak maps give out.

use super::table::Part;
use crate::sharing::Admits;
use crate::trace::Sizer;
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::ptr;
use std::sync::Arc;

/// A key of a weak map, as the map gives it out: the key that was put in, shared with the map.
///
/// An entry may go at any time, when its object dies, and its key with it; so what is given out is
/// not a reference into the map. It is dereferenced, compared, hashed and shown as the key itself.
///
/// # Examples
///
/// ```
/// use gc_core::unsync::{Gc, WeakValueMap};
///
/// let row = Gc::new("spam");
/// let rows = WeakValueMap::from_iter([(String::from("first"), &row)]);
/// let key = rows.keys().next().unwrap();
/// drop(row);
/// assert!(rows.is_empty());
/// assert_eq!(key.len(), 5); // a `String`'s method
/// assert_eq!(key.into_inner().unwrap(), "first");
/// ```
pub struct Key<K>(Arc<K>);

// SAFETY: in `Shared` the key is `Send` and `Sync` (`Admits`), so an `Arc` of it may be dropped
// anywhere. To clone an `Arc` counts.
unsafe impl<K: 'static, S: Admits<K>> Part<S> for Key<K> {}

impl<K> Key<K> {
    pub(super) fn new(key: K) -> Self {
        Key(Arc::new(key))
    }

    /// Adds its own memory to `sizer`. What the key owns elsewhere it does not say.
    pub(super) fn measure(&self, sizer: &mut Sizer<'_>) {
        const COUNTS: usize = 2 * size_of::<usize>();
        let bytes = COUNTS.next_multiple_of(align_of::<K>()) + size_of::<K>();
        if Arc::strong_count(&self.0) == 1 {
            sizer.add(bytes);
        } else {
            let address = Arc::as_ptr(&self.0).addr();
            sizer.add_shared(ptr::without_provenance(address), bytes);
        }
    }

    /// The key itself, if neither the map nor anybody else has it.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, WeakValueMap};
    ///
    /// let value = Gc::new(1);
    /// let map = WeakValueMap::from_iter([("a", &value)]);
    /// let key = map.keys().next().unwrap();
    /// assert_eq!(key.clone().into_inner(), None);
    /// map.clear();
    /// assert_eq!(key.into_inner(), Some("a"));
    /// ```
    #[must_use]
    pub fn into_inner(self) -> Option<K> {
        Arc::into_inner(self.0)
    }
}

impl<K> Deref for Key<K> {
    type Target = K;

    fn deref(&self) -> &K {
        &self.0
    }
}

impl<K> AsRef<K> for Key<K> {
    fn as_ref(&self) -> &K {
        self
    }
}

impl<K> Borrow<K> for Key<K> {
    fn borrow(&self) -> &K {
        self
    }
}

impl<K> Clone for Key<K> {
    /// Shares the key once more. `K` itself is not cloned.
    fn clone(&self) -> Self {
        Key(self.0.clone())
    }
}

impl<K: PartialEq> PartialEq for Key<K> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<K: PartialEq> PartialEq<K> for Key<K> {
    fn eq(&self, other: &K) -> bool {
        **self == *other
    }
}

impl<K: Eq> Eq for Key<K> {}

impl<K: PartialOrd> PartialOrd for Key<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (**self).partial_cmp(&**other)
    }
}

impl<K: Ord> Ord for Key<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl<K: Hash> Hash for Key<K> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl<K: fmt::Debug> fmt::Debug for Key<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<K: fmt::Display> fmt::Display for Key<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
