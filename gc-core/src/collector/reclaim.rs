//! The last steps: survivors are let go and promoted, garbage is finalized and reclaimed.

use super::graph::Exhausted;
use super::snapshot::Snapshot;
use crate::gc_box::Object;
use crate::heap::{Drained, Fate, Generation, Heap, OnPanic, Report, Space};
use crate::sharing::{Flags, Head};
use crate::unraisable::{UserCode, guarded};
use std::cell::Cell;

/// Ends the capture of an object that lives on, and tells whether a handle to it was
/// dropped meanwhile. `None` for one that has died by count: its box is freed, unless
/// weak handles keep it.
fn let_go<S: Space>(heap: &Heap<S>, object: Object<S>) -> Option<bool> {
    let head = object.head();
    let parked = heap.parked.borrow()[head.slot() as usize];
    let shares = parked.shares - 1;
    head.set_slot(shares);
    head.clear(Flags::CAPTURED);
    if head.flags().any(Flags::DEAD) {
        if shares == 0 {
            // SAFETY: the value was dropped when the object died by count, and the
            // snapshot's share was the last.
            unsafe { object.free() };
        }
        return None;
    }
    Some(parked.touched)
}

/// Lets everything go that was found alive, and moves it on to the generation
/// after `generation`. Returns how many objects that made old.
///
/// `keep` says of a survivor whether it stays a candidate, given that it was one.
pub(super) fn promote<S: Space>(
    heap: &Heap<S>,
    snapshot: &mut Snapshot<S>,
    generation: Generation,
    keep: impl Fn(bool) -> bool,
) -> usize {
    let mut grown_old = 0;
    let next = generation.next();
    let candidates = snapshot.candidates();
    snapshot.settle(Fate::Live, |number, object| {
        let Some(touched) = let_go(heap, object) else { return Fate::Gone };
        let head = object.head();
        if next == Generation::Old && head.flags().generation() < Generation::Old as usize {
            grown_old += 1;
        }
        head.clear(Flags::ANY_GENERATION);
        head.set(Flags::of_generation(next as usize));
        if touched || keep(number < candidates) {
            heap.keep_candidate(object);
        }
        Fate::Gone
    });
    grown_old
}

/// Gives everything back as it was before the collection, which has given up: for want
/// of memory, or because traces went on panicking.
pub(super) fn undo<S: Space>(heap: &Heap<S>, snapshot: &mut Snapshot<S>, mut drained: Drained<S>) {
    snapshot.suspect_rest();
    let candidates = snapshot.candidates();
    for fate in [Fate::Suspect, Fate::Root, Fate::Live] {
        snapshot.settle(fate, |number, object| {
            if number >= candidates && let_go(heap, object) == Some(true) {
                heap.keep_candidate(object);
            }
            Fate::Gone
        });
    }
    if snapshot.candidates() > 0 {
        drained.restore(|object| let_go(heap, object).map(|_| object.head().slot()));
    }
    heap.undo_drain(drained);
}

/// Runs the finalizers of the suspects that have not been run, in the order the
/// objects were met. `true` if there were any.
pub(super) fn finalize<S: Space>(heap: &Heap<S>, snapshot: &Snapshot<S>) -> bool {
    let mut ran = false;
    for object in snapshot.with_fate(Fate::Suspect) {
        let head = object.head();
        if head.flags().any(Flags::FINALIZED.with(Flags::DEAD)) {
            continue;
        }
        // Held meanwhile: the finalizer may drop what holds the object.
        head.retain();
        ran |= heap.finalize(object);
        heap.unpin(object);
    }
    ran
}

