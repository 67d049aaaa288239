//! The store of all threads: what each keeps for itself, and what all share.

mod list;
mod record;

use super::callbacks::Callbacks;
use super::control::Control;
use super::figures::Generation;
use super::registry::Registry;
use super::spare::Spare;
use super::store::{End, Let, Room, Store};
use super::{Space, epoch};
use crate::gc_box::Object;
use crate::primitive::Ordering::Relaxed;
use crate::primitive::{
    AtomicBool, AtomicUsize, Mutex, TryMutex, TryMutexGuard, aside, const_fn, global, lock, mutated,
};
use crate::sharing::{Buried, Entry, Flags, Head, Shared};
use list::List;
pub(crate) use record::Leave;
use record::Record;
use std::cell::Cell;
use std::collections::TryReserveError;
use std::ptr::{self, NonNull};

/// What the threads share.
#[derive(Debug)]
struct Central {
    /// The collector flag, with what only who has it may touch.
    flag: TryMutex<Buffers>,
    spare: Mutex<SharedSpare>,
    control: Mutex<Control>,
    callbacks: Mutex<SharedCallbacks>,
    registry: Registry<Record>,
    /// For threads that are too far at their end to have one, or whose has been handed over.
    orphans: Record,
    /// More candidates than this call for a collection.
    trigger: AtomicUsize,
    /// Candidates since the last collection that records have handed in.
    fresh: AtomicUsize,
    /// Entries of dead objects that records have handed in.
    dead: AtomicUsize,
    /// A collection is due.
    due: AtomicBool,
    /// There were old candidates after the last collection.
    old_candidates: AtomicBool,
}

impl Central {
    const_fn! {
        fn new() -> Self {
            Central {
                flag: TryMutex::new(Buffers { lists: [const { List::new() }; 3] }),
                spare: Mutex::new(SharedSpare(Spare::NONE)),
                control: Mutex::new(Control::new()),
                callbacks: Mutex::new(SharedCallbacks(Callbacks::new())),
                registry: Registry::new(),
                orphans: Record::new(),
                trigger: AtomicUsize::new(Control::new().trigger()),
                fresh: AtomicUsize::new(0),
                dead: AtomicUsize::new(0),
                due: AtomicBool::new(false),
                old_candidates: AtomicBool::new(false),
            }
        }
    }
}

global! {
    fn central() -> &'static Central { Central::new() }
}

/// Candidates by generation.
#[derive(Debug)]
struct Buffers {
    lists: [List; 3],
}

// SAFETY: the pointers in there are to boxes of this heap, whose heads are atomic; to
// their values the collector keeps its own rules.
unsafe impl Send for Buffers {}

/// The room of the last snapshot.
#[derive(Debug)]
struct SharedSpare(Spare<Shared>);

// SAFETY: the arrays are empty.
unsafe impl Send for SharedSpare {}

#[derive(Debug)]
struct SharedCallbacks(Callbacks);

// SAFETY: `Shared: Carries<F>` lets only such callbacks in as are `Send`.
unsafe impl Send for SharedCallbacks {}

/// A candidate's death, or a new one, is told to all after so many.
const STEP: usize = 32;

/// Fewer dead entries than this are not worth a sweep.
const FEW_DEAD: usize = 1024;

/// One thread's side of the shared heap.
#[derive(Debug)]
pub struct SharedStore {
    /// The thread's record; null before it has one, and after it was handed over.
    record: Cell<*const Record>,
}

/// The right to collect.
#[derive(Debug)]
pub struct SharedTurn {
    buffers: Option<TryMutexGuard<'static, Buffers>>,
    generation: Generation,
    /// It was given away and taken again since handles were taken for the snapshot.
    renewed: bool,
}

impl SharedTurn {
    fn buffers(&mut self) -> &mut Buffers {
        self.buffers.as_mut().unwrap_or_else(|| unreachable!("only with the collector flag"))
    }
}

/// Candidates that were taken from the buffers, still LINKED.
#[derive(Debug)]
pub struct SharedDrained([List; 3]);

