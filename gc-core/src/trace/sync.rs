//! Locks.

use super::Trace;
use super::visit::{Guard, Visit as _, owner, passes_over};
use std::sync::{Mutex, MutexGuard, OnceLock, RwLock, RwLockReadGuard, TryLockError};

// SAFETY: a guard borrows the lock, in which the value stands, and whoever wants another reference
// to that than a shared one needs the lock for himself. Unlocking may wake a thread, and no more.
unsafe impl<T: Trace> Guard for MutexGuard<'_, T> {}
// SAFETY: the same.
unsafe impl<T: Trace> Guard for RwLockReadGuard<'_, T> {}

owner! {
    /// Looked into while the lock is held, for which it is only tried: a lock that is taken shows
    /// nothing. A poisoned one is traced.
    ///
    /// A [`Finalize`](crate::Finalize) hook in there runs under the lock too, so it must not lock
    /// it again.
    {T: Trace} Mutex<T> => [T], |this, visit| if !passes_over::<T, _>(visit) {
        match this.try_lock() {
            Ok(guard) => visit.under(guard),
            Err(TryLockError::Poisoned(error)) => visit.under(error.into_inner()),
            Err(TryLockError::WouldBlock) => visit.busy(),
        }
    };
    /// Looked into while the lock is held for reading, for which it is only tried: a lock that is
    /// taken for writing shows nothing. A poisoned one is traced.
    ///
    /// A [`Finalize`](crate::Finalize) hook in there runs under the lock too, so it must not
    /// write-lock it.
    {T: Trace} RwLock<T> => [T], |this, visit| if !passes_over::<T, _>(visit) {
        match this.try_read() {
            Ok(guard) => visit.under(guard),
            Err(TryLockError::Poisoned(error)) => visit.under(error.into_inner()),
            Err(TryLockError::WouldBlock) => visit.busy(),
        }
    };
    /// Needs no lock: what is set stays.
    {T: Trace} OnceLock<T> => [T], |this, visit| if let Some(value) = this.get() {
        visit.one(value);
    };
}
