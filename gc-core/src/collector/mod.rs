//! The collector: the sequence of steps. Each step is a function of another file.

#[allow(dead_code, reason = "for the thread-safe half, which is being built")]
mod components;
mod graph;
mod reclaim;
mod snapshot;

use crate::gc_box::Object;
use crate::heap::{Fate, Generation, Heap, Report, Space};
use snapshot::{Overcounted, Snapshot};
use std::time::Instant;

/// Collects if a collection is due; called by `new`.
#[inline]
pub(crate) fn poll<S: Space>() {
    S::with_heap(|heap| {
        if heap.is_due() {
            collect_due(heap);
        }
    });
}

/// Starts the collection that the schedule says is due.
#[cold]
#[inline(never)]
fn collect_due<S: Space>(heap: &Heap<S>) {
    if let Some(generation) = heap.choose() {
        let _ = collect(heap, generation);
    }
}

/// The most collections that the end of a heap is worth: each but the last has
/// found garbage, which finalizers may go on making for ever.
const FINAL_ROUNDS: usize = 64;

/// Collects what is left when a heap's thread ends.
pub(crate) fn at_exit<S: Space>(heap: &Heap<S>) {
    for _ in 0..FINAL_ROUNDS {
        let (report, _) = collect_quietly(heap, Generation::Old);
        if report.total() == 0 && report.resurrected == 0 {
            break;
        }
    }
    heap.disarm();
}

/// Makes an object a candidate: a handle to it was dropped that was not the last.
#[inline]
pub(crate) fn suspect<S: Space>(object: Object<S>) {
    S::with_heap(|heap| suspect_in(heap, object));
}

#[inline(never)]
fn suspect_in<S: Space>(heap: &Heap<S>, object: Object<S>) {
    if !heap.suspect_simply(object) {
        suspect_slowly(heap, object);
    }
}

/// The same, with all that may come up.
#[cold]
#[inline(never)]
fn suspect_slowly<S: Space>(heap: &Heap<S>, object: Object<S>) {
    heap.suspect(object);
    if heap.is_due_at_end() {
        collect_ending(heap);
    }
}

/// Collects when a thread-local that outlived the heap's end drops its handles:
/// nobody will come by later.
#[cold]
fn collect_ending<S: Space>(heap: &Heap<S>) {
    let (report, _) = collect_quietly(heap, Generation::Old);
    heap.looked_at_end(report.visited);
}

/// Collects the generations up to `generation`. Does nothing and returns an
/// empty report inside another collection of the same heap.
pub(crate) fn collect<S: Space>(heap: &Heap<S>, generation: Generation) -> Report {
    let (report, overcounted) = collect_quietly(heap, generation);
    complain(overcounted);
    report
}

/// As [`collect`], without a word of a wrong `Trace`.
fn collect_quietly<S: Space>(
    heap: &Heap<S>,
    generation: Generation,
) -> (Report, Option<Overcounted>) {
    let mut report = Report::empty(generation);
    if !heap.begin() {
        return (report, None);
    }
    let started = Instant::now();
    let suspended = heap.suspend_disposal();
    let end = scopeguard::guard((heap, suspended), |(heap, suspended)| {
        heap.resume_disposal(suspended);
        heap.end();
    });
    heap.count_collection(generation);
    let mut snapshot = Snapshot::new(heap.take_spare());
    let outcome = run(heap, &mut snapshot, generation, &mut report);
    heap.keep_spare(snapshot.into_spare());
    report.duration = started.elapsed();
    heap.record(&report, outcome.grown_old);
    drop(end);
    (report, outcome.overcounted)
}

/// What a collection leaves behind beside its report.
#[derive(Default)]
struct Outcome {
    grown_old: usize,
    overcounted: Option<Overcounted>,
}

/// The steps of a collection.
fn run<S: Space>(
    heap: &Heap<S>,
    snapshot: &mut Snapshot<S>,
    generation: Generation,
    report: &mut Report,
) -> Outcome {
    let drained = heap.drain(generation);
    if snapshot.survey(heap, &drained, generation).is_err() {
        reclaim::undo(heap, snapshot, drained);
        return Outcome::default();
    }
    heap.recycle(drained);
    report.candidates = snapshot.candidates();
    report.visited = snapshot.visited();
    let overcounted = if cfg!(debug_assertions) { snapshot.overcounted() } else { None };

    // The survivors of a full collection are known to be alive: only a handle
    // dropped later can make garbage of them, and makes candidates of them. That
    // is not known where a trace panicked and hid what it would have shown.
    let keep = generation != Generation::Old || snapshot.is_uncertain();
    let mut grown_old = reclaim::promote(heap, snapshot, generation, |was| keep && was);
    if snapshot.count(Fate::Suspect) > 0 {
        if reclaim::finalize(heap, snapshot) {
            let (resurrected, old) = reclaim::release_resurrected(heap, snapshot, generation);
            report.resurrected = resurrected;
            grown_old += old;
        }
        reclaim::reclaim(heap, snapshot, report);
    }
    Outcome { grown_old, overcounted }
}

/// Panics in debug builds where a `Trace` has shown an edge that it does not own.
///
/// # Panics
///
/// With the names of the types concerned. The collection has ended by then, and
/// has kept the object.
fn complain(overcounted: Option<Overcounted>) {
    if let Some(Overcounted { type_name, edges, handles, sources }) = overcounted {
        panic!(
            "gc-core: {edges} edges were traced to an object of type {type_name} that has only \
             {handles} handles: the `Trace` of one of these types shows an edge twice, or one \
             that it does not own: {sources:?}"
        );
    }
}
