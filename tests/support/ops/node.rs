//! The object that the operations work on. Its hooks ask the oracle.

use super::SLOTS;
use super::gc::{Gc, Lock, Slot, Weak, WeakCallback};
use super::hooks::{self, Life};
use super::oracle::Id;
use super::world::Tag;
use gc_core::{Finalize, Finalizing, Trace, Tracer};

/// What an object's edges are.
pub(super) type Slots = [Option<Edge>; SLOTS];

/// A handle in an object. The oracle is told before it is dropped.
#[derive(Trace)]
pub(super) struct Edge {
    mark: Mark,
    pub(super) to: Gc<Node>,
}

impl Edge {
    /// The handle in that slot of `owner`; the hidden one is in slot [`SLOTS`].
    pub(super) fn new(owner: Id, slot: usize, to: Gc<Node>) -> Edge {
        Edge { mark: Mark { owner: Tag::new(owner), slot }, to }
    }
}

#[derive(Trace)]
#[trace(leaf)]
struct Mark {
    owner: Tag,
    slot: usize,
}

impl Drop for Mark {
    fn drop(&mut self) {
        hooks::edge_dropped(self.owner, self.slot);
    }
}

/// An object. The fields drop in this order: first the oracle is told, then the
/// callback is cancelled, then the edges go, then the oracle is told of the end.
#[derive(Trace)]
#[trace(finalize)]
pub(super) struct Node {
    pub(super) life: Life,
    bomb: Bomb,
    pub(super) callback: Slot<Option<WeakCallback<Node>>>,
    pub(super) weak: Slot<Option<Weak<Node>>>,
    pub(super) slots: Lock<Slots>,
    #[trace(skip)]
    pub(super) hidden: Slot<Option<Edge>>,
    end: End,
}

impl Node {
    /// The object of that number.
    pub(super) fn new(id: Id) -> Node {
        Node {
            life: Life::new(id),
            bomb: Bomb(Tag::new(id)),
            callback: Slot::default(),
            weak: Slot::default(),
            slots: Lock::default(),
            hidden: Slot::default(),
            end: End(Tag::new(id)),
        }
    }
}

/// The last of an object's fields.
#[derive(Trace)]
#[trace(leaf)]
struct End(Tag);

impl Drop for End {
    fn drop(&mut self) {
        hooks::ended(self.0);
    }
}

impl Finalize for Node {
    fn finalize(&self, cx: &Finalizing<'_>) {
        hooks::finalized(self, cx);
    }
}

/// Panics when it is traced, if the oracle wants it.
struct Bomb(Tag);

// SAFETY: shows no edge at all and owns none.
unsafe impl Trace for Bomb {
    fn trace(&self, _: &mut Tracer<'_>) {
        hooks::traced(self.0);
    }
}
