//! Types around one value or a few: options, tuples, ranges, newtypes.

use super::Trace;
use super::visit::{Visit as _, owner};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::io::{BufReader, Chain, Cursor, Take};
use std::mem::ManuallyDrop;
use std::num::{Saturating, Wrapping};
use std::ops::{Bound, ControlFlow, Range, RangeFrom, RangeInclusive, RangeTo, RangeToInclusive};
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::ptr;
use std::sync::mpsc::{SendError, TrySendError};
use std::task::Poll;

// Enums.
owner! {
    {T: Trace} Option<T> => [T], |this, visit| if let Some(value) = this {
        visit.one(value);
    }, shows T;
    {T: Trace, E: Trace} Result<T, E> => [T, E], |this, visit| match this {
        Ok(value) => visit.one(value),
        Err(error) => visit.one(error),
    };
    {B: Trace, C: Trace} ControlFlow<B, C> => [B, C], |this, visit| match this {
        ControlFlow::Break(value) => visit.one(value),
        ControlFlow::Continue(value) => visit.one(value),
    };
    {T: Trace} Poll<T> => [T], |this, visit| if let Poll::Ready(value) = this {
        visit.one(value);
    };
    {T: Trace} Bound<T> => [T], |this, visit| match this {
        Bound::Included(value) | Bound::Excluded(value) => visit.one(value),
        Bound::Unbounded => {}
    };
    /// A borrowed value is a reference, which owns nothing.
    {B: ToOwned<Owned: Trace> + ?Sized} Cow<'_, B> => [B::Owned],
        |this, visit| if let Cow::Owned(value) = this {
            visit.one(value);
        };
    {T: Trace} TrySendError<T> => [T], |this, visit| match this {
        TrySendError::Full(value) | TrySendError::Disconnected(value) => visit.one(value),
    };
}

// Newtypes.
owner! {
    {T: Trace} Wrapping<T> => [T], |this, visit| visit.one(&this.0);
    {T: Trace} Saturating<T> => [T], |this, visit| visit.one(&this.0);
    {T: Trace} Reverse<T> => [T], |this, visit| visit.one(&this.0);
    {T: Trace} AssertUnwindSafe<T> => [T], |this, visit| visit.one(&this.0);
    {T: Trace} SendError<T> => [T], |this, visit| visit.one(&this.0);
    /// Traced as its contents, so it must not be traced once these were taken
    /// out or dropped. std asks the same: such a value must not be used any more. Its contents are
    /// not in a size, as nothing tells that they are to be dropped.
    {T: Trace} ManuallyDrop<T> => [T], |this, visit| visit.one(&**this);
    /// Traced as the pointer that it is: a pinned `Box` as its contents, a
    /// pinned `Gc` as a handle.
    {P: Trace} Pin<P> => [P], |this, visit| visit.one(pinned(this));
}

/// The pointer that is pinned, for its own implementation of [`Trace`].
fn pinned<P>(pin: &Pin<P>) -> &P {
    // SAFETY: std guarantees that a `Pin<P>` is laid out like the `P` it consists of. A shared
    // reference to it goes to no code but `P`'s own, as it does in `Pin`'s `Deref` and `Debug`.
    unsafe { &*ptr::from_ref(pin).cast::<P>() }
}

// Ranges.
owner! {
    {T: Trace} Range<T> => [T], |this, visit| {
        visit.one(&this.start);
        visit.one(&this.end);
    };
    {T: Trace} RangeInclusive<T> => [T], |this, visit| {
        visit.one(this.start());
        visit.one(this.end());
    };
    {T: Trace} RangeFrom<T> => [T], |this, visit| visit.one(&this.start);
    {T: Trace} RangeTo<T> => [T], |this, visit| visit.one(&this.end);
    {T: Trace} RangeToInclusive<T> => [T], |this, visit| visit.one(&this.end);
}

// Readers. Writers with a buffer are leaves, see there.
owner! {
    {R: Trace} BufReader<R> => [R], |this, visit| visit.one(this.get_ref()),
        owns this.capacity();
    {R: Trace} Cursor<R> => [R], |this, visit| visit.one(this.get_ref());
    {R: Trace} Take<R> => [R], |this, visit| visit.one(this.get_ref());
    {R: Trace, S: Trace} Chain<R, S> => [R, S], |this, visit| {
        let (first, second) = this.get_ref();
        visit.one(first);
        visit.one(second);
    };
}

/// Tuples of every length from one up to the number of names given.
macro_rules! tuples {
    ($first:ident $($rest:ident)*) => {
        owner! {
            {$first: Trace $(, $rest: Trace)*} ($first, $($rest,)*) => [$first $(, $rest)*],
                |this, visit| {
                    #[allow(non_snake_case, reason = "named like their types")]
                    let ($first, $($rest,)*) = this;
                    visit.one($first);
                    $(visit.one($rest);)*
                };
        }
        tuples! { $($rest)* }
    };
    () => {};
}

tuples! { A B C D E F G H I J K L }
