//! Small garbage, ended before there is a snapshot.
//!
//! Most cycles are small, and hang from one candidate. What such a candidate reaches is locked
//! and read once, and counted twice while the locks are held. If all of it is garbage, it is dead
//! before the next candidate is looked at, and no graph knows of it. Otherwise everything is put back, and
//! the candidate goes the ordinary way. The README of this folder says why that is enough.

use crate::gc_box::Object;
use crate::heap::{self, Effort, Reach, Space};
use crate::primitive::{mutated, small, try_lock};
use crate::sharing::{Flags, Head, Sharing, Sight, claims};
use crate::trace::{Found, Tracer};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;

/// What reaches more objects than this is not small: a thread may wait for as long as they are
/// looked at.
const MOST: usize = 64;

/// One of those that a candidate reaches, the candidate itself being the first.
#[derive(Debug)]
struct Member<S: Sharing> {
    object: Object<S>,
    /// The edges into it, less the one that it was met by. For the candidate these are all: the
    /// handle that is not among them is the one that the drain has taken.
    edges: usize,
    /// What was seen of its count.
    sight: Option<Sight>,
    /// Weak handles to it wait.
    claimed: bool,
}

/// The looks at what single candidates reach.
#[derive(Debug)]
pub(super) struct Small<S: Sharing> {
    /// Those of the look that is going on, by number. CAPTURED and not here is in the snapshot.
    members: Vec<Member<S>>,
    /// How many of them have been asked for their edges.
    read: usize,
    /// Objects and edges that this look has met.
    work: usize,
    effort: Effort,
    /// It is tried in this collection at all.
    allowed: bool,
    /// How many candidates were ended.
    pub(super) candidates: usize,
    /// DEAD, and their values yet to be dropped. There is a handle to each.
    pub(super) ended: Vec<Object<S>>,
    /// The weak callbacks whose handle one of these owns.
    pub(super) callbacks: Vec<(NonNull<()>, u64)>,
    /// What a trace has panicked with, which is asked again then, and the type of its object.
    pub(super) panic: Option<(&'static str, Box<dyn Any + Send>)>,
}

impl<S: Space> Small<S> {
    /// No looks yet, in the room of the last collection and with what is known from it.
    pub(super) fn new(ended: Vec<Object<S>>, effort: Effort) -> Self {
        Small {
            members: Vec::new(),
            read: 0,
            work: 0,
            effort,
            allowed: false,
            candidates: 0,
            ended,
            callbacks: Vec::new(),
            panic: None,
        }
    }

    /// What the next collection is to begin with.
    pub(super) fn into_spare(self) -> (Vec<Object<S>>, Effort) {
        (self.ended, self.effort)
    }

    /// From here on candidates are looked at.
    pub(super) fn allow(&mut self) {
        self.effort.begin();
        self.allowed = small() && self.members.try_reserve_exact(MOST).is_ok();
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
    ) -> bool {
        if !self.allowed || !self.effort.is_worth_it() {
            return false;
        }
        self.members.clear();
        (self.read, self.work) = (0, 0);
        found.callbacks.clear();
        (found.busy, found.exhausted, found.loose) = (false, false, false);
        let read = catch_unwind(AssertUnwindSafe(|| self.read(candidate, reach, found)));
        let whole = read.unwrap_or_else(|payload| {
            let asked = self.members[self.read - 1].object;
            self.panic = Some((asked.type_name(), payload));
            self.allowed = false;
            false
        });
        if mutated!("locks_released_before_count") {
            found.release();
        }
        let ends = whole && self.is_garbage(found) && self.count() && self.kill();
        if ends {
            self.candidates += 1;
            self.effort.gained(self.work);
            self.ended.extend(self.members.iter().map(|member| member.object));
            self.callbacks.append(&mut found.callbacks);
        } else {
            self.effort.lost(self.work);
        }
        if mutated!("small_lets_go_late") {
            found.release();
        }
        // No numbers any more, while all of them are there for certain.
        for member in &self.members {
            member.object.head().clear(Flags::CAPTURED);
        }
        // The last first, so that the object which a lock stands in is there for as long.
        found.release();
        ends
    }

