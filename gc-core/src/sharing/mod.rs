//! The axis on which the two pointers differ: how a box's counts are kept.

mod flags;
mod guarded;
mod local;
mod shared;

pub(crate) use flags::Flags;
pub(crate) use guarded::Guarded;
pub use local::Local;
pub use shared::Shared;
pub(crate) use shared::{Buried, Entry, Left, claims};

use std::fmt::Debug;
use std::ptr::NonNull;

/// Which kind of heap an object is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One thread's own.
    Local,
    /// Shared by all threads.
    Shared,
}

/// How the counts of an object are kept. Sealed: the variants are in this module.
pub trait Sharing: sealed::Sealed + Debug + Sized + 'static {
    /// The kind of heap that such objects live in.
    const KIND: Kind;
    /// The words at the start of each box.
    type Head: Head;
    /// What several owners change.
    type Guarded<T: Debug>: Guarded<T>;
}

/// Which values the objects of a heap may hold.
///
/// [`Local`] takes all. [`Shared`] takes those that are `Send` and `Sync`: the collector may look
/// at a value from another thread while its owner does, and may drop it there.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be the value of an object of this heap",
    label = "not for this heap"
)]
pub trait Admits<T: ?Sized>: Sharing + sealed::Admits<T> {}

// A trait object of the user's own could pass the orphan rule, so this is sealed for each `T`.
impl<T: ?Sized> sealed::Admits<T> for Local {}
impl<T: ?Sized + Send + Sync> sealed::Admits<T> for Shared {}

impl<T: ?Sized> Admits<T> for Local {}
impl<T: ?Sized + Send + Sync> Admits<T> for Shared {}

/// Which callbacks a heap may keep: [`Shared`] runs them on whichever thread
/// finds their object dead, so they must be `Send`.
#[diagnostic::on_unimplemented(
    message = "`{T}` cannot be a callback of this heap",
    label = "it runs on whichever thread finds the object dead"
)]
pub trait Carries<T>: Sharing + sealed::Carries<T> {}

impl<T> sealed::Carries<T> for Local {}
impl<T: Send> sealed::Carries<T> for Shared {}

impl<T> Carries<T> for Local {}
impl<T: Send> Carries<T> for Shared {}

/// What became of a count when a handle was given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Released {
    /// Others are left, and nothing is to be done.
    Alive,
    /// Others are left, and this may have been the one that held a cycle from
    /// outside: the object is to be entered as a candidate.
    Candidate,
    /// It was the last one.
    Last,
}

/// What a collection saw of an object's count while it held the locks around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight(pub(super) u64);

/// The words at the start of a box: where its type's table is, the counts, the flags.
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

    /// Strong handles, those of a collection that looks at the object included.
    fn strong(&self) -> usize;
    /// Strong handles, for who asks. That of a collection is left out, but for the moment in which
    /// it is taken or given back.
    fn count(&self) -> usize;
    /// One more strong handle, from one that exists.
    fn retain(&self);
    /// One strong handle less.
    fn release(&self) -> Released;
    /// One strong handle less, whatever that may leave behind; `true` if it was the last.
    fn unpin(&self) -> bool;
    /// One more strong handle, unless the object is dead or dying.
    fn try_retain(&self) -> bool;
    /// The first strong handle of an object that has none: one that is published, or dying.
    fn revive(&self);
    /// Gives up a strong handle if it is the only one, for its value to be moved out.
    fn take_only(&self) -> bool;

    /// Whether no weak share is left but the one that the value holds, and the
    /// slot is not in use for anything else.
    fn is_lonely(&self) -> bool;

    /// The object's number, for whom the flags say that it has one. (Local heads keep
    /// their weak shares here when they have none.)
    fn slot(&self) -> u32;
    /// Writes the number.
    fn set_slot(&self, slot: u32);

    /// The strong handles that are not a snapshot's own.
    fn handles(&self) -> usize;
    /// Notes the count, and that it has been seen: whoever drops a handle from now on undoes that.
    fn see(&self) -> Sight;
    /// How many strong handles there were that are not a snapshot's own, unless the object was
    /// dead or claimed already.
    fn handles_seen(&self, sight: Sight) -> Option<usize>;
    /// Whether nothing has changed since `sight`. If so, weak handles wait from here on, for
    /// [`unclaim`](Head::unclaim) or DEAD; `Some(false)` if there are none. Before they do,
    /// `before` is called, which takes what they wait for, if that is not taken already; `None`,
    /// too, if it says that this cannot be had.
    fn claim(&self, sight: Sight, before: impl FnMut() -> bool) -> Option<bool>;
    /// Lets weak handles upgrade again.
    fn unclaim(&self);
    /// Sets CAPTURED for a collector that has no handle of its own to the object.
    fn meet(&self);
    /// Whether it has an entry in a list of candidates.
    fn is_listed(&self) -> bool;
    /// The object is dead from here on, which nobody reaches any more: [`claim`](Head::claim) gave
    /// `Some(claimed)`. With `pin` the caller has one more handle to it.
    fn kill(&self, claimed: bool, pin: bool);
}

mod sealed {
    /// Keeps the axis ours.
    pub trait Sealed {}

    /// Keeps what a heap admits ours.
    pub trait Admits<T: ?Sized> {}

    /// Keeps what a heap carries ours.
    pub trait Carries<T> {}
}
