//! The objects, and what all threads of a program hold together.

use super::cells::{Exclusive, Shared};
use super::{below, fault, one_in};
use crate::primitive::{Mutex, lock};
use crate::sync::{self, Gc, Weak};
use crate::{Depth, Finalize, Finalizing, Trace, Tracer};
use std::cell::{Cell, RefCell};
use std::sync::{Arc, OnceLock};

/// What has become of each object, by number.
#[derive(Clone, Copy, Default)]
pub(super) struct Fate {
    pub(super) finalized: bool,
    pub(super) dropped: bool,
}

std::thread_local! {
    // The threads of a program all run on one of std's.
    static FATES: RefCell<Vec<Fate>> = const { RefCell::new(Vec::new()) };
    static POOLS: RefCell<Arc<Pools>> = RefCell::default();
    /// Hooks do nothing but their duty.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Handles that any thread may take. Nothing is dropped while one of the locks is held.
#[derive(Default)]
pub(super) struct Pools {
    pub(super) shared: Mutex<Vec<Gc<Node>>>,
    pub(super) weaks: Mutex<Vec<Known>>,
}

pub(super) fn pools() -> Arc<Pools> {
    POOLS.with_borrow(Arc::clone)
}

/// A new program begins.
pub(super) fn begin() {
    FATES.take();
    POOLS.replace(Arc::default());
    QUIET.set(false);
}

/// From here on finalizers and destructors do nothing of their own.
pub(super) fn be_quiet() {
    QUIET.set(true);
}

pub(super) fn fates() -> Vec<Fate> {
    FATES.with_borrow(Vec::clone)
}

/// A number that the destructor overwrites.
pub(super) struct Life {
    pub(super) id: usize,
    canary: usize,
}

const CANARY: usize = 0xC0FFEE;

impl Life {
    fn new() -> Life {
        let id = FATES.with_borrow_mut(|fates| {
            fates.push(Fate::default());
            fates.len() - 1
        });
        Life { id, canary: CANARY ^ id }
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        let id = self.id;
        if self.canary != CANARY ^ id {
            // What is there may be anything.
            return fault(format!("{id} is dropped though it is none"));
        }
        self.canary = 0;
        std::hint::black_box(&mut self.canary);
        let old = FATES.with_borrow_mut(|fates| std::mem::replace(&mut fates[id].dropped, true));
        if old {
            fault(format!("{id} is dropped twice"));
        }
        act(None);
    }
}

/// A weak handle, and to what.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) id: usize,
    pub(super) weak: Weak<Node>,
}

impl Known {
    pub(super) fn of(gc: &Gc<Node>) -> Known {
        Known { id: gc.life.id, weak: Gc::downgrade(gc) }
    }

    pub(super) fn upgrade(&self) -> Option<Gc<Node>> {
        let gc = self.weak.upgrade()?;
        gc.check();
        Some(gc)
    }
}

/// What stands in one cell.
#[derive(Default)]
pub(super) struct Slots {
    pub(super) edges: [Option<Gc<Node>>; 2],
    pub(super) weak: Option<Known>,
}

// SAFETY: each handle once; there is no destructor.
unsafe impl Trace for Slots {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.edges.trace(tracer);
    }
}

pub(super) enum Cells {
    None,
    Exclusive(Exclusive<Slots>),
    Shared(Shared<Slots>),
    Once([OnceLock<Gc<Node>>; 2]),
}

impl Cells {
    fn random() -> Cells {
        match below(7) {
            0 => Cells::None,
            1..=2 => Cells::Exclusive(Exclusive::new(Slots::default())),
            3..=4 => Cells::Shared(Shared::new(Slots::default())),
            _ => Cells::Once([OnceLock::new(), OnceLock::new()]),
        }
    }

