//! The store of one thread: plain cells.

mod candidates;
mod census;
mod parked;

use super::callbacks::Callbacks;
use super::control::Control;
use super::era::{PAST, Reach};
use super::extras::Extras;
use super::figures::{Generation, Tally};
use super::spare::{self, Spare, append};
use super::store::{End, Let, Room, Store};
use super::{Space, give_back};
use crate::gc_box::Object;
use crate::sharing::{Flags, Head, Local};
use candidates::{Candidates, Drained};
use census::Census;
use parked::{Parked, more};
use std::cell::{Cell, RefCell};
use std::collections::TryReserveError;
use std::fmt;

/// When so many objects have been made the next candidate asks whether there are many.
const NOW_AND_THEN: usize = 256;

/// The counters and candidates of one thread.
///
/// The weak shares of an object stand in its head, or, while the head's slot is taken by an index,
/// beside the object in the table that the index leads to: among the candidates, or in `parked`.
pub struct LocalStore {
    // (Objects and bytes not side by side: to add to both at once takes more instructions.)
    made: Cell<usize>,
    ended: Cell<usize>,
    bytes_made: Cell<usize>,
    bytes_ended: Cell<usize>,
    census: Census,
    fresh: Cell<usize>,
    /// A collection is due where `fresh` is above this.
    trigger: Cell<usize>,
    /// It is as well where there are candidates and more objects than this.
    crowd: Cell<usize>,
    /// How many were made when this was last asked.
    asked: Cell<usize>,
    /// Bytes that are held outside of the heap.
    external: Cell<usize>,
    /// A collection is due where `external` is above this.
    external_limit: Cell<usize>,
    control: RefCell<Control>,
    /// A collection is going on.
    collecting: Cell<bool>,
    /// [`Space::at_exit`] has been asked for.
    armed: Cell<bool>,
    /// It has been, and the heap is not `ending`: a candidate is entered, and that is all.
    open: Cell<bool>,
    /// The heap's thread is ending: with more candidates than this there is a collection at once.
    ending: Cell<Option<usize>>,
    candidates: RefCell<Candidates<Local>>,
    /// What is kept for the objects in the snapshot, by their place in it.
    parked: RefCell<Vec<Parked>>,
    /// Room that the last collection has left to the next.
    spare: RefCell<Spare<Local>>,
    callbacks: RefCell<Callbacks>,
    extras: RefCell<Extras<Local>>,
}

/// See [`Store::Turn`]: the thread is the one that collects.
#[derive(Debug)]
pub struct LocalTurn(());

impl fmt::Debug for LocalStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalStore").field("tally", &self.tally()).finish_non_exhaustive()
    }
}

impl LocalStore {
    /// An empty one.
    pub(crate) const fn new() -> Self {
        const CONTROL: Control = Control::new();
        LocalStore {
            made: Cell::new(0),
            bytes_made: Cell::new(0),
            ended: Cell::new(0),
            bytes_ended: Cell::new(0),
            census: Census::new(),
            fresh: Cell::new(0),
            trigger: Cell::new(CONTROL.trigger()),
            crowd: Cell::new(CONTROL.crowd()),
            asked: Cell::new(0),
            external: Cell::new(0),
            external_limit: Cell::new(CONTROL.external_limit()),
            control: RefCell::new(CONTROL),
            collecting: Cell::new(false),
            armed: Cell::new(false),
            open: Cell::new(false),
            ending: Cell::new(None),
            candidates: RefCell::new(Candidates::new()),
            parked: RefCell::new(Vec::new()),
            spare: RefCell::new(Spare::NONE),
            callbacks: RefCell::new(Callbacks::new()),
            extras: RefCell::new(Extras::new()),
        }
    }

    /// Works out anew from when on a collection is due.
    fn refresh_trigger(&self) {
        const NEVER: [usize; 3] = [usize::MAX; 3];
        let [trigger, crowd, external_limit] = if self.collecting.get() {
            NEVER
        } else {
            let control = self.control.borrow();
            [control.trigger(), control.crowd(), control.external_limit()]
        };
        self.trigger.set(trigger);
        self.crowd.set(crowd);
        self.external_limit.set(external_limit);
    }

    /// Runs `f` on the shares of an object, wherever they stand. (Not inlined, as little is elsewhere.)
    #[inline(never)]
    fn with_shares<R>(&self, object: Object<Local>, f: impl FnOnce(&mut u32) -> R) -> R {
        let flags = object.head().flags();
        if flags.any(Flags::CAPTURED) {
            f(&mut self.parked.borrow_mut()[object.head().slot() as usize].shares)
        } else if flags.any(Flags::BUFFERED) {
            let place = self.place_of(flags);
            f(self.candidates.borrow_mut().shares(object, place))
        } else {
            let mut shares = object.head().slot();
            let result = f(&mut shares);
            object.head().set_slot(shares);
            result
        }
    }

