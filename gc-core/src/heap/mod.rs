//! What is kept between collections: candidates, counters, callbacks, the dying.

mod attached;
mod callbacks;
mod control;
mod death;
mod debug;
mod effort;
mod epoch;
mod era;
mod exits;
mod external;
mod extras;
mod fate;
mod figures;
mod hooks;
mod local;
mod registry;
mod retired;
mod schedule;
mod shared;
mod spare;
mod store;

pub(crate) use attached::{drop_handle, is_standing, trace};
pub(crate) use callbacks::Callback;
use death::Disposal;
pub(crate) use death::{OnPanic, dispose, dispose_plain};
pub(crate) use debug::tell;
pub use debug::{DebugFlags, set_debug_sink};
pub(crate) use effort::Effort;
pub(crate) use epoch::pin;
pub(crate) use era::Reach;
pub(crate) use exits::AtExit;
pub(crate) use fate::{Fate, Known};
pub(crate) use figures::Tally;
pub use figures::{Generation, GenerationStats, Report, Thresholds};
pub use hooks::Phase;
pub(crate) use hooks::{Hook, HookList};
pub(crate) use local::LocalStore;
pub(crate) use retired::{retire, settle};
pub(crate) use shared::{Leave, SharedStore};
pub(crate) use spare::{Node, SmallSpare, Spare, append};
pub(crate) use store::{End, Let, MANY, Room, Store};

use crate::gc_box::{Ledger, Object, Pool};
use crate::sharing::{Flags, Sharing};
use std::cell::{Cell, RefCell};
use std::fmt;

/// Where the heap of a kind of objects stands.
///
/// Sealed by [`Sharing`]; it names what `Gc` and `Weak` need when a count changes.
#[allow(private_bounds, private_interfaces, reason = "sealed: nobody else implements it")]
pub trait Space: Sharing {
    #[doc(hidden)]
    type Store: Store<Self>;

    /// Runs `f` on the heap that the calling thread's objects are in.
    #[doc(hidden)]
    fn with_heap<R>(f: impl FnOnce(&Heap<Self>) -> R) -> R;

    /// Sees to it that the calling thread's part of the heap is ended when its thread ends; called
    /// before the first candidate, and again after such an end. `false` if that
    /// is not possible any more.
    #[doc(hidden)]
    fn at_exit() -> bool;

    /// Makes an object a candidate: a handle to it was dropped that was not the last.
    #[doc(hidden)]
    fn suspect(object: Object<Self>);

    /// Whether somebody else runs the automatic collections, who is then told that one is due.
    #[doc(hidden)]
    fn delegates() -> bool {
        false
    }
}

/// One thread's part of a heap: all of it, or, of the heap of all threads, what is the thread's own.
///
/// Everything is in cells, and no borrow of one is held while user code runs: a
/// trace, a finalizer, a callback and a destructor may all come back here.
#[allow(private_interfaces, reason = "nobody outside can name what is in there")]
pub struct Heap<S: Space> {
    pub(crate) store: S::Store,
    /// Boxes for the thread's next objects.
    pool: Pool,
    /// A collection is going on, on this thread.
    collecting: Cell<bool>,
    /// It collects for others.
    serves_others: Cell<bool>,
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

impl<S: Space> Heap<S> {
    /// A thread's part of a heap with this store.
    pub(crate) const fn new(store: S::Store) -> Self {
        Heap {
            store,
            pool: Pool::new(),
            collecting: Cell::new(false),
            serves_others: Cell::new(false),
            disposal: Cell::new(Disposal::None),
            depth: Cell::new(0),
            on_panic: Cell::new(OnPanic::Raise),
            dying: RefCell::new(Vec::new()),
        }
    }

    /// Whether `new` is to start a collection.
    #[inline]
    pub(crate) fn is_due(&self) -> bool {
        self.store.is_due()
    }

    /// Which generation a collection that is due takes.
    pub(crate) fn choose(&self) -> Option<Generation> {
        self.store.settle();
        let (fresh, old) = (self.store.fresh(), self.store.has_old_candidates());
        let (objects, bytes) = (self.live(), self.store.external());
        self.store.with_control(|control| {
            if control.is_automatic() { control.choose(fresh, old, objects, bytes) } else { None }
        })
    }

    /// Whether collections may start by themselves.
    pub(crate) fn is_automatic(&self) -> bool {
        self.store.with_control(|control| control.is_automatic())
    }

    /// Counts an object that is made with `flags`, whose box takes `size` bytes, and gives those that
    /// say when.
    #[inline]
    pub(crate) fn born(&self, flags: Flags, size: usize) -> Flags {
        self.store.born(flags, size)
    }

    /// The generation of an object of these flags.
    pub(crate) fn generation_of(&self, flags: Flags) -> Generation {
        Generation::of_index(self.store.place_of(flags))
    }

    /// Counts an object whose value is dropped or moved out.
    #[inline]
    pub(crate) fn died(&self, object: Object<S>, flags: Flags) {
        let size = match object.thin_size() {
            0 => object.box_size(),
            size => size,
        };
        self.store.died(flags, size);
    }

    /// The same for one that [`Object::end`] ends, which counts what is missing here.
    #[inline]
    pub(crate) fn ends(&self, object: Object<S>, flags: Flags) {
        self.store.died(flags, object.thin_size());
    }

    /// Objects whose value has not been dropped.
    pub(crate) fn live(&self) -> usize {
        self.tally().objects()
    }

    /// What has been made and has ended so far.
    pub(crate) fn tally(&self) -> Tally {
        self.store.tally()
    }

