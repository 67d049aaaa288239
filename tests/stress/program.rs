//! The random operations of one thread.

use crate::ledger::OBJECTS;
use crate::node::{Cells, Known, Node, Slots, Watch};
use crate::pools::{self, POOLS, lock, put, put_all, take};
use crate::random::{below, one_in, seed};
use gc_core::sync::{self, AnyGc, Gc, UniqueGc};
use gc_core::{DebugFlags, Generation};
use std::cell::RefCell;
use std::mem;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

/// All objects are nodes.
fn node(object: AnyGc) -> Option<Gc<Node>> {
    let node = object.downcast().ok();
    assert!(node.is_some(), "an object that nobody has made");
    node
}

/// How many handles a thread has on its stack.
const HANDS: usize = 5;

thread_local! {
    /// Dropped when the thread ends, before or after the thread's part of the heap.
    static LEFT: RefCell<Vec<Gc<Node>>> = const { RefCell::new(Vec::new()) };
}

/// Handles on their way to whoever comes first.
pub(crate) struct Mail {
    sender: Sender<Gc<Node>>,
    receiver: Mutex<Receiver<Gc<Node>>>,
}

impl Mail {
    pub(crate) fn new() -> Self {
        let (sender, receiver) = channel();
        Mail { sender, receiver: Mutex::new(receiver) }
    }

    pub(crate) fn receive(&self) -> Option<Gc<Node>> {
        lock(&self.receiver).try_recv().ok()
    }
}

/// What one thread has.
pub(crate) struct Local<'m> {
    pub(crate) hands: Vec<Gc<Node>>,
    mail: &'m Mail,
    children: Vec<JoinHandle<()>>,
    /// How many steps it is inside of each other.
    depth: usize,
}

impl<'m> Local<'m> {
    pub(crate) fn new(hands: Vec<Gc<Node>>, mail: &'m Mail) -> Self {
        Local { hands, mail, children: Vec::new(), depth: 0 }
    }

    /// Does `count` things, and waits for the threads that it began.
    pub(crate) fn run(&mut self, count: usize) {
        for _ in 0..count {
            self.step();
        }
        for child in self.children.drain(..) {
            child.join().expect("a child does not panic");
        }
    }

    fn hold(&mut self, gc: Gc<Node>) {
        gc.check();
        self.hands.push(gc);
        if self.hands.len() > HANDS {
            let _ = self.hands.swap_remove(below(HANDS));
        }
    }

    fn hold_all(&mut self, all: impl IntoIterator<Item = Gc<Node>>) {
        all.into_iter().for_each(|gc| self.hold(gc));
    }

    fn any(&self) -> Option<&Gc<Node>> {
        let gc = self.hands.get(below(self.hands.len().max(1)))?;
        gc.check();
        Some(gc)
    }

    /// A handle that moves out of the hands, or a clone.
    fn give(&mut self) -> Option<Gc<Node>> {
        if self.hands.is_empty() {
            return None;
        }
        let index = below(self.hands.len());
        let gc =
            if one_in(2) { self.hands.swap_remove(index) } else { Gc::clone(&self.hands[index]) };
        gc.check();
        Some(gc)
    }

    fn step(&mut self) {
        match below(41) {
            0..=6 => self.make(),
            7 => self.unique(),
            8..=9 => {
                let gc = self.any().cloned();
                self.hold_all(gc);
            }
            10..=12 => drop(self.hands.pop()),
            13..=16 => self.link(),
            17..=19 => self.unlink(),
            20..=21 => self.follow(),
            22..=23 => self.swap_cells(),
            24..=25 => self.cover(),
            26 => put_all(&POOLS.shared, self.give()),
            27..=28 => self.fetch(),
            29..=30 => self.weaks(),
            31..=32 => self.upgrade(),
            33 => self.watches(),
            34 => self.alone(),
            35 => self.unwrap(),
            36 => self.post(),
            37..=38 => self.under_lock(),
            39 => self.borrowed(),
            _ => self.rare(),
        }
    }

    /// Does a few things inside another.
    fn some_steps(&mut self) {
        if self.depth < 3 {
            self.depth += 1;
            (0..=below(4)).for_each(|_| self.step());
            self.depth -= 1;
        }
    }

    fn make(&mut self) {
        if !OBJECTS.has_room() {
            return;
        }
        let fixed = (0..below(3)).filter_map(|_| self.give()).collect();
        let gc = if one_in(4) {
            Gc::new_cyclic(|weak| {
                let node = Node::new(fixed);
                let known = Known { id: node.life.id, weak: weak.clone() };
                node.cells.write(|slots| slots.weak = Some(known));
                node
            })
        } else {
            Gc::new(Node::new(fixed))
        };
        self.hold(gc);
    }

