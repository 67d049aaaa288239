//! Cells that the collector can lock, on the checker's atomics.

use crate::primitive::Ordering::{Acquire, Relaxed, Release};
use crate::primitive::{AtomicUsize, TryMutex};
use crate::{Trace, Tracer};
use std::cell::UnsafeCell;
use std::ops::{Deref, DerefMut};

/// A mutex.
pub(super) struct Exclusive<T>(TryMutex<T>);

impl<T> Exclusive<T> {
    pub(super) fn new(value: T) -> Self {
        Exclusive(TryMutex::new(value))
    }

    pub(super) fn try_lock(&self) -> Option<impl DerefMut<Target = T>> {
        self.0.try_lock()
    }
}

// SAFETY: what is behind the lock is shown once, while the tracer has the lock.
unsafe impl<T: Trace> Trace for Exclusive<T> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        let Some(guard) = self.0.try_lock() else { return tracer.busy() };
        let value: *const T = &*guard;
        // SAFETY: the lock is part of `self`, and unlocking runs no code of anybody else's.
        if unsafe { tracer.hold(guard) } {
            // SAFETY: the lock is held.
            unsafe { &*value }.trace(tracer);
        }
    }
}

/// A lock for one writer or several readers.
pub(super) struct Shared<T> {
    /// How many readers there are, or WRITER.
    state: AtomicUsize,
    value: UnsafeCell<T>,
}

const WRITER: usize = usize::MAX;

// SAFETY: the state gives the value to one writer or to readers.
unsafe impl<T: Send + Sync> Sync for Shared<T> {}

impl<T> Shared<T> {
    pub(super) fn new(value: T) -> Self {
        Shared { state: AtomicUsize::new(0), value: UnsafeCell::new(value) }
    }

    pub(super) fn try_read(&self) -> Option<Reading<'_, T>> {
        let mut state = self.state.load(Relaxed);
        while state != WRITER {
            // Acquire: pairs with the Release of writers.
            match self.state.compare_exchange(state, state + 1, Acquire, Relaxed) {
                Ok(_) => return Some(Reading(self)),
                Err(now) => state = now,
            }
        }
        None
    }

    pub(super) fn try_write(&self) -> Option<Writing<'_, T>> {
        // Acquire: pairs with the Release of readers and writers.
        let taken = self.state.compare_exchange(0, WRITER, Acquire, Relaxed);
        taken.is_ok().then(|| Writing(self))
    }
}

/// One reader's lock.
pub(super) struct Reading<'a, T>(&'a Shared<T>);

impl<T> Deref for Reading<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: there is no writer.
        unsafe { &*self.0.value.get() }
    }
}

impl<T> Drop for Reading<'_, T> {
    fn drop(&mut self) {
        // Release: pairs with the Acquire of a writer.
        self.0.state.fetch_sub(1, Release);
    }
}

/// The writer's lock.
pub(super) struct Writing<'a, T>(&'a Shared<T>);

impl<T> Deref for Writing<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: there is no other writer, and no reader.
        unsafe { &*self.0.value.get() }
    }
}

impl<T> DerefMut for Writing<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above.
        unsafe { &mut *self.0.value.get() }
    }
}

impl<T> Drop for Writing<'_, T> {
    fn drop(&mut self) {
        // Release: pairs with the Acquire of whoever is next.
        self.0.state.store(0, Release);
    }
}

// SAFETY: as for `Exclusive`.
unsafe impl<T: Trace> Trace for Shared<T> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        let Some(guard) = self.try_read() else { return tracer.busy() };
        let value: *const T = &*guard;
        // SAFETY: as for `Exclusive`.
        if unsafe { tracer.hold(guard) } {
            // SAFETY: the lock is held.
            unsafe { &*value }.trace(tracer);
        }
    }
}
