//! What `#[derive(Trace)]` names in the code it writes. Not for other use.
//!
//! Three questions to a type need an answer also where the type gives none: does
//! it implement `Drop`, what does its `Debug` say, and (for a type that may be unsized) is it a
//! leaf. All are asked by a method call. A method of the type goes before one of a trait,
//! but only where its bounds hold, so the trait's is the answer for all others.
//! The methods have names that no trait of the user's has, which would be in scope too.

use super::{Depth, Trace};
use std::fmt;
use std::marker::PhantomData;

/// Asks whether `T` implements `Drop`.
///
/// A `Drop` has exactly the bounds of its type. Asked where those hold, and only
/// the derive asks, the answer is the same for all arguments of a generic type.
#[derive(Debug)]
pub struct DropProbe<T: ?Sized>(PhantomData<T>);

impl<T: ?Sized> DropProbe<T> {
    /// The question.
    pub const NEW: Self = DropProbe(PhantomData);
}

#[allow(drop_bounds, reason = "the very bound is asked for, not whether there is drop glue")]
impl<T: ?Sized + Drop> DropProbe<T> {
    /// The answer where it does.
    #[must_use]
    pub const fn __gc_drop(self) -> HasDrop {
        HasDrop
    }
}

/// The answer of [`DropProbe`] where the type does not implement `Drop`.
pub trait LacksDrop: Sized {
    /// The answer.
    fn __gc_drop(self) -> NoDrop {
        NoDrop
    }
}

impl<T: ?Sized> LacksDrop for DropProbe<T> {}

/// The type implements `Drop`.
#[derive(Debug)]
pub struct HasDrop;

/// The type does not implement `Drop`.
#[derive(Debug)]
pub struct NoDrop;

/// Asks a value for what its `Debug` says.
#[derive(Debug)]
pub struct DebugProbe<'a, T: ?Sized>(pub &'a T);

impl<T: ?Sized + fmt::Debug> DebugProbe<'_, T> {
    /// The answer where there is one.
    pub fn __gc_debug(self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        Some(self.0.fmt(f))
    }
}

/// The answer of [`DebugProbe`] where the type does not implement `Debug`, or not for all arguments
/// that the code may have which asks.
pub trait LacksDebug: Sized {
    /// The answer.
    fn __gc_debug(self, _: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        None
    }
}

impl<T: ?Sized> LacksDebug for DebugProbe<'_, T> {}

/// The answer with which `T` may derive `Trace`.
#[diagnostic::on_unimplemented(
    message = "`{T}` derives `Trace` and cannot implement `Drop` beside it",
    label = "this type implements `Drop`",
    note = "in a cycle, what a handle points to may be gone when a destructor runs",
    note = "to run code while all of it is still there: `#[trace(finalize)]` and `impl Finalize`",
    note = "if it owns no `Gc`, or none that the collector must see: `#[trace(leaf)]`",
    note = "if its destructor follows no handle: `#[trace(unsafe(drop))]`"
)]
///
/// # Safety
///
/// The destructor of `T`, if it has one, follows no handle that its `Trace` shows.
pub unsafe trait MayDerive<T: ?Sized>: Sized {
    /// Fails to compile for the wrong answer.
    fn check(self) {}
}

// SAFETY: the answer is that there is no destructor.
#[diagnostic::do_not_recommend]
unsafe impl<T: ?Sized> MayDerive<T> for NoDrop {}

/// Gives the check a place with the type's own bounds.
pub trait DropCheck {
    /// Never called.
    fn check();
}

/// Something that borrows for `'a`.
///
/// The derive asks `Borrowed<'a>: 'static`, which means the same as `'a: 'static`, and of which
/// the compiler says more where it does not hold.
#[derive(Debug)]
pub struct Borrowed<'a>(PhantomData<&'a ()>);

/// Asks a type that may be unsized what [`Trace`] asks sized ones.
#[derive(Debug)]
pub struct Ask<T: ?Sized>(PhantomData<T>);

impl<T: ?Sized> Ask<T> {
    /// The question.
    pub const NEW: Self = Ask(PhantomData);
}

impl<T: Trace> Ask<T> {
    /// The type's answer.
    #[inline]
    #[must_use]
    pub fn __gc_is_leaf(self, depth: Depth) -> bool {
        T::is_leaf(depth)
    }

    /// The type's answer.
    #[inline]
    #[must_use]
    pub fn __gc_may_finalize(self, depth: Depth) -> bool {
        T::may_finalize(depth)
    }
}

/// The careful answers for a type that is not, or not known to be, sized.
pub trait AskUnsized: Sized {
    /// Not a leaf.
    #[inline]
    fn __gc_is_leaf(self, _: Depth) -> bool {
        false
    }

    /// It may hold a finalizer.
    #[inline]
    fn __gc_may_finalize(self, _: Depth) -> bool {
        true
    }
}

impl<T: ?Sized> AskUnsized for Ask<T> {}
