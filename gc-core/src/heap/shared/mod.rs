//! The store of all threads: what each keeps for itself, and what all share.

mod central;
mod counting;
mod entries;
mod list;
mod record;

use super::callbacks::Callbacks;
use super::control::Control;
use super::era::{PAST, PLACES, Reach, is_past_middle, place};
use super::extras::Extras;
use super::figures::{Generation, Tally};
use super::spare::Spare;
use super::store::{End, Let, Room, Store};
use super::{Space, epoch, retired};
use crate::gc_box::Object;
use crate::primitive::Ordering::Relaxed;
use crate::primitive::{TryMutexGuard, aside, lock, mutated};
use crate::sharing::{Buried, Flags, Head, Left, Shared};
use central::{Buffers, EMPTY, central};
use entries::{capture_list, freeze_list};
use list::List;
pub(crate) use record::Leave;
use record::Record;
use std::cell::Cell;
use std::collections::TryReserveError;
use std::ptr::{self, NonNull};

/// After so many freezes there are no more eras: a head has room for that number.
const LAST_ERA: usize = Flags::of_age(u32::MAX as usize).only(Flags::ANY_AGE).era();

/// One thread's side of the shared heap.
#[derive(Debug)]
pub struct SharedStore {
    /// The thread's record; null before it has one, and after it was handed over.
    record: Cell<*const Record>,
    /// It was handed over: nobody will come by to give back memory.
    ended: Cell<bool>,
}

/// The right to collect.
#[derive(Debug)]
pub struct SharedTurn {
    buffers: Option<TryMutexGuard<'static, Buffers>>,
    reach: Reach,
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
pub struct SharedDrained([List; PLACES]);

/// The youngest age of the present era.
#[inline]
fn dawn() -> usize {
    // Relaxed: who must know it exactly has the collector flag. An object that is made when a
    // freeze begins is of this era or of that, and either is right.
    central().signs.dawn.load(Relaxed)
}

/// Which list a candidate of these flags goes to, exact for who has the collector flag.
fn list_of(flags: Flags) -> usize {
    match place(flags, dawn()) {
        PAST if !central().signs.is_frozen.load(Relaxed) => Generation::Old as usize,
        place => place,
    }
}

/// Which objects a collection of `generation` takes, for who has the collector flag.
fn reach(generation: Generation) -> Reach {
    Reach::up_to(generation, dawn(), central().signs.is_frozen.load(Relaxed))
}

/// For a thread that has just ended.
fn sweep_if_due() {
    Shared::with_heap(|heap| heap.store.sweep_if_due());
}

impl SharedStore {
    /// That of a thread that has not used the heap yet.
    pub(crate) const fn new() -> Self {
        SharedStore { record: Cell::new(ptr::null()), ended: Cell::new(false) }
    }

    /// The thread's record, if it has one. No user code runs while it is looked at.
    #[inline]
    fn own_record(&self) -> Option<&Record> {
        let record = NonNull::new(self.record.get().cast_mut())?;
        // SAFETY: the record is there until `Leave` is dropped, which resets the pointer first.
        Some(unsafe { record.as_ref() })
    }

    /// Runs `f` on the thread's record, and whether it is its own.
    #[inline]
    fn with_record<R>(&self, f: impl FnOnce(&Record, bool) -> R) -> R {
        match self.own_record() {
            Some(record) => f(record, true),
            None => self.with_new_record(f),
        }
    }

    /// See `born`. What is given by value needs no place on the stack where there is a record.
    #[cold]
    #[inline(never)]
    fn born_without_record(&self, size: usize) {
        self.with_new_record(|record, own| aside(|| record.count_made(size, own)));
    }

    /// See `died`.
    #[cold]
    #[inline(never)]
    fn died_without_record(&self, size: usize) {
        self.with_new_record(|record, own| aside(|| record.count_death(size, own)));
    }

    /// Counts the end of an object that is old or of another era.
    #[cold]
    #[inline(never)]
    fn old_died(&self, flags: Flags) {
        aside(|| {
            if list_of(flags) == PAST {
                let less = |frozen: usize| Some(frozen.saturating_sub(1));
                let _ = central().frozen.fetch_update(Relaxed, Relaxed, less);
            } else {
                self.with_record(|record, _| record.count_old_died());
            }
        });
    }

