//! When all threads are at rest, what lives is what can be reached.

use super::fault;
use super::node::{Cells, Known, Node, Slots, fates, pools};
use crate::primitive::lock;
use crate::sync::{self, Gc};
use std::collections::BTreeMap;

/// Collects until there is nothing left to do.
pub(super) fn settle() {
    for _ in 0..1000 {
        let report = sync::collect();
        if report.total() == 0 && report.resurrected == 0 {
            return;
        }
    }
    fault("collections do not come to an end".into());
}

#[derive(Default)]
struct Seen {
    objects: BTreeMap<usize, Gc<Node>>,
    /// Strong and weak handles.
    counts: BTreeMap<usize, (usize, usize)>,
    known: Vec<Known>,
    todo: Vec<Gc<Node>>,
}

impl Seen {
    fn gc(&mut self, gc: &Gc<Node>) {
        gc.check();
        self.counts.entry(gc.life.id).or_default().0 += 1;
        if self.objects.insert(gc.life.id, gc.clone()).is_none() {
            self.todo.push(gc.clone());
        }
    }

    fn known(&mut self, known: &Known) {
        self.counts.entry(known.id).or_default().1 += 1;
        self.known.push(known.clone());
    }

    fn slots(&mut self, slots: &Slots) {
        slots.edges.iter().flatten().for_each(|gc| self.gc(gc));
        slots.weak.iter().for_each(|known| self.known(known));
    }

    fn node(&mut self, node: &Node) {
        node.fixed.iter().for_each(|gc| self.gc(gc));
        match &node.cells {
            Cells::None => {}
            Cells::Once(slots) => {
                slots.iter().filter_map(|slot| slot.get()).for_each(|gc| self.gc(gc));
            }
            cells => {
                if cells.read(|slots| self.slots(slots)).is_none() {
                    fault(format!("a lock of {} is held", node.life.id));
                }
            }
        }
    }
}

/// Compares all that can be seen with what can be reached.
pub(super) fn check(roots: &[Gc<Node>]) {
    let (pools, mut seen) = (pools(), Seen::default());
    roots.iter().for_each(|gc| seen.gc(gc));
    lock(&pools.shared).iter().for_each(|gc| seen.gc(gc));
    lock(&pools.weaks).iter().for_each(|known| seen.known(known));
    while let Some(gc) = seen.todo.pop() {
        seen.node(&gc);
        Gc::attached(&gc).iter().for_each(|gc| seen.gc(gc));
    }
    for (id, fate) in fates().iter().enumerate() {
        if fate.dropped == seen.objects.contains_key(&id) {
            let reached = seen.objects.contains_key(&id);
            fault(format!("{id} can be reached: {reached}, and is dropped: {}", fate.dropped));
        }
    }
    if sync::live() != seen.objects.len() {
        fault(format!("live() is {}, expected {}", sync::live(), seen.objects.len()));
    }
    for (id, gc) in &seen.objects {
        let held = seen.known.iter().filter(|known| known.id == *id).count();
        let real = (Gc::strong_count(gc) - 1, Gc::weak_count(gc) - held);
        if real != seen.counts[id] {
            fault(format!("counts of {id}: {real:?}, expected {:?}", seen.counts[id]));
        }
    }
    for known in &seen.known {
        let upgraded = known.upgrade().is_some();
        if upgraded != seen.objects.contains_key(&known.id) {
            fault(format!("a weak handle to {} upgrades: {upgraded}", known.id));
        }
    }
}
