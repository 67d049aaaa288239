//! Locks.

use super::Trace;
use super::visit::{Visit as _, owner, passes_over};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, MutexGuard, OnceLock, RwLock, TryLockError};

owner! {
    /// Looked into while the lock is held, for which it is only tried: a lock that is taken shows
    /// nothing. A poisoned one is traced.
    ///
    /// A [`Finalize`](crate::Finalize) hook in there runs under the lock too, so it must not lock
    /// it again.
    {T: Trace} Mutex<T> => [T], |this, visit| if !passes_over::<T, _>(visit) {
        match this.try_lock() {
            Ok(value) => unpoisoned(value, |value| visit.one(value)),
            Err(TryLockError::Poisoned(error)) => visit.one(&*error.into_inner()),
            Err(TryLockError::WouldBlock) => {}
        }
    };
    /// Looked into while the lock is held for reading, for which it is only tried: a lock that is
    /// taken for writing shows nothing. A poisoned one is traced.
    ///
    /// A [`Finalize`](crate::Finalize) hook in there runs under the lock too, so it must not
    /// write-lock it.
    {T: Trace} RwLock<T> => [T], |this, visit| if !passes_over::<T, _>(visit) {
        // Who only reads poisons nothing.
        match this.try_read() {
            Ok(value) => visit.one(&*value),
            Err(TryLockError::Poisoned(error)) => visit.one(&*error.into_inner()),
            Err(TryLockError::WouldBlock) => {}
        }
    };
    /// Needs no lock: what is set stays.
    {T: Trace} OnceLock<T> => [T], |this, visit| if let Some(value) = this.get() {
        visit.one(value);
    };
}

/// Looks at a value under its lock. A panic in `look`, which changes nothing, would poison the
/// lock for the user; so the lock is released before the panic goes on.
fn unpoisoned<T>(value: MutexGuard<'_, T>, look: impl FnOnce(&T)) {
    let outcome = catch_unwind(AssertUnwindSafe(|| look(&value)));
    drop(value);
    if let Err(payload) = outcome {
        resume_unwind(payload);
    }
}
