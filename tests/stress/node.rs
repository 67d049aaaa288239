//! The objects: every kind of cell that handles may stand in, and a canary.

use crate::ledger::{CALLBACKS, OBJECTS, fault};
use crate::pools::{self, POOLS};
use crate::random::{below, one_in};
use gc_core::sync::{self, Gc, Weak, WeakCallback};
use gc_core::{Finalize, Finalizing, Trace};
use std::cell::Cell;
use std::hint::black_box;
use std::sync::{Mutex, OnceLock, PoisonError, RwLock, TryLockError};

/// The number of an object, and a word that its destructor overwrites. Both are plain memory, so
/// that ThreadSanitizer sees who reads them while somebody else ends the object.
pub(crate) struct Life {
    pub(crate) id: usize,
    canary: u64,
}

const CANARY: u64 = 0x0C0F_FEE0_0000_0000;

impl Life {
    fn new() -> Self {
        let id = OBJECTS.make();
        Life { id, canary: CANARY + id as u64 }
    }

    /// The value moves on to be another object, which is not finalized twice either.
    pub(crate) fn renew(&mut self) {
        let old = std::mem::replace(&mut self.id, OBJECTS.make());
        self.canary = CANARY + self.id as u64;
        if OBJECTS.is_finalized(old) {
            OBJECTS.finalize(self.id);
        }
        OBJECTS.drop(old);
    }

    fn check(&self) {
        if self.canary != CANARY + self.id as u64 {
            fault(&format!("{} is used after its end: {:#x}", self.id, self.canary));
        }
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.check();
        self.canary = !0;
        black_box(&mut self.canary);
        OBJECTS.drop(self.id);
        in_hook(|| act(None));
    }
}

/// A weak handle, and to what.
#[derive(Clone, Trace)]
pub(crate) struct Known {
    pub(crate) id: usize,
    pub(crate) weak: Weak<Node>,
}

impl Known {
    pub(crate) fn of(gc: &Gc<Node>) -> Self {
        Known { id: gc.life.id, weak: Gc::downgrade(gc) }
    }

    pub(crate) fn upgrade(&self) -> Option<Gc<Node>> {
        let gc = self.weak.upgrade()?;
        gc.check();
        if gc.life.id != self.id {
            fault(&format!("a weak handle to {} leads to {}", self.id, gc.life.id));
        }
        Some(gc)
    }
}

/// A weak handle with a callback.
#[derive(Trace)]
pub(crate) struct Watch {
    /// The object's number.
    pub(crate) id: usize,
    /// The callback's own.
    pub(crate) number: usize,
    pub(crate) handle: WeakCallback<Node>,
}

impl Watch {
    pub(crate) fn new(gc: &Gc<Node>) -> Self {
        let (id, number, known) = (gc.life.id, CALLBACKS.make(), Known::of(gc));
        let callback = move || {
            CALLBACKS.finalize(number);
            if known.upgrade().is_some() {
                fault(&format!("{id} lives and its callback runs"));
            }
            in_hook(|| act(None));
        };
        Watch { id, number, handle: Gc::downgrade_with(gc, callback) }
    }
}

/// What stands in one cell.
#[derive(Default, Trace)]
pub(crate) struct Slots {
    pub(crate) edges: [Option<Gc<Node>>; 2],
    pub(crate) weak: Option<Known>,
    pub(crate) watch: Option<Watch>,
}

/// The cells of an object.
#[derive(Trace)]
pub(crate) enum Cells {
    None,
    Mutex(Mutex<Slots>),
    RwLock(RwLock<Slots>),
    Once([OnceLock<Gc<Node>>; 2]),
    Fast(parking_lot::Mutex<Slots>),
    FastRwLock(parking_lot::RwLock<Slots>),
    Nested(RwLock<parking_lot::Mutex<Slots>>),
}

thread_local! {
    /// How many locks of nodes this thread has, and how many hooks it is in.
    static HELD: Cell<usize> = const { Cell::new(0) };
}

/// Runs `f` where nothing may be waited for.
fn in_hook<R>(f: impl FnOnce() -> R) -> R {
    let held = HELD.try_with(Cell::get).unwrap_or(1);
    let _ = HELD.try_with(|it| it.set(held + 1));
    let result = f();
    let _ = HELD.try_with(|it| it.set(held));
    result
}

/// A lock: waited for now and then, if this thread has none.
macro_rules! acquire {
    ($lock:expr, $wait:ident, $try:ident) => {{
        let lock = $lock;
        let may_wait = HELD.try_with(|held| held.get() == 0).unwrap_or(false);
        if may_wait && one_in(2) {
            lock.$wait().unwrap_or_else(PoisonError::into_inner)
        } else {
            match lock.$try() {
                Ok(guard) => guard,
                Err(TryLockError::Poisoned(error)) => error.into_inner(),
                Err(TryLockError::WouldBlock) => return None,
            }
        }
    }};
}

