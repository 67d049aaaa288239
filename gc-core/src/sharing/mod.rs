//! The axis on which the two pointers differ: how a box's counts are kept.

mod flags;
mod local;

pub(crate) use flags::Flags;
pub use local::Local;

use std::fmt::Debug;
use std::ptr::NonNull;

/// Which kind of heap an object is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One thread's own.
    Local,
    /// Shared by all threads.
    #[allow(dead_code, reason = "an edge already carries it; the heap comes with `sync`")]
    Shared,
}

/// How the counts of an object are kept. Sealed: the variants are in this module.
pub trait Sharing: sealed::Sealed + Debug + Sized + 'static {
    /// The kind of heap that such objects live in.
    const KIND: Kind;
    /// The words at the start of each box.
    type Head: Head;
}

/// What became of a count when a handle was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Released {
    /// Others are left, and nothing is to be done.
    Alive,
    /// Others are left, and this may have been the one that held a cycle from
    /// outside: the object is to be remembered as a candidate.
    Candidate,
    /// It was the last one.
    Last,
}

/// The words at the start of a box: where its type's table is, the counts, the flags.
///
/// The table pointer comes back with the flags masked away; its alignment
/// ([`Flags::TABLE_ALIGN`]) is what makes room for them.
pub trait Head: Debug {
    /// A head for a box with `strong` handles, no weak ones, and the weak share
    /// that the value holds while it is not dropped.
    fn new(table: NonNull<()>, flags: Flags, strong: u32) -> Self;

    /// The table of the value's type.
    fn table(&self) -> NonNull<()>;

    /// The flags as they are now.
    fn flags(&self) -> Flags;
    /// Sets every flag in `flags`.
    fn set(&self, flags: Flags);
    /// Clears every flag in `flags`.
    fn clear(&self, flags: Flags);

    /// Strong handles.
    fn strong(&self) -> usize;
    /// Sets the number of strong handles, where there is nobody to count them yet.
    fn set_strong(&self, strong: u32);
    /// One more strong handle, from one that exists. Aborts on overflow.
    fn retain(&self);
    /// One strong handle less.
    fn release(&self) -> Released;
    /// One strong handle less, whatever that may leave behind; `true` if it was the last.
    fn unpin(&self) -> bool;
    /// One more strong handle, unless the object is dead or dying.
    fn try_retain(&self) -> bool;

    /// The second counter: the weak shares, or, while a flag of
    /// [`Flags::PARKED`] is set, the object's place in the table that keeps them.
    fn slot(&self) -> u32;
    /// Writes the second counter.
    fn set_slot(&self, slot: u32);
}

mod sealed {
    /// Keeps the axis ours.
    pub trait Sealed {}
}
