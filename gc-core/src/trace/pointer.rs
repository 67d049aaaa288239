//! Pointers that own nothing, and pointers whose contents cannot be counted.

use super::memory::counted;
use super::visit::leaf;
use std::marker::{PhantomData, PhantomPinned};
use std::ptr::NonNull;
use std::{rc, sync};

leaf! {
    /// A leaf: a reference owns nothing. Handles that live behind it are references from outside.
    {T: ?Sized} &T,
    /// A leaf: a reference owns nothing. Handles that live behind it are references from outside.
    {T: ?Sized} &mut T,
    /// A leaf: the collector takes a raw pointer for one that owns nothing.
    {T: ?Sized} *const T,
    /// A leaf: the collector takes a raw pointer for one that owns nothing.
    {T: ?Sized} *mut T,
    /// A leaf: the collector takes a raw pointer for one that owns nothing.
    {T: ?Sized} NonNull<T>,
    {T: ?Sized} PhantomData<T>,
    PhantomPinned,
}

leaf! {
    /// A leaf: several `Rc`s share their contents, so no object owns them, and a
    /// `Gc` in there is a reference from outside. **A cycle through an `Rc` is
    /// never collected**; use `Gc` for it.
    ///
    /// What the contents own is not in a size either, only they themselves.
    {T: ?Sized} rc::Rc<T> => |this, sizer|
        sizer.add_shared(rc::Rc::as_ptr(this).cast(), counted(&**this)),
    /// A leaf: it owns nothing.
    {T: ?Sized} rc::Weak<T>,
    /// A leaf: several `Arc`s share their contents, so no object owns them, and a
    /// `Gc` in there is a reference from outside. **A cycle through an `Arc` is
    /// never collected**; use `Gc` for it.
    ///
    /// What the contents own is not in a size either, only they themselves.
    {T: ?Sized} sync::Arc<T> => |this, sizer|
        sizer.add_shared(sync::Arc::as_ptr(this).cast(), counted(&**this)),
    /// A leaf: it owns nothing.
    {T: ?Sized} sync::Weak<T>,
}

/// Function pointers of every number of arguments up to that of the names given.
macro_rules! function_pointers {
    ($($first:ident $($rest:ident)*)?) => {
        leaf! {
            {R $(, $first $(, $rest)*)?} fn($($first $(, $rest)*)?) -> R,
            {R $(, $first $(, $rest)*)?} unsafe fn($($first $(, $rest)*)?) -> R,
            {R $(, $first $(, $rest)*)?} extern "C" fn($($first $(, $rest)*)?) -> R,
            {R $(, $first $(, $rest)*)?} unsafe extern "C" fn($($first $(, $rest)*)?) -> R,
            {R $(, $first $(, $rest)*)?} extern "system" fn($($first $(, $rest)*)?) -> R,
            {R $(, $first $(, $rest)*)?} unsafe extern "system" fn($($first $(, $rest)*)?) -> R,
        }
        $(function_pointers! { $($rest)* })?
    };
}

function_pointers! { A B C D E F G H I J K L }
