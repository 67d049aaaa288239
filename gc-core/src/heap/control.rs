//! What users switch and read, and what the schedule goes by.

use super::external::External;
use super::figures::{Generation, GenerationStats, Report, Thresholds};
use super::schedule::Schedule;

/// The switches and figures of one heap.
#[derive(Debug)]
pub struct Control {
    pub(crate) schedule: Schedule,
    pub(crate) external: External,
    pub(crate) stats: [GenerationStats; 3],
    pub(crate) enabled: bool,
    pub(crate) pauses: usize,
}

impl Control {
    pub(super) const fn new() -> Self {
        Control {
            schedule: Schedule::new(Thresholds::DEFAULT),
            external: External::DEFAULT,
            stats: [GenerationStats::ZERO; 3],
            enabled: true,
            pauses: 0,
        }
    }

    /// A collection is due where there are more fresh candidates than this.
    pub(super) const fn trigger(&self) -> usize {
        if self.is_automatic() { self.schedule.trigger() } else { usize::MAX }
    }

    /// A collection is due where there are candidates and more objects than this.
    pub(super) const fn crowd(&self) -> usize {
        if self.is_automatic() { self.schedule.crowd() } else { usize::MAX }
    }

    /// A collection is due where more bytes than this are held outside of the heap.
    pub(super) const fn external_limit(&self) -> usize {
        if self.is_automatic() { self.external.limit() } else { usize::MAX }
    }

    /// Whether collections may start by themselves.
    pub(super) const fn is_automatic(&self) -> bool {
        self.enabled && self.pauses == 0
    }

    /// Enters what a collection found.
    pub(super) fn record(
        &mut self,
        report: &Report,
        promoted_to_old: usize,
        objects: usize,
        bytes: usize,
    ) {
        self.schedule.finish(report.generation, promoted_to_old);
        self.schedule.leave(objects);
        self.external.finish(report.generation, bytes);
        self.stats[report.generation as usize].add(report);
    }

    /// Which generation a collection takes, if one is due.
    pub(super) fn choose(
        &self,
        fresh: usize,
        old_candidates: bool,
        objects: usize,
        bytes: usize,
    ) -> Option<Generation> {
        let by_count = self.schedule.choose(fresh, old_candidates, objects);
        by_count.max(self.external.choose(bytes, self.schedule.usual()))
    }
}
