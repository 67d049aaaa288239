//! The last steps: survivors are let go and promoted, garbage is finalized and reclaimed.

use super::graph::Exhausted;
use super::snapshot::Snapshot;
use super::{Collection, Turn};
use crate::gc_box::Object;
use crate::heap::{End, Fate, Generation, Heap, Let, OnPanic, Report, Space, Store, is_standing};
use crate::primitive::mutated;
use crate::sharing::{Flags, Head};
use crate::unraisable::{UserCode, guarded};
use std::cell::Cell;

/// Lets everything go that was found alive, and moves it on to the generation
/// after the collected one. Returns how many objects that made old.
///
/// `keep` says of a survivor whether it stays a candidate, given that it was one.
pub(super) fn promote<S: Space>(
    collection: &mut Collection<'_, S>,
    snapshot: &mut Snapshot<S>,
    keep: impl Fn(bool) -> bool,
) -> usize {
    let mut grown_old = 0;
    let next = collection.generation.next();
    let (heap, candidates) = (collection.heap, snapshot.candidates());
    let turn = collection.turn();
    snapshot.settle(Fate::Live, |number, object| {
        let flags = object.head().flags();
        let grows_old = next == Generation::Old && heap.generation_of(flags) != next;
        let keep = keep(number < candidates) || is_standing(object, flags);
        let result = heap.store.let_go(turn, object, Some(next), keep);
        if grows_old && result != Let::Dead {
            grown_old += 1;
        }
        fate_of(result)
    });
    grown_old
}

/// What is known of an object after it was let go.
fn fate_of(result: Let) -> Fate {
    match result {
        Let::Go | Let::Dead => Fate::Gone,
        Let::Last => Fate::Last,
    }
}

/// Gives everything back as it was before the collection, which has given up: for want
/// of memory, or because traces went on panicking.
pub(super) fn undo<S: Space>(
    heap: &Heap<S>,
    turn: &mut Turn<S>,
    snapshot: &mut Snapshot<S>,
    drained: <S::Store as Store<S>>::Drained,
) {
    snapshot.suspect_rest();
    let candidates = snapshot.candidates();
    for fate in [Fate::Suspect, Fate::Root, Fate::Live] {
        snapshot.settle(fate, |number, object| {
            let keep = number < candidates;
            // Those of one thread go back to the entries that they had.
            if keep && !S::Store::BESIDE {
                return Fate::Gone;
            }
            fate_of(heap.store.let_go(turn, object, None, keep))
        });
    }
    heap.store.undo_drain(turn, drained, candidates > 0);
}

/// Drops the handles to survivors that could not be given back while the collection went on:
/// each may be the last.
pub(super) fn drop_last<S: Space>(heap: &Heap<S>, snapshot: &mut Snapshot<S>) {
    snapshot.settle(Fate::Last, |_, object| {
        heap.drop_handle(object);
        Fate::Gone
    });
}

