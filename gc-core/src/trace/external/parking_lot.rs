//! Locks. They are never poisoned, so a panic under one needs no care.

use crate::trace::Trace;
use crate::trace::visit::{Guard, Visit as _, leaf, owner, passes_over};
use parking_lot::{
    Condvar, FairMutex, FairMutexGuard, Mutex, MutexGuard, Once, OnceState, ReentrantMutex,
    ReentrantMutexGuard, RwLock, RwLockReadGuard, WaitTimeoutResult,
};

// SAFETY: a guard borrows the lock, in which the value stands, and whoever wants another reference
// to that than a shared one needs the lock for himself. Unlocking may wake a thread, and no more.
unsafe impl<T: Trace> Guard for MutexGuard<'_, T> {}
// SAFETY: the same.
unsafe impl<T: Trace> Guard for FairMutexGuard<'_, T> {}
// SAFETY: the same; this thread, which may lock it once more, gets shared references as well.
unsafe impl<T: Trace> Guard for ReentrantMutexGuard<'_, T> {
    const YIELDS: bool = true;
}
// SAFETY: the same.
unsafe impl<T: Trace> Guard for RwLockReadGuard<'_, T> {}

owner! {
    /// Looked into while the lock is held, for which it is only tried: a lock that is taken shows
    /// nothing.
    ///
    /// A [`Finalize`](crate::Finalize) hook in there runs under the lock too, so it must not lock
    /// it again.
    {T: Trace} Mutex<T> => [T], |this, visit| if !passes_over::<T, _>(visit) {
        match this.try_lock() {
            Some(guard) => visit.under(guard),
            None => visit.busy(),
        }
    };
    /// Looked into while the lock is held, for which it is only tried: a lock that is taken shows
    /// nothing.
    ///
    /// A [`Finalize`](crate::Finalize) hook in there runs under the lock too, so it must not lock
    /// it again.
    {T: Trace} FairMutex<T> => [T], |this, visit| if !passes_over::<T, _>(visit) {
        match this.try_lock() {
            Some(guard) => visit.under(guard),
            None => visit.busy(),
        }
    };
    /// Looked into while the lock is held, for which it is only tried: a lock that another thread
    /// has taken shows nothing. One that this thread has taken gives shared references only.
    {T: Trace} ReentrantMutex<T> => [T], |this, visit| if !passes_over::<T, _>(visit) {
        match this.try_lock() {
            Some(guard) => visit.under(guard),
            None => visit.busy(),
        }
    };
    /// Looked into while the lock is held for reading, for which it is only tried: a lock that is
    /// taken for writing shows nothing.
    ///
    /// A [`Finalize`](crate::Finalize) hook in there runs under the lock too, so it must not
    /// write-lock it.
    {T: Trace} RwLock<T> => [T], |this, visit| if !passes_over::<T, _>(visit) {
        match this.try_read() {
            Some(guard) => visit.under(guard),
            None => visit.busy(),
        }
    };
}

leaf! { Condvar, Once, OnceState, WaitTimeoutResult }
