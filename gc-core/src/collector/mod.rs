//! The collector: the sequence of steps. Each step is a function of another file.

mod components;
mod debug;
mod freeze;
mod graph;
mod hooks;
mod reclaim;
mod room;
mod small;
mod snapshot;
mod turns;
mod verify;

pub(crate) use freeze::{freeze, unfreeze};
pub(crate) use hooks::{add_hook, remove_hook};

use crate::gc_box::Object;
use crate::heap::{Effort, Fate, Generation, Heap, Report, Space, Store};
use crate::primitive::{mutated, survey};
use debug::Lines;
use hooks::Listeners;
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

/// The same for what objects hold outside of the heap.
pub(crate) fn poll_external<S: Space>() {
    S::with_heap(|heap| {
        if heap.store.is_external_due() {
            collect_due(heap);
        }
    });
}

/// Why a collection runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// It is due. Nothing is done where another thread has the right to collect.
    Due,
    /// Somebody has asked for it.
    Asked,
    /// The heap's thread ends. Hooks do not hear of it: most of the thread is gone.
    End,
}

/// The right to collect a heap.
type Turn<S> = <<S as Space>::Store as Store<S>>::Turn;

/// Starts the collection that the schedule says is due, or has it started.
#[cold]
#[inline(never)]
fn collect_due<S: Space>(heap: &Heap<S>) {
    if S::delegates() {
        heap.store.put_off();
    } else {
        let _ = collect_if_due(heap);
    }
}

/// Collects what the schedule says is due, unless somebody is collecting already.
pub(crate) fn collect_if_due<S: Space>(heap: &Heap<S>) -> Option<Report> {
    let generation = heap.choose();
    if generation.is_none() {
        heap.store.put_off();
    }
    generation.map(|generation| {
        let (report, overcounted) = collect_quietly(heap, generation, Reason::Due);
        complain(overcounted);
        report
    })
}

/// The most collections that the end of a heap is worth: each but the last has
/// found garbage, which finalizers may go on making for ever.
const FINAL_ROUNDS: usize = 64;