    /// Notes that a collection begins on this thread; `false` if one is going on already.
    pub(crate) fn begin(&self) -> bool {
        !self.collecting.replace(true)
    }

    /// Resets the counts that led to this collection, as CPython does before the work, and gives back
    /// the boxes that nobody has needed since the last one; all, if `asked` for a full one.
    pub(crate) fn count_collection(&self, generation: Generation, asked: bool) {
        self.pool.begin_collection(asked && generation == Generation::Old);
        let fresh = self.store.reset_fresh();
        self.store.with_control(|control| control.schedule.begin(generation, fresh));
    }

    /// Notes that the collection has ended.
    pub(crate) fn end(&self) {
        self.collecting.set(false);
        self.pool.end_collection();
        self.give_back_memory(KEPT);
    }

    /// The thread collects for others and makes no objects, so it keeps no boxes for them.
    pub(crate) fn serve_others(&self) {
        self.serves_others.set(true);
        self.pool.close();
    }

    /// Whether it has [said so](Heap::serve_others).
    pub(crate) fn serves_others(&self) -> bool {
        self.serves_others.get()
    }

    /// Enters what a collection found.
    pub(crate) fn record(&self, report: &Report, promoted_to_old: usize) {
        let (objects, bytes) = (self.live(), self.store.external());
        self.store.with_control(|control| control.record(report, promoted_to_old, objects, bytes));
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

    /// Notes that the thread's end has been attended to. What comes after it asks for another.
    pub(crate) fn disarm(&self) {
        self.give_back_memory(0);
        self.pool.close();
        self.store.disarm();
    }

    /// Notes how much a collection at the end has looked at.
    pub(crate) fn looked_at_end(&self, visited: usize) {
        self.store.looked_at_end(visited);
        self.give_back_memory(0);
    }

    /// Gives back the memory of tables that are empty and have room for more than `kept`.
    pub(crate) fn give_back_memory(&self, kept: usize) {
        self.store.give_back_memory(kept);
        give_back(&mut self.dying.borrow_mut(), kept);
    }
}

impl<S: Space> Ledger for S {
    fn count_wide(size: usize) {
        S::with_heap(|heap| heap.store.count_ended(size));
    }

    #[inline]
    fn with_pool<R>(f: impl FnOnce(&Pool) -> R) -> R {
        S::with_heap(|heap| f(&heap.pool))
    }

    fn attend_pool() -> bool {
        S::with_heap(|heap| {
            heap.store.arm();
            !heap.store.is_ending()
        })
    }
}

impl<S: Space> fmt::Debug for Heap<S> {
    /// Only numbers: showing what is in there would hold a borrow while user code runs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Heap").field("live", &self.live()).finish_non_exhaustive()
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
impl<S: Space> Heap<S> {
    pub(crate) fn set_enabled(&self, enabled: bool) {
        self.store.with_control(|control| control.enabled = enabled);
    }

    pub(crate) fn is_enabled(&self) -> bool {
        self.store.with_control(|control| control.enabled)
    }

    /// One more guard, or one less, that keeps automatic collections away.
    pub(crate) fn pause(&self, on: bool) {
        self.store.with_control(|control| {
            control.pauses = if on { control.pauses + 1 } else { control.pauses - 1 };
        });
    }

    pub(crate) fn thresholds(&self) -> Thresholds {
        self.store.with_control(|control| control.schedule.thresholds())
    }

    pub(crate) fn set_thresholds(&self, thresholds: Thresholds) {
        self.store.with_control(|control| control.schedule.set_thresholds(thresholds));
    }

    /// Objects that are frozen.
    pub(crate) fn frozen(&self) -> usize {
        self.store.frozen()
    }

    /// Bytes that are held outside of the heap.
    pub(crate) fn external(&self) -> usize {
        self.store.external()
    }

    pub(crate) fn external_threshold(&self) -> usize {
        self.store.with_control(|control| control.external.threshold())
    }

    pub(crate) fn set_external_threshold(&self, bytes: usize) {
        self.store.with_control(|control| control.external.set_threshold(bytes));
    }

    pub(crate) fn counts(&self) -> [usize; 3] {
        let fresh = self.store.fresh();
        self.store.with_control(|control| control.schedule.counts(fresh))
    }

    pub(crate) fn debug(&self) -> DebugFlags {
        self.store.with_extras(|extras| extras.debug)
    }

    pub(crate) fn set_debug(&self, flags: DebugFlags) {
        self.store.with_extras(|extras| extras.debug = flags);
    }

    /// Garbage is not saved any more; gives what was, whose handles are the caller's.
    pub(crate) fn stop_saving(&self) -> Vec<Object<S>> {
        self.store.with_extras(|extras| {
            extras.debug.remove(DebugFlags::SAVE_ALL);
            std::mem::take(&mut extras.garbage)
        })
    }

    pub(crate) fn stats(&self) -> [GenerationStats; 3] {
        self.store.with_control(|control| control.stats)
    }
}

/// Takes a share for a new `Weak`.
#[inline]
pub(crate) fn retain_share<S: Space>(object: Object<S>) {
    S::Store::retain_share(object);
}

/// Gives back the share of a `Weak`, and frees the box if it was the last.
#[inline]
pub(crate) fn release_share<S: Space>(object: Object<S>) {
    if S::Store::release_share(object) {
        // SAFETY: the value's share is among those given back, so it is dropped,
        // and no other is left.
        unsafe { object.free() };
    }
}

/// How many `Weak`s there are, given that the value is not dropped.
pub(crate) fn weak_count<S: Space>(object: Object<S>) -> usize {
    S::Store::weak_count(object)
}