/// Whether there is a suspect whose finalizer has not run.
pub(super) fn awaits_finalizer<S: Space>(snapshot: &Snapshot<S>) -> bool {
    let done = Flags::FINALIZED.with(Flags::DEAD);
    snapshot.with_fate(Fate::Suspect).any(|object| !object.head().flags().any(done))
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

/// Ends the suspects that only the snapshot has a handle to, since the finalizers have run: on
/// one thread they have died by now.
pub(super) fn end_unheld<S: Space>(
    heap: &Heap<S>,
    snapshot: &mut Snapshot<S>,
    report: &mut Report,
) {
    if !S::Store::BESIDE {
        return;
    }
    // One that dies may leave others behind. What several rounds have not found is
    // garbage all the same, and not resurrected.
    for _ in 0..ROUNDS {
        let mut ended = false;
        snapshot.settle(Fate::Suspect, |_, object| {
            if object.head().handles() > 0 {
                return Fate::Suspect;
            }
            // (Not if somebody has just upgraded a weak handle: it is a candidate then.)
            ended = true;
            report.collected += usize::from(heap.drop_handle(object));
            Fate::Gone
        });
        if !ended {
            break;
        }
    }
}

/// See [`end_unheld`].
const ROUNDS: usize = 8;

/// Finds out what finalizers made reachable again, and tells how much that was.
///
/// Where there is no memory to find out, all suspects are let go: they stay
/// candidates, and the next collection finds them.
pub(super) fn mark_resurrected<S: Space>(heap: &Heap<S>, snapshot: &mut Snapshot<S>) -> usize {
    match snapshot.resurvey(heap) {
        Ok(()) => snapshot.count(Fate::Live),
        Err(Exhausted) => {
            snapshot.settle(Fate::Suspect, |_, _| Fate::Live);
            snapshot.settle(Fate::Root, |_, _| Fate::Live);
            0
        }
    }
}

/// Gives each suspect a handle in the list of garbage, which makes them live. `false`, and no such
/// handle, where there is no memory for the list.
pub(super) fn save<S: Space>(
    heap: &Heap<S>,
    snapshot: &mut Snapshot<S>,
    report: &mut Report,
) -> bool {
    let count = snapshot.count(Fate::Suspect);
    let saved = heap.store.with_extras(|extras| {
        let room = extras.garbage.try_reserve(count).is_ok();
        if room {
            let suspects = snapshot.with_fate(Fate::Suspect);
            suspects.for_each(|object| object.head().retain());
            extras.garbage.extend(snapshot.with_fate(Fate::Suspect));
        }
        room
    });
    if saved {
        report.collected += count;
    }
    snapshot.settle(Fate::Suspect, |_, _| Fate::Live);
    saved
}

/// Ends the suspects: weak handles, callbacks, values, memory.
pub(super) fn reclaim<S: Space>(
    collection: &mut Collection<'_, S>,
    snapshot: &mut Snapshot<S>,
    report: &mut Report,
) {
    let heap = collection.heap;
    run_callbacks(heap, snapshot);
    heap.in_disposal(OnPanic::Report, || {
        drop_values(heap, snapshot.with_fate(Fate::Suspect));
        if S::Store::BESIDE {
            drop_values(heap, snapshot.small.ended().iter().copied());
        }
    });
    free(collection, snapshot, report);
}

/// Drops the values of what is dead.
fn drop_values<S: Space>(heap: &Heap<S>, mut rest: impl Iterator<Item = Object<S>>) {
    let dropped = Cell::new(None);
    let name = || dropped.get().map_or("?", |object: Object<S>| object.type_name());
    // One guard for all of them; after a panic it goes on with the next.
    let mut drop_rest = || {
        for object in &mut rest {
            dropped.set(Some(object));
            if mutated!("dead_one_by_one") {
                object.head().set(Flags::DEAD);
            }
            heap.died(object, object.head().flags());
            // SAFETY: trial deletion has shown that only objects which are dropped
            // here hold handles to it, and no weak handle upgrades; DEAD keeps
            // it from being dropped a second time.
            unsafe { heap.drop_whole(object) };
        }
    };
    while guarded(UserCode::Drop, name, &mut drop_rest).is_none() {}
}

/// Lets go suspects that a finalizer has let die by count: they have had their whole end.
pub(super) fn bury_dead<S: Space>(
    collection: &mut Collection<'_, S>,
    snapshot: &mut Snapshot<S>,
    report: &mut Report,
) {
    settle_dead(collection, snapshot, report, |_| ());
}

/// The same, and the others are dead from here on: at one moment for all of them, as no user code
/// runs in between. Where nobody runs beside, that is all there is to decide.
pub(super) fn kill<S: Space>(
    collection: &mut Collection<'_, S>,
    snapshot: &mut Snapshot<S>,
    report: &mut Report,
) {
    settle_dead(collection, snapshot, report, |object| object.head().set(Flags::DEAD));
}

/// Lets go the suspects that are dead, and hands the others to `alive`.
fn settle_dead<S: Space>(
    collection: &mut Collection<'_, S>,
    snapshot: &mut Snapshot<S>,
    report: &mut Report,
    alive: impl Fn(Object<S>),
) {
    let heap = collection.heap;
    let turn = collection.turn();
    snapshot.settle(Fate::Suspect, |_, object| {
        if !object.head().flags().any(Flags::DEAD) {
            alive(object);
            return Fate::Suspect;
        }
        report.collected += 1;
        fate_of(heap.store.let_go(turn, object, None, false))
    });
}

/// Runs the callbacks on garbage, newest first for each object, but for those
/// whose handle is garbage as well: these are dropped.
fn run_callbacks<S: Space>(heap: &Heap<S>, snapshot: &Snapshot<S>) {
    let owned = snapshot.callbacks_of(Fate::Suspect);
    for (watched, id) in owned.chain(snapshot.small.callbacks()) {
        let callback = heap.unwatch(watched, id);
        guarded(UserCode::Callback, || "a weak handle in garbage", || drop(callback));
    }
    let run = |object: Object<S>| {
        if object.head().flags().any(Flags::WATCHED) {
            heap.run_callbacks(object);
        }
    };
    snapshot.with_fate(Fate::Suspect).for_each(run);
    if S::Store::BESIDE {
        snapshot.small.ended().iter().copied().for_each(run);
    }
}

/// Gives back the memory of what has been dropped. No user code runs here.
fn free<S: Space>(
    collection: &mut Collection<'_, S>,
    snapshot: &mut Snapshot<S>,
    report: &mut Report,
) {
    let mut bury = |object| match collection.heap.store.bury(object) {
        End::Done => report.collected += 1,
        End::Leaked => {
            report.uncollectable += 1;
            collection.lines.uncollectable(object);
        }
    };
    snapshot.settle(Fate::Suspect, |_, object| {
        bury(object);
        Fate::Gone
    });
    if S::Store::BESIDE {
        snapshot.small.take_ended().for_each(bury);
    }
}
