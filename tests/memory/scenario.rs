//! A heap with something of everything. Its nodes allocate nothing when they die.

use gc_core::unsync::{self, Gc, Weak};
use gc_core::{Finalize, Finalizing, Generation, Report, Trace};
use std::cell::{Cell, RefCell};

thread_local! {
    static FINALIZED: Cell<usize> = const { Cell::new(0) };
}

/// How many finalizers have run on this thread.
pub(crate) fn finalized() -> usize {
    FINALIZED.get()
}

/// The edges of a node.
type Edges<T> = RefCell<Vec<Gc<T>>>;

/// A type of node.
pub(crate) trait Member: Trace + Default + 'static {
    /// Whether it has a finalizer.
    const FINALIZED: bool;

    fn edges(&self) -> &Edges<Self>;

    fn link(&self, to: &Gc<Self>) {
        self.edges().borrow_mut().push(to.clone());
    }
}

/// A node without a finalizer.
#[derive(Default, Trace)]
pub(crate) struct Plain(Edges<Plain>);

impl Member for Plain {
    const FINALIZED: bool = false;

    fn edges(&self) -> &Edges<Self> {
        &self.0
    }
}

/// A node that counts its finalizer.
#[derive(Default, Trace)]
#[trace(finalize)]
pub(crate) struct Finalized(Edges<Finalized>, Cell<bool>);

impl Member for Finalized {
    const FINALIZED: bool = true;

    fn edges(&self) -> &Edges<Self> {
        &self.0
    }
}

impl Finalize for Finalized {
    fn finalize(&self, _: &Finalizing<'_>) {
        assert!(!self.1.replace(true), "finalized twice");
        FINALIZED.set(FINALIZED.get() + 1);
    }
}

/// `n` nodes, each with an edge to the next and the last to the first.
pub(crate) fn ring<T: Member>(n: usize) -> Vec<Gc<T>> {
    let nodes: Vec<Gc<T>> = (0..n).map(|_| Gc::default()).collect();
    for (at, node) in nodes.iter().enumerate() {
        node.link(&nodes[(at + 1) % n]);
    }
    nodes
}

/// What can be seen of the heap from outside.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) live: usize,
    /// Strong and weak counts of everything.
    counts: Vec<(usize, usize)>,
    /// Generations of what is alive.
    generations: Vec<Generation>,
    finalized: usize,
}

/// A ring in each generation that is alive and one that is garbage; all nodes have
/// weak handles, and all are candidates.
pub(crate) struct Scenario<T: Member> {
    alive: Vec<Gc<T>>,
    garbage: Vec<Weak<T>>,
    watched: Vec<Weak<T>>,
}

const RING: usize = 7;

impl<T: Member> Scenario<T> {
    pub(crate) fn new() -> Self {
        unsync::disable();
        let (mut alive, mut doomed) = (Vec::new(), Vec::new());
        // Survivors of these move on, and stay candidates.
        for survived in [&[Generation::Young, Generation::Middle][..], &[Generation::Young], &[]] {
            for rings in [&mut alive, &mut doomed] {
                let nodes = ring::<T>(RING);
                drop(nodes.clone());
                rings.extend(nodes);
            }
            for &generation in survived {
                let _ = unsync::collect_generation(generation);
            }
        }
        let garbage = doomed.iter().map(Gc::downgrade).collect();
        let watched = alive.iter().map(Gc::downgrade).collect();
        let generations: Vec<_> = doomed.iter().step_by(RING).map(Gc::generation).collect();
        assert_eq!(generations, [Generation::Old, Generation::Middle, Generation::Young]);
        Scenario { alive, garbage, watched }
    }

    /// How much garbage a collection of that generation finds.
    pub(crate) fn garbage_up_to(&self, generation: Generation) -> usize {
        (generation as usize + 1) * RING
    }

    pub(crate) fn picture(&self) -> Picture {
        let nodes = self.garbage.iter().chain(&self.watched);
        Picture {
            live: unsync::live(),
            counts: nodes.map(|weak| (weak.strong_count(), weak.weak_count())).collect(),
            generations: self.alive.iter().map(Gc::generation).collect(),
            finalized: finalized(),
        }
    }

    /// After a collection that had a request refused: it did nothing, or its
    /// finalizers have run and nothing has died, or it did all of its work.
    pub(crate) fn check_after_failure(&self, before: &Picture, report: Report) {
        let after = self.picture();
        assert_eq!((report.resurrected, report.uncollectable), (0, 0));
        if report.collected > 0 {
            assert_eq!(report.collected, self.garbage_up_to(report.generation));
            assert_eq!(after.live, before.live - report.collected);
        } else if report.visited == 0 {
            assert_eq!(&after, before, "given up at the start");
        } else {
            assert!(T::FINALIZED, "given up in the middle: {report:?}");
            assert_eq!((after.live, &after.counts), (before.live, &before.counts));
            assert_eq!(after.finalized, self.garbage_up_to(report.generation));
        }
    }

    /// With memory again: the garbage is gone, and nothing else.
    pub(crate) fn check_all_collected(&self) {
        assert!(self.garbage.iter().all(|weak| weak.strong_count() == 0));
        assert!(self.watched.iter().all(|weak| (weak.strong_count(), weak.weak_count()) == (2, 1)));
        assert_eq!(unsync::live(), self.alive.len());
        assert_eq!(finalized(), if T::FINALIZED { self.garbage.len() } else { 0 }, "each once");
    }
}
