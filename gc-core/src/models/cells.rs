//! Cells that the collector can lock, of which loom sees every access.
//!
//! They stand on atomics, since loom takes a pending `try_lock` of its own for one that blocks
//! (tokio-rs/loom#376).

use crate::primitive::Ordering::{Acquire, Relaxed, Release};
use crate::primitive::{AtomicBool, AtomicUsize, Tracked, thread};
use crate::sync::Gc;
use crate::{Trace, Tracer};

const FREE: usize = 0;
const TAKEN: usize = usize::MAX;

/// A mutex with a handle in it, or none.
pub(super) struct Slot<T: 'static> {
    state: AtomicUsize,
    value: Tracked<Option<Gc<T>>>,
}

// SAFETY: the lock is given to one thread at a time, and loom sees each access.
unsafe impl<T: Send + Sync> Sync for Slot<T> {}

/// The lock of a [`Slot`].
pub(super) struct SlotGuard<'a, T: 'static>(&'a Slot<T>);

impl<T> Slot<T> {
    pub(super) fn new() -> Self {
        Slot { state: AtomicUsize::new(FREE), value: Tracked::new(None) }
    }

    pub(super) fn try_lock(&self) -> Option<SlotGuard<'_, T>> {
        // Acquire: pairs with the Release in the guard's `drop`.
        let taken = self.state.compare_exchange(FREE, TAKEN, Acquire, Relaxed);
        taken.is_ok().then(|| SlotGuard(self))
    }

    pub(super) fn lock(&self) -> SlotGuard<'_, T> {
        loop {
            if let Some(guard) = self.try_lock() {
                return guard;
            }
            thread::yield_now();
        }
    }
}

impl<T> SlotGuard<'_, T> {
    pub(super) fn get(&self) -> Option<Gc<T>> {
        // SAFETY: the lock is held.
        self.0.value.with(|value| unsafe { (*value).clone() })
    }

    /// Puts in another handle, and gives the one before.
    pub(super) fn replace(&self, new: Option<Gc<T>>) -> Option<Gc<T>> {
        // SAFETY: the lock is held.
        self.0.value.with_mut(|value| unsafe { std::mem::replace(&mut *value, new) })
    }

    /// Puts in the handle of an empty cell.
    pub(super) fn set(&self, new: Option<Gc<T>>) {
        assert!(self.replace(new).is_none());
    }

    pub(super) fn take(&self) -> Option<Gc<T>> {
        self.replace(None)
    }
}

impl<T> Drop for SlotGuard<'_, T> {
    fn drop(&mut self) {
        // Release: pairs with the Acquire in `try_lock`.
        self.0.state.store(FREE, Release);
    }
}

// SAFETY: the handle is shown once, under the lock, which the tracer keeps.
unsafe impl<T: Trace + Send + Sync> Trace for Slot<T> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        let Some(guard) = self.try_lock() else { return tracer.busy() };
        // SAFETY: the lock is part of `self`; unlocking runs no code.
        if unsafe { tracer.hold(guard) } {
            // SAFETY: the lock is held.
            self.value.with(|value| unsafe { (*value).trace(tracer) });
        }
    }
}

/// A read-write lock with a handle in it, or none.
pub(super) struct RwSlot<T: 'static> {
    /// `TAKEN` by a writer, or how many readers there are.
    state: AtomicUsize,
    value: Tracked<Option<Gc<T>>>,
}

// SAFETY: the lock is given to one writer at a time, or to readers; loom sees each access.
unsafe impl<T: Send + Sync> Sync for RwSlot<T> {}

/// An [`RwSlot`], read.
pub(super) struct ReadGuard<'a, T: 'static>(&'a RwSlot<T>);

impl<T> RwSlot<T> {
    pub(super) fn new(value: Option<Gc<T>>) -> Self {
        RwSlot { state: AtomicUsize::new(FREE), value: Tracked::new(value) }
    }

    fn try_read(&self) -> Option<ReadGuard<'_, T>> {
        // (loom is not to see a load before it: see `SharedHead::guess`.)
        let mut readers = FREE;
        while readers != TAKEN {
            // Acquire: pairs with the Release in `replace`.
            match self.state.compare_exchange(readers, readers + 1, Acquire, Relaxed) {
                Ok(_) => return Some(ReadGuard(self)),
                Err(now) => readers = now,
            }
        }
        None
    }

    pub(super) fn read(&self) -> ReadGuard<'_, T> {
        loop {
            if let Some(guard) = self.try_read() {
                return guard;
            }
            thread::yield_now();
        }
    }

    /// Locks it for writing, puts in another handle, and gives the one before.
    pub(super) fn replace(&self, new: Option<Gc<T>>) -> Option<Gc<T>> {
        // Acquire: pairs with the Release of readers and writers.
        while self.state.compare_exchange(FREE, TAKEN, Acquire, Relaxed).is_err() {
            thread::yield_now();
        }
        // SAFETY: the lock is held.
        let old = self.value.with_mut(|value| unsafe { std::mem::replace(&mut *value, new) });
        // Release: pairs with the Acquire of whoever has it next.
        self.state.store(FREE, Release);
        old
    }
}

impl<T> ReadGuard<'_, T> {
    pub(super) fn get(&self) -> Option<Gc<T>> {
        // SAFETY: the lock is held.
        self.0.value.with(|value| unsafe { (*value).clone() })
    }
}

impl<T> Drop for ReadGuard<'_, T> {
    fn drop(&mut self) {
        // Release: pairs with the Acquire in `replace`.
        self.0.state.fetch_sub(1, Release);
    }
}

// SAFETY: the handle is shown once, under the lock, which the tracer keeps.
unsafe impl<T: Trace + Send + Sync> Trace for RwSlot<T> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        let Some(guard) = self.try_read() else { return tracer.busy() };
        // SAFETY: the lock is part of `self`; unlocking runs no code.
        if unsafe { tracer.hold(guard) } {
            // SAFETY: the lock is held.
            self.value.with(|value| unsafe { (*value).trace(tracer) });
        }
    }
}

/// A cell that is filled once, by one thread.
pub(super) struct OnceSlot<T: 'static> {
    filled: AtomicBool,
    value: Tracked<Option<Gc<T>>>,
}

// SAFETY: it is read when it is filled, and not changed from then on; loom sees each access.
unsafe impl<T: Send + Sync> Sync for OnceSlot<T> {}

impl<T> OnceSlot<T> {
    pub(super) fn new() -> Self {
        OnceSlot { filled: AtomicBool::new(false), value: Tracked::new(None) }
    }

    /// Called once.
    pub(super) fn fill(&self, new: Gc<T>) {
        // SAFETY: nobody reads it before it is said to be filled.
        self.value.with_mut(|value| unsafe { *value = Some(new) });
        // Release: pairs with the Acquire in `get`.
        self.filled.store(true, Release);
    }

    pub(super) fn get(&self) -> Option<&Gc<T>> {
        // Acquire: pairs with the Release in `fill`.
        if !self.filled.load(Acquire) {
            return None;
        }
        // SAFETY: what is in there stays.
        self.value.with(|value| unsafe { (*value).as_ref() })
    }
}

// SAFETY: what is in there is shown once, and stays.
unsafe impl<T: Trace + Send + Sync> Trace for OnceSlot<T> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        if let Some(value) = self.get() {
            value.trace(tracer);
        }
    }
}
