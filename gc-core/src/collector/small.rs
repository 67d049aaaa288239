//! Small garbage, ended before there is a snapshot.
//!
//! Most cycles are small, and hang from one candidate. What such a candidate reaches is locked
//! and read once, and counted twice while the locks are held. If all of it is garbage, it is dead
//! before the next candidate is looked at, and no graph knows of it. Otherwise everything is put back,
//! and the candidate goes the ordinary way. The README of this folder says why that is enough.

use crate::gc_box::Object;
use crate::heap::{self, Effort, Known, Reach, SmallSpare, Space};
use crate::primitive::{mutated, small, try_lock};
use crate::sharing::{Flags, Head, Sharing, claims};
use crate::trace::{Found, Tracer};
use crate::unraisable::dismiss;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;

/// Room is made for so many objects at once.
const FEW: usize = 32;

/// The object of a trace that has panicked, by now maybe freed, the name of its type, and the payload.
type Panic<S> = (Object<S>, &'static str, Box<dyn Any + Send>);

/// The looks at what single candidates reach.
#[derive(Debug)]
pub(super) struct Small<S: Sharing> {
    /// The dead, and after them, while a look goes on, those that it has met.
    objects: Vec<Object<S>>,
    /// How many are dead.
    ended: usize,
    /// What is known of the others, by number. (Who is CAPTURED and not here is in the snapshot.)
    known: Vec<Known>,
    /// How many of them have been asked for their edges.
    read: usize,
    /// What that took, see [`Effort`].
    work: usize,
    /// What it may take.
    most: usize,
    /// The weak callbacks whose handle one of the dead owns.
    callbacks: Vec<(NonNull<()>, u64)>,
    effort: Effort,
    /// It is tried in this collection at all.
    allowed: bool,
    /// How many candidates were ended.
    candidates: usize,
    panic: Option<Panic<S>>,
}

impl<S: Space> Small<S> {
    /// No looks yet, in the room of the last collection and with what is known from it.
    pub(super) fn new(spare: SmallSpare<S>) -> Self {
        Small {
            objects: spare.objects,
            ended: 0,
            known: spare.known,
            read: 0,
            work: 0,
            most: 0,
            callbacks: Vec::new(),
            effort: spare.effort,
            allowed: false,
            candidates: 0,
            panic: None,
        }
    }

    /// What the next collection is to begin with.
    pub(super) fn into_spare(self) -> SmallSpare<S> {
        SmallSpare { objects: self.objects, known: self.known, effort: self.effort }
    }

    /// From here on candidates are looked at, each look with so much work at most.
    pub(super) fn allow(&mut self, most: usize) {
        self.most = most;
        self.effort.begin();
        self.allowed = small();
    }

    /// How many candidates were ended.
    pub(super) fn candidates(&self) -> usize {
        self.candidates
    }

    /// The dead, with a handle of ours to each, whose values are yet to be dropped.
    pub(super) fn ended(&self) -> &[Object<S>] {
        &self.objects
    }

    /// The same, for who is done with them.
    pub(super) fn take_ended(&mut self) -> impl Iterator<Item = Object<S>> + '_ {
        self.ended = 0;
        self.objects.drain(..)
    }

    /// The weak callbacks whose handle one of the dead owns.
    pub(super) fn callbacks(&self) -> impl Iterator<Item = (NonNull<()>, u64)> + '_ {
        self.callbacks.iter().copied()
    }

    /// What a trace has panicked with, and the type of its object.
    pub(super) fn take_panic(&mut self) -> Option<(&'static str, Box<dyn Any + Send>)> {
        self.panic.take().map(|(_, name, payload)| (name, payload))
    }

    /// The trace of `object` has panicked again, and that will be told.
    #[cold]
    pub(super) fn forget_panic(&mut self, object: Object<S>) {
        if let Some((_, _, payload)) = self.panic.take_if(|(asked, ..)| *asked == object) {
            dismiss(payload);
        }
    }

    /// Ends `candidate` with all that it reaches within `reach`, if that is garbage and nothing is out
    /// of the ordinary. The caller has a handle to it, which is given over then.
    ///
    /// The caller has the right to collect, and what is CAPTURED is in the snapshot.
    pub(super) fn ends(
        &mut self,
        candidate: Object<S>,
        reach: Reach,
        found: &mut Found,
    ) -> Option<usize> {
        if !self.allowed || !self.effort.is_worth_it() {
            return None;
        }
        found.callbacks.clear();
        (found.busy, found.exhausted, found.loose) = (false, false, false);
        (self.read, self.work, found.many) = (0, 0, true);
        let read = catch_unwind(AssertUnwindSafe(|| self.read(candidate, reach, found)));
        if mutated!("locks_released_before_count") {
            found.release();
        }
        found.many = false;
        let whole = read.unwrap_or_else(|payload| self.panicked(payload));
        let ends = whole && self.is_garbage(found) && self.count() && self.kill();
        let listed = self.objects[self.ended..].iter().filter(|object| object.head().is_listed());
        let entries = ends.then(|| listed.count());
        self.end(ends, found);
        entries
    }

    /// Captures the candidate and what it reaches, and keeps all locks that it takes for that;
    /// `false` if this is no case for a small look.
    ///
    /// The others have no handle of ours. Each is there for as long as the edge that it was met by,
    /// which is as long as the locks are held: it stands behind one of them, or in a field
    /// that does not change, of an object that is there for the same reason.
    fn read(&mut self, candidate: Object<S>, reach: Reach, found: &mut Found) -> bool {
        let mut whole = self.enter(candidate, candidate.head().flags());
        while whole && let Some(&object) = self.objects.get(self.ended + self.read) {
            self.read += 1;
            found.edges.clear();
            // SAFETY: the value is not dropped, see above; a unique reference to it can't be had while
            // there are an edge to it and the candidate's handle. The guards are released the last first.
            unsafe { heap::trace(object, &mut Tracer::new(S::KIND, found)) };
            self.work += Effort::of_edges(found.edges.len());
            let loose = found.loose && !mutated!("small_trusts_slots");
            let usual = !(found.busy || found.exhausted || loose) && self.work < self.most;
            whole = usual
                && found.edges.iter().all(|&target| {
                    // SAFETY: the object owns the handle, and it stays in its place until the guards
                    // are released.
                    self.meet(unsafe { Object::from_target(target) }, reach)
                });
            if mutated!("locks_released_one_by_one") {
                found.release();
            }
        }
        whole
    }

    /// Passes an edge; `false` if this is no case for a small look.
    #[inline]
    fn meet(&mut self, target: Object<S>, reach: Reach) -> bool {
        let head = target.head();
        let flags = head.flags();
        if flags.any(Flags::CAPTURED) {
            let number = head.slot() as usize;
            let known = self.known.get_mut(number);
            let known = known.filter(|_| self.objects[self.ended + number] == target);
            // Others went the ordinary way, and who reaches them has to as well.
            return known.map(|known| known.edges += 1).is_some();
        }
        let outside = flags.any(Flags::LEAF.with(Flags::DEAD)) || !reach.takes(flags);
        outside || self.enter(target, flags)
    }

    /// Captures `object`; `false` if its finalizer is to run first, or there is no room.
    #[inline]
    fn enter(&mut self, object: Object<S>, flags: Flags) -> bool {
        let number = self.known.len();
        let full = self.objects.len() == self.objects.capacity() || number == self.known.capacity();
        if !flags.any(Flags::FINALIZED) || full && !self.grow() {
            return false;
        }
        object.head().set_slot(u32::try_from(number).unwrap_or(u32::MAX));
        if number == 0 {
            // The candidate, of which the caller has a handle.
            object.head().set(Flags::CAPTURED);
        } else {
            object.head().meet();
        }
        self.objects.push(object);
        self.known.push(Known::default());
        true
    }

    /// Room for more, unless there are too many.
    #[cold]
    #[inline(never)]
    fn grow(&mut self) -> bool {
        let room = self.objects.try_reserve(FEW);
        let room = room.and_then(|()| self.known.try_reserve(FEW)).is_ok();
        room && self.known.len() < self.most
    }

    /// A trace has panicked. It will be asked again, but not here.
    #[cold]
    fn panicked(&mut self, payload: Box<dyn Any + Send>) -> bool {
        let asked = self.objects[self.ended + self.read - 1];
        self.panic = Some((asked, asked.type_name(), payload));
        self.allowed = false;
        false
    }

    /// Those that have been met, with what is known of them.
    #[inline]
    fn met(&mut self) -> impl Iterator<Item = (Object<S>, &mut Known)> {
        self.objects[self.ended..].iter().copied().zip(&mut self.known)
    }

    /// Whether it looks as if only themselves had handles to them.
    ///
    /// A candidate without any has died by count meanwhile, and ends so when the drain's is
    /// dropped.
    fn is_garbage(&mut self, found: &Found) -> bool {
        let owned = found.callbacks.len();
        (owned == 0 || self.callbacks.try_reserve(owned).is_ok())
            && self.known[0].edges > 0
            && self.met().all(|(object, known)| object.head().handles() == known.edges as usize)
    }

    /// The first pass: notes the counts, and whether they are still all known.
    fn count(&mut self) -> bool {
        self.met().all(|(object, known)| {
            known.sight = object.head().see();
            object.head().handles_seen(known.sight) == Some(known.edges as usize)
        })
    }

    /// The second pass, under the claim mutex where there are weak handles. If nothing has changed
    /// all of them are dead from here on.
    fn kill(&mut self) -> bool {
        let mut claiming = None;
        // Not waited for, as locks are held.
        let mut before = || {
            claiming = claiming.take().or_else(|| try_lock(claims()));
            claiming.is_some()
        };
        let same = self.met().all(|(object, known)| {
            let claimed = object.head().claim(known.sight, &mut before);
            known.claimed = claimed == Some(true);
            claimed.is_some()
        });
        // The candidate has a handle of ours already.
        let mut pin = false;
        for (object, known) in self.met() {
            let head = object.head();
            if same && !mutated!("dead_one_by_one") {
                head.kill(known.claimed, pin);
            } else if known.claimed {
                head.unclaim();
            }
            if same && pin && mutated!("dead_one_by_one") {
                head.retain();
            }
            pin = true;
        }
        drop(claiming);
        same
    }

    /// Ends the look: all is as it was before, or dead.
    fn end(&mut self, ends: bool, found: &mut Found) {
        if mutated!("small_lets_go_late") {
            found.release();
        }
        // No numbers any more, as long as all of them are there for certain.
        self.met().for_each(|(object, _)| object.head().clear(Flags::CAPTURED));
        // The last first: so each lock stands in an object that is there.
        found.release();
        self.known.clear();
        if ends {
            self.candidates += 1;
            self.ended = self.objects.len();
            self.callbacks.append(&mut found.callbacks);
            self.effort.gained(self.work);
        } else {
            self.objects.truncate(self.ended);
            self.effort.lost(self.work);
            // What this look lacked concerns nobody else.
            found.exhausted = false;
            found.callbacks.clear();
        }
    }
}
