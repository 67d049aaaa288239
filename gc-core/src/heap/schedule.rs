//! When to collect which generation: arithmetic, apart from collecting.
//!
//! The rule is CPython's of 3.11 to 3.13 (`gc_select_generation` and
//! `gc_collect_main` in `Modules/gcmodule.c`), counted in candidates instead of
//! allocations, with one flaw mended: there, objects that were promoted and then
//! died by count still weigh in favour of a full collection (GH-122569).

use super::figures::{Generation, Thresholds};

/// The counters that the rule looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schedule {
    thresholds: Thresholds,
    /// Young collections since the last that took the middle generation.
    young_runs: usize,
    /// Middle collections since the last full one.
    middle_runs: usize,
    /// Objects that are in the old generation now.
    old: usize,
    /// Objects that were in the old generation after the last full collection
    /// and have not died since.
    old_base: usize,
}

impl Schedule {
    pub(crate) const fn new(thresholds: Thresholds) -> Self {
        Schedule { thresholds, young_runs: 0, middle_runs: 0, old: 0, old_base: 0 }
    }

    pub(crate) const fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    pub(crate) const fn set_thresholds(&mut self, thresholds: Thresholds) {
        self.thresholds = thresholds;
    }

    /// The number of candidates above which a collection is due.
    pub(crate) const fn trigger(&self) -> usize {
        match self.thresholds.young {
            0 => usize::MAX,
            young => young,
        }
    }

    /// Python's `gc.get_count()`, given the candidates since the last collection.
    pub(crate) const fn counts(&self, fresh: usize) -> [usize; 3] {
        [fresh, self.young_runs, self.middle_runs]
    }

    /// The oldest generation that is over its threshold, if any is.
    pub(crate) const fn choose(&self, fresh: usize) -> Option<Generation> {
        if self.middle_runs > self.thresholds.old && self.old_has_grown() {
            Some(Generation::Old)
        } else if self.young_runs > self.thresholds.middle {
            Some(Generation::Middle)
        } else if fresh > self.trigger() {
            Some(Generation::Young)
        } else {
            None
        }
    }

    /// The brake that keeps the work of full collections linear: each is paid
    /// for by growth of a quarter since the one before.
    const fn old_has_grown(&self) -> bool {
        self.old - self.old_base >= self.old_base / 4
    }

    /// A collection of `generation` begins.
    pub(crate) const fn begin(&mut self, generation: Generation) {
        match generation {
            Generation::Young => self.young_runs += 1,
            Generation::Middle => {
                self.young_runs = 0;
                self.middle_runs += 1;
            }
            Generation::Old => {
                self.young_runs = 0;
                self.middle_runs = 0;
            }
        }
    }

    /// It ended, and `promoted` objects joined the old generation.
    pub(crate) const fn finish(&mut self, generation: Generation, promoted: usize) {
        self.old += promoted;
        if let Generation::Old = generation {
            self.old_base = self.old;
        }
    }

    /// An object of the old generation died.
    pub(crate) const fn old_died(&mut self) {
        self.old = self.old.saturating_sub(1);
        if self.old < self.old_base {
            self.old_base = self.old;
        }
    }
}

#[cfg(test)]
mod tests;
