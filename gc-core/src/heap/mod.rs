//! What is kept between collections: candidates, counters, callbacks, the dying.

mod callbacks;
mod candidates;
mod death;
#[allow(dead_code, reason = "for the thread-safe half, which is being built")]
mod epoch;
mod fate;
mod figures;
#[allow(dead_code, reason = "for the thread-safe half, which is being built")]
mod registry;
mod schedule;
mod spare;
pub(crate) mod weak;

pub(crate) use callbacks::Callback;
pub(crate) use candidates::{Drained, Parked};
use death::Disposal;
pub(crate) use death::{OnPanic, dispose};
pub(crate) use fate::Fate;
pub use figures::{Generation, GenerationStats, Report, Thresholds};
pub(crate) use spare::Spare;

use crate::gc_box::Object;
use crate::sharing::{Flags, Head, Sharing};
use callbacks::Callbacks;
use candidates::Candidates;
use schedule::Schedule;
use std::cell::{Cell, RefCell};
use std::fmt;

/// Where the heap of a kind of objects stands.
///
/// Sealed by [`Sharing`]; it names what `Gc` and `Weak` need when a count changes.
pub trait Space: Sharing {
    /// Runs `f` on the heap that the calling thread's objects are in.
    #[doc(hidden)]
    fn with_heap<R>(f: impl FnOnce(&Heap<Self>) -> R) -> R;

    /// Sees to it that the heap is collected once more when its thread ends; called
    /// before the first candidate, and again after such an end. `false` if that
    /// is not possible any more.
    #[doc(hidden)]
    fn at_exit() -> bool;
}

/// One heap.
///
/// Everything is in cells, and no borrow of one is held while user code runs: a
/// trace, a finalizer, a callback and a destructor may all come back here.
pub struct Heap<S: Sharing> {
    /// Objects whose value has not been dropped.
    live: Cell<usize>,
    /// Candidates since the last collection, less those that died by count.
    fresh: Cell<usize>,
    /// A collection is due where `fresh` is above this.
    trigger: Cell<usize>,
    schedule: Cell<Schedule>,
    stats: Cell<[GenerationStats; 3]>,
    enabled: Cell<bool>,
    pauses: Cell<usize>,
    /// A collection is going on.
    collecting: Cell<bool>,
    /// [`Space::at_exit`] has been asked for.
    armed: Cell<bool>,
    /// It has been, and the heap is not `ending`: a candidate is entered, and that is all.
    open: Cell<bool>,
    /// The heap's thread is ending, and no collection is to come at its end. The number
    /// of candidates above which there is one at once.
    ending: Cell<Option<usize>>,
    candidates: RefCell<Candidates<S>>,
    /// What is kept for the objects in the snapshot, by their place in it.
    pub(crate) parked: RefCell<Vec<Parked>>,
    /// Room that the last collection has left to the next.
    spare: RefCell<Spare<S>>,
    callbacks: RefCell<Callbacks>,
    disposal: Cell<Disposal>,
    /// How many objects end inside each other, see `Heap::dispose`.
    depth: Cell<u8>,
    /// What becomes of a panic in a destructor in the disposal that is going on.
    on_panic: Cell<OnPanic>,
    /// Objects that died while another was being dropped.
    dying: RefCell<Vec<Object<S>>>,
}

/// A disposal that waits until a collection is over.
#[derive(Debug)]
pub(crate) struct Suspended<S: Sharing> {
    disposal: Disposal,
    depth: u8,
    on_panic: OnPanic,
    dying: Vec<Object<S>>,
}

impl<S: Sharing> Heap<S> {
    /// An empty heap.
    pub(crate) const fn new() -> Self {
        let schedule = Schedule::new(Thresholds::DEFAULT);
        Heap {
            live: Cell::new(0),
            fresh: Cell::new(0),
            trigger: Cell::new(schedule.trigger()),
            schedule: Cell::new(schedule),
            stats: Cell::new([GenerationStats::ZERO; 3]),
            enabled: Cell::new(true),
            pauses: Cell::new(0),
            collecting: Cell::new(false),
            armed: Cell::new(false),
            open: Cell::new(false),
            ending: Cell::new(None),
            candidates: RefCell::new(Candidates::new()),
            parked: RefCell::new(Vec::new()),
            spare: RefCell::new(Spare::NONE),
            callbacks: RefCell::new(Callbacks::new()),
            disposal: Cell::new(Disposal::None),
            depth: Cell::new(0),
            on_panic: Cell::new(OnPanic::Raise),
            dying: RefCell::new(Vec::new()),
        }
    }

    /// Whether `new` is to start a collection.
    #[inline]
    pub(crate) fn is_due(&self) -> bool {
        self.fresh.get() > self.trigger.get()
    }