    /// Captures the candidate and what it reaches, and keeps all locks that it takes for that;
    /// `false` if this is no case for a small look.
    ///
    /// The others have no handle of ours. Each is there for as long as the edge that it was met by,
    /// which is as long as the locks are held: it stands behind one of them, or in a field
    /// that does not change, of an object that is there for the same reason.
    fn read(&mut self, candidate: Object<S>, reach: Reach, found: &mut Found) -> bool {
        self.enter(candidate);
        while let Some(member) = self.members.get(self.read) {
            let object = member.object;
            self.read += 1;
            found.edges.clear();
            // SAFETY: the value is not dropped, see above; a unique reference to it can't be had
            // while an edge leads to it beside the candidate's handle or that of another. The guards are
            // released the last first.
            unsafe { heap::trace(object, &mut Tracer::new(S::KIND, found)) };
            self.work += 1 + found.edges.len();
            let loose = found.loose && !mutated!("small_trusts_slots");
            if found.busy || found.exhausted || loose {
                return false;
            }
            for &target in &found.edges {
                // SAFETY: the object owns the handle, and it stays in its place until the guards
                // are released.
                let target = unsafe { Object::from_target(target) };
                if !self.meet(target, reach) {
                    return false;
                }
            }
            if mutated!("locks_released_one_by_one") {
                found.release();
            }
        }
        true
    }

    /// Passes an edge; `false` if this is no case for a small look.
    #[inline]
    fn meet(&mut self, target: Object<S>, reach: Reach) -> bool {
        let head = target.head();
        let flags = head.flags();
        if flags.any(Flags::CAPTURED) {
            return match self.members.get_mut(head.slot() as usize) {
                Some(member) if member.object == target => {
                    member.edges += 1;
                    true
                }
                // It went the ordinary way, and who reaches it has to as well.
                _ => false,
            };
        }
        let outside = Flags::LEAF.with(Flags::DEAD);
        if flags.any(outside) || !reach.takes(flags) {
            return true;
        }
        let small = self.members.len() < MOST;
        if small {
            self.enter(target);
        }
        small
    }

    /// Captures `object`. There is room.
    #[inline]
    fn enter(&mut self, object: Object<S>) {
        let head = object.head();
        head.set_slot(u32::try_from(self.members.len()).unwrap_or(u32::MAX));
        head.set(Flags::CAPTURED);
        self.members.push(Member { object, edges: 0, sight: None, claimed: false });
    }

    /// Whether it looks as if only themselves had handles to them, and there is nothing to be done
    /// before they end but to make sure of that.
    ///
    /// A candidate without any handle has died by count meanwhile, and ends so when the drain's is
    /// dropped.
    fn is_garbage(&mut self, found: &Found) -> bool {
        let room = self.ended.try_reserve(self.members.len());
        let room = room.and_then(|()| self.callbacks.try_reserve(found.callbacks.len()));
        room.is_ok()
            && self.members[0].edges > 0
            && self.members.iter().all(|&Member { object, edges, .. }| {
                let head = object.head();
                head.handles() == edges && head.flags().any(Flags::FINALIZED)
            })
    }

    /// The first pass: notes the counts, and whether they are still all known.
    fn count(&mut self) -> bool {
        self.members.iter_mut().all(|member| {
            let head = member.object.head();
            let sight = head.see();
            member.sight = Some(sight);
            head.handles_seen(sight) == Some(member.edges)
        })
    }

    /// The second pass, under the claim mutex where there are weak handles; if nothing has changed
    /// all of them are dead from here on. Who has that mutex waits for nothing, but is not waited for
    /// either, as locks are held.
    fn kill(&mut self) -> bool {
        let mut claiming = None;
        let mut before = || {
            claiming = claiming.take().or_else(|| try_lock(claims()));
            claiming.is_some()
        };
        let same = self.members.iter_mut().all(|member| {
            let sight = member.sight;
            let claimed = sight.and_then(|sight| member.object.head().claim(sight, &mut before));
            member.claimed = claimed == Some(true);
            claimed.is_some()
        });
        for (number, member) in self.members.iter().enumerate() {
            let head = member.object.head();
            // The candidate has a handle of ours already.
            let pin = number > 0;
            if same && !mutated!("dead_one_by_one") {
                head.kill(member.claimed, pin);
            } else {
                if same && pin {
                    head.retain();
                }
                if member.claimed {
                    head.unclaim();
                }
            }
        }
        drop(claiming);
        same
    }
}
