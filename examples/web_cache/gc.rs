//! A stand-in for `gc_core::sync`, until that is there: the part of its interface that this
//! example uses, on `Arc`. It collects nothing, so cycles leak and the checks at the end fail.
//!
//! To use the real one, delete this file and, in `main.rs`, replace the line that says so.

#![allow(unsafe_code, reason = "the traits that the collector trusts")]

pub(crate) mod background;

use gc_core::{Generation, GenerationStats, Report, Thresholds, Trace, Tracer};
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

static LIVE: AtomicUsize = AtomicUsize::new(0);

type Callback = Box<dyn FnOnce() + Send>;

struct Object<T> {
    value: T,
    callbacks: Mutex<Vec<Callback>>,
}

impl<T> Drop for Object<T> {
    fn drop(&mut self) {
        LIVE.fetch_sub(1, Ordering::Relaxed);
        let callbacks = self.callbacks.get_mut().map(std::mem::take).unwrap_or_default();
        callbacks.into_iter().for_each(|callback| callback());
    }
}

pub(crate) struct Gc<T>(Arc<Object<T>>);

pub(crate) struct Weak<T>(std::sync::Weak<Object<T>>);

pub(crate) struct WeakCallback<T>(Weak<T>);

impl<T> Gc<T> {
    pub(crate) fn new(value: T) -> Self
    where
        T: Trace + Send + Sync + 'static,
    {
        LIVE.fetch_add(1, Ordering::Relaxed);
        Gc(Arc::new(Object { value, callbacks: Mutex::default() }))
    }

    pub(crate) fn downgrade(this: &Self) -> Weak<T> {
        Weak(Arc::downgrade(&this.0))
    }

    pub(crate) fn downgrade_with(
        this: &Self,
        callback: impl FnOnce() + Send + 'static,
    ) -> WeakCallback<T> {
        if let Ok(mut callbacks) = this.0.callbacks.lock() {
            callbacks.push(Box::new(callback));
        }
        WeakCallback(Gc::downgrade(this))
    }

    pub(crate) fn ptr_eq(one: &Self, other: &Self) -> bool {
        Arc::ptr_eq(&one.0, &other.0)
    }
}

impl<T> Clone for Gc<T> {
    fn clone(&self) -> Self {
        Gc(self.0.clone())
    }
}

impl<T> Deref for Gc<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.value
    }
}

impl<T> Weak<T> {
    pub(crate) fn upgrade(&self) -> Option<Gc<T>> {
        self.0.upgrade().map(Gc)
    }
}

impl<T> WeakCallback<T> {
    pub(crate) fn upgrade(&self) -> Option<Gc<T>> {
        self.0.upgrade()
    }
}

// SAFETY: shows no edge.
unsafe impl<T> Trace for Gc<T> {
    fn trace(&self, _: &mut Tracer<'_>) {}
}

pub(crate) fn collect() -> Report {
    Report::empty(Generation::Old)
}

pub(crate) fn live() -> usize {
    LIVE.load(Ordering::Relaxed)
}

pub(crate) fn thresholds() -> Thresholds {
    Thresholds::default()
}

pub(crate) fn stats() -> [GenerationStats; 3] {
    [GenerationStats {
        collections: 0,
        candidates: 0,
        visited: 0,
        collected: 0,
        resurrected: 0,
        uncollectable: 0,
        duration: Duration::ZERO,
    }; 3]
}

pub(crate) struct PauseGuard;

pub(crate) fn pause() -> PauseGuard {
    PauseGuard
}

impl Drop for PauseGuard {
    fn drop(&mut self) {}
}