    #[inline(always)]
    fn forget_candidate(&self, object: Object<Local>) {
        let place = self.place_of(object.head().flags());
        if self.candidates.borrow_mut().remove(object, place) {
            self.fresh.set(self.fresh.get().saturating_sub(1));
        }
    }

    /// Puts an object back that survived as a candidate; it does not count towards the trigger.
    #[inline(never)]
    fn keep_candidate(&self, object: Object<Local>) {
        let flags = object.head().flags();
        if !flags.any(Flags::QUIET) {
            self.candidates.borrow_mut().push_counted_before(object, self.place_of(flags));
        }
    }

    /// Ends a capture: the shares go back to the head, less the snapshot's.
    #[inline]
    fn unpark(&self, object: Object<Local>) -> Parked {
        let head = object.head();
        let mut parked = self.parked.borrow()[head.slot() as usize];
        parked.shares -= 1;
        head.set_slot(parked.shares);
        head.clear(Flags::CAPTURED);
        parked
    }

    /// The same for one that has died by count meanwhile.
    #[cold]
    fn let_dead_go(object: Object<Local>, parked: Parked) -> Let {
        if parked.shares == 0 {
            // SAFETY: the value was dropped when the object died by count, and the
            // snapshot's share was the last.
            unsafe { object.free() };
        }
        Let::Dead
    }

    /// Counts the end of an object that is old or of another era.
    #[cold]
    #[inline(never)]
    fn old_died(&self, flags: Flags) {
        if self.census.old_died(flags) {
            self.control.borrow_mut().schedule.old_died(1);
        }
    }

    /// Asks whether there are so many objects that a collection is due.
    #[cold]
    fn ask(&self) {
        self.asked.set(self.made.get());
        if self.tally().objects() > self.crowd.get() {
            // The next `new` collects.
            self.trigger.set(0);
        }
    }

    /// From here on candidates are not left lying: nobody will come by to collect them.
    #[cold]
    fn begin_ending(&self) {
        self.ending.set(Some(0));
    }
}

/// Counts on. The sums of a lifetime fit in there; on a machine of 32 bits their differences do.
#[inline]
fn add(sum: &Cell<usize>, more: usize) {
    sum.set(sum.get().wrapping_add(more));
}

impl Store<Local> for LocalStore {
    type Turn = LocalTurn;
    type Drained = Drained<Local>;

    const BESIDE: bool = false;

    #[inline]
    fn is_due(&self) -> bool {
        self.fresh.get() > self.trigger.get()
    }

    fn is_external_due(&self) -> bool {
        self.external.get() > self.external_limit.get()
    }

    fn count_external(&self, change: usize) {
        self.external.set(self.external.get().wrapping_add(change));
    }

    fn external(&self) -> usize {
        self.external.get()
    }

    #[inline]
    fn born(&self, flags: Flags, size: usize) -> Flags {
        add(&self.made, 1);
        add(&self.bytes_made, size);
        flags.with(self.census.age_now())
    }

    #[inline]
    fn died(&self, flags: Flags, size: usize) {
        add(&self.ended, 1);
        add(&self.bytes_ended, size);
        if self.census.is_past_middle(flags) {
            self.old_died(flags);
        }
    }

    #[inline]
    fn young_died(&self, flags: Flags, size: usize) -> bool {
        let young = !self.census.is_past_middle(flags);
        if young {
            add(&self.ended, 1);
            add(&self.bytes_ended, size);
        }
        young
    }

    fn count_ended(&self, size: usize) {
        add(&self.bytes_ended, size);
    }

    fn tally(&self) -> Tally {
        Tally {
            made: self.made.get(),
            ended: self.ended.get(),
            bytes_made: self.bytes_made.get(),
            bytes_ended: self.bytes_ended.get(),
        }
    }

    #[inline]
    fn place_of(&self, flags: Flags) -> usize {
        self.census.place_of(flags)
    }

    #[inline]
    fn suspect_simply(&self, object: Object<Local>) -> bool {
        let flags = object.head().flags();
        let entered = !flags.any(Flags::CAPTURED)
            && self.open.get()
            && self.candidates.borrow_mut().push(object, self.place_of(flags));
        if entered {
            self.fresh.set(self.fresh.get() + 1);
            if self.made.get().wrapping_sub(self.asked.get()) >= NOW_AND_THEN {
                self.ask();
            }
        }
        entered
    }

