//! `Interner`: one object for all equal values.

use super::set::WeakSet;
use crate::handle::Gc;
use crate::heap::Space;
use crate::sharing::Admits;
use crate::trace::{Depth, Sizer, Trace, Tracer};
use std::borrow::Borrow;
use std::fmt;
use std::hash::Hash;

/// Gives out one object for all equal values: Python's `sys.intern`, for values of any kind.
///
/// Two handles from one interner are equal if they are [the same](Gc::ptr_eq), so they are compared
/// in one step; and a value that is needed in a thousand places is there once. The interner keeps nothing
/// alive: what nobody uses goes, with its memory. (In Python too, since 2.3.)
///
/// In `sync` any number of threads may use it, and what two of them intern is the same object.
/// It is made of a [`WeakSet`], whose page says what may happen when.
///
/// # Examples
///
/// ```
/// use gc_core::unsync::{Gc, Interner};
///
/// let names = Interner::<str>::new();
/// let a = names.intern("spam");
/// let b = names.intern(format!("sp{}", "am"));
/// assert!(Gc::ptr_eq(&a, &b));
/// assert!(!Gc::ptr_eq(&a, &Gc::from("spam")));
///
/// let points = Interner::<(i32, i32)>::new();
/// let origin = points.intern((0, 0));
/// assert!(Gc::ptr_eq(&origin, &points.intern((0, 0))));
/// ```
///
/// One for the whole program:
///
/// ```
/// use gc_core::sync::{Gc, Interner};
/// use std::sync::LazyLock;
///
/// static NAMES: LazyLock<Interner<str>> = LazyLock::new(Interner::new);
///
/// let here = NAMES.intern("spam");
/// let there = std::thread::spawn(|| NAMES.intern("spam")).join().unwrap();
/// assert!(Gc::ptr_eq(&here, &there));
/// ```
#[doc(alias = "sys.intern")]
pub struct Interner<T: ?Sized, S: Space> {
    values: WeakSet<T, S>,
}

impl<T: ?Sized, S: Space> Interner<T, S> {
    /// An interner that knows no value yet.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Interner;
    ///
    /// let names = Interner::<str>::new();
    /// assert!(names.is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Interner { values: WeakSet::new() }
    }

    /// How many values there are that somebody uses: Python's `sys.getunicodeinternedsize`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Interner;
    ///
    /// let names = Interner::<str>::new();
    /// let spam = names.intern("spam");
    /// assert_eq!(names.len(), 1);
    /// drop(spam);
    /// assert_eq!(names.len(), 0);
    /// ```
    #[doc(alias = "sys.getunicodeinternedsize")]
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether nobody uses any value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values that somebody uses.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Interner;
    ///
    /// let names = Interner::<str>::new();
    /// let spam = names.intern("spam");
    /// assert_eq!(names.iter().collect::<Vec<_>>(), [spam]);
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = Gc<T, S>> + use<T, S> {
        self.values.iter()
    }
}

impl<T: ?Sized + Hash + Eq, S: Space> Interner<T, S> {
    /// The object for a value, if somebody uses it.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Interner;
    ///
    /// let names = Interner::<str>::new();
    /// assert!(names.get("spam").is_none());
    /// ```
    #[must_use]
    pub fn get(&self, value: &T) -> Option<Gc<T, S>> {
        self.values.get(value)
    }
}

impl<T, S> Interner<T, S>
where
    T: ?Sized + Hash + Eq + 'static,
    S: Space + Admits<T>,
{
    /// The object for a value, which is made if nobody uses one.
    ///
    /// It takes what can be looked at as a `T` and made into a `Gc<T>`: a `T`, a `Box<T>`; for
    /// `str` a `&str` or a `String`, for a slice a `&[T]` or a `Vec<T>`; and a handle, which is the
    /// object from then on if there was none.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{Gc, Interner};
    ///
    /// let paths = Interner::<[u32]>::new();
    /// let path = paths.intern(vec![1, 2, 3]);
    /// assert!(Gc::ptr_eq(&path, &paths.intern(&[1, 2, 3][..])));
    ///
    /// let mine: Gc<[u32]> = Gc::from([4, 5]);
    /// assert!(Gc::ptr_eq(&mine, &paths.intern(mine.clone())));
    /// ```
    #[doc(alias = "sys.intern")]
    pub fn intern<V: Borrow<T> + Into<Gc<T, S>>>(&self, value: V) -> Gc<T, S> {
        let hash = self.values.hash(value.borrow());
        let there = self.values.find(hash, |there| there == value.borrow());
        there.unwrap_or_else(|| {
            let object = value.into();
            // Somebody else may have been faster.
            self.values.enter(hash, &object).unwrap_or(object)
        })
    }
}

impl<T: ?Sized, S: Space> Default for Interner<T, S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: ?Sized + fmt::Debug, S: Space> fmt::Debug for Interner<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Interner").field(&self.values).finish()
    }
}

// SAFETY: as for the set that it is made of.
unsafe impl<T: ?Sized, S: Space> Trace for Interner<T, S> {
    fn trace(&self, _: &mut Tracer<'_>) {}

    fn is_leaf(_: Depth) -> bool {
        true
    }

    fn measure(&self, sizer: &mut Sizer<'_>) {
        self.values.measure(sizer);
    }
}
