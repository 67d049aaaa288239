//! Candidates, and the entries that dead ones leave, are counted by each thread for itself and handed
//! in now and then; that is when it is asked whether something is due.

use super::central::{EMPTY, central};
use super::entries::sweep_list;
use super::record::Record;
use super::{SharedStore, list_of};
use crate::gc_box::Object;
use crate::heap::figures::Generation;
use crate::heap::store::Store;
use crate::primitive::Ordering::Relaxed;
use crate::primitive::aside;
use crate::sharing::{Head, Left, Shared};

/// A candidate's death, or a new one, is told to all after so many.
const STEP: usize = 32;

/// When a thread has made so many objects its next candidate asks whether there are many in all.
const NOW_AND_THEN: usize = 1024;

/// Fewer dead entries than this are not worth a sweep.
const FEW_DEAD: usize = 1024;

impl SharedStore {
    /// Counts one more candidate, and looks whether a collection is due.
    pub(super) fn count_fresh(&self, record: &Record, own: bool) {
        let here = record.count_fresh(own, &central().fresh, STEP);
        // Relaxed: to be off by a few is part of the bargain.
        let all = central().fresh.load(Relaxed).saturating_add(here);
        // (Now and then only: to look at all records takes a while where there are many.)
        let crowded = record.has_made(NOW_AND_THEN) && self.is_crowded();
        let over = all > central().signs.trigger.load(Relaxed) || crowded;
        if over && !central().signs.due.load(Relaxed) {
            central().signs.due.store(true, Relaxed);
        }
    }

    /// Whether there are so many objects that a collection is due.
    fn is_crowded(&self) -> bool {
        self.tally().objects() > central().crowd.load(Relaxed)
    }

    /// Counts what an object that dies leaves behind.
    #[cold]
    #[inline(never)]
    pub(super) fn forget_entry(&self, object: Object<Shared>, left: Left) {
        let old = list_of(object.head().flags()) == Generation::Old as usize;
        if left == Left::Entry && old {
            central().old_dead.fetch_add(1, Relaxed);
        }
        let counted = left == Left::Counted;
        self.with_record(|record, own| aside(|| self.count_dead(record, own, counted)));
    }

    /// Counts the entry of an object that has died.
    fn count_dead(&self, record: &Record, own: bool, counted: bool) {
        if counted {
            record.uncount_fresh(own, &central().fresh, STEP);
        }
        if record.count_dead(own, &central().dead, STEP) {
            self.sweep_if_due();
        }
    }

    pub(super) fn sweep_if_due(&self) {
        let dead = central().dead.load(Relaxed);
        if dead >= FEW_DEAD && dead >= central().kept.load(Relaxed) / 2 + self.fresh() {
            self.sweep();
        }
    }

    /// Gives back the boxes of dead objects that stand in lists, if nobody collects just now.
    /// All that is looked at has been paid for: a fourth of it at least is dead.
    #[cold]
    #[inline(never)]
    fn sweep(&self) {
        let Some(mut buffers) = central().flag.try_lock() else { return };
        central().dead.store(0, Relaxed);
        central().old_dead.store(0, Relaxed);
        let lists = std::mem::replace(&mut buffers.lists, EMPTY);
        for (list, kept) in lists.into_iter().zip(&mut buffers.lists) {
            sweep_list(list, kept);
        }
        self.for_each_record(|record| sweep_list(record.take(), &mut buffers.lists[0]));
        buffers.count();
    }
}
