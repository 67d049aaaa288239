//! How many bytes the pages take, kept by their finalizers.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The sizes of all pages that exist: in the cache, in somebody's history, or garbage.
///
/// It is the books of a second keeper: the collector says how many objects it has
/// reclaimed, this says whether the finalizer of each has run, and only once.
#[derive(Debug, Default)]
pub(crate) struct Account {
    made: AtomicUsize,
    entries: AtomicUsize,
    bytes: AtomicUsize,
}

// Relaxed throughout: sums. Whoever needs the last word on them has joined all the threads.
impl Account {
    pub(crate) fn book(&self, bytes: usize) {
        self.made.fetch_add(1, Ordering::Relaxed);
        self.entries.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn release(&self, bytes: usize) {
        self.entries.fetch_sub(1, Ordering::Relaxed);
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// How many pages there have been.
    pub(crate) fn made(&self) -> usize {
        self.made.load(Ordering::Relaxed)
    }

    /// How many pages there are.
    pub(crate) fn entries(&self) -> usize {
        self.entries.load(Ordering::Relaxed)
    }

    /// What they take together.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }
}