    pub(super) fn write<R>(&self, f: impl FnOnce(&mut Slots) -> R) -> Option<R> {
        match self {
            Cells::None | Cells::Once(_) => None,
            Cells::Exclusive(cell) => cell.try_lock().map(|mut slots| f(&mut slots)),
            Cells::Shared(cell) => cell.try_write().map(|mut slots| f(&mut slots)),
        }
    }

    pub(super) fn read<R>(&self, f: impl FnOnce(&Slots) -> R) -> Option<R> {
        match self {
            Cells::Shared(cell) => cell.try_read().map(|slots| f(&slots)),
            _ => self.write(|slots| f(slots)),
        }
    }
}

pub(super) struct Node {
    pub(super) life: Life,
    /// Edges that stand where they are.
    pub(super) fixed: Vec<Gc<Node>>,
    pub(super) cells: Cells,
}

// SAFETY: each handle once; the destructor of `life` knows of none.
unsafe impl Trace for Node {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.check();
        self.fixed.trace(tracer);
        match &self.cells {
            Cells::None => {}
            Cells::Exclusive(cell) => cell.trace(tracer),
            Cells::Shared(cell) => cell.trace(tracer),
            Cells::Once(slots) => slots.trace(tracer),
        }
    }

    fn may_finalize(_: Depth) -> bool {
        // Without, a collection has one step less, and decides at once.
        !QUIET.get()
    }

    fn finalize_within(&self, cx: &Finalizing<'_>) {
        // Half of them have no hook to run.
        if self.life.id.is_multiple_of(2) {
            cx.run(self);
        }
    }
}

impl Node {
    pub(super) fn new(fixed: Vec<Gc<Node>>) -> Node {
        Node { life: Life::new(), fixed, cells: Cells::random() }
    }

    pub(super) fn check(&self) {
        if self.life.canary != CANARY ^ self.life.id {
            fault(format!("{} is used after its end", self.life.id));
            panic!("what is there may be anything");
        }
    }

    /// A handle that stands where no lock is needed.
    pub(super) fn open_edge(&self) -> Option<&Gc<Node>> {
        match &self.cells {
            Cells::Once(slots) if one_in(2) => slots[below(2)].get(),
            _ => self.fixed.first(),
        }
    }
}

impl Clone for Node {
    fn clone(&self) -> Node {
        Node::new(self.fixed.clone())
    }
}

impl Finalize for Node {
    fn finalize(&self, cx: &Finalizing<'_>) {
        self.check();
        let id = self.life.id;
        let old = FATES.with_borrow_mut(|fates| std::mem::replace(&mut fates[id].finalized, true));
        if old {
            fault(format!("{id} is finalized twice"));
        }
        self.fixed.iter().for_each(|node| node.check());
        act(Some((self, cx)));
    }
}

/// What a finalizer or a destructor does beside its duty.
fn act(dying: Option<(&Node, &Finalizing<'_>)>) {
    if QUIET.get() {
        return;
    }
    let pools = pools();
    match below(12) {
        0 => drop(sync::collect()),
        1 => {
            let taken = lock(&pools.shared).pop();
            drop(taken);
        }
        2 => {
            let known = lock(&pools.weaks).pop();
            let upgraded = known.and_then(|known| known.upgrade());
            lock(&pools.shared).extend(upgraded);
        }
        3..=7 => {
            let Some((node, cx)) = dying else { return };
            let handle = || cx.handle::<Node, crate::sharing::Shared>();
            match below(4) {
                0 => {
                    let me = handle();
                    lock(&pools.shared).extend(me);
                }
                1 => {
                    let edge = node.open_edge().cloned();
                    lock(&pools.shared).extend(edge);
                }
                2 => {
                    let taken = node.cells.write(|slots| slots.edges[below(2)].take());
                    lock(&pools.shared).extend(taken.flatten());
                }
                _ => {
                    let me = handle();
                    let old = node.cells.write(|slots| std::mem::replace(&mut slots.edges[0], me));
                    drop(old);
                }
            }
        }
        _ => {}
    }
}
