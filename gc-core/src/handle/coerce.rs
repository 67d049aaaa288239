//! Handles to unsized values, on stable Rust.

use super::{Gc, UniqueGc, Weak};
use crate::gc_box::GcBox;
use crate::heap::Space;
use std::any::Any;
use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

/// Turns a handle to a `T` into one to an unsized type that `T` coerces to: a
/// trait object or a slice. The target is inferred.
///
/// It takes a [`Gc`](crate::unsync::Gc), a [`Weak`](crate::unsync::Weak) or a
/// [`UniqueGc`](crate::unsync::UniqueGc).
///
/// # Panics
///
/// If the handle's type is not the one that the object was made with but a supertype
/// of it, as `Gc<fn(&'static u8)>` is of `Gc<for<'a> fn(&'a u8)>`: what
/// [`Gc::get_mut`](crate::unsync::Gc::get_mut) may write could not be told afterwards.
///
/// # Examples
///
/// ```
/// use gc_core::{coerce, unsync::{Gc, Weak}};
/// use std::fmt::Display;
///
/// let number = Gc::new(5);
/// let shown: Gc<dyn Display> = coerce!(number.clone());
/// assert_eq!(shown.to_string(), "5");
///
/// let weak: Weak<dyn Display> = coerce!(Gc::downgrade(&number));
/// assert_eq!(weak.upgrade().unwrap().to_string(), "5");
///
/// let slice: Gc<[u8]> = coerce!(Gc::new([1_u8, 2, 3]));
/// assert_eq!(slice.len(), 3);
/// ```
#[macro_export]
macro_rules! coerce {
    ($handle:expr) => {{
        let (kind, pointer) = $crate::__private::take_apart($handle);
        let pointer =
            pointer as ::core::cell::Cell<::core::ptr::NonNull<$crate::__private::GcBox<_, _>>>;
        // SAFETY: the pointer is that of the handle just taken apart, and nothing
        // but its type was changed, by a coercion.
        unsafe { $crate::__private::put_together(kind, pointer) }
    }};
}

/// A handle without what makes it one. In a cell, which coerces as the pointer does
/// but is invariant: the cast must not shorten a lifetime in the type of what a
/// `UniqueGc` may still write to.
#[doc(hidden)]
pub type Whole<T, S> = Cell<NonNull<GcBox<T, S>>>;

/// A kind of handle, for [`coerce!`](crate::coerce).
///
/// # Safety
///
/// `put_together` gives the very handle that was taken apart.
#[doc(hidden)]
pub unsafe trait Kind {
    /// The handle of this kind to a `T`.
    type Handle<T: ?Sized, S: Space>;

    /// The handle to the box at `ptr`.
    ///
    /// # Safety
    ///
    /// `whole` came from [`take_apart`] of such a handle, once for each use, and was at most coerced.
    unsafe fn put_together<T: ?Sized, S: Space>(whole: Whole<T, S>) -> Self::Handle<T, S>;
}

/// A handle that [`coerce!`](crate::coerce) takes.
///
/// # Safety
///
/// `take_apart` gives what `put_together` of its kind may be called with.
#[doc(hidden)]
pub unsafe trait Coerce {
    /// What kind of handle it is.
    type Kind: Kind;
    /// What it points to.
    type Target: ?Sized;
    /// How that is counted.
    type Space: Space;

    /// The kind and the box, which stands for the handle from now on.
    fn take_apart(self) -> (Self::Kind, Whole<Self::Target, Self::Space>);
}

/// See [`Coerce::take_apart`].
#[doc(hidden)]
#[inline]
#[must_use]
pub fn take_apart<H: Coerce>(handle: H) -> (H::Kind, Whole<H::Target, H::Space>) {
    handle.take_apart()
}

/// Puts a handle together again.
///
/// # Safety
///
/// `whole` came with `kind` from [`take_apart`] and was at most coerced; it is used once.
#[doc(hidden)]
#[inline]
#[must_use]
pub unsafe fn put_together<K: Kind, T: ?Sized, S: Space>(
    kind: K,
    whole: Whole<T, S>,
) -> K::Handle<T, S> {
    let _ = kind;
    // SAFETY: as the caller promises.
    unsafe { K::put_together(whole) }
}

/// Makes a type of handle one that [`coerce!`](crate::coerce) takes.
macro_rules! coercible {
    ($handle:ident, $kind:ident) => {
        #[doc(hidden)]
        #[derive(Debug)]
        pub struct $kind;

        // SAFETY: the pointer is all that there is to such a handle.
        unsafe impl Kind for $kind {
            type Handle<T: ?Sized, S: Space> = $handle<T, S>;

            #[inline]
            unsafe fn put_together<T: ?Sized, S: Space>(whole: Whole<T, S>) -> $handle<T, S> {
                $handle::from_ptr(whole.get())
            }
        }

        // SAFETY: the handle is forgotten, so what it owned goes with the pointer.
        unsafe impl<T: ?Sized + 'static, S: Space> Coerce for $handle<T, S> {
            type Kind = $kind;
            type Target = T;
            type Space = S;

            #[inline]
            fn take_apart(self) -> ($kind, Whole<T, S>) {
                let whole = $handle::ptr(&self);
                GcBox::assert_made_as(whole);
                let _goes_with_the_pointer = ManuallyDrop::new(self);
                ($kind, Cell::new(whole))
            }
        }
    };
}

coercible!(Gc, GcKind);
coercible!(Weak, WeakKind);
coercible!(UniqueGc, UniqueKind);

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
        match GcBox::downcast_any(Gc::ptr(&self)) {
            Some(whole) => {
                let _count_moves_on = ManuallyDrop::new(self);
                Ok(Gc::from_ptr(whole))
            }
            None => Err(self),
        }
    }
}