/// Collects what is left when a heap's thread ends.
pub(crate) fn at_exit<S: Space>(heap: &Heap<S>) {
    hooks::clear_hooks(heap);
    for object in heap.stop_saving() {
        heap.drop_handle(object);
    }
    unfreeze(heap);
    for _ in 0..FINAL_ROUNDS {
        let (report, _) = collect_quietly(heap, Generation::Old, Reason::End);
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
    if !heap.store.suspect_simply(object) {
        suspect_slowly(heap, object);
    }
}

/// The same, with all that may come up.
#[cold]
#[inline(never)]
fn suspect_slowly<S: Space>(heap: &Heap<S>, object: Object<S>) {
    heap.store.suspect(object);
    if heap.store.is_due_at_end() {
        collect_ending(heap);
    }
}

/// Collects when a thread-local that outlived the heap's end drops its handles:
/// nobody will come by later.
#[cold]
fn collect_ending<S: Space>(heap: &Heap<S>) {
    let (report, _) = collect_quietly(heap, Generation::Old, Reason::End);
    heap.looked_at_end(report.visited);
}

/// Collects the generations up to `generation`. Does nothing and returns an
/// empty report inside another collection of the same heap on this thread.
pub(crate) fn collect<S: Space>(heap: &Heap<S>, generation: Generation) -> Report {
    let (report, overcounted) = collect_quietly(heap, generation, Reason::Asked);
    complain(overcounted);
    report
}

/// As [`collect`], without a word of a wrong `Trace`.
fn collect_quietly<S: Space>(
    heap: &Heap<S>,
    generation: Generation,
    reason: Reason,
) -> (Report, Option<Overcounted>) {
    let empty = Report::empty(generation);
    if !heap.begin() {
        heap.store.put_off();
        return (empty, None);
    }
    let suspended = heap.suspend_disposal();
    let end = scopeguard::guard((heap, suspended), |(heap, suspended)| {
        heap.resume_disposal(suspended);
        heap.end();
    });
    // User code, so nothing that others wait for is held yet, and it is held no more at the end.
    let wait = reason != Reason::Due;
    let listeners = match reason {
        Reason::End => Some(Listeners::NONE),
        Reason::Due | Reason::Asked => Listeners::start(heap, &empty, wait),
    };
    let Some(listeners) = listeners else { return (empty, None) };
    let (report, overcounted) = collect_in_turn(heap, generation, wait).unwrap_or((empty, None));
    listeners.stop(heap, &report);
    drop(end);
    (report, overcounted)
}

/// The collection itself, when its turn has come. `None` where another thread has that, and the
/// caller does not `wait`.
fn collect_in_turn<S: Space>(
    heap: &Heap<S>,
    generation: Generation,
    wait: bool,
) -> Option<(Report, Option<Overcounted>)> {
    heap.store.prepare(wait);
    let turn = heap.store.turn(wait)?;
    let started = Instant::now();
    heap.count_collection(generation, wait);
    let mut lines = Lines::new(heap.debug());
    lines.begin(generation);
    let mut snapshot = Snapshot::new(heap.store.take_spare());
    let (turn, lent) = (Some(turn), &mut lines);
    let mut collection = Collection { heap, turn, generation, stepped_out: false, lines: lent };
    let mut report = Report::empty(generation);
    let outcome = collection.run(&mut snapshot, &mut report);
    drop(collection);
    snapshot.report_panics();
    heap.store.keep_spare(snapshot.into_spare());
    report.duration = started.elapsed();
    heap.record(&report, outcome.grown_old);
    lines.end(&report);
    lines.tell();
    Some((report, outcome.overcounted))
}

/// What a collection leaves behind beside its report.
#[derive(Default)]
struct Outcome {
    grown_old: usize,
    overcounted: Option<Overcounted>,
}

/// A collection that is going on.
struct Collection<'h, S: Space> {
    heap: &'h Heap<S>,
    /// The right to collect, until it is given back.
    turn: Option<Turn<S>>,
    generation: Generation,
    /// Finalizers have run.
    stepped_out: bool,
    lines: &'h mut Lines,
}

impl<S: Space> Drop for Collection<'_, S> {
    fn drop(&mut self) {
        self.end_turn();
    }
}

