//! What a handle does because its value can do it, as with `Rc`.

use super::Gc;
use crate::heap::Space;
use crate::sharing::Admits;
use crate::trace::Trace;
use std::borrow::Borrow;
use std::cmp::Ordering;
use std::error::Error;
use std::fmt;
use std::hash::{Hash, Hasher};

impl<T: ?Sized, S: Space> AsRef<T> for Gc<T, S> {
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T: ?Sized, S: Space> Borrow<T> for Gc<T, S> {
    fn borrow(&self) -> &T {
        self
    }
}

impl<T: Default + Trace + 'static, S: Space + Admits<T>> Default for Gc<T, S> {
    fn default() -> Self {
        Gc::new(T::default())
    }
}

impl<S: Space + Admits<str>> Default for Gc<str, S> {
    fn default() -> Self {
        Gc::from("")
    }
}

impl<T: Trace + 'static, S: Space + Admits<[T]>> Default for Gc<[T], S> {
    fn default() -> Self {
        Gc::from([])
    }
}

impl<T: ?Sized + PartialEq, S: Space> PartialEq for Gc<T, S> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: ?Sized + Eq, S: Space> Eq for Gc<T, S> {}

impl<T: ?Sized + PartialOrd, S: Space> PartialOrd for Gc<T, S> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (**self).partial_cmp(&**other)
    }
}

impl<T: ?Sized + Ord, S: Space> Ord for Gc<T, S> {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl<T: ?Sized + Hash, S: Space> Hash for Gc<T, S> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl<T: ?Sized + fmt::Debug, S: Space> fmt::Debug for Gc<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + fmt::Display, S: Space> fmt::Display for Gc<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized, S: Space> fmt::Pointer for Gc<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Pointer::fmt(&Gc::as_ptr(self), f)
    }
}

impl<T: ?Sized + Error, S: Space> Error for Gc<T, S> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        (**self).source()
    }
}