    /// Makes an object that nobody shares yet, or does something with one.
    fn unique(&mut self) {
        if one_in(2) && OBJECTS.has_room() {
            let fixed = self.give().into_iter().collect();
            let unique = UniqueGc::new(Node::new(fixed));
            if one_in(2) {
                let known = Known { id: unique.life.id, weak: UniqueGc::downgrade(&unique) };
                put(&POOLS.weaks, known.clone());
                unique.cells.write(|slots| slots.weak = Some(known));
            }
            put(&POOLS.uniques, unique);
            return;
        }
        let Some(mut unique) = take(&POOLS.uniques) else { return };
        unique.check();
        unique.writes += 1;
        match below(4) {
            0 => drop(unique),
            1 => put(&POOLS.uniques, unique),
            _ => self.hold(UniqueGc::publish(unique)),
        }
    }

    /// Puts a handle into a cell.
    fn link(&mut self) {
        let Some(gc) = self.give() else { return };
        let Some(to) = self.any() else { return };
        if let Cells::Once(slots) = &to.cells {
            return drop(slots[below(2)].set(gc));
        }
        let slot = below(2);
        if one_in(4) {
            // What was there dies under the lock.
            to.cells.write(|slots| slots.edges[slot] = Some(gc));
        } else {
            let old = to.cells.write(|slots| slots.edges[slot].replace(gc));
            drop(old);
        }
    }

    /// Takes a handle out of a cell.
    fn unlink(&mut self) {
        let taken = self.any().and_then(|gc| gc.cells.write(|slots| slots.edges[below(2)].take()));
        self.hold_all(taken.flatten());
    }

    /// Clones a handle out of an object.
    fn follow(&mut self) {
        let Some(gc) = self.any() else { return };
        let edge = match gc.open_edge() {
            Some(edge) => Some(edge.clone()),
            None => gc.cells.read(|slots| slots.edges[below(2)].clone()).flatten(),
        };
        self.hold_all(edge);
    }

    /// Moves a handle from one cell to another: nothing is cloned or dropped.
    fn swap_cells(&mut self) {
        let (Some(from), Some(to)) = (self.any(), self.any()) else { return };
        let (a, b) = (below(2), below(2));
        if one_in(2) {
            // Both locks at once.
            let rest = from.cells.write(|one| {
                to.cells.write(|other| mem::swap(&mut one.edges[a], &mut other.edges[b]))
            });
            let _ = rest;
            return;
        }
        let Some(moved) = from.cells.write(|slots| slots.edges[a].take()).flatten() else { return };
        let mut moved = Some(moved);
        to.cells.write(|slots| mem::swap(&mut slots.edges[b], &mut moved));
        self.hold_all(moved);
    }

    /// Takes a handle out of an object, and puts the object's own last handle where that leads to.
    fn cover(&mut self) {
        if self.hands.is_empty() {
            return;
        }
        let a = self.hands.swap_remove(below(self.hands.len()));
        let Some(o) = a.cells.write(|slots| slots.edges[below(2)].take()).flatten() else {
            return self.hold(a);
        };
        let mut covered = Some(a);
        o.cells.write(|slots| mem::swap(&mut slots.edges[below(2)], &mut covered));
        self.hold(o);
        self.hold_all(covered);
    }

    /// From the pool to the hands.
    fn fetch(&mut self) {
        let gc = if one_in(2) { take(&POOLS.shared) } else { pools::pick(&POOLS.shared) };
        self.hold_all(gc);
    }

    fn weaks(&mut self) {
        let Some(gc) = self.any() else { return };
        let known = Known::of(gc);
        match below(3) {
            0 => drop(known),
            1 => put(&POOLS.weaks, known),
            _ => drop(gc.cells.write(|slots| slots.weak.replace(known))),
        }
    }

    fn upgrade(&mut self) {
        let known = match below(3) {
            0 => take(&POOLS.weaks),
            1 => pools::pick(&POOLS.weaks),
            _ => self.any().and_then(|gc| gc.cells.read(|slots| slots.weak.clone())).flatten(),
        };
        self.hold_all(known.and_then(|known| known.upgrade()));
    }

    fn watches(&mut self) {
        let Some(gc) = self.any() else { return };
        let watch = Watch::new(gc);
        match below(4) {
            0 => drop(watch),
            1 => drop(gc.cells.write(|slots| slots.watch.replace(watch))),
            2 => put(&POOLS.watches, watch),
            _ => {
                let upgraded = watch.handle.upgrade();
                put(&POOLS.watches, watch);
                self.hold_all(upgraded);
            }
        }
    }