impl Cells {
    fn random() -> Self {
        match below(10) {
            0 => Cells::None,
            1..=2 => Cells::Mutex(Mutex::default()),
            3..=4 => Cells::RwLock(RwLock::default()),
            5..=6 => Cells::Once([OnceLock::new(), OnceLock::new()]),
            7 => Cells::Fast(parking_lot::Mutex::default()),
            8 => Cells::FastRwLock(parking_lot::RwLock::default()),
            _ => Cells::Nested(RwLock::default()),
        }
    }

    /// Runs `f` with the lock of the cell, if it has one that can be had.
    pub(crate) fn write<R>(&self, f: impl FnOnce(&mut Slots) -> R) -> Option<R> {
        match self {
            Cells::None | Cells::Once(_) => None,
            Cells::Mutex(lock) => {
                let mut slots = acquire!(lock, lock, try_lock);
                Some(in_hook(|| f(&mut slots)))
            }
            Cells::RwLock(lock) => {
                let mut slots = acquire!(lock, write, try_write);
                Some(in_hook(|| f(&mut slots)))
            }
            Cells::Fast(lock) => {
                let mut slots = lock.try_lock()?;
                Some(in_hook(|| f(&mut slots)))
            }
            Cells::FastRwLock(lock) => {
                let mut slots = lock.try_write()?;
                Some(in_hook(|| f(&mut slots)))
            }
            Cells::Nested(lock) => {
                let inner = acquire!(lock, read, try_read);
                let mut slots = inner.try_lock()?;
                Some(in_hook(|| f(&mut slots)))
            }
        }
    }

    /// Runs `f` with a shared lock of the cell, where there is such a thing.
    pub(crate) fn read<R>(&self, f: impl FnOnce(&Slots) -> R) -> Option<R> {
        match self {
            Cells::RwLock(lock) => {
                let slots = acquire!(lock, read, try_read);
                Some(in_hook(|| f(&slots)))
            }
            Cells::FastRwLock(lock) => {
                let slots = lock.try_read()?;
                Some(in_hook(|| f(&slots)))
            }
            _ => self.write(|slots| f(slots)),
        }
    }
}

/// An object.
#[derive(Trace)]
#[trace(finalize)]
pub(crate) struct Node {
    #[trace(skip)]
    pub(crate) life: Life,
    /// Written by `get_mut` alone, as plain memory.
    pub(crate) writes: u64,
    /// Edges without a lock, which only a unique reference can change.
    pub(crate) fixed: Vec<Gc<Node>>,
    pub(crate) cells: Cells,
}

impl Node {
    pub(crate) fn new(fixed: Vec<Gc<Node>>) -> Self {
        Node { life: Life::new(), writes: 0, fixed, cells: Cells::random() }
    }

    pub(crate) fn check(&self) {
        self.life.check();
        black_box(self.writes);
    }

    /// A handle that stands in here where no lock is needed.
    pub(crate) fn open_edge(&self) -> Option<&Gc<Node>> {
        match &self.cells {
            Cells::Once(slots) if one_in(2) => slots[below(2)].get(),
            _ => self.fixed.get(below(2)),
        }
    }
}

/// What `make_mut` makes of one that others hold as well: a new object.
impl Clone for Node {
    fn clone(&self) -> Self {
        self.check();
        Node::new(self.fixed.clone())
    }
}

impl Finalize for Node {
    fn finalize(&self, cx: &Finalizing<'_>) {
        self.check();
        OBJECTS.finalize(self.life.id);
        self.fixed.iter().for_each(|node| node.check());
        in_hook(|| {
            self.cells.read(|slots| slots.edges.iter().flatten().for_each(|node| node.check()));
            act(Some((self, cx)));
        });
    }
}

/// What a finalizer, a callback or a destructor does beside its duty.
fn act(dying: Option<(&Node, &Finalizing<'_>)>) {
    match below(24) {
        0 => drop(sync::collect()),
        1 => drop(pools::take(&POOLS.shared)),
        2 => drop(pools::take(&POOLS.watches)),
        3 if OBJECTS.has_room() => pools::put(&POOLS.shared, Gc::new(Node::new(Vec::new()))),
        4 => {
            if let Some(gc) = pools::pick(&POOLS.weaks).and_then(|known| known.upgrade()) {
                pools::put(&POOLS.shared, gc);
            }
        }
        5..=8 => {
            let Some((node, cx)) = dying else { return };
            match below(4) {
                0 => pools::put(&POOLS.shared, cx.handle().expect("it is of this type")),
                1 => pools::put_all(&POOLS.shared, node.open_edge().cloned()),
                2 => {
                    let taken = node.cells.write(|slots| slots.edges[below(2)].take());
                    pools::put_all(&POOLS.shared, taken.flatten());
                }
                _ => {
                    let me: Gc<Node> = cx.handle().expect("it is of this type");
                    pools::put(&POOLS.weaks, Known::of(&me));
                    // A new cycle, through the dying.
                    let old = node.cells.write(|slots| slots.edges[0].replace(me));
                    drop(old);
                }
            }
        }
        _ => {}
    }
}
