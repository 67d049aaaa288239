//! Epochs: what others may still read is destroyed when they cannot any more.
//!
//! A collector of our own and not crossbeam's default, where what everybody else in the
//! process has deferred would run inside our functions, and ours inside theirs.

use crate::primitive::{ATTEMPTS, Lazy, global, mutated, per_thread};
use crossbeam_epoch::{Collector, Guard, LocalHandle};
use std::sync::Arc;

global! {
    fn collector() -> &'static Lazy<Collector> { Lazy::new(Collector::new) }
}

per_thread! {
    static HANDLE: LocalHandle = collector().register();
}

/// Keeps what is unlinked from now on from being destroyed, until the guard is dropped.
///
/// Now and then it runs what others have deferred. Works while the thread's locals are torn
/// down, too: a guard keeps alive what its handle stood for.
pub(crate) fn pin() -> Guard {
    if mutated!("epoch_not_shared") {
        return Collector::new().register().pin();
    }
    HANDLE.try_with(LocalHandle::pin).unwrap_or_else(|_| collector().register().pin())
}

/// Whether the guard comes from [`pin`], and so keeps what stands under our epochs.
pub(crate) fn is_ours(guard: &Guard) -> bool {
    guard.collector() == Some(&**collector())
}

/// Runs what the calling thread has deferred, and what others have passed on, unless somebody
/// is pinned. Then it tries for a while and leaves it to others.
///
/// A thread passes on what it has deferred when that is much, when it calls this and when it ends.
pub(crate) fn advance() {
    // Things run in the order in which they were passed on: when this has, so have those before.
    let mut last = Arc::new(());
    let sent = Arc::clone(&last);
    pin().defer(move || drop(sent));
    for _ in 0..ATTEMPTS {
        // Each time is one epoch at most, and some of what is due.
        pin().flush();
        if Arc::get_mut(&mut last).is_some() {
            break;
        }
    }
}

#[cfg(all(loom, test))]
pub(super) mod models;

#[cfg(test)]
mod tests;