    /// Writes through a unique reference.
    fn alone(&mut self) {
        let Some(mut gc) = self.give() else { return };
        let node = if one_in(3) && OBJECTS.has_room() {
            let (place, id) = (Gc::as_ptr(&gc), gc.life.id);
            let node = Gc::make_mut(&mut gc);
            if !std::ptr::eq(place, node) && node.life.id == id {
                // Weak handles are left behind, and think that it is dead.
                node.life.renew();
            }
            Some(node)
        } else {
            Gc::get_mut(&mut gc)
        };
        if let Some(node) = node {
            node.check();
            node.writes += 1;
            if let Some(edge) = node.fixed.pop() {
                self.some_steps();
                node.fixed.push(edge);
            }
            if node.fixed.len() < 3 {
                node.fixed.extend(self.give());
            }
            node.writes += 1;
        }
        self.hold(gc);
    }

    fn unwrap(&mut self) {
        let Some(gc) = self.give() else { return };
        if one_in(2) {
            // SAFETY: the pointer comes from `into_raw` right here.
            return self.hold(unsafe { Gc::from_raw(Gc::into_raw(gc)) });
        }
        match Gc::try_unwrap(gc) {
            Ok(node) => {
                node.check();
                self.hold_all(node.fixed.first().cloned());
                drop(node);
            }
            Err(gc) => self.hold(gc),
        }
    }

    fn post(&mut self) {
        let received = self.mail.receive();
        self.hold_all(received);
        if let Some(gc) = self.give() {
            self.mail.sender.send(gc).expect("the receiver is there");
        }
    }

    /// Other things with a lock held.
    fn under_lock(&mut self) {
        let Some(gc) = self.any().cloned() else { return };
        let rest = |slots: &mut Slots, local: &mut Self| {
            let taken = slots.edges[0].take();
            local.some_steps();
            gc.check();
            mem::replace(&mut slots.edges[0], taken)
        };
        if one_in(3) {
            gc.cells.read(|slots| {
                self.some_steps();
                slots.edges.iter().flatten().for_each(|gc| gc.check());
            });
        } else {
            drop(gc.cells.write(|slots| rest(slots, self)));
        }
        self.hold(gc);
    }

    /// Other things while the only way to an object is a borrow through another.
    fn borrowed(&mut self) {
        if self.hands.is_empty() {
            return;
        }
        let gc = self.hands.swap_remove(below(self.hands.len()));
        if let Some(edge) = gc.open_edge() {
            let edge: &Gc<Node> = edge;
            self.some_steps();
            edge.check();
            edge.fixed.iter().for_each(|next| next.check());
            let edge = edge.clone();
            self.hold(edge);
        }
        if one_in(2) {
            self.hold(gc);
        }
    }

    fn rare(&mut self) {
        match below(11) {
            0 => drop(sync::collect()),
            1 => drop(sync::collect_generation(Generation::Young)),
            2 => drop(sync::collect_generation(Generation::Middle)),
            3 if self.depth == 0 && self.children.len() < 4 => self.spawn(),
            4 => {
                let gc = self.give();
                LEFT.with_borrow_mut(|left| left.extend(gc));
            }
            5 => drop(take(&POOLS.watches)),
            6 => {
                let garbage = sync::garbage().drain();
                self.hold_all(garbage.into_iter().filter(|_| one_in(3)).filter_map(node));
            }
            // More often off than on, or there is nothing to find for the others.
            7 if one_in(3) => sync::set_debug(DebugFlags::SAVE_ALL),
            7 => sync::set_debug(DebugFlags::empty()),
            // More often off than on, here too.
            8 if one_in(20) => sync::freeze(),
            8 if one_in(3) => sync::unfreeze(),
            _ => self.look_around(),
        }
    }

    /// What is held by an object, or by what that holds.
    fn look_around(&mut self) {
        let Some(gc) = self.any() else { return };
        let mut around = sync::referents(gc);
        if one_in(2) {
            around = around.iter().flat_map(AnyGc::referents).collect();
        }
        self.hold_all(around.into_iter().filter_map(node));
    }

    /// A thread that lives shortly, and leaves the last to its thread-locals.
    fn spawn(&mut self) {
        let (hands, number) = (self.give().into_iter().collect(), below(1 << 30));
        let child = move || {
            seed(number as u64);
            if one_in(2) {
                LEFT.with_borrow(|_| ());
            }
            let mail = Mail::new();
            let mut local = Local::new(hands, &mail);
            local.depth = 1;
            local.run(20);
            let hands = mem::take(&mut local.hands);
            LEFT.with_borrow_mut(|left| left.extend(hands));
        };
        self.children.push(thread::spawn(child));
    }
}
