//! When to collect which generation: arithmetic, apart from collecting.
//!
//! The rule is CPython's of 3.11 to 3.13 (`gc_select_generation` and
//! `gc_collect_main` in `Modules/gcmodule.c`), counted in candidates instead of
//! allocations, with two flaws mended. There, objects that were promoted and then
//! died by count still weigh in favour of a full collection (GH-122569); and
//! garbage in an old generation that does not grow is never looked for.

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
    /// Candidates that were counted since the last full collection.
    since_full: usize,
    /// Objects that the last collection has left, of all generations.
    left: usize,
}

/// Where there is a candidate at all a collection is due when there are so many more objects, for
/// each candidate of the young threshold, than the last one has left: one candidate may lead to many.
const CROWD: usize = 5;

/// Candidates for each old object after which a full collection is worth its
/// work though the old generation has not grown.
const PATIENCE: usize = 4;

impl Schedule {
    pub(crate) const fn new(thresholds: Thresholds) -> Self {
        Schedule {
            thresholds,
            young_runs: 0,
            middle_runs: 0,
            old: 0,
            old_base: 0,
            since_full: 0,
            left: 0,
        }
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

    /// The number of objects above which a collection is due, if there are candidates.
    pub(crate) const fn crowd(&self) -> usize {
        match self.thresholds.young {
            0 => usize::MAX,
            young => self.left.saturating_add(young.saturating_mul(CROWD)),
        }
    }

    /// Python's `gc.get_count()`, given the candidates since the last collection.
    pub(crate) const fn counts(&self, fresh: usize) -> [usize; 3] {
        [fresh, self.young_runs, self.middle_runs]
    }

    /// The oldest generation that is over its threshold, if any is, given the
    /// candidates since the last collection, whether there are any in the old generation, and how many
    /// objects there are.
    pub(crate) const fn choose(
        &self,
        fresh: usize,
        old_candidates: bool,
        objects: usize,
    ) -> Option<Generation> {
        if self.middle_runs > self.thresholds.old && self.full_is_worth_it(old_candidates) {
            Some(Generation::Old)
        } else if self.young_runs > self.thresholds.middle {
            Some(Generation::Middle)
        } else if fresh > self.trigger() || fresh > 0 && objects > self.crowd() {
            Some(Generation::Young)
        } else {
            None
        }
    }

    /// Which generation is the next to be collected where there is no reason for a full one.
    pub(crate) const fn usual(&self) -> Generation {
        if self.young_runs > self.thresholds.middle {
            Generation::Middle
        } else {
            Generation::Young
        }
    }

    /// The brake that keeps the work of full collections linear: each is paid for
    /// by growth of a quarter since the one before, or by several times as many candidates as it
    /// may visit objects.
    const fn full_is_worth_it(&self, old_candidates: bool) -> bool {
        let grown = self.old - self.old_base >= self.old_base / 4;
        let overdue = old_candidates && self.since_full / PATIENCE >= self.old;
        self.old > 0 && (grown || overdue)
    }

    /// A collection of `generation` begins, with so many candidates since the one before.
    pub(crate) const fn begin(&mut self, generation: Generation, fresh: usize) {
        self.since_full = self.since_full.saturating_add(fresh);
        match generation {
            Generation::Young => self.young_runs += 1,
            Generation::Middle => {
                self.young_runs = 0;
                self.middle_runs += 1;
            }
            Generation::Old => {
                self.young_runs = 0;
                self.middle_runs = 0;
                self.since_full = 0;
            }
        }
    }

    /// It ended, and so many objects are left.
    pub(crate) const fn leave(&mut self, objects: usize) {
        self.left = objects;
    }

    /// It ended, and `promoted` objects joined the old generation.
    pub(crate) const fn finish(&mut self, generation: Generation, promoted: usize) {
        self.old += promoted;
        if let Generation::Old = generation {
            self.old_base = self.old;
        }
    }

    /// `frozen` objects of the old generation, or all, are counted no longer. The counters start
    /// anew, as in CPython (`gc_freeze_impl` in `Modules/gcmodule.c`).
    pub(crate) const fn freeze(&mut self, frozen: usize) {
        self.young_runs = 0;
        self.middle_runs = 0;
        self.since_full = 0;
        self.old_died(frozen);
    }

    /// So many objects that were frozen are old ones now; that is no growth.
    pub(crate) const fn unfreeze(&mut self, thawed: usize) {
        self.old += thawed;
        self.old_base += thawed;
    }

    /// So many objects of the old generation died.
    pub(crate) const fn old_died(&mut self, count: usize) {
        self.old = self.old.saturating_sub(count);
        if self.old < self.old_base {
            self.old_base = self.old;
        }
    }
}

#[cfg(test)]
mod tests;
