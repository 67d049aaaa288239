//! The random operations of one thread.

use super::node::{Cells, Known, Node, Pools, pools};
use super::{below, one_in};
use crate::Generation;
use crate::primitive::lock;
use crate::sync::{self, Gc, UniqueGc};
use std::mem;
use std::sync::Arc;

/// What one thread has.
pub(super) struct Local {
    pub(super) hands: Vec<Gc<Node>>,
    pools: Arc<Pools>,
    depth: usize,
}

impl Local {
    pub(super) fn new(hands: Vec<Gc<Node>>) -> Local {
        Local { hands, pools: pools(), depth: 0 }
    }

    pub(super) fn run(&mut self, steps: usize) {
        (0..steps).for_each(|_| self.step());
    }

    fn hold(&mut self, gc: impl IntoIterator<Item = Gc<Node>>) {
        for gc in gc {
            gc.check();
            self.hands.push(gc);
        }
    }

    fn any(&self) -> Option<&Gc<Node>> {
        let gc = self.hands.get(below(self.hands.len().max(1)))?;
        gc.check();
        Some(gc)
    }

    fn take(&mut self) -> Option<Gc<Node>> {
        let index = (!self.hands.is_empty()).then(|| below(self.hands.len()))?;
        Some(self.hands.swap_remove(index))
    }

    /// A handle that moves out of the hands, or a clone.
    fn give(&mut self) -> Option<Gc<Node>> {
        if one_in(2) { self.take() } else { self.any().cloned() }
    }

    pub(super) fn step(&mut self) {
        match below(34) {
            0..=2 => self.make(),
            3 => {
                let gc = self.any().cloned();
                self.hold(gc);
            }
            4..=7 => drop(self.take()),
            8..=10 => self.link(),
            11..=13 => {
                let slot = below(2);
                let taken = self.any().and_then(|gc| gc.cells.write(|it| it.edges[slot].take()));
                self.hold(taken.flatten());
            }
            14..=15 => self.follow(),
            16..=17 => self.swap_cells(),
            18..=19 => self.cover(),
            20 => {
                let gc = self.give();
                lock(&self.pools.shared).extend(gc);
            }
            21 => {
                let gc = lock(&self.pools.shared).pop();
                self.hold(gc);
            }
            22..=23 => self.weak(),
            24 => self.upgrade(),
            25 => self.alone(),
            26 => self.borrowed(),
            27 => self.under_lock(),
            28..=29 => self.attach(),
            30..=31 => self.detach(),
            _ => drop(sync::collect_generation(Generation::ALL[below(3)])),
        }
    }

    /// One of the few things by which a collection that looks on can be deceived.
    pub(super) fn attack(&mut self) {
        match below(19) {
            15..=16 => self.attach(),
            17..=18 => self.detach(),
            0..=1 => self.link(),
            2..=4 => {
                let slot = below(2);
                let taken = self.any().and_then(|gc| gc.cells.write(|it| it.edges[slot].take()));
                self.hold(taken.flatten());
            }
            5..=6 => self.follow(),
            7 => self.swap_cells(),
            8..=9 => self.cover(),
            10 => self.weak(),
            11..=12 => self.upgrade(),
            _ => drop(self.take()),
        }
    }

    fn make(&mut self) {
        let fixed: Vec<_> = (0..below(3)).filter_map(|_| self.give()).collect();
        let node = Node::new(fixed);
        let gc = if one_in(4) {
            let unique = UniqueGc::new(node);
            let known = Known { id: unique.life.id, weak: UniqueGc::downgrade(&unique) };
            lock(&self.pools.weaks).push(known);
            UniqueGc::publish(unique)
        } else {
            Gc::new(node)
        };
        self.hold([gc]);
    }

    fn link(&mut self) {
        let Some(gc) = self.give() else { return };
        let Some(to) = self.any() else { return };
        let old = match &to.cells {
            Cells::Once(slots) => slots[below(2)].set(gc).err(),
            cells => cells.write(|slots| slots.edges[below(2)].replace(gc)).flatten(),
        };
        drop(old);
    }

