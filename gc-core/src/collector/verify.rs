//! Verification: what was found unreachable piece by piece is looked at as a whole.
//!
//! Beside running threads a snapshot is no picture of one moment. So before suspects are taken
//! for dead, each group of them is locked, read anew and counted, and counted again after the
//! locks are released. The README of this folder says why that is enough.

use super::components::Components;
use super::graph::Exhausted;
use super::snapshot::{MOST_LOOKS, Snapshot};
use crate::gc_box::Object;
use crate::heap::{self, Fate, Space, Store};
use crate::primitive::{lock, mutated};
use crate::sharing::{Flags, Head, Sight, claims};
use crate::trace::Tracer;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What is done with those that pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// Their finalizers are to run: they are left as they are.
    Finalize,
    /// DEAD is set on all of a group, and from then on no weak handle upgrades.
    Kill,
}

/// Looks at the suspects once more. Those that somebody has got hold of are live afterwards.
///
/// So are those, the first time, whose last handle was dropped since they were captured: they have
/// died by count, and end like that when the snapshot's handle goes, before any garbage does.
/// Whoever dropped it may have others wait for that, a destructor of garbage among them. After
/// `finalizers` what has no handle has lost it to one of them, and is garbage.
pub(super) fn confirm<S: Space>(snapshot: &mut Snapshot<S>, then: Then, finalizers: bool) {
    if !S::Store::BESIDE {
        // One thread needs no second look.
        return;
    }
    let is_suspect = |number: u32| snapshot.fates[number as usize] == Fate::Suspect;
    // To hold little for a short time: one cycle after the other, those first that no other
    // leads to. For finalizers none may be let off before all are known.
    let groups = match then {
        #[cfg(all(test, loom))]
        Then::Kill if crate::primitive::guess::TOGETHER.get() => {
            Components::one(&snapshot.graph, is_suspect)
        }
        Then::Kill if mutated!("one_fails_all_live") => {
            Components::one(&snapshot.graph, is_suspect)
        }
        Then::Kill => Components::find(&snapshot.graph, is_suspect),
        Then::Finalize => Components::one(&snapshot.graph, is_suspect),
    };
    if then == Then::Kill {
        // Who owns them may have changed since.
        snapshot.callbacks.clear();
    }
    let (Ok(groups), Ok(mut group)) = (groups, Group::new(snapshot)) else {
        // Without memory to make sure nothing is dead.
        snapshot.settle(Fate::Suspect, |_, _| Fate::Live);
        return;
    };
    for members in groups.iter() {
        group.look_until_whole(snapshot, members, then);
        if mutated!("locks_released_before_count") {
            group.release(snapshot);
        }
        group.count(snapshot, finalizers);
        if mutated!("pins_under_guards") {
            drop_survivors(snapshot);
        }
        group.release(snapshot);
        group.decide(snapshot, then);
    }
}

/// A mutation: those that have left are given back while guards are held.
fn drop_survivors<S: Space>(snapshot: &mut Snapshot<S>) {
    snapshot.settle(Fate::Live, |_, object| {
        object.head().clear(Flags::CAPTURED);
        S::with_heap(|heap| heap.drop_handle(object));
        Fate::Gone
    });
}

/// One of those that are looked at together.
#[derive(Debug)]
struct Member {
    number: u32,
    /// Where its edges begin, and end.
    edges: (usize, usize),
    /// Where its guards begin.
    guards: usize,
    /// What was seen of its count.
    sight: Option<Sight>,
    /// Weak handles to it wait.
    claimed: bool,
}

/// The group that is being looked at, and what is known of those before it.
#[derive(Debug)]
struct Group {
    /// For each number: the edges to it from the group, and from the dead before it.
    incoming: Vec<u32>,
    /// In ascending order. Those that have left have another fate than `Suspect`.
    members: Vec<Member>,
    /// The members' edges, by number.
    edges: Vec<u32>,
    /// Members that have left, whose edges have yet to be followed.
    leaving: Vec<usize>,
}