    #[cold]
    #[inline(never)]
    fn suspect(&self, object: Object<Local>) {
        if object.head().flags().any(Flags::CAPTURED) {
            self.parked.borrow_mut()[object.head().slot() as usize].touched = true;
            return;
        }
        self.arm();
        let place = self.place_of(object.head().flags());
        if self.candidates.borrow_mut().push_growing(object, place) {
            self.fresh.set(self.fresh.get() + 1);
        }
    }

    #[inline(always)]
    fn forget(&self, object: Object<Local>) {
        if object.head().flags().any(Flags::BUFFERED) {
            self.forget_candidate(object);
        }
    }

    #[inline]
    fn lend(&self, object: Object<Local>) -> bool {
        let alone = object.head().strong() == 1
            && LocalStore::weak_count(object) == 0
            // Not while a collection looks at it, which a finalizer could bring about.
            && !object.head().flags().any(Flags::CAPTURED);
        if alone {
            self.forget(object);
        }
        alone
    }

    #[inline]
    fn arm(&self) {
        if !self.armed.get() {
            self.armed.set(true);
            self.open.set(Local::at_exit());
            if !self.open.get() {
                self.begin_ending();
            }
        }
    }

    #[inline]
    fn retain_share(object: Object<Local>) {
        let head = object.head();
        if head.flags().any(Flags::PARKED) {
            Local::with_heap(|heap| heap.store.with_shares(object, more));
        } else {
            let mut shares = head.slot();
            more(&mut shares);
            head.set_slot(shares);
        }
    }

    #[inline]
    fn release_share(object: Object<Local>) -> bool {
        let head = object.head();
        if head.flags().any(Flags::PARKED) {
            Local::with_heap(|heap| {
                heap.store.with_shares(object, |shares| {
                    *shares -= 1;
                    *shares == 0
                })
            })
        } else {
            head.set_slot(head.slot() - 1);
            head.slot() == 0
        }
    }

    fn weak_count(object: Object<Local>) -> usize {
        let flags = object.head().flags();
        let shares = Local::with_heap(|heap| heap.store.with_shares(object, |shares| *shares));
        let others =
            if flags.any(Flags::DEAD) { 0 } else { 1 } + u32::from(flags.any(Flags::CAPTURED));
        shares.saturating_sub(others) as usize
    }

    fn with_callbacks<R>(&self, f: impl FnOnce(&mut Callbacks) -> R) -> R {
        f(&mut self.callbacks.borrow_mut())
    }

    fn with_extras<R>(&self, f: impl FnOnce(&mut Extras<Local>) -> R) -> R {
        f(&mut self.extras.borrow_mut())
    }

    #[inline]
    fn with_control<R>(&self, f: impl FnOnce(&mut Control) -> R) -> R {
        let result = f(&mut self.control.borrow_mut());
        self.refresh_trigger();
        result
    }

    #[inline]
    fn fresh(&self) -> usize {
        self.fresh.get()
    }

    #[inline]
    fn has_old_candidates(&self) -> bool {
        let candidates = self.candidates.borrow();
        candidates.has_any(Generation::Old as usize)
            || !self.census.is_frozen() && candidates.has_any(PAST)
    }

    fn turn(&self, _: bool) -> Option<LocalTurn> {
        self.collecting.set(true);
        self.refresh_trigger();
        Some(LocalTurn(()))
    }

    fn step_out(&self, _: &mut LocalTurn, _: &mut dyn Iterator<Item = (u32, Object<Local>)>) {}

    fn step_in(&self, _: &mut LocalTurn, _: &mut dyn Iterator<Item = (u32, Object<Local>)>) {}

    fn reach(&self, _: &LocalTurn, generation: Generation) -> Reach {
        self.census.reach(generation)
    }

    fn freeze(&self, _: &mut LocalTurn) -> bool {
        let live = self.tally().objects();
        let era = self.census.free_era(live);
        if era.is_some() && !self.candidates.borrow_mut().age() {
            return false;
        }
        let frozen_now = self.census.set_frozen(true);
        let gone = if let Some(era) = era {
            self.census.begin(era, live);
            usize::MAX
        } else if frozen_now {
            self.census.in_past()
        } else {
            0
        };
        self.reset_fresh();
        self.control.borrow_mut().schedule.freeze(gone);
        true
    }

    fn unfreeze(&self, _: &mut LocalTurn) {
        if self.census.set_frozen(false) {
            self.control.borrow_mut().schedule.unfreeze(self.census.in_past());
        }
    }

    fn frozen(&self) -> usize {
        if self.census.is_frozen() { self.census.in_past() } else { 0 }
    }

    #[inline]
    fn reset_fresh(&self) -> usize {
        self.candidates.borrow_mut().forget_counts();
        self.fresh.replace(0)
    }

