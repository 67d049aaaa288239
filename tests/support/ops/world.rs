//! The real handles: the roots, and the address of every object ever made.
//!
//! The world is borrowed for moments only, and never while a handle is dropped or
//! the collector works: whatever may run the user's code runs without it.

use super::gc::{Gc, Guard, Weak, WeakCallback, lock};
use super::node::{Edge, Node, Slots};
use super::oracle::{Id, Oracle, Panics, State};
use super::{Action, CALLBACKS, HOLDS, REGISTERS, SLOTS, WEAKS, hooks};
use gc_core::Trace;
use std::cell::{Cell, RefCell};
use std::mem::{ManuallyDrop, transmute};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

/// A handle that was taken out and is to be dropped without the world.
pub(super) type Loose = Option<Gc<Node>>;
/// A handle and the number of its object.
pub(super) type Named = Option<(Id, Gc<Node>)>;
/// A weak callback.
pub(super) type Callback = WeakCallback<Node>;

/// A borrow that stays open.
pub(super) struct Held {
    // Dropped first: it points into the object that `_node` keeps.
    _guard: Guard<'static, Slots>,
    _node: Gc<Node>,
}

#[derive(Default)]
pub(super) struct World {
    pub(super) oracle: Oracle,
    pub(super) addresses: Vec<*const Node>,
    pub(super) registers: [Loose; REGISTERS],
    pub(super) weaks: [Option<Weak<Node>>; WEAKS],
    pub(super) callbacks: [Option<Callback>; CALLBACKS],
    pub(super) holds: [Option<Held>; HOLDS],
    /// How often everything was frozen.
    pub(super) freezes: usize,
    /// Panics of destructors that came out of a drop.
    pub(super) propagated: usize,
    /// Panics that the collector swallowed.
    pub(super) swallowed: Panics,
}

thread_local! {
    /// Never dropped, so that a case which failed can end its thread in peace.
    static WORLD: ManuallyDrop<RefCell<World>> = ManuallyDrop::default();
}

thread_local! {
    /// The number of the run that is on this thread.
    static RUN: Cell<usize> = const { Cell::new(0) };
}

/// Begins a run.
pub(super) fn begin() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    RUN.set(RUNS.fetch_add(1, Ordering::Relaxed) + 1);
}

/// The number of an object or a callback, and its run: where one heap is there for all runs, what a run that
/// failed has left may die in another, which is not to be told.
#[derive(Clone, Copy, Trace)]
pub(super) struct Tag {
    id: Id,
    run: usize,
}

impl Tag {
    pub(super) fn new(id: Id) -> Tag {
        Tag { id, run: RUN.get() }
    }

    /// The number, if it is of this run.
    pub(super) fn ours(self) -> Option<Id> {
        (self.run == RUN.get()).then_some(self.id)
    }
}

/// Borrows the world for a moment.
pub(super) fn with<R>(f: impl FnOnce(&mut World) -> R) -> R {
    WORLD.with(|world| f(&mut world.borrow_mut()))
}

/// Gives the world's memory back, when nothing is left in it.
pub(super) fn clear() {
    drop(with(std::mem::take));
}

/// Drops a handle, or whatever may run destructors; theirs may panic.
pub(super) fn release<T>(what: T) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(what))) {
        if panic.downcast_ref() != Some(&hooks::BANG) {
            std::panic::resume_unwind(panic);
        }
        with(|w| w.propagated += 1);
    }
}

impl World {
    /// Notes a new object.
    pub(super) fn born(&mut self, id: Id, handle: &Gc<Node>) {
        // What is made inside of an automatic collection is born before what caused it.
        let places = self.addresses.len().max(id + 1);
        self.addresses.resize(places, std::ptr::null());
        self.addresses[id] = Gc::as_ptr(handle);
        self.oracle.objects[id].state = State::Alive;
        self.oracle.stack.push(id);
    }

    /// A handle to a living object that is not counted, to look at it.
    pub(super) fn peek(&self, id: Id) -> ManuallyDrop<Gc<Node>> {
        assert_eq!(self.oracle.objects[id].state, State::Alive);
        // SAFETY: the address is from `as_ptr` of this object, whose destructor has
        // not reported its death, and the count is never given back.
        ManuallyDrop::new(unsafe { Gc::from_raw(self.addresses[id]) })
    }