impl Group {
    fn new<S: Space>(snapshot: &Snapshot<S>) -> Result<Self, Exhausted> {
        let mut incoming = Vec::new();
        incoming.try_reserve_exact(snapshot.objects.len())?;
        incoming.resize(snapshot.objects.len(), 0);
        Ok(Group { incoming, members: Vec::new(), edges: Vec::new(), leaving: Vec::new() })
    }

    /// Step 4, as often as it takes: where a trace panics nothing can be told about anybody of the group, as the
    /// panic hook is user code, and may have moved handles behind locks that let this thread in.
    /// Whose trace has panicked is not asked again.
    fn look_until_whole<S: Space>(
        &mut self,
        snapshot: &mut Snapshot<S>,
        members: &[u32],
        then: Then,
    ) {
        let callbacks = snapshot.callbacks.len();
        for _ in 0..MOST_LOOKS {
            if self.look_at(snapshot, members, then) {
                return;
            }
            snapshot.found.release();
            for &target in &self.edges {
                self.incoming[target as usize] -= 1;
            }
            self.members.clear();
            snapshot.callbacks.truncate(callbacks);
        }
        members.iter().for_each(|&number| snapshot.fates[number as usize] = Fate::Live);
    }

    /// Step 4: reads every member anew, and keeps the locks that stand around what was read.
    /// `false` if user code has run meanwhile.
    fn look_at<S: Space>(
        &mut self,
        snapshot: &mut Snapshot<S>,
        members: &[u32],
        then: Then,
    ) -> bool {
        let (panics, mut whole) = (snapshot.panics.len(), true);
        self.members.clear();
        self.edges.clear();
        let room = self.members.try_reserve(members.len());
        let room = room.and_then(|()| self.leaving.try_reserve(members.len()));
        for &number in members {
            if room.is_err() {
                snapshot.fates[number as usize] = Fate::Live;
            }
            if snapshot.fates[number as usize] != Fate::Suspect {
                continue;
            }
            let guards = snapshot.found.held.len();
            let start = self.edges.len();
            let seen = self.read(snapshot, number, then, &mut whole);
            if !seen {
                self.edges.truncate(start);
                snapshot.fates[number as usize] = Fate::Live;
            }
            for &target in &self.edges[start..] {
                self.incoming[target as usize] += 1;
            }
            if mutated!("locks_released_one_by_one") {
                snapshot.found.held.release_after(guards);
            }
            let edges = (start, self.edges.len());
            self.members.push(Member { number, edges, guards, sight: None, claimed: false });
        }
        whole && snapshot.panics.len() == panics
    }

    /// Reads the edges of one object; `false` if not all of it could be seen. `whole` is cleared
    /// where a guard could not be kept, whose release may have run a waker.
    fn read<S: Space>(
        &mut self,
        snapshot: &mut Snapshot<S>,
        number: u32,
        then: Then,
        whole: &mut bool,
    ) -> bool {
        let object = snapshot.objects[number as usize];
        let found = &mut snapshot.found;
        found.edges.clear();
        found.callbacks.clear();
        (found.busy, found.exhausted) = (false, false);
        let traced = catch_unwind(AssertUnwindSafe(|| {
            // SAFETY: the snapshot's handle keeps the value; a unique reference to it
            // can't be had while there is that handle, which is dropped when all guards are released.
            unsafe { heap::trace(object, &mut Tracer::new(S::KIND, found)) };
        }));
        if let Err(payload) = traced {
            // Its guards are released with those of the others.
            snapshot.panics.push((object.type_name(), payload));
            return false;
        }
        *whole &= !found.exhausted;
        if then == Then::Kill && !found.callbacks.is_empty() {
            if snapshot.callbacks.try_reserve(found.callbacks.len()).is_err() {
                return false;
            }
            snapshot.callbacks.extend(found.callbacks.drain(..).map(|callback| (number, callback)));
        }
        if found.busy || found.exhausted || self.edges.try_reserve(found.edges.len()).is_err() {
            return false;
        }
        for &target in &found.edges {
            // SAFETY: the object owns the handle and the locks around it are held, as when the
            // snapshot was made.
            let target = unsafe { Object::<S>::from_target(target) };
            let head = target.head();
            if head.flags().any(Flags::CAPTURED)
                && snapshot.fates[head.slot() as usize] == Fate::Suspect
            {
                self.edges.push(head.slot());
            }
        }
        true
    }