    #[cold]
    #[inline(never)]
    fn with_new_record<R>(&self, f: impl FnOnce(&Record, bool) -> R) -> R {
        aside(|| self.arm());
        match self.own_record() {
            Some(record) => f(record, true),
            None => f(&central().orphans, false),
        }
    }

    /// Gives the thread a record, which `leave` hands over in the end.
    pub(crate) fn enter(&self, leave: &Leave) {
        self.record.set(leave.enter(&central().registry));
    }

    /// Runs `f` on all records.
    fn for_each_record(&self, mut f: impl FnMut(&Record)) {
        let guard = aside(epoch::pin);
        central().registry.for_each(&guard, &mut f);
        aside(|| drop(guard));
        // Last: a thread that ends hands over to them.
        f(&central().orphans);
    }
}

impl Store<Shared> for SharedStore {
    type Turn = SharedTurn;
    type Drained = SharedDrained;

    const BESIDE: bool = true;

    #[inline]
    fn is_due(&self) -> bool {
        central().signs.due.load(Relaxed)
    }

    fn is_external_due(&self) -> bool {
        // Relaxed: as for candidates, to be off by a few is part of the bargain.
        central().external.load(Relaxed) > central().external_limit.load(Relaxed)
    }

    fn count_external(&self, change: usize) {
        // Relaxed: nothing is found by way of it.
        central().external.fetch_add(change, Relaxed);
    }

    fn external(&self) -> usize {
        central().external.load(Relaxed)
    }

    fn put_off(&self) {
        // The next candidate will tell again.
        central().signs.due.store(false, Relaxed);
    }

    #[inline]
    fn born(&self, flags: Flags, size: usize) -> Flags {
        match self.own_record() {
            Some(record) => aside(|| record.count_made(size, true)),
            None => self.born_without_record(size),
        }
        flags.with(Flags::of_age(aside(dawn)))
    }

    #[inline]
    fn died(&self, flags: Flags, size: usize) {
        match self.own_record() {
            Some(record) => aside(|| record.count_death(size, true)),
            None => self.died_without_record(size),
        }
        if aside(|| is_past_middle(flags, dawn())) {
            self.old_died(flags);
        }
    }

    fn count_ended(&self, size: usize) {
        self.with_record(|record, own| aside(|| record.count_ended(size, own)));
    }

    fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        aside(|| self.for_each_record(|record| record.add_to(&mut tally)));
        tally
    }

    #[inline]
    fn young_died(&self, flags: Flags, size: usize) -> bool {
        let young = !aside(|| is_past_middle(flags, dawn()));
        if young {
            match self.own_record() {
                Some(record) => aside(|| record.count_death(size, true)),
                None => self.died_without_record(size),
            }
        }
        young
    }

    #[inline]
    fn place_of(&self, flags: Flags) -> usize {
        aside(|| place(flags, dawn()))
    }

    #[inline]
    fn suspect_simply(&self, object: Object<Shared>) -> bool {
        self.suspect(object);
        true
    }

    #[inline(never)]
    fn suspect(&self, object: Object<Shared>) {
        self.with_record(|record, own| {
            record.push(object);
            aside(|| self.count_fresh(record, own));
        });
    }

    /// Its entry stays in its list: only the collector takes any out.
    #[inline]
    fn forget(&self, object: Object<Shared>) {
        let left = object.head().uncount();
        if left != Left::Nothing {
            self.forget_entry(object, left);
        }
    }

    #[inline]
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

    fn with_extras<R>(&self, f: impl FnOnce(&mut Extras<Shared>) -> R) -> R {
        aside(|| f(&mut lock(&central().extras).0))
    }

    fn with_control<R>(&self, f: impl FnOnce(&mut Control) -> R) -> R {
        aside(|| {
            let mut control = lock(&central().control);
            let result = f(&mut control);
            central().signs.trigger.store(control.trigger(), Relaxed);
            central().crowd.store(control.crowd(), Relaxed);
            central().external_limit.store(control.external_limit(), Relaxed);
            drop(control);
            let due = self.fresh() > central().signs.trigger.load(Relaxed);
            central().signs.due.store(due, Relaxed);
            result
        })
    }

    fn fresh(&self) -> usize {
        let mut fresh = central().fresh.load(Relaxed);
        self.for_each_record(|record| fresh = fresh.saturating_add_signed(record.fresh()));
        fresh
    }

    fn settle(&self) {
        let mut died = 0;
        self.for_each_record(|record| died += record.take_old_died());
        if died > 0 {
            self.with_control(|control| control.schedule.old_died(died));
        }
    }

