//! Locks. They are never poisoned, so a panic under one needs no care.

use crate::trace::Trace;
use crate::trace::visit::{Visit as _, leaf, owner, passes_over};
use parking_lot::{
    Condvar, FairMutex, Mutex, Once, OnceState, ReentrantMutex, RwLock, WaitTimeoutResult,
};

// What each lock is tried for is let go only when the walk is over (obligation 5).
owner! {
    /// Looked into while the lock is held, for which it is only tried: a lock that is taken shows
    /// nothing.
    ///
    /// A [`Finalize`](crate::Finalize) hook in there runs under the lock too, so it must not lock
    /// it again.
    {T: Trace} Mutex<T> => [T], |this, visit| if !passes_over::<T, _>(visit)
        && let Some(value) = this.try_lock()
    {
        visit.one(&*value);
    };
    /// Looked into while the lock is held, for which it is only tried: a lock that is taken shows
    /// nothing.
    ///
    /// A [`Finalize`](crate::Finalize) hook in there runs under the lock too, so it must not lock
    /// it again.
    {T: Trace} FairMutex<T> => [T], |this, visit| if !passes_over::<T, _>(visit)
        && let Some(value) = this.try_lock()
    {
        visit.one(&*value);
    };
    /// Looked into while the lock is held, for which it is only tried: a lock that another thread
    /// has taken shows nothing. One that this thread has taken gives shared references only.
    {T: Trace} ReentrantMutex<T> => [T], |this, visit| if !passes_over::<T, _>(visit)
        && let Some(value) = this.try_lock()
    {
        visit.one(&*value);
    };
    /// Looked into while the lock is held for reading, for which it is only tried: a lock that is
    /// taken for writing shows nothing.
    ///
    /// A [`Finalize`](crate::Finalize) hook in there runs under the lock too, so it must not
    /// write-lock it.
    {T: Trace} RwLock<T> => [T], |this, visit| if !passes_over::<T, _>(visit)
        && let Some(value) = this.try_read()
    {
        visit.one(&*value);
    };
}

leaf! { Condvar, Once, OnceState, WaitTimeoutResult }