    fn attach(&mut self) {
        let Some(gc) = self.give() else { return };
        match self.any() {
            Some(to) => Gc::attach(to, gc),
            None => self.hold([gc]),
        }
    }

    fn detach(&mut self) {
        let detached = self.any().and_then(Gc::detach_last);
        self.hold(detached);
    }

    fn follow(&mut self) {
        let Some(gc) = self.any() else { return };
        let edge = match gc.open_edge() {
            Some(edge) => Some(edge.clone()),
            None => gc.cells.read(|slots| slots.edges[below(2)].clone()).flatten(),
        };
        self.hold(edge);
    }

    /// Moves a handle from one cell to another.
    fn swap_cells(&mut self) {
        let (Some(from), Some(to)) = (self.any(), self.any()) else { return };
        let (a, b) = (below(2), below(2));
        if one_in(2) {
            from.cells.write(|one| {
                to.cells.write(|other| mem::swap(&mut one.edges[a], &mut other.edges[b]))
            });
            return;
        }
        let mut moved = from.cells.write(|slots| slots.edges[a].take()).flatten();
        to.cells.write(|slots| mem::swap(&mut slots.edges[b], &mut moved));
        self.hold(moved);
    }

    /// Takes a handle out of an object, and puts the object's own where that leads to.
    fn cover(&mut self) {
        let Some(a) = self.take() else { return };
        let taken = a.cells.write(|slots| slots.edges[below(2)].take()).flatten();
        let mut covered = Some(a);
        if let Some(o) = &taken {
            o.cells.write(|slots| mem::swap(&mut slots.edges[below(2)], &mut covered));
        }
        self.hold(taken);
        self.hold(covered);
    }

    fn weak(&mut self) {
        let Some(gc) = self.any() else { return };
        let known = Known::of(gc);
        match below(3) {
            0 => drop(known),
            1 => lock(&self.pools.weaks).push(known),
            _ => drop(gc.cells.write(|slots| slots.weak.replace(known))),
        }
    }

    fn upgrade(&mut self) {
        let known = match below(3) {
            0 => lock(&self.pools.weaks).pop(),
            1 => lock(&self.pools.weaks).last().cloned(),
            _ => self.any().and_then(|gc| gc.cells.read(|slots| slots.weak.clone())).flatten(),
        };
        self.hold(known.and_then(|known| known.upgrade()));
    }

    fn alone(&mut self) {
        let Some(mut gc) = self.take() else { return };
        if let Some(node) = Gc::get_mut(&mut gc) {
            node.check();
            let edge = node.fixed.pop();
            self.some_steps();
            node.fixed.extend(edge);
            node.fixed.extend(self.give());
            return self.hold([gc]);
        }
        match Gc::try_unwrap(gc) {
            Ok(node) => {
                node.check();
                self.hold(node.fixed.first().cloned());
            }
            Err(gc) => self.hold([gc]),
        }
    }

    /// Other things while a borrow through another object is the only way to one.
    fn borrowed(&mut self) {
        let Some(gc) = self.take() else { return };
        if let Some(edge) = gc.open_edge() {
            self.some_steps();
            edge.check();
            edge.fixed.iter().for_each(|next| next.check());
            let edge = edge.clone();
            self.hold([edge]);
        }
        if one_in(2) {
            self.hold([gc]);
        }
    }

    fn under_lock(&mut self) {
        let Some(gc) = self.any().cloned() else { return };
        let old = gc.cells.write(|slots| {
            let taken = slots.edges[0].take();
            self.some_steps();
            gc.check();
            mem::replace(&mut slots.edges[0], taken)
        });
        drop(old);
        self.hold([gc]);
    }

    fn some_steps(&mut self) {
        if self.depth < 2 {
            self.depth += 1;
            (0..=below(2)).for_each(|_| self.step());
            self.depth -= 1;
        }
    }
}