impl SharedStore {
    /// That of a thread that has not used the heap yet.
    pub(crate) const fn new() -> Self {
        SharedStore { record: Cell::new(ptr::null()) }
    }

    /// Runs `f` on the thread's record, and whether it is its own.
    #[inline]
    fn with_record<R>(&self, f: impl FnOnce(&Record, bool) -> R) -> R {
        match NonNull::new(self.record.get().cast_mut()) {
            // SAFETY: the record is there until `Leave` is dropped, which resets the pointer first.
            Some(record) => f(unsafe { record.as_ref() }, true),
            None => self.with_new_record(f),
        }
    }

    #[cold]
    #[inline(never)]
    fn with_new_record<R>(&self, f: impl FnOnce(&Record, bool) -> R) -> R {
        aside(|| self.arm());
        match NonNull::new(self.record.get().cast_mut()) {
            // SAFETY: as above.
            Some(record) => f(unsafe { record.as_ref() }, true),
            None => f(&central().orphans, false),
        }
    }

    /// Gives the thread a record, which `leave` hands over in the end.
    pub(crate) fn enter(&self, leave: &Leave) {
        self.record.set(leave.enter(&central().registry));
    }

    /// From here on the thread has no record.
    pub(crate) fn leave(&self) {
        self.record.set(ptr::null());
    }

    /// Runs `f` on all records.
    fn for_each_record(&self, mut f: impl FnMut(&Record)) {
        f(&central().orphans);
        let guard = aside(epoch::pin);
        central().registry.for_each(&guard, f);
        aside(|| drop(guard));
    }

    /// Counts one more candidate, and looks whether a collection is due.
    fn count_fresh(&self, record: &Record) {
        let here = record.count_fresh(&central().fresh, STEP);
        // Relaxed: to be off by a few is part of the bargain.
        let all = central().fresh.load(Relaxed).saturating_add(here);
        if all > central().trigger.load(Relaxed) && !central().due.load(Relaxed) {
            central().due.store(true, Relaxed);
        }
    }

    /// Counts the entry of an object that has died.
    fn count_dead(&self, record: &Record) {
        record.uncount_fresh(&central().fresh, STEP);
        if record.count_dead(&central().dead, STEP) {
            let dead = central().dead.load(Relaxed);
            if dead >= FEW_DEAD && dead >= self.fresh() {
                self.sweep();
            }
        }
    }

    /// Gives back the boxes of dead objects that stand in lists, if nobody collects just now.
    /// All that is looked at has been paid for: half of it at least is dead.
    #[cold]
    #[inline(never)]
    fn sweep(&self) {
        let Some(mut buffers) = central().flag.try_lock() else { return };
        central().dead.store(0, Relaxed);
        let mut all = std::mem::replace(&mut buffers.lists[0], List::new());
        self.for_each_record(|record| all.append(record.take()));
        while let Some(object) = all.pop() {
            if object.head().flags().any(Flags::DEAD) {
                unlink(object);
            } else {
                buffers.lists[0].push(object);
            }
        }
    }
}

/// Ends the entry of a candidate that the caller has taken out of its list; `true` if it is one
/// and the caller has a handle to it now.
fn unlink(object: Object<Shared>) -> bool {
    match object.head().drain() {
        Entry::Pinned => true,
        Entry::Gone => false,
        Entry::Free => {
            // SAFETY: no share is left, so the value's is not.
            unsafe { object.free() };
            false
        }
    }
}

/// Captures the candidates of a list; `false` where there is no room for all of them.
fn capture_list(turn: &mut SharedTurn, list: &mut List, snapshot: &mut dyn Room<Shared>) -> bool {
    while snapshot.make(1) {
        let Some(object) = list.pop() else { return true };
        let head = object.head();
        let flags = head.flags();
        if flags.generation() > turn.generation as usize && !flags.any(Flags::DEAD) {
            head.keep_entry();
            turn.buffers().lists[flags.generation()].push(object);
        } else if unlink(object) {
            head.set_slot(snapshot.enter(object));
            head.set(Flags::CAPTURED);
        }
    }
    false
}

