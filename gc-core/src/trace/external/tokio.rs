//! Locks for tasks, and channels between them.

use crate::trace::Trace;
use crate::trace::visit::{Guard, Visit as _, leaf, owner, passes_over};
use crate::unraisable::{UserCode, report};
use std::any::type_name;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::{
    AcquireError, Barrier, BarrierWaitResult, Mutex, MutexGuard, Notify, OnceCell, RwLock,
    RwLockReadGuard, Semaphore, TryAcquireError, TryLockError, broadcast, mpsc, oneshot, watch,
};

/// A guard whose lock wakes tasks. Panics of their wakers end here.
struct Waking<G>(ManuallyDrop<G>);

impl<G> Waking<G> {
    fn new(guard: G) -> Self {
        Waking(ManuallyDrop::new(guard))
    }
}

impl<G: Deref> Deref for Waking<G> {
    type Target = G::Target;

    fn deref(&self) -> &G::Target {
        &self.0
    }
}

impl<G> Drop for Waking<G> {
    fn drop(&mut self) {
        // SAFETY: it is dropped only here, and never looked at again.
        let wake = || unsafe { ManuallyDrop::drop(&mut self.0) };
        if let Err(payload) = catch_unwind(AssertUnwindSafe(wake)) {
            report(UserCode::Waker, type_name::<G>(), payload);
        }
    }
}

// SAFETY: a guard borrows the lock, in which the value stands, and whoever wants another reference to
// that than a shared one needs the lock for himself. Unlocking wakes those who wait, as
// `WAKES` says, and panics end in `Waking`.
unsafe impl<T> Guard for Waking<MutexGuard<'_, T>> {
    const WAKES: bool = true;
}
// SAFETY: the same.
unsafe impl<T> Guard for Waking<RwLockReadGuard<'_, T>> {
    const WAKES: bool = true;
}

owner! {
    /// Looked into while the lock is held, for which it is only tried: a lock that is taken shows
    /// nothing.
    ///
    /// In an object of one thread it shows nothing at all, so a cycle of
    /// [`unsync`](crate::unsync) handles through it is never collected: to unlock it may run the
    /// wakers of tasks, and no such code may run while that collector looks at objects. For the same
    /// reason what is behind it is in no size.
    ///
    /// A [`Finalize`](crate::Finalize) hook in there runs under the lock too, so it must not lock
    /// it again.
    {T: Trace} Mutex<T> => [T], |this, visit|
        if !passes_over::<T, _>(visit) && visit.bears_wakers() {
            match this.try_lock() {
                Ok(guard) => visit.under(Waking::new(guard)),
                Err(_) => visit.busy(),
            }
        };
    /// Looked into while the lock is held for reading, for which it is only tried: a lock that is
    /// taken for writing, or waited for by a writer, shows nothing.
    ///
    /// In an object of one thread it shows nothing at all, so a cycle of
    /// [`unsync`](crate::unsync) handles through it is never collected: to unlock it may run the
    /// wakers of tasks, and no such code may run while that collector looks at objects. For the same
    /// reason what is behind it is in no size.
    ///
    /// A [`Finalize`](crate::Finalize) hook in there runs under the lock too, so it must not
    /// write-lock it.
    {T: Trace} RwLock<T> => [T], |this, visit|
        if !passes_over::<T, _>(visit) && visit.bears_wakers() {
            match this.try_read() {
                Ok(guard) => visit.under(Waking::new(guard)),
                Err(_) => visit.busy(),
            }
        };
    /// Needs no lock: what is set stays.
    {T: Trace} OnceCell<T> => [T], |this, visit| if let Some(value) = this.get() {
        visit.one(value);
    };
}

leaf! {
    Notify, Semaphore, Barrier, BarrierWaitResult,
    AcquireError, TryAcquireError, TryLockError,
}

leaf! {
    /// A leaf: what is under way in the channel cannot be seen. A `Gc` in there is a
    /// reference from outside, so a cycle through a channel is never collected.
    {T} mpsc::Sender<T>,
    /// A leaf, as [`mpsc::Sender`] is.
    {T} mpsc::WeakSender<T>,
    /// A leaf: what is under way in the channel cannot be seen. A `Gc` in there is a
    /// reference from outside, so a cycle through a channel is never collected.
    {T} mpsc::Receiver<T>,
    /// A leaf: what is under way in the channel cannot be seen. A `Gc` in there is a
    /// reference from outside, so a cycle through a channel is never collected.
    {T} mpsc::UnboundedSender<T>,
    /// A leaf, as [`mpsc::UnboundedSender`] is.
    {T} mpsc::WeakUnboundedSender<T>,
    /// A leaf: what is under way in the channel cannot be seen. A `Gc` in there is a
    /// reference from outside, so a cycle through a channel is never collected.
    {T} mpsc::UnboundedReceiver<T>,
    /// A leaf: what is under way in the channel cannot be seen. A `Gc` in there is a
    /// reference from outside, so a cycle through a channel is never collected.
    {T} oneshot::Sender<T>,
    /// A leaf: what is under way in the channel cannot be seen. A `Gc` in there is a
    /// reference from outside, so a cycle through a channel is never collected.
    {T} oneshot::Receiver<T>,
    /// A leaf: what is under way in the channel cannot be seen. A `Gc` in there is a
    /// reference from outside, so a cycle through a channel is never collected.
    {T} broadcast::Sender<T>,
    /// A leaf, as [`broadcast::Sender`] is.
    {T} broadcast::WeakSender<T>,
    /// A leaf: what is under way in the channel cannot be seen. A `Gc` in there is a
    /// reference from outside, so a cycle through a channel is never collected.
    {T} broadcast::Receiver<T>,
    /// A leaf: the last value belongs to all ends of the channel together. A `Gc` in there is a
    /// reference from outside, so a cycle through a channel is never collected.
    {T} watch::Sender<T>,
    /// A leaf: the last value belongs to all ends of the channel together. A `Gc` in there is a
    /// reference from outside, so a cycle through a channel is never collected.
    {T} watch::Receiver<T>,
}