    /// Which generation a collection that is due takes.
    pub(crate) fn choose(&self) -> Option<Generation> {
        let old_candidates = self.candidates.borrow().has_any(Generation::Old);
        self.schedule.get().choose(self.fresh.get(), old_candidates)
    }

    /// Counts an object that was made.
    #[inline]
    pub(crate) fn born(&self) {
        self.live.set(self.live.get() + 1);
    }

    /// Counts a [plain](Flags::PLAIN) object that died.
    #[inline]
    pub(crate) fn died_plain(&self) {
        self.live.set(self.live.get() - 1);
    }

    /// Counts an object whose value was dropped or moved out.
    #[inline]
    pub(crate) fn died(&self, flags: Flags) {
        self.live.set(self.live.get() - 1);
        if flags.generation() == Generation::Old as usize {
            self.update_schedule(Schedule::old_died);
        }
    }

    /// Objects whose value has not been dropped.
    pub(crate) fn live(&self) -> usize {
        self.live.get()
    }

    /// Makes an object a candidate: a handle to it was dropped that was not the last.
    /// `false` if that takes more than an entry, see [`suspect`](Heap::suspect).
    #[inline]
    pub(crate) fn suspect_simply(&self, object: Object<S>) -> bool {
        let flags = object.head().flags();
        let entered = !flags.any(Flags::CAPTURED)
            && self.open.get()
            && self.candidates.borrow_mut().push(object, flags.generation());
        if entered {
            self.fresh.set(self.fresh.get() + 1);
        }
        entered
    }

    /// The same where the object stands in a snapshot or there is no room, before the
    /// first candidate, and at the end.
    #[cold]
    #[inline(never)]
    pub(crate) fn suspect(&self, object: Object<S>)
    where
        S: Space,
    {
        if object.head().flags().any(Flags::CAPTURED) {
            self.parked.borrow_mut()[object.head().slot() as usize].touched = true;
            return;
        }
        self.arm();
        if self.candidates.borrow_mut().push_growing(object) {
            self.fresh.set(self.fresh.get() + 1);
        }
    }

    /// Sees to it that the heap is ended in order, before it holds anything that asks for it.
    #[inline]
    fn arm(&self)
    where
        S: Space,
    {
        if !self.armed.get() {
            self.armed.set(true);
            self.open.set(S::at_exit());
            if !self.open.get() {
                self.begin_ending();
            }
        }
    }

    /// Takes a candidate out of its buffer, because it dies or is known to be held.
    #[inline]
    pub(crate) fn forget(&self, object: Object<S>) {
        if object.head().flags().any(Flags::BUFFERED) {
            self.forget_candidate(object);
        }
    }

    #[inline]
    fn forget_candidate(&self, object: Object<S>) {
        if self.candidates.borrow_mut().remove(object) {
            self.fresh.set(self.fresh.get().saturating_sub(1));
        }
    }

    /// Puts an object back that survived as a candidate; it does not count towards the trigger.
    pub(crate) fn keep_candidate(&self, object: Object<S>) {
        if !object.head().flags().any(Flags::QUIET) {
            self.candidates.borrow_mut().push_counted_before(object);
        }
    }

    /// Takes all candidates up to `generation` out of their buffers.
    pub(crate) fn drain(&self, generation: Generation) -> Drained<S> {
        self.candidates.borrow_mut().drain(generation)
    }

    /// Puts back what [`drain`](Heap::drain) gave.
    pub(crate) fn undo_drain(&self, drained: Drained<S>) {
        self.candidates.borrow_mut().undo_drain(drained);
    }

    /// The room that was kept for a snapshot.
    pub(crate) fn take_spare(&self) -> Spare<S> {
        self.spare.replace(Spare::NONE)
    }

    /// Keeps the room of a snapshot that is over.
    pub(crate) fn keep_spare(&self, mut spare: Spare<S>) {
        spare.empty();
        self.spare.replace(spare);
    }

    /// Keeps the memory of drained buffers for the next candidates.
    pub(crate) fn recycle(&self, drained: Drained<S>) {
        self.candidates.borrow_mut().recycle(drained);
    }

    fn update_schedule(&self, f: impl FnOnce(&mut Schedule)) {
        let mut schedule = self.schedule.get();
        f(&mut schedule);
        self.schedule.set(schedule);
    }

    /// Notes that a collection begins; `false` if one is going on already.
    pub(crate) fn begin(&self) -> bool {
        if self.collecting.replace(true) {
            return false;
        }
        self.refresh_trigger();
        true
    }

    /// Resets the counts that led to this collection, as CPython does before the work.
    pub(crate) fn count_collection(&self, generation: Generation) {
        let fresh = self.fresh.replace(0);
        self.candidates.borrow_mut().forget_counts();
        self.update_schedule(|schedule| schedule.begin(generation, fresh));
    }

    /// Notes that the collection has ended.
    pub(crate) fn end(&self) {
        self.collecting.set(false);
        spare::empty(&mut self.parked.borrow_mut());
        self.give_back_memory(KEPT);
        self.refresh_trigger();
    }