    /// Step 5, the first pass: whose handles are not all known leaves.
    fn count<S: Space>(&mut self, snapshot: &mut Snapshot<S>, finalizers: bool) {
        let fate = |member: &Member| snapshot.fates[member.number as usize];
        if mutated!("one_fails_all_live") && self.members.iter().any(|it| fate(it) != Fate::Suspect)
        {
            (0..self.members.len()).for_each(|place| self.let_out(snapshot, place));
            self.leaving.clear();
        }
        for place in 0..self.members.len() {
            let number = self.members[place].number as usize;
            if snapshot.fates[number] != Fate::Suspect {
                continue;
            }
            let object = snapshot.objects[number];
            let sight = object.head().see();
            self.members[place].sight = Some(sight);
            let (known, handles) =
                (self.incoming[number] as usize, object.head().handles_seen(sight));
            let died = handles == Some(0) && !finalizers;
            if died || handles != Some(known) {
                self.leave(snapshot, place);
            }
        }
    }

    /// Step 6: releases the locks. In slots without a lock something may have changed.
    fn release<S: Space>(&mut self, snapshot: &mut Snapshot<S>) {
        for place in (0..self.members.len()).rev() {
            if !snapshot.found.held.release_after(self.members[place].guards) {
                self.leave(snapshot, place);
            }
        }
    }

    /// Step 7, the second pass, and what follows from it.
    fn decide<S: Space>(&mut self, snapshot: &mut Snapshot<S>, then: Then) {
        // For whoever finds a member claimed. No guard is held, so nobody who has this waits for us.
        let mut claiming = None;
        for place in 0..self.members.len() {
            let number = self.members[place].number as usize;
            if snapshot.fates[number] != Fate::Suspect {
                continue;
            }
            let object = snapshot.objects[number];
            let before = || {
                claiming.get_or_insert_with(|| lock(claims()));
                true
            };
            let sight = self.members[place].sight;
            let claimed = sight.and_then(|sight| object.head().claim(sight, before));
            match claimed {
                Some(claimed) => self.members[place].claimed = claimed,
                None => self.leave(snapshot, place),
            }
        }
        for member in &self.members {
            let object = snapshot.objects[member.number as usize];
            if snapshot.fates[member.number as usize] != Fate::Suspect {
                continue;
            }
            match then {
                Then::Kill => {
                    // No number any more: other collections may come before its end.
                    object.head().clear(Flags::CAPTURED);
                    if mutated!("dead_one_by_one") {
                        object.head().unclaim();
                    } else {
                        object.head().kill(member.claimed, false);
                    }
                }
                Then::Finalize if mutated!("finalizers_under_claims") => {}
                Then::Finalize if member.claimed => object.head().unclaim(),
                Then::Finalize => {}
            }
        }
        drop(claiming);
    }

    /// The member at `place` lives, and with it all that it reaches. Its edges count no more.
    fn leave<S: Space>(&mut self, snapshot: &mut Snapshot<S>, place: usize) {
        self.let_out(snapshot, place);
        if mutated!("leaves_alone") {
            self.leaving.clear();
        }
        while let Some(place) = self.leaving.pop() {
            let (start, end) = self.members[place].edges;
            for edge in start..end {
                let target = self.edges[edge];
                self.incoming[target as usize] -= 1;
                if let Ok(place) =
                    self.members.binary_search_by_key(&target, |member| member.number)
                {
                    self.let_out(snapshot, place);
                }
            }
        }
    }

    fn let_out<S: Space>(&mut self, snapshot: &mut Snapshot<S>, place: usize) {
        let member = &mut self.members[place];
        let fate = &mut snapshot.fates[member.number as usize];
        if *fate != Fate::Suspect {
            return;
        }
        *fate = Fate::Live;
        if std::mem::take(&mut member.claimed) {
            snapshot.objects[member.number as usize].head().unclaim();
        }
        // There is room for all members, and each comes once.
        self.leaving.push(place);
    }
}
