//! The object that the operations work on. Its hooks ask the oracle.

use super::SLOTS;
use super::hooks::{self, Life};
use gc_core::unsync::{Gc, Weak, WeakCallback};
use gc_core::{Finalize, Finalizing, Trace, Tracer};
use std::cell::RefCell;

/// What an object's edges are.
pub(super) type Slots = [Option<Gc<Node>>; SLOTS];

/// An object. The fields drop in this order: first the oracle is told, then the
/// callback is cancelled, then the edges go.
#[derive(Trace)]
#[trace(finalize)]
pub(super) struct Node {
    pub(super) life: Life,
    bomb: Bomb,
    pub(super) callback: RefCell<Option<WeakCallback<Node>>>,
    pub(super) weak: RefCell<Option<Weak<Node>>>,
    pub(super) slots: RefCell<Slots>,
    #[trace(skip)]
    pub(super) hidden: RefCell<Option<Gc<Node>>>,
}

impl Node {
    /// The object of that number.
    pub(super) fn new(id: usize) -> Node {
        Node {
            life: Life::new(id),
            bomb: Bomb(id),
            callback: RefCell::default(),
            weak: RefCell::default(),
            slots: RefCell::default(),
            hidden: RefCell::default(),
        }
    }
}

impl Finalize for Node {
    fn finalize(&self, cx: &Finalizing<'_>) {
        hooks::finalized(self, cx);
    }
}

/// Panics when it is traced, if the oracle wants it.
struct Bomb(usize);

// SAFETY: shows no edge at all and owns none.
unsafe impl Trace for Bomb {
    fn trace(&self, _: &mut Tracer<'_>) {
        hooks::traced(self.0);
    }
}