    fn has_old_candidates(&self) -> bool {
        central().old.load(Relaxed) > central().old_dead.load(Relaxed)
    }

    fn prepare(&self, wait: bool) {
        retired::settle_before(wait);
    }

    fn is_turn_free(&self) -> bool {
        central().flag.try_lock().is_some()
    }

    fn turn(&self, wait: bool) -> Option<SharedTurn> {
        let flag = &central().flag;
        let Some(buffers) = (if wait { Some(flag.lock()) } else { flag.try_lock() }) else {
            // Somebody collects already.
            self.put_off();
            return None;
        };
        let reach = reach(Generation::Old);
        Some(SharedTurn { buffers: Some(buffers), reach, renewed: false })
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

    fn reach(&self, turn: &SharedTurn, _: Generation) -> Reach {
        turn.reach
    }

    fn freeze(&self, turn: &mut SharedTurn) -> bool {
        self.reset_fresh();
        let next = Flags::of_age(dawn()).era() + 1;
        if next <= LAST_ERA {
            let [lists @ .., frozen] = &mut turn.buffers().lists;
            for list in lists {
                freeze_list(std::mem::replace(list, List::new()), frozen);
            }
            self.for_each_record(|record| freeze_list(record.take(), frozen));
            central().frozen.store(self.tally().objects(), Relaxed);
            central().signs.dawn.store(Flags::dawn(next), Relaxed);
        }
        central().signs.is_frozen.store(true, Relaxed);
        self.with_control(|control| control.schedule.freeze(usize::MAX));
        true
    }

    fn unfreeze(&self, turn: &mut SharedTurn) {
        if central().signs.is_frozen.swap(false, Relaxed) {
            let thawed = central().frozen.swap(0, Relaxed);
            self.with_control(|control| control.schedule.unfreeze(thawed));
            let lists = &mut turn.buffers().lists;
            let past = std::mem::replace(&mut lists[PAST], List::new());
            lists[Generation::Old as usize].append(past);
        }
    }

    fn frozen(&self) -> usize {
        central().frozen.load(Relaxed)
    }

    fn reset_fresh(&self) -> usize {
        aside(|| {
            let fresh = self.fresh();
            central().fresh.store(0, Relaxed);
            self.for_each_record(Record::reset_fresh);
            self.settle();
            fresh
        })
    }

    fn drain(&self, turn: &mut SharedTurn, generation: Generation) -> SharedDrained {
        turn.reach = reach(generation);
        if generation == Generation::Old {
            central().old_dead.store(0, Relaxed);
        }
        let mut drained = EMPTY;
        let lists = turn.buffers().lists.iter_mut().take(generation as usize + 1);
        lists.zip(&mut drained).for_each(|(list, all)| std::mem::swap(list, all));
        SharedDrained(drained)
    }

    fn capture_candidates(
        &self,
        turn: &mut SharedTurn,
        drained: &mut SharedDrained,
        snapshot: &mut impl Room<Shared>,
    ) -> bool {
        // All of them before the first: traces run while they are captured, and the registry is not
        // to be held up for that.
        self.for_each_record(|record| drained.0[0].append(record.take()));
        let room = drained.0.iter_mut().all(|list| capture_list(turn, list, snapshot));
        if room {
            snapshot.complete();
        }
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

    #[inline]
    fn let_go(
        &self,
        turn: &mut SharedTurn,
        object: Object<Shared>,
        next: Option<Generation>,
        keep: bool,
    ) -> Let {
        let head = object.head();
        head.clear(Flags::CAPTURED);
        // What was frozen while finalizers ran stays so.
        if let Some(next) = next.filter(|_| list_of(head.flags()) != PAST) {
            head.clear(Flags::ANY_AGE);
            head.set(Flags::of_age(dawn() | next as usize));
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
                turn.buffers().lists[list_of(head.flags())].push(object);
                Let::Go
            }
        }
    }

    #[inline]
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

    fn end(&self, mut turn: SharedTurn) {
        if let Some(buffers) = &mut turn.buffers {
            buffers.count();
        }
        drop(turn);
    }

    fn give_back_memory(&self, _: usize) {}

    fn is_due_at_end(&self) -> bool {
        false
    }

    fn looked_at_end(&self, _: usize) {}

    fn disarm(&self) {
        self.record.set(ptr::null());
        self.ended.set(true);
    }

    fn is_ending(&self) -> bool {
        self.ended.get()
    }
}
