//! What a collection tells of itself, for [`DebugFlags`].

use super::snapshot::Snapshot;
use crate::gc_box::Object;
use crate::heap::{DebugFlags, Fate, Generation, Heap, Report, Space, tell};
use crate::sharing::Head;

/// The lines of a collection that have not been told yet: the sink is user code, so it hears of
/// them when others may collect.
#[derive(Debug)]
pub(super) struct Lines {
    flags: DebugFlags,
    lines: Vec<String>,
}

impl Lines {
    /// Those that `flags` ask for.
    pub(super) fn new(flags: DebugFlags) -> Self {
        Lines { flags, lines: Vec::new() }
    }

    /// Whether nothing is asked for, and no garbage is kept.
    pub(super) fn are_silent(&self) -> bool {
        self.flags == DebugFlags::default()
    }

    /// Whether garbage is kept.
    pub(super) fn saves_all(&self) -> bool {
        self.flags.contains(DebugFlags::SAVE_ALL)
    }

    fn push(&mut self, wanted_for: DebugFlags, line: impl FnOnce() -> String) {
        if self.flags.intersects(wanted_for) {
            self.lines.push(line());
        }
    }

    /// A collection begins.
    pub(super) fn begin(&mut self, generation: Generation) {
        self.push(DebugFlags::STATS, || {
            format!("gc: collecting generation {}...", generation as usize)
        });
    }

    /// What it starts from. None of the objects has been let go yet.
    pub(super) fn candidates<S: Space>(&mut self, heap: &Heap<S>, snapshot: &Snapshot<S>) {
        self.push(DebugFlags::STATS, || {
            let mut by_generation = [0; 3];
            for object in &snapshot.objects[..snapshot.candidates()] {
                by_generation[heap.generation_of(object.head().flags()) as usize] += 1;
            }
            let [young, middle, old] = by_generation;
            format!("gc: candidates in each generation: {young} {middle} {old}")
        });
        self.push(DebugFlags::STATS, || {
            format!("gc: objects in permanent generation: {}", heap.frozen())
        });
    }

    /// The suspects are garbage.
    pub(super) fn collectable<S: Space>(&mut self, snapshot: &Snapshot<S>) {
        if self.flags.contains(DebugFlags::COLLECTABLE) {
            let objects = snapshot.with_fate(Fate::Suspect);
            self.lines.extend(objects.map(|object| format!("gc: collectable {}", object.label())));
        }
    }

    /// The box of `object` is kept for good.
    pub(super) fn uncollectable<S: Space>(&mut self, object: Object<S>) {
        self.push(DebugFlags::UNCOLLECTABLE, || format!("gc: uncollectable {}", object.label()));
    }

    /// The collection is over.
    pub(super) fn end(&mut self, report: &Report) {
        self.push(DebugFlags::STATS, || {
            format!(
                "gc: done, {} unreachable, {} uncollectable, {:.4}s elapsed",
                report.total(),
                report.uncollectable,
                report.duration.as_secs_f64()
            )
        });
    }

    /// Tells what has not been told yet. Nobody has the right to collect because of us. `true` if there
    /// was anything, so that user code has run.
    pub(super) fn tell(&mut self) -> bool {
        let any = !self.lines.is_empty();
        for line in self.lines.drain(..) {
            tell(&line);
        }
        any
    }
}
