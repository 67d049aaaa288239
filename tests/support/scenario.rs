//! Nodes that log what happens to them and do in their hooks what a test wants.

use super::{Gc, Hook, OnDrop, OnFinalize, OnTrace, Slot, Weak, WeakCallback, assert_alone};
use crate::unraisable;
use crate::{Event, Log};
use gc_core::{Finalize, Finalizing, Trace, Tracer, UserCode};
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

const ALIVE: u32 = 0x5eed_cafe;
const DEAD: u32 = 0xdead_dead;

/// A leaf that logs its drop and knows whether it has happened.
#[derive(Trace)]
#[trace(leaf)]
pub struct Canary {
    name: usize,
    state: AtomicU32,
    log: Log,
    on_drop: Slot<Option<OnDrop>>,
}

impl Canary {
    /// A canary that logs to `log`.
    #[must_use]
    pub fn new(name: usize, log: &Log) -> Canary {
        assert_alone();
        let state = AtomicU32::new(ALIVE);
        Canary { name, state, log: log.clone(), on_drop: Slot::new(None) }
    }

    /// Its name, if it is alive.
    ///
    /// # Panics
    ///
    /// Panics if it has been dropped.
    #[must_use]
    pub fn name(&self) -> usize {
        assert_eq!(self.state.load(Ordering::Relaxed), ALIVE, "a dropped value was read");
        self.name
    }

    /// Runs `f` when this is dropped, after the event is logged.
    pub fn on_drop(&self, f: impl FnOnce() + Hook) {
        self.on_drop.set(Some(Box::new(f)));
    }
}

impl Drop for Canary {
    fn drop(&mut self) {
        let before = self.state.swap(DEAD, Ordering::Relaxed);
        self.log.push(Event::Dropped(self.name));
        assert_eq!(before, ALIVE, "a value was dropped twice");
        if let Some(hook) = self.on_drop.take() {
            hook();
        }
    }
}

impl fmt::Debug for Canary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Canary({})", self.name)
    }
}

/// Runs a test's closure whenever it is traced.
struct Traced(Slot<Option<OnTrace>>);

// SAFETY: shows no edge at all; what the closure does is up to the test, which
// drops, moves and clones no handle that is older than the call.
unsafe impl Trace for Traced {
    fn trace(&self, _: &mut Tracer<'_>) {
        if let Some(mut hook) = self.0.take() {
            // The hook goes back first: it may panic.
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(&mut hook));
            self.0.set(Some(hook));
            if let Err(panic) = result {
                std::panic::resume_unwind(panic);
            }
        }
    }
}

/// A node with a finalizer, edges of every kind, and a hook for every occasion.
#[derive(Trace)]
#[trace(finalize)]
pub struct Node {
    canary: Canary,
    on_trace: Traced,
    edges: Slot<Vec<Gc<Node>>>,
    /// Weak handles that this node owns.
    pub weak: Slot<Vec<Weak<Node>>>,
    /// Weak callbacks that this node owns.
    pub callbacks: Slot<Vec<WeakCallback<Node>>>,
    /// Handles that the collector is not told of.
    #[trace(skip)]
    pub hidden: Slot<Vec<Gc<Node>>>,
    #[trace(skip)]
    on_finalize: Slot<Option<OnFinalize>>,
}

impl Node {
    /// A node on the heap.
    #[must_use]
    pub fn new(name: usize, log: &Log) -> Gc<Node> {
        Gc::new(Node::value(name, log))
    }

    /// A node that is not on the heap yet.
    #[must_use]
    pub fn value(name: usize, log: &Log) -> Node {
        Node {
            canary: Canary::new(name, log),
            on_trace: Traced(Slot::new(None)),
            edges: Slot::new(Vec::new()),
            weak: Slot::new(Vec::new()),
            callbacks: Slot::new(Vec::new()),
            hidden: Slot::new(Vec::new()),
            on_finalize: Slot::new(None),
        }
    }