/// Lets go what finalizers made reachable again, and tells how much that was and
/// how much of it grew old.
///
/// Where there is no memory to find out, all suspects are let go: they stay
/// candidates, and the next collection finds them.
pub(super) fn release_resurrected<S: Space>(
    heap: &Heap<S>,
    snapshot: &mut Snapshot<S>,
    generation: Generation,
) -> (usize, usize) {
    let resurrected = match snapshot.resurvey(heap) {
        Ok(()) => snapshot.count(Fate::Live),
        Err(Exhausted) => {
            snapshot.settle(Fate::Suspect, |_, _| Fate::Live);
            snapshot.settle(Fate::Root, |_, _| Fate::Live);
            0
        }
    };
    (resurrected, promote(heap, snapshot, generation, |_| true))
}

/// Ends the suspects: weak handles, callbacks, values, memory.
pub(super) fn reclaim<S: Space>(heap: &Heap<S>, snapshot: &mut Snapshot<S>, report: &mut Report) {
    kill_weak_handles(heap, snapshot, report);
    run_callbacks(heap, snapshot);
    heap.in_disposal(OnPanic::Report, || drop_values(heap, snapshot));
    free(heap, snapshot, report);
}

/// Drops the values of the suspects.
fn drop_values<S: Space>(heap: &Heap<S>, snapshot: &Snapshot<S>) {
    let dropped = Cell::new(None);
    let name = || dropped.get().map_or("?", |object: Object<S>| object.type_name());
    let mut rest = snapshot.with_fate(Fate::Suspect);
    // One guard for all of them; after a panic it goes on with the next.
    let mut drop_rest = || {
        for object in &mut rest {
            dropped.set(Some(object));
            heap.died(object.head().flags());
            // SAFETY: trial deletion has shown that only objects which are dropped
            // here hold handles to it, and no weak handle upgrades; DEAD keeps
            // it from being dropped a second time.
            unsafe { object.drop_value() };
        }
    };
    while guarded(UserCode::Drop, name, &mut drop_rest).is_none() {}
}

/// At one moment for all of them: from here on no weak handle upgrades.
///
/// Suspects that a finalizer has let die by count have had their whole end already.
fn kill_weak_handles<S: Space>(heap: &Heap<S>, snapshot: &mut Snapshot<S>, report: &mut Report) {
    snapshot.settle(Fate::Suspect, |_, object| {
        if object.head().flags().any(Flags::DEAD) {
            let_go(heap, object);
            report.collected += 1;
            return Fate::Gone;
        }
        object.head().set(Flags::DEAD);
        Fate::Suspect
    });
}

/// Runs the callbacks on garbage, newest first for each object, but for those
/// whose handle is garbage as well: these are dropped.
fn run_callbacks<S: Space>(heap: &Heap<S>, snapshot: &Snapshot<S>) {
    for (watched, id) in snapshot.callbacks_of(Fate::Suspect) {
        let callback = heap.unwatch(watched, id);
        guarded(UserCode::Callback, || "a weak handle in garbage", || drop(callback));
    }
    for object in snapshot.with_fate(Fate::Suspect) {
        if object.head().flags().any(Flags::WATCHED) {
            heap.run_callbacks(object);
        }
    }
}

/// Gives back the memory of what has been dropped. No user code runs here.
fn free<S: Space>(heap: &Heap<S>, snapshot: &mut Snapshot<S>, report: &mut Report) {
    let parked = heap.parked.borrow();
    snapshot.settle(Fate::Suspect, |number, object| {
        let head = object.head();
        // The snapshot's goes, and the value's.
        let mut shares = parked[number].shares - 1;
        if head.strong() == 0 {
            report.collected += 1;
            shares -= 1;
        } else {
            // A destructor has leaked handles to it (it panicked, or there is a
            // `ManuallyDrop`). Nobody can be shown to be without one, so the
            // value's share is never given back.
            report.uncollectable += 1;
        }
        if shares == 0 {
            // SAFETY: the value is dropped, and no share is left.
            unsafe { object.free() };
        } else {
            head.set_slot(shares);
            head.clear(Flags::CAPTURED);
        }
        Fate::Gone
    });
}
