//! What one thread keeps for itself of the shared heap, for others to look at.

use super::super::epoch;
use super::super::figures::Tally;
use super::super::registry::{self, Registry};
use super::central::central;
use super::list::{List, Stack};
use crate::gc_box::Object;
use crate::primitive::Ordering::{Acquire, Relaxed, Release};
use crate::primitive::{
    AtomicBool, AtomicIsize, AtomicUsize, Mutex, aside, const_fn, lock, mutated,
};
use crate::sharing::Shared;
use std::cell::Cell;
use std::fmt;
use std::ptr;

/// Changes a counter and gives what it is now. `own`: only the calling thread adds to it. (A
/// collection that sets it to zero at that moment may be missed then: counters that are reset say
/// when to collect, and to be off by a few is part of the bargain. The sum of those that are not
/// is exact when all is at rest.)
#[inline]
fn add(counter: &AtomicIsize, change: isize, own: bool) -> isize {
    // Relaxed: nothing is found by way of it.
    if own {
        let now = counter.load(Relaxed) + change;
        counter.store(now, Relaxed);
        now
    } else {
        counter.fetch_add(change, Relaxed) + change
    }
}

/// Counts on, as [`add`], in a sum that is never reset. (The sums of a lifetime fit in there; on a
/// machine of 32 bits their differences do.)
#[inline]
fn sum_up(sum: &AtomicUsize, more: usize, own: bool) {
    // Relaxed: nothing is found by way of it.
    if own {
        sum.store(sum.load(Relaxed).wrapping_add(more), Relaxed);
    } else {
        sum.fetch_add(more, Relaxed);
    }
}

/// One thread's candidates and counters.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Record {
    candidates: Stack,
    /// Objects made by the thread, and the bytes of their boxes.
    // (Objects and bytes not side by side: to add to both at once takes more instructions.)
    made: AtomicUsize,
    /// Objects that have ended on it, whoever made them, and the bytes of their boxes.
    died: AtomicUsize,
    bytes_made: AtomicUsize,
    bytes_died: AtomicUsize,
    /// How many were made when the thread last asked whether there are many.
    asked: AtomicUsize,
    /// Candidates since the last collection that have not been handed in.
    fresh: AtomicIsize,
    /// Entries of objects that have died, as far as they have not been handed in.
    dead: AtomicIsize,
    /// Old objects that have died since the last collection.
    old_died: AtomicUsize,
    /// The thread has ended.
    ended: AtomicBool,
    /// The record's own entry, when it has.
    left: Mutex<Option<registry::Entry<Record>>>,
}

impl Record {
    const_fn! {
        pub(super) fn new() -> Self {
            Record {
                candidates: Stack::new(),
                made: AtomicUsize::new(0),
                bytes_made: AtomicUsize::new(0),
                died: AtomicUsize::new(0),
                bytes_died: AtomicUsize::new(0),
                asked: AtomicUsize::new(0),
                fresh: AtomicIsize::new(0),
                dead: AtomicIsize::new(0),
                old_died: AtomicUsize::new(0),
                ended: AtomicBool::new(false),
                left: Mutex::new(None),
            }
        }
    }

    pub(super) fn push(&self, object: Object<Shared>) {
        self.candidates.push(object);
    }

    /// Takes the candidates, for who has the collector flag. Where the thread has ended they were
    /// the last, and the record goes.
    pub(super) fn take(&self) -> List {
        // Acquire: pairs with the Release in `outlive`, so that none is left behind.
        let left = if self.ended.load(Acquire) { lock(&self.left).take() } else { None };
        let list = self.candidates.take();
        if let Some(entry) = left {
            entry.retire();
        }
        list
    }

    /// The thread has ended, and has left candidates: the record stays for the next collection, as
    /// what is on its way from here to there would be nowhere when that comes.
    fn outlive(&self, entry: registry::Entry<Record>) {
        *lock(&self.left) = Some(entry);
        // Release: pairs with the Acquire in `take`.
        self.ended.store(true, Release);
    }

    /// Counts an object that was made. `own`: nobody else counts here.
    #[inline]
    pub(super) fn count_made(&self, size: usize, own: bool) {
        sum_up(&self.made, 1, own);
        sum_up(&self.bytes_made, size, own);
    }

    /// Whether so many were made since this was last true.
    pub(super) fn has_made(&self, many: usize) -> bool {
        let made = self.made.load(Relaxed);
        let has = made.wrapping_sub(self.asked.load(Relaxed)) >= many;
        if has {
            self.asked.store(made, Relaxed);
        }
        has
    }

    /// Counts an object that has ended.
    #[inline]
    pub(super) fn count_death(&self, size: usize, own: bool) {
        sum_up(&self.died, 1, own);
        self.count_ended(size, own);
    }

    /// Counts the end of an old one beside that.
    pub(super) fn count_old_died(&self) {
        self.old_died.fetch_add(1, Relaxed);
    }

    /// Counts only the bytes.
    #[inline]
    pub(super) fn count_ended(&self, size: usize, own: bool) {
        sum_up(&self.bytes_died, size, own);
    }