    /// Tells the oracle each object's generation.
    pub(super) fn read_generations(&mut self) {
        let living: Vec<Id> = self.oracle.ids(State::Alive).collect();
        for id in living {
            let generation = Gc::generation(&self.peek(id));
            let object = &mut self.oracle.objects[id];
            // What is frozen is older than any collection.
            let frozen = usize::from(object.frozen);
            object.generation = super::index(generation) + frozen;
        }
    }

    /// Puts a handle into a register and gives back what was there.
    #[must_use]
    pub(super) fn put(&mut self, at: usize, new: Named) -> Loose {
        self.oracle.registers[at] = new.as_ref().map(|(id, _)| *id);
        std::mem::replace(&mut self.registers[at], new.map(|(_, handle)| handle))
    }

    /// A clone of the handle in a register.
    pub(super) fn copy(&self, at: usize) -> Named {
        Some((self.oracle.registers[at]?, self.registers[at].clone()?))
    }

    /// A clone of the handle in a slot of an object.
    pub(super) fn copy_slot(&self, owner: Id, slot: usize) -> Named {
        let object = &self.oracle.objects[owner];
        let id = object.slots[slot].filter(|_| !object.locked)?;
        Some((id, lock(&self.peek(owner).slots)[slot].as_ref()?.to.clone()))
    }

    /// Puts a handle into a slot of an object that is not locked, and gives back
    /// what was there.
    #[must_use]
    pub(super) fn put_slot(&mut self, owner: Id, slot: usize, new: Named) -> Option<Edge> {
        self.oracle.objects[owner].slots[slot] = new.as_ref().map(|(id, _)| *id);
        let new = new.map(|(_, handle)| Edge::new(owner, slot, handle));
        std::mem::replace(&mut lock(&self.peek(owner).slots)[slot], new)
    }

    /// Puts a handle into an object that is not traced, and gives back what was there.
    #[must_use]
    pub(super) fn hide(&mut self, owner: Id, new: Named) -> Option<Edge> {
        self.oracle.objects[owner].hidden = new.as_ref().map(|(id, _)| *id);
        let new = new.map(|(_, handle)| Edge::new(owner, SLOTS, handle));
        self.peek(owner).hidden.replace(new)
    }

    /// The object in a register, if it is there and not locked.
    pub(super) fn open(&self, at: usize) -> Option<Id> {
        self.oracle.registers[at].filter(|&id| !self.oracle.objects[id].locked)
    }

    /// Registers a weak callback.
    pub(super) fn watch(&mut self, id: Id, handle: &Gc<Node>, action: Action) -> (usize, Callback) {
        let number = self.oracle.watch(id, action);
        let tag = Tag::new(number);
        (number, Gc::downgrade_with(handle, move || hooks::called(tag)))
    }

    /// Puts a weak callback into a register and gives back what was there.
    #[must_use]
    pub(super) fn put_callback(
        &mut self,
        at: usize,
        new: Option<(usize, Callback)>,
    ) -> Option<Callback> {
        let number = new.as_ref().map(|(number, _)| *number);
        if let Some(old) = std::mem::replace(&mut self.oracle.callback_registers[at], number) {
            self.oracle.callbacks[old].cancelled = true;
        }
        std::mem::replace(&mut self.callbacks[at], new.map(|(_, callback)| callback))
    }

    /// Opens a borrow of the object in a register and keeps it.
    pub(super) fn hold(&mut self, at: usize, hold: usize) {
        let Some(id) = self.open(at).filter(|_| self.holds[hold].is_none()) else { return };
        let Some((_, node)) = self.copy(at) else { return };
        // SAFETY: the guard is dropped before the handle beside it, which keeps
        // the object where it is.
        let guard =
            unsafe { transmute::<Guard<'_, Slots>, Guard<'static, Slots>>(lock(&node.slots)) };
        self.oracle.objects[id].locked = true;
        self.oracle.holds[hold] = Some(id);
        self.holds[hold] = Some(Held { _guard: guard, _node: node });
    }

    /// Takes an open borrow out, to be dropped.
    #[must_use]
    pub(super) fn let_go(&mut self, hold: usize) -> Option<Held> {
        let id = self.oracle.holds[hold].take()?;
        self.oracle.objects[id].locked = false;
        self.holds[hold].take()
    }
}
