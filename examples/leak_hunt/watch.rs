//! What the collector does meanwhile, as it tells itself: Python's `gc.callbacks`.

use gc_core::Phase;
use gc_core::sync::{self, CollectHook};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts collections, and what they find, from its making to its end.
pub(crate) struct Watch {
    sums: Arc<Sums>,
    /// The hook is off when this is dropped.
    _hook: CollectHook,
}

#[derive(Default)]
struct Sums {
    runs: AtomicUsize,
    collected: AtomicUsize,
}

impl Watch {
    pub(crate) fn start() -> Watch {
        let sums = Arc::new(Sums::default());
        let told = sums.clone();
        // It is called on whichever thread collects.
        let hook = sync::on_collect(move |phase, report| {
            // A thread whose turn it was while another one collected has had nothing to do: it
            // ends with an empty report.
            if phase == Phase::Stop && !report.duration.is_zero() {
                told.runs.fetch_add(1, Ordering::Relaxed);
                told.collected.fetch_add(report.collected, Ordering::Relaxed);
            }
        });
        Watch { sums, _hook: hook }
    }

    /// How many collections there were.
    pub(crate) fn runs(&self) -> usize {
        self.sums.runs.load(Ordering::Relaxed)
    }

    /// How many objects they have found.
    pub(crate) fn collected(&self) -> usize {
        self.sums.collected.load(Ordering::Relaxed)
    }
}
