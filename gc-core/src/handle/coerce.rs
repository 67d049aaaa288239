//! Handles to unsized values, on stable Rust.

use super::Gc;
use crate::gc_box::GcBox;
use crate::heap::Space;
use std::any::Any;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

/// Turns a `Gc<T>` into a `Gc` of an unsized type that `T` coerces to: a trait
/// object or a slice. The target is inferred.
///
/// # Examples
///
/// ```
/// use gc_core::{coerce, unsync::Gc};
/// use std::fmt::Display;
///
/// let number = Gc::new(5);
/// let shown: Gc<dyn Display> = coerce!(number.clone());
/// assert_eq!(shown.to_string(), "5");
///
/// let slice: Gc<[u8]> = coerce!(Gc::new([1_u8, 2, 3]));
/// assert_eq!(slice.len(), 3);
/// ```
#[macro_export]
macro_rules! coerce {
    ($gc:expr) => {{
        let pointer = $crate::__private::into_box($gc);
        // SAFETY: the pointer is that of the handle just taken apart, and nothing
        // but its type was changed, by a coercion.
        #[allow(unsafe_code)]
        unsafe {
            $crate::__private::from_box(
                pointer as ::core::ptr::NonNull<$crate::__private::GcBox<_, _>>,
            )
        }
    }};
}

/// Takes a handle apart, for [`coerce!`](crate::coerce).
#[doc(hidden)]
#[inline]
#[must_use]
pub fn into_box<T: ?Sized, S: Space>(gc: Gc<T, S>) -> NonNull<GcBox<T, S>> {
    Gc::ptr(&ManuallyDrop::new(gc))
}

/// Puts a handle together again.
///
/// # Safety
///
/// `ptr` came from [`into_box`] and was at most coerced; it is used once.
#[doc(hidden)]
#[inline]
#[must_use]
pub unsafe fn from_box<T: ?Sized, S: Space>(ptr: NonNull<GcBox<T, S>>) -> Gc<T, S> {
    Gc::from_ptr(ptr)
}

impl<S: Space> Gc<dyn Any, S> {
    /// The handle with its value's own type, if that is `T`.
    ///
    /// # Errors
    ///
    /// The handle as it was, if the value is of another type.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{coerce, unsync::Gc};
    /// use std::any::Any;
    ///
    /// let any: Gc<dyn Any> = coerce!(Gc::new(5_u8));
    /// let any = any.downcast::<u16>().unwrap_err();
    /// assert_eq!(*any.downcast::<u8>().unwrap(), 5);
    /// ```
    pub fn downcast<T: Any>(self) -> Result<Gc<T, S>, Self> {
        if (*self).is::<T>() { Ok(Gc::from_ptr(into_box(self).cast())) } else { Err(self) }
    }
}