impl Store<Shared> for SharedStore {
    type Turn = SharedTurn;
    type Drained = SharedDrained;

    const BESIDE: bool = true;

    #[inline]
    fn is_due(&self) -> bool {
        central().due.load(Relaxed)
    }

    fn put_off(&self) {
        // The next candidate will tell again.
        central().due.store(false, Relaxed);
    }

    #[inline]
    fn born(&self) {
        self.with_record(|record, own| aside(|| record.count_live(1, own)));
    }

    #[inline]
    fn died(&self, flags: Flags) {
        self.with_record(|record, own| {
            aside(|| {
                record.count_live(-1, own);
                if flags.generation() == Generation::Old as usize {
                    record.count_old_died();
                }
            });
        });
    }

    fn live(&self) -> usize {
        let mut live = 0;
        aside(|| self.for_each_record(|record| live += record.live()));
        // One that is made here and dies there may be seen to die first.
        usize::try_from(live).unwrap_or(0)
    }

    #[inline]
    fn suspect_simply(&self, object: Object<Shared>) -> bool {
        self.suspect(object);
        true
    }

    #[inline(never)]
    fn suspect(&self, object: Object<Shared>) {
        self.with_record(|record, _| {
            record.push(object);
            aside(|| self.count_fresh(record));
        });
    }

    /// Its entry stays in its list: only the collector takes any out.
    #[inline]
    fn forget(&self, object: Object<Shared>) {
        if object.head().uncount() {
            self.with_record(|record, _| aside(|| self.count_dead(record)));
        }
    }

    fn lend(&self, object: Object<Shared>) -> bool {
        object.head().lend()
    }

    fn arm(&self) {
        if self.record.get().is_null() {
            Shared::at_exit();
        }
    }

    #[inline]
    fn retain_share(object: Object<Shared>) {
        object.head().retain_share();
    }

    #[inline]
    fn release_share(object: Object<Shared>) -> bool {
        object.head().release_share()
    }

    fn weak_count(object: Object<Shared>) -> usize {
        object.head().weak_count()
    }

    fn with_callbacks<R>(&self, f: impl FnOnce(&mut Callbacks) -> R) -> R {
        f(&mut lock(&central().callbacks).0)
    }

    fn with_control<R>(&self, f: impl FnOnce(&mut Control) -> R) -> R {
        aside(|| {
            let mut control = lock(&central().control);
            let result = f(&mut control);
            central().trigger.store(control.trigger(), Relaxed);
            drop(control);
            let due = self.fresh() > central().trigger.load(Relaxed);
            central().due.store(due, Relaxed);
            result
        })
    }

    fn fresh(&self) -> usize {
        let mut fresh = central().fresh.load(Relaxed);
        self.for_each_record(|record| fresh = fresh.saturating_add_signed(record.fresh()));
        fresh
    }

    fn has_old_candidates(&self) -> bool {
        central().old_candidates.load(Relaxed)
    }

    fn prepare(&self) {
        aside(epoch::advance);
    }

    fn turn(&self, wait: bool) -> Option<SharedTurn> {
        let flag = &central().flag;
        let Some(buffers) = (if wait { Some(flag.lock()) } else { flag.try_lock() }) else {
            // Somebody collects already.
            self.put_off();
            return None;
        };
        Some(SharedTurn { buffers: Some(buffers), generation: Generation::Old, renewed: false })
    }

    fn step_out(
        &self,
        turn: &mut SharedTurn,
        objects: &mut dyn Iterator<Item = (u32, Object<Shared>)>,
    ) {
        for (_, object) in objects {
            object.head().clear(Flags::CAPTURED);
        }
        turn.buffers = None;
    }

    fn step_in(
        &self,
        turn: &mut SharedTurn,
        objects: &mut dyn Iterator<Item = (u32, Object<Shared>)>,
    ) {
        turn.buffers = Some(central().flag.lock());
        turn.renewed = true;
        for (number, object) in objects {
            object.head().set_slot(number);
            object.head().set(Flags::CAPTURED);
        }
    }