    /// Enters what a collection found.
    pub(crate) fn record(&self, report: &Report, promoted_to_old: usize) {
        self.update_schedule(|schedule| schedule.finish(report.generation, promoted_to_old));
        let mut stats = self.stats.get();
        stats[report.generation as usize].add(report);
        self.stats.set(stats);
    }

    /// Objects that die from here on are ended at once, whatever is being dropped
    /// further up: a collection must not leave dying objects in its snapshot.
    pub(crate) fn suspend_disposal(&self) -> Suspended<S> {
        let disposal = self.disposal.replace(Disposal::None);
        // The memory stays where there is nothing to put aside.
        let running = disposal != Disposal::None;
        let dying = if running { self.dying.take() } else { Vec::new() };
        let (depth, on_panic) = (self.depth.take(), self.on_panic.replace(OnPanic::Raise));
        Suspended { disposal, depth, on_panic, dying }
    }

    /// Undoes [`suspend_disposal`](Heap::suspend_disposal).
    pub(crate) fn resume_disposal(&self, suspended: Suspended<S>) {
        self.disposal.set(suspended.disposal);
        self.depth.set(suspended.depth);
        self.on_panic.set(suspended.on_panic);
        if suspended.disposal != Disposal::None {
            self.dying.replace(suspended.dying);
        }
    }

    /// From here on candidates are not left lying: the thread is ending, and nobody
    /// will come by any more to collect them.
    #[cold]
    fn begin_ending(&self) {
        self.ending.set(Some(0));
    }

    /// Notes that the thread's end has been attended to. What comes after it asks for another.
    pub(crate) fn disarm(&self) {
        self.give_back_memory(0);
        self.armed.set(false);
        self.open.set(false);
    }

    /// Whether the heap is ending and one more collection is worth its work.
    pub(crate) fn is_due_at_end(&self) -> bool {
        self.ending.get().is_some_and(|patience| self.fresh.get() > patience)
    }

    /// Notes how much a collection at the end has looked at: the next is due when
    /// there are candidates for a quarter of that.
    pub(crate) fn looked_at_end(&self, visited: usize) {
        // One that has given up has looked at nothing, and tells nothing.
        if visited > 0 {
            self.ending.set(Some(visited / 4));
        }
        self.give_back_memory(0);
    }

    /// Gives back the memory of tables that are empty and have room for more than `kept`.
    pub(crate) fn give_back_memory(&self, kept: usize) {
        self.candidates.borrow_mut().give_back_memory(kept);
        self.callbacks.borrow_mut().give_back_memory();
        if kept == 0 {
            give_back(&mut self.parked.borrow_mut(), 0);
            self.spare.replace(Spare::NONE);
        }
        give_back(&mut self.dying.borrow_mut(), kept);
    }

    /// Works out anew from when on a collection is due.
    fn refresh_trigger(&self) {
        let active = self.enabled.get() && self.pauses.get() == 0 && !self.collecting.get();
        let trigger = if active { self.schedule.get().trigger() } else { usize::MAX };
        self.trigger.set(trigger);
    }
}

impl<S: Sharing> fmt::Debug for Heap<S> {
    /// Only numbers: showing what is in there would hold a borrow while user code runs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Heap").field("live", &self.live.get()).finish_non_exhaustive()
    }
}

/// More room than this goes back to the allocator when a table is empty.
const KEPT: usize = 1 << 14;

/// Gives back the memory of an empty table that has room for more than `kept`.
fn give_back<T>(table: &mut Vec<T>, kept: usize) {
    if table.is_empty() && table.capacity() > kept {
        *table = Vec::new();
    }
}

/// What users switch and read.
impl<S: Sharing> Heap<S> {
    pub(crate) fn set_enabled(&self, enabled: bool) {
        self.enabled.set(enabled);
        self.refresh_trigger();
    }

    pub(crate) fn is_enabled(&self) -> bool {
        self.enabled.get()
    }

    /// One more guard, or one less, that keeps automatic collections away.
    pub(crate) fn pause(&self, on: bool) {
        let pauses = self.pauses.get();
        self.pauses.set(if on { pauses + 1 } else { pauses - 1 });
        self.refresh_trigger();
    }

    pub(crate) fn thresholds(&self) -> Thresholds {
        self.schedule.get().thresholds()
    }

    pub(crate) fn set_thresholds(&self, thresholds: Thresholds) {
        self.update_schedule(|schedule| schedule.set_thresholds(thresholds));
        self.refresh_trigger();
    }

    pub(crate) fn counts(&self) -> [usize; 3] {
        self.schedule.get().counts(self.fresh.get())
    }

    pub(crate) fn stats(&self) -> [GenerationStats; 3] {
        self.stats.get()
    }
}