    fn drain(&self, _: &mut LocalTurn, generation: Generation) -> Drained<Local> {
        let past = generation == Generation::Old && !self.census.is_frozen();
        let last = if past { PAST } else { generation as usize };
        self.candidates.borrow_mut().drain(last)
    }

    #[inline]
    fn capture_candidates(
        &self,
        _: &mut LocalTurn,
        drained: &mut Drained<Local>,
        snapshot: &mut impl Room<Local>,
    ) -> bool {
        if !snapshot.make(drained.len()) {
            return false;
        }
        drained.sort();
        let parked = &mut *self.parked.borrow_mut();
        drained.for_each(|object, shares| {
            let number = snapshot.next_number();
            append(parked, Parked::new(shares, false));
            object.head().set_slot(number);
            object.head().change(Flags::BUFFERED, Flags::CAPTURED);
            snapshot.enter(object);
        });
        true
    }

    fn undo_drain(&self, _: &mut LocalTurn, mut drained: Drained<Local>, captured: bool) {
        if captured {
            drained.restore(|object| {
                let shares = self.unpark(object).shares;
                let dead = object.head().flags().any(Flags::DEAD);
                if dead && shares == 0 {
                    // SAFETY: the value was dropped when the object died by count, and the
                    // snapshot's share was the last.
                    unsafe { object.free() };
                }
                (!dead).then_some(shares)
            });
        }
        self.candidates.borrow_mut().undo_drain(drained);
    }

    #[inline]
    fn recycle(&self, drained: Drained<Local>) {
        self.candidates.borrow_mut().recycle(drained);
    }

    fn reserve(&self, all: usize) -> Result<(), TryReserveError> {
        let mut parked = self.parked.borrow_mut();
        let more = all.saturating_sub(parked.len());
        parked.try_reserve_exact(more)
    }

    #[inline]
    fn capture(&self, object: Object<Local>, number: u32) {
        // Buffered since the candidates were drained: by what a trace has dropped.
        let touched = object.head().flags().any(Flags::BUFFERED);
        if touched {
            self.forget(object);
        }
        let head = object.head();
        append(&mut self.parked.borrow_mut(), Parked::new(head.slot(), touched));
        head.set_slot(number);
        head.set(Flags::CAPTURED);
    }

    #[inline]
    fn let_go(
        &self,
        _: &mut LocalTurn,
        object: Object<Local>,
        next: Option<Generation>,
        keep: bool,
    ) -> Let {
        let parked = self.unpark(object);
        let flags = object.head().flags();
        if flags.any(Flags::DEAD) {
            return Self::let_dead_go(object, parked);
        }
        if let Some(next) = next {
            self.census.move_on(object, flags, next);
        }
        if parked.touched || keep {
            self.keep_candidate(object);
        }
        Let::Go
    }

    #[inline]
    fn bury(&self, object: Object<Local>) -> End {
        let head = object.head();
        // The snapshot's goes, and the value's, unless a destructor has leaked handles to
        // it (it panicked, or there is a `ManuallyDrop`). Nobody can be shown to be
        // without one then, so the value's share is never given back.
        let leaked = head.strong() != 0;
        let kept = self.parked.borrow()[head.slot() as usize].shares;
        let shares = kept - 1 - u32::from(!leaked);
        if shares == 0 {
            // SAFETY: the value is dropped, and no share is left.
            unsafe { object.free() };
        } else {
            head.set_slot(shares);
            head.clear(Flags::CAPTURED);
        }
        if leaked { End::Leaked } else { End::Done }
    }

    fn take_spare(&self) -> Spare<Local> {
        self.spare.replace(Spare::NONE)
    }

    fn keep_spare(&self, mut spare: Spare<Local>) {
        spare.empty();
        self.spare.replace(spare);
    }

    fn end(&self, _: LocalTurn) {
        self.collecting.set(false);
        spare::empty(&mut self.parked.borrow_mut());
        self.refresh_trigger();
    }

    fn give_back_memory(&self, kept: usize) {
        self.candidates.borrow_mut().give_back_memory(kept);
        self.callbacks.borrow_mut().give_back_memory();
        if kept == 0 {
            give_back(&mut self.parked.borrow_mut(), 0);
            self.spare.replace(Spare::NONE);
        }
    }

    fn is_due_at_end(&self) -> bool {
        self.ending.get().is_some_and(|patience| self.fresh.get() > patience)
    }

    /// The next is due when there are candidates for a quarter of what this one has looked at.
    fn looked_at_end(&self, visited: usize) {
        // One that has given up has looked at nothing, and tells nothing.
        if visited > 0 {
            self.ending.set(Some(visited / 4));
        }
    }

    fn disarm(&self) {
        self.armed.set(false);
        self.open.set(false);
    }

    fn is_ending(&self) -> bool {
        self.ending.get().is_some()
    }
}
