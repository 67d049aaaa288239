//! The oracle: when all threads are at rest, what lives is what can be reached.

use crate::ledger::{CALLBACKS, OBJECTS, fault};
use crate::node::{Cells, Known, Node, Slots, Watch};
use crate::pools::{POOLS, lock};
use gc_core::sync::{self, Gc};
use std::collections::{BTreeMap, BTreeSet};

/// Finalizers make garbage, so one collection is not enough; but each runs once.
const MOST_COLLECTIONS: usize = 10_000;

/// Collects until there is nothing left to do.
pub(crate) fn settle() {
    sync::unfreeze();
    for _ in 0..MOST_COLLECTIONS {
        let report = sync::collect();
        if report.total() == 0 && report.resurrected == 0 {
            return;
        }
    }
    fault("collections do not come to an end");
}

/// What was met on the way from the roots.
#[derive(Default)]
struct Seen {
    objects: BTreeMap<usize, Gc<Node>>,
    /// Handles by object.
    strong: BTreeMap<usize, usize>,
    weak: BTreeMap<usize, usize>,
    /// Those that no handle leads to.
    uniques: BTreeSet<usize>,
    known: Vec<Known>,
    /// Callbacks and their objects.
    watches: Vec<(usize, usize)>,
    todo: Vec<Gc<Node>>,
}

impl Seen {
    fn gc(&mut self, gc: &Gc<Node>) {
        gc.check();
        *self.strong.entry(gc.life.id).or_default() += 1;
        if self.objects.insert(gc.life.id, gc.clone()).is_none() {
            self.todo.push(gc.clone());
        }
    }

    fn known(&mut self, known: &Known) {
        *self.weak.entry(known.id).or_default() += 1;
        self.known.push(known.clone());
    }

    fn watch(&mut self, watch: &Watch) {
        // Its own, and that of the callback.
        *self.weak.entry(watch.id).or_default() += 2;
        self.watches.push((watch.number, watch.id));
    }

    fn slots(&mut self, slots: &Slots) {
        slots.edges.iter().flatten().for_each(|gc| self.gc(gc));
        slots.weak.iter().for_each(|known| self.known(known));
        slots.watch.iter().for_each(|watch| self.watch(watch));
    }

    fn node(&mut self, node: &Node) {
        node.fixed.iter().for_each(|gc| self.gc(gc));
        match &node.cells {
            Cells::Once(slots) => {
                slots.iter().filter_map(|slot| slot.get()).for_each(|gc| self.gc(gc));
            }
            Cells::None => {}
            cells => {
                if cells.read(|slots| self.slots(slots)).is_none() {
                    fault(&format!("a lock of {} is held", node.life.id));
                }
            }
        }
    }

    fn walk<'a>(roots: impl Iterator<Item = &'a Gc<Node>>) -> Seen {
        let mut seen = Seen::default();
        roots.for_each(|gc| seen.gc(gc));
        lock(&POOLS.shared).iter().for_each(|gc| seen.gc(gc));
        lock(&POOLS.weaks).iter().for_each(|known| seen.known(known));
        lock(&POOLS.watches).iter().for_each(|watch| seen.watch(watch));
        for unique in lock(&POOLS.uniques).iter() {
            unique.check();
            seen.uniques.insert(unique.life.id);
            seen.node(unique);
        }
        while let Some(gc) = seen.todo.pop() {
            seen.node(&gc);
        }
        seen
    }

    fn is_alive(&self, id: usize) -> bool {
        self.objects.contains_key(&id) || self.uniques.contains(&id)
    }

    fn objects(&self) {
        let reached: BTreeSet<usize> = self.objects.keys().chain(&self.uniques).copied().collect();
        let alive: BTreeSet<usize> = OBJECTS.alive().collect();
        for id in alive.difference(&reached) {
            fault(&format!("{id} is out of reach and lives"));
        }
        for id in reached.difference(&alive) {
            fault(&format!("{id} can be reached and is dropped"));
        }
        if sync::live() != alive.len() {
            fault(&format!("live() is {}, expected {}", sync::live(), alive.len()));
        }
    }

    fn counts(&self) {
        for (id, gc) in &self.objects {
            let (strong, weak) = (self.strong[id], self.weak.get(id).copied().unwrap_or(0));
            let held = self.known.iter().filter(|known| known.id == *id).count();
            // One is ours, as are the clones of its weak handles.
            let real = (Gc::strong_count(gc) - 1, Gc::weak_count(gc) - held);
            if real != (strong, weak) {
                fault(&format!("(strong, weak) of {id}: {real:?}, expected {:?}", (strong, weak)));
            }
            if OBJECTS.is_finalized(*id) && !Gc::is_finalized(gc) {
                fault(&format!("{id} does not say that it was finalized"));
            }
        }
    }

    fn weak_handles(&self) {
        for known in &self.known {
            let upgraded = known.upgrade().is_some();
            if upgraded != self.objects.contains_key(&known.id) {
                fault(&format!("a weak handle to {} upgrades: {upgraded}", known.id));
            }
        }
        for &(number, id) in &self.watches {
            if CALLBACKS.is_finalized(number) == self.is_alive(id) {
                fault(&format!("callback {number} of {id}, which lives: {}", self.is_alive(id)));
            }
        }
    }
}

/// Compares all that can be seen with what can be reached from the pools and from `roots`.
pub(crate) fn check<'a>(roots: impl Iterator<Item = &'a Gc<Node>>) {
    let seen = Seen::walk(roots);
    seen.objects();
    seen.counts();
    seen.weak_handles();
}