    /// Adds what was counted here so far to `tally`. (Relaxed: figures, exact when all is at rest.)
    pub(super) fn add_to(&self, tally: &mut Tally) {
        let sums =
            [&mut tally.made, &mut tally.bytes_made, &mut tally.ended, &mut tally.bytes_ended];
        for (sum, counted) in sums.into_iter().zip(self.sums()) {
            *sum = sum.wrapping_add(counted.load(Relaxed));
        }
    }

    fn sums(&self) -> [&AtomicUsize; 4] {
        [&self.made, &self.bytes_made, &self.died, &self.bytes_died]
    }

    /// Counts a candidate, hands some in to `all` now and then, and gives what is left here.
    /// `own`: nobody else counts here.
    #[inline]
    pub(super) fn count_fresh(&self, own: bool, all: &AtomicUsize, step: usize) -> usize {
        let fresh = add(&self.fresh, 1, own);
        let here = usize::try_from(fresh).unwrap_or(0);
        if here < step {
            return here;
        }
        self.fresh.fetch_sub(fresh, Relaxed);
        all.fetch_add(here, Relaxed);
        0
    }

    /// One candidate less.
    pub(super) fn uncount_fresh(&self, own: bool, all: &AtomicUsize, step: usize) {
        let fresh = add(&self.fresh, -1, own);
        if fresh < 0 && fresh.unsigned_abs() >= step {
            self.fresh.fetch_sub(fresh, Relaxed);
            // Not below zero, if another has reset it meanwhile.
            let less = |count: usize| Some(count.saturating_sub(fresh.unsigned_abs()));
            let _ = all.fetch_update(Relaxed, Relaxed, less);
        }
    }

    pub(super) fn fresh(&self) -> isize {
        self.fresh.load(Relaxed)
    }

    /// Counts the entry of a dead object; `true` if some were handed in to `all`.
    pub(super) fn count_dead(&self, own: bool, all: &AtomicUsize, step: usize) -> bool {
        let dead = add(&self.dead, 1, own);
        let here = usize::try_from(dead).unwrap_or(0);
        if here < step {
            return false;
        }
        self.dead.fetch_sub(dead, Relaxed);
        all.fetch_add(here, Relaxed);
        true
    }

    /// A collection begins: the counter of candidates starts anew.
    pub(super) fn reset_fresh(&self) {
        self.fresh.store(0, Relaxed);
    }

    /// How many old objects have died since the last time.
    pub(super) fn take_old_died(&self) -> usize {
        if self.old_died.load(Relaxed) == 0 { 0 } else { self.old_died.swap(0, Relaxed) }
    }

    /// Adds what is counted in here to `other`.
    fn hand_over(&self, other: &Record) {
        for (sum, mine) in other.sums().into_iter().zip(self.sums()) {
            sum.fetch_add(mine.swap(0, Relaxed), Relaxed);
        }
        // Handed in, as nobody looks at that record's when the next candidate comes.
        let fresh = self.fresh.swap(0, Relaxed);
        let sum = |count: usize| Some(count.saturating_add_signed(fresh));
        let _ = central().fresh.fetch_update(Relaxed, Relaxed, sum);
        let dead = usize::try_from(self.dead.swap(0, Relaxed)).unwrap_or(0);
        central().dead.fetch_add(dead, Relaxed);
        other.old_died.fetch_add(self.old_died.swap(0, Relaxed), Relaxed);
    }
}

/// After so many threads have ended somebody passes through the list of all.
const PASS: usize = 32;

/// Owns a thread's record. It is dropped when the thread ends, and leaves to all
/// what the record holds.
pub(crate) struct Leave {
    entry: Cell<Option<registry::Entry<Record>>>,
    /// Tells the thread's heap that it has no record any more.
    disarm: fn(),
}

impl Leave {
    /// For a thread that has no record yet, whose heap `disarm` tells when it has none any more.
    pub(crate) const fn new(disarm: fn()) -> Self {
        Leave { entry: Cell::new(None), disarm }
    }

    /// Makes the record.
    pub(super) fn enter(&self, registry: &Registry<Record>) -> *const Record {
        let entry = registry.insert(Record::new());
        let record = ptr::from_ref::<Record>(&*entry);
        self.entry.set(Some(entry));
        record
    }
}

impl fmt::Debug for Leave {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leave").finish_non_exhaustive()
    }
}

impl Leave {
    /// What happens when the thread ends.
    pub(crate) fn leave(&self) {
        let Some(entry) = self.entry.take() else { return };
        // From here on the thread counts among the orphans.
        (self.disarm)();
        entry.hand_over(&central().orphans);
        if !entry.candidates.is_empty() && !mutated!("leave_forgets_candidates") {
            // Pinned: as soon as it is left there a collection may retire it.
            let pinned = aside(epoch::pin);
            entry.bequeath(Record::outlive);
            aside(|| drop(pinned));
            aside(super::sweep_if_due);
            return;
        }
        entry.retire();
        // Only who passes unlinks those that are gone.
        if central().left.fetch_add(1, Relaxed) % PASS == PASS - 1 {
            aside(|| central().registry.for_each(&epoch::pin(), |_| {}));
        }
    }
}

impl Drop for Leave {
    fn drop(&mut self) {
        self.leave();
    }
}