    /// Its name, if it is alive.
    ///
    /// # Panics
    ///
    /// Panics if it has been dropped.
    #[must_use]
    pub fn name(&self) -> usize {
        self.canary.name()
    }

    /// Adds an edge.
    pub fn link(&self, to: &Gc<Node>) {
        let to = to.clone();
        self.edges.with_mut(|edges| edges.push(to));
    }

    /// Adds an edge by moving the handle in: no handle is dropped by that.
    pub fn give(&self, to: Gc<Node>) {
        self.edges.with_mut(|edges| edges.push(to));
    }

    /// Takes all edges away.
    pub fn unlink(&self) {
        drop(self.edges.take());
    }

    /// A new handle to what edge `index` points to.
    #[must_use]
    pub fn edge(&self, index: usize) -> Gc<Node> {
        self.edges.with(|edges| edges[index].clone())
    }

    /// The names of what the edges point to.
    #[must_use]
    pub fn names(&self) -> Vec<usize> {
        self.edges.with(|edges| edges.iter().map(|node| node.name()).collect())
    }

    /// What the finalizer does, once.
    pub fn on_finalize(&self, f: impl FnOnce(&Node, &Finalizing<'_>) + Hook) {
        self.on_finalize.set(Some(Box::new(f)));
    }

    /// What each tracing does.
    pub fn on_trace(&self, f: impl FnMut() + Hook) {
        self.on_trace.0.set(Some(Box::new(f)));
    }

    /// What the destructor of its canary does, once.
    pub fn on_drop(&self, f: impl FnOnce() + Hook) {
        self.canary.on_drop(f);
    }

    /// Makes the finalizer put a new handle to the node on `shelf`.
    pub fn resurrect_to(&self, shelf: &super::Shared<Slot<Vec<Gc<Node>>>>) {
        let shelf = shelf.clone();
        self.on_finalize(move |_, cx| {
            let me: Gc<Node> = cx.handle().expect("the whole value is a Node");
            shelf.with_mut(|nodes| nodes.push(me));
        });
    }
}

impl Finalize for Node {
    fn finalize(&self, cx: &Finalizing<'_>) {
        self.canary.log.push(Event::Finalized(self.name()));
        if let Some(hook) = self.on_finalize.take() {
            hook(self, cx);
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Node({})", self.canary.name)
    }
}

/// A node without a finalizer.
#[derive(Debug, Trace)]
pub struct Plain {
    canary: Canary,
    /// Its edges.
    pub edges: Slot<Vec<Gc<Plain>>>,
}

impl Plain {
    /// A node on the heap.
    #[must_use]
    pub fn new(name: usize, log: &Log) -> Gc<Plain> {
        Gc::new(Plain { canary: Canary::new(name, log), edges: Slot::new(Vec::new()) })
    }

    /// Adds an edge.
    pub fn link(&self, to: &Gc<Plain>) {
        let to = to.clone();
        self.edges.with_mut(|edges| edges.push(to));
    }

    /// Its name, if it is alive.
    ///
    /// # Panics
    ///
    /// Panics if it has been dropped.
    #[must_use]
    pub fn name(&self) -> usize {
        self.canary.name()
    }
}

/// Nodes `0..n`, each with an edge to the next and the last to the first.
#[must_use]
pub fn ring(n: usize, log: &Log) -> Vec<Gc<Node>> {
    let nodes: Vec<_> = (0..n).map(|name| Node::new(name, log)).collect();
    for (index, node) in nodes.iter().enumerate() {
        node.link(&nodes[(index + 1) % n]);
    }
    nodes
}

/// A node with an edge to itself.
#[must_use]
pub fn self_loop(name: usize, log: &Log) -> Gc<Node> {
    let node = Node::new(name, log);
    node.link(&node);
    node
}

/// Which code the swallowed panics of this thread came from, since the last call.
#[must_use]
pub fn heard_of() -> Vec<UserCode> {
    unraisable::heard().into_iter().map(|heard| heard.code).collect()
}
