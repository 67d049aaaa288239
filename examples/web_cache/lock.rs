//! Locks whose holder cannot panic half-way, so that poison says nothing.
//!
//! The collector looks into the locks of an object too, but it only ever tries them: it neither
//! waits for the service nor can it be in a deadlock with it. What the service must see to is the other
//! direction. Finalizers and callbacks run inside any [`Gc::new`](gc_core::sync::Gc::new), and
//! wherever a last handle is dropped. So a lock that they take (those of the session table's
//! index) must not be held over either.

use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}
