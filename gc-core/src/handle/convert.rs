//! Handles from values, boxes, vectors, strings and iterators.

use super::Gc;
use super::gc::birth_flags;
use crate::collector;
use crate::gc_box::{Object, VTable, from_box};
use crate::heap::Space;
use crate::sharing::{Admits, Flags, Head};
use crate::trace::Trace;
use std::borrow::Cow;
use std::ffi::{CStr, CString, OsStr, OsString};
use std::mem::needs_drop;
use std::path::{Path, PathBuf};

impl<T: ?Sized + Trace + 'static, S: Space + Admits<T>> Gc<T, S> {
    /// Moves a boxed value, sized or not, into a new object.
    fn from_box_with(value: Box<T>, flags: Flags) -> Self {
        collector::poll::<S>();
        let vtable = VTable::wide::<T>(!flags.any(Flags::FINALIZED));
        let ptr = from_box(value, vtable, flags);
        let object = Object::<S>::new(ptr);
        let age = S::with_heap(|heap| heap.born(Flags::NONE, object.box_size()));
        object.head().set(age);
        Gc::from_ptr(ptr)
    }
}

impl<T: Trace + 'static, S: Space + Admits<T>> From<T> for Gc<T, S> {
    fn from(value: T) -> Self {
        Gc::new(value)
    }
}

impl<T: ?Sized + Trace + 'static, S: Space + Admits<T>> From<Box<T>> for Gc<T, S> {
    /// Moves the value out of its box. The new object's box is 16 bytes larger
    /// than that of [`Gc::new`].
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{Trace, unsync::Gc};
    ///
    /// trait Shape: Trace {
    ///     fn area(&self) -> f64;
    /// }
    ///
    /// #[derive(Trace)]
    /// struct Square(f64);
    ///
    /// impl Shape for Square {
    ///     fn area(&self) -> f64 {
    ///         self.0 * self.0
    ///     }
    /// }
    ///
    /// let boxed: Box<dyn Shape> = Box::new(Square(2.0));
    /// let shape: Gc<dyn Shape> = Gc::from(boxed);
    /// assert_eq!(shape.area(), 4.0);
    /// ```
    fn from(value: Box<T>) -> Self {
        // Who owns a handle needs to be dropped.
        Self::from_box_with(value, Flags::LEAF.only_if(!needs_drop::<T>()))
    }
}

/// Handles to text of some kind, from borrowed and owned text.
macro_rules! from_text {
    ($($text:ty, $owned:ty);* $(;)?) => {$(
        impl<S: Space + Admits<$text>> From<&$text> for Gc<$text, S> {
            fn from(value: &$text) -> Self {
                Gc::from_box_with(value.into(), Flags::LEAF.with(Flags::FINALIZED))
            }
        }

        impl<S: Space + Admits<$text>> From<$owned> for Gc<$text, S> {
            fn from(value: $owned) -> Self {
                let value: Box<$text> = value.into();
                Gc::from_box_with(value, Flags::LEAF.with(Flags::FINALIZED))
            }
        }
    )*};
}

from_text! {
    str, String;
    Path, PathBuf;
    OsStr, OsString;
    CStr, CString;
}

impl<B, S: Space> From<Cow<'_, B>> for Gc<B, S>
where
    B: ?Sized + ToOwned,
    Gc<B, S>: for<'a> From<&'a B> + From<B::Owned>,
{
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    /// use std::borrow::Cow;
    ///
    /// let shared: Gc<str> = Gc::from(Cow::Borrowed("spam"));
    /// assert_eq!(&*shared, "spam");
    /// ```
    fn from(value: Cow<'_, B>) -> Self {
        match value {
            Cow::Borrowed(value) => Gc::from(value),
            Cow::Owned(value) => Gc::from(value),
        }
    }
}

impl<T: Trace + 'static, S: Space + Admits<[T]>> From<Vec<T>> for Gc<[T], S> {
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// let shared: Gc<[u8]> = Gc::from(vec![1, 2, 3]);
    /// assert_eq!(*shared, [1, 2, 3]);
    /// ```
    fn from(value: Vec<T>) -> Self {
        Gc::from_box_with(value.into_boxed_slice(), birth_flags::<T>())
    }
}

impl<T: Trace + Clone + 'static, S: Space + Admits<[T]>> From<&[T]> for Gc<[T], S> {
    fn from(value: &[T]) -> Self {
        Gc::from(value.to_vec())
    }
}

impl<T: Trace + 'static, S: Space + Admits<[T]>, const N: usize> From<[T; N]> for Gc<[T], S> {
    fn from(value: [T; N]) -> Self {
        Gc::from(Vec::from(value))
    }
}

impl<T: Trace + 'static, S: Space + Admits<[T]>> FromIterator<T> for Gc<[T], S> {
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// let squares: Gc<[u32]> = (1..4).map(|n| n * n).collect();
    /// assert_eq!(*squares, [1, 4, 9]);
    /// ```
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Gc::from(items.into_iter().collect::<Vec<T>>())
    }
}
