//! Tests of the implementations of [`Trace`] for std's types, without a heap.

use super::{Depth, Edge, Finalize, Finalizing, Found, Trace, Tracer};
use crate::sharing::Kind;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr::{self, NonNull};

mod cells;
mod containers;
mod cycles;
mod external;
mod external_locks;
mod held;
mod leaves;
mod wrappers;

/// No edges and no hooks. (With `serde_json` there is more than one type to which `[]` could be
/// compared.)
const NONE: [usize; 0] = [];

thread_local! {
    /// The numbers of the probes whose hooks have run.
    static HOOKS: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// A value that shows one edge, to an object that does not exist, in whichever heap is asked for,
/// and has a finalizer.
///
/// It owns memory because what owns a `Gc` needs to be dropped too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Probe(Box<usize>);

fn probe(number: usize) -> Probe {
    Probe(Box::new(number))
}

/// The made-up edge of a number other than zero.
fn edge(number: usize) -> Edge {
    edge_in(Kind::Local, number)
}

fn edge_in(kind: Kind, number: usize) -> Edge {
    let target = NonNull::new(ptr::without_provenance_mut(number * 16)).unwrap();
    Edge::new(kind, target)
}

// SAFETY: no collector ever sees the edge.
unsafe impl Trace for Probe {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        tracer.edge(edge_in(tracer.kind(), *self.0));
    }

    fn may_finalize(_: Depth) -> bool {
        true
    }

    fn finalize_within(&self, cx: &Finalizing<'_>) {
        cx.run(self);
    }
}

impl Finalize for Probe {
    fn finalize(&self, _: &Finalizing<'_>) {
        HOOKS.with_borrow_mut(|hooks| hooks.push(*self.0));
    }
}

/// A leaf without finalizers, as it says, that must therefore not be looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Untouchable(Box<usize>);

// SAFETY: it shows nothing.
unsafe impl Trace for Untouchable {
    fn trace(&self, _: &mut Tracer<'_>) {
        panic!("a leaf was walked over");
    }

    fn is_leaf(_: Depth) -> bool {
        true
    }

    fn finalize_within(&self, _: &Finalizing<'_>) {
        panic!("a value without finalizers was walked over");
    }
}

/// What `value` shows, with its guards released as the collector does it: when a panic is caught.
fn walk<T: Trace + ?Sized>(kind: Kind, value: &T) -> Found {
    let mut found = Found::default();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        value.trace(&mut Tracer::new(kind, &mut found));
    }));
    assert!(found.release());
    if let Err(payload) = outcome {
        resume_unwind(payload);
    }
    found
}

/// The numbers of the probes that `value` shows.
fn edges<T: Trace + ?Sized>(value: &T) -> Vec<usize> {
    edges_in(Kind::Local, value)
}

/// The same for a collector of the heap of this kind.
fn edges_in<T: Trace + ?Sized>(kind: Kind, value: &T) -> Vec<usize> {
    let found = walk(kind, value);
    found.edges.iter().map(|target| target.addr().get() / 16).collect()
}

/// The numbers of the probes in `value` whose hooks run when it dies.
fn hooks<T: Trace + ?Sized>(value: &T) -> Vec<usize> {
    let ran = Cell::new(false);
    value.finalize_within(&Finalizing::new(edge(1), || "probe", &ran));
    let hooks = HOOKS.take();
    assert_eq!(ran.get(), !hooks.is_empty());
    hooks
}

/// Checks that `value` shows `expected` and runs its hooks, in this order.
#[track_caller]
fn check<T: Trace>(value: &T, expected: &[usize]) {
    assert_eq!(edges(value), expected, "the edges of the value");
    assert_eq!(hooks(value), expected, "the hooks that ran");
    assert!(!T::is_leaf(Depth::START), "its type is no leaf");
    assert!(T::may_finalize(Depth::START), "its type may have finalizers");
}