    fn reset_fresh(&self) -> usize {
        aside(|| {
            let fresh = self.fresh();
            central().fresh.store(0, Relaxed);
            central().dead.store(0, Relaxed);
            let mut old_died = 0;
            self.for_each_record(|record| old_died += record.reset());
            self.with_control(|control| (0..old_died).for_each(|_| control.schedule.old_died()));
            fresh
        })
    }

    fn drain(&self, turn: &mut SharedTurn, generation: Generation) -> SharedDrained {
        turn.generation = generation;
        let mut drained = [const { List::new() }; 3];
        for index in 0..=generation as usize {
            std::mem::swap(&mut drained[index], &mut turn.buffers().lists[index]);
        }
        SharedDrained(drained)
    }

    fn capture_candidates(
        &self,
        turn: &mut SharedTurn,
        drained: &mut SharedDrained,
        snapshot: &mut dyn Room<Shared>,
    ) -> bool {
        let mut room = drained.0.iter_mut().all(|list| capture_list(turn, list, snapshot));
        self.for_each_record(|record| {
            if room {
                let mut list = record.take();
                room = capture_list(turn, &mut list, snapshot);
                drained.0[0].append(list);
            }
        });
        room
    }

    fn undo_drain(&self, turn: &mut SharedTurn, drained: SharedDrained, _: bool) {
        for (mine, old) in turn.buffers().lists.iter_mut().zip(drained.0) {
            mine.append(old);
        }
    }

    fn recycle(&self, _: SharedDrained) {}

    fn reserve(&self, _: usize) -> Result<(), TryReserveError> {
        Ok(())
    }

    #[inline]
    fn capture(&self, object: Object<Shared>, number: u32) {
        let head = object.head();
        head.retain();
        head.set_slot(number);
        head.set(Flags::CAPTURED);
    }

    fn let_go(
        &self,
        turn: &mut SharedTurn,
        object: Object<Shared>,
        next: Option<Generation>,
        keep: bool,
    ) -> Let {
        let head = object.head();
        head.clear(Flags::CAPTURED);
        if let Some(next) = next {
            head.clear(Flags::ANY_GENERATION);
            head.set(Flags::of_generation(next as usize));
        }
        // In silence only under the flag under which the handle was taken: another collection
        // may have counted it meanwhile.
        if turn.renewed && !mutated!("silent_after_renewal") {
            return Let::Last;
        }
        let keep = keep && !(turn.renewed && mutated!("silent_after_renewal"));
        match head.let_go(keep) {
            None => Let::Last,
            Some(false) => Let::Go,
            Some(true) => {
                turn.buffers().lists[head.flags().generation()].push(object);
                Let::Go
            }
        }
    }

    fn bury(&self, object: Object<Shared>) -> End {
        match object.head().bury() {
            Buried::Leaked => End::Leaked,
            Buried::Kept => End::Done,
            Buried::Free => {
                // SAFETY: the value is dropped, and no share is left.
                unsafe { object.free() };
                End::Done
            }
        }
    }

    fn take_spare(&self) -> Spare<Shared> {
        aside(|| std::mem::replace(&mut lock(&central().spare).0, Spare::NONE))
    }

    fn keep_spare(&self, mut spare: Spare<Shared>) {
        spare.empty();
        aside(|| lock(&central().spare).0 = spare);
    }

    fn end(&self, turn: SharedTurn) {
        if let Some(buffers) = &turn.buffers {
            let old = &buffers.lists[Generation::Old as usize];
            central().old_candidates.store(!old.is_empty(), Relaxed);
        }
        drop(turn);
    }

    fn give_back_memory(&self, _: usize) {}

    fn is_due_at_end(&self) -> bool {
        false
    }

    fn looked_at_end(&self, _: usize) {}

    fn disarm(&self) {}

    fn is_ending(&self) -> bool {
        false
    }
}