impl<S: Space> Collection<'_, S> {
    fn turn(&mut self) -> &mut Turn<S> {
        self.turn.as_mut().unwrap_or_else(|| unreachable!("used after its end"))
    }

    fn end_turn(&mut self) {
        if let Some(turn) = self.turn.take() {
            self.heap.store.end(turn);
        }
    }

    /// The steps of a collection.
    fn run(&mut self, snapshot: &mut Snapshot<S>, report: &mut Report) -> Outcome {
        let (heap, generation) = (self.heap, self.generation);
        let mut drained = heap.store.drain(self.turn(), generation);
        if S::Store::BESIDE && self.lines.are_silent() {
            snapshot.small.allow(Effort::most(heap.serves_others()));
        }
        if survey(|| snapshot.survey(heap, self.turn(), &mut drained, generation)).is_err() {
            reclaim::undo(heap, self.turn(), snapshot, drained);
            report.candidates = snapshot.small.candidates();
            report.visited = snapshot.small.ended().len();
            self.end_turn();
            reclaim::drop_last(heap, snapshot);
            reclaim::reclaim(self, snapshot, report);
            return Outcome::default();
        }
        heap.store.recycle(drained);
        report.candidates = snapshot.candidates() + snapshot.small.candidates();
        report.visited = snapshot.visited() + snapshot.small.ended().len();
        self.lines.candidates(heap, snapshot);
        // Beside other threads a handle that moves may be counted twice.
        let overcounted =
            if cfg!(debug_assertions) && !S::Store::BESIDE { snapshot.overcounted() } else { None };

        // The survivors of a full collection are known to be alive: only a handle
        // dropped later can make garbage of them, and makes candidates of them. That
        // is not known where a trace panicked and hid what it would have shown, nor where
        // something was frozen, which may be garbage and hold them.
        let all = heap.store.reach(self.turn(), generation).is_everything();
        let keep = !all || snapshot.is_uncertain();
        let keep = keep && !mutated!("young_forgets");
        let mut grown_old = reclaim::promote(self, snapshot, |was| keep && was);
        let suspects = snapshot.count(Fate::Suspect) > 0;
        if suspects {
            grown_old += self.finalize(snapshot, report);
            grown_old += self.decide(snapshot, report);
        }
        // All that is left to do concerns dead objects alone: others may collect.
        if S::Store::BESIDE && !mutated!("pins_under_flag") {
            self.end_turn();
        }
        // First what may end without us: others may be waiting for it.
        reclaim::drop_last(heap, snapshot);
        self.lines.tell();
        if suspects || !snapshot.small.ended().is_empty() {
            reclaim::reclaim(self, snapshot, report);
        }
        Outcome { grown_old, overcounted }
    }

    /// Runs the finalizers of the suspects, and lets go what they made reachable again.
    fn finalize(&mut self, snapshot: &mut Snapshot<S>, report: &mut Report) -> usize {
        let heap = self.heap;
        if !reclaim::awaits_finalizer(snapshot) {
            return 0;
        }
        // Only of what is known to be garbage.
        verify::confirm(snapshot, verify::Then::Finalize, false);
        let mut grown_old = reclaim::promote(self, snapshot, |_| true);
        self.stepped_out = true;
        let keeps_flag = mutated!("finalizers_under_flag");
        if !keeps_flag {
            heap.store.step_out(self.turn(), &mut snapshot.numbered(Fate::Suspect));
        }
        reclaim::drop_last(heap, snapshot);
        // The sink may have got hold of what is still alive, as a finalizer may.
        let told = self.lines.tell();
        let ran = reclaim::finalize(heap, snapshot) || told;
        if ran {
            reclaim::end_unheld(heap, snapshot, report);
        }
        if !keeps_flag {
            heap.store.step_in(self.turn(), &mut snapshot.numbered(Fate::Suspect));
        }
        if ran {
            report.resurrected = reclaim::mark_resurrected(heap, snapshot);
            grown_old += reclaim::promote(self, snapshot, |_| true);
        }
        grown_old
    }

    /// From here on the suspects are dead, but for those that somebody has got hold of meanwhile.
    fn decide(&mut self, snapshot: &mut Snapshot<S>, report: &mut Report) -> usize {
        if self.lines.saves_all() {
            return self.save(snapshot, report);
        }
        if !S::Store::BESIDE {
            reclaim::kill(self, snapshot, report);
            self.lines.collectable(snapshot);
            return 0;
        }
        if self.stepped_out {
            reclaim::bury_dead(self, snapshot, report);
        }
        verify::confirm(snapshot, verify::Then::Kill, self.stepped_out);
        self.lines.collectable(snapshot);
        reclaim::promote(self, snapshot, |_| true)
    }

    /// From here on the suspects are held by the list of garbage, but for those that somebody has
    /// got hold of meanwhile.
    fn save(&mut self, snapshot: &mut Snapshot<S>, report: &mut Report) -> usize {
        reclaim::bury_dead(self, snapshot, report);
        verify::confirm(snapshot, verify::Then::Finalize, self.stepped_out);
        self.lines.collectable(snapshot);
        let grown_old = reclaim::promote(self, snapshot, |_| true);
        let saved = reclaim::save(self.heap, snapshot, report);
        // Whoever takes one out of the list drops a handle, and makes a candidate of it.
        grown_old + reclaim::promote(self, snapshot, |_| !saved)
    }
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
