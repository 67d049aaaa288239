//! CPython's `test_finalization`, scenario by scenario (see `tests/README.md`).

use super::gc::{self, Canary, Gc, Node, Shared, Slot, alone, self_loop};
use gc_core::{Finalize, Finalizing, Trace};
use gc_tests::{Event, Log};

type Shelf = Shared<Slot<Vec<Gc<Node>>>>;

fn shelf() -> Shelf {
    Shared::new(Slot::new(Vec::new()))
}

/// What the finalizer of each member of a ring does.
#[derive(Clone, Copy)]
enum Kind {
    Plain,
    Resurrector,
    Suicidal,
}

/// A ring of such nodes, dropped. Node `i` points to node `i + 1`.
fn dropped_ring(kinds: &[Kind], log: &Log, shelf: &Shelf) {
    let nodes = gc::ring(kinds.len(), log);
    for (node, kind) in nodes.iter().zip(kinds) {
        match kind {
            Kind::Plain => {}
            Kind::Resurrector => node.resurrect_to(shelf),
            Kind::Suicidal => node.on_finalize(|node, _| node.unlink()),
        }
    }
    drop(nodes);
}

fn all(n: usize) -> Vec<usize> {
    (0..n).collect()
}

#[test]
fn test_199_simple() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let weak = Gc::downgrade(&node);
        drop(node);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
        assert!(weak.upgrade().is_none());
        assert_eq!(gc::collect().collected, 0);
        assert_eq!(log.take(), []);
    });
}

/// A leaf with a finalizer: the collector never looks at it.
#[derive(Trace)]
#[trace(finalize)]
struct Leaf {
    canary: Canary,
    #[trace(skip)]
    log: Log,
    #[trace(skip)]
    shelf: Shared<Slot<Vec<Gc<Leaf>>>>,
    #[trace(skip)]
    resurrects: bool,
}

impl Finalize for Leaf {
    fn finalize(&self, cx: &Finalizing<'_>) {
        self.log.push(Event::Finalized(self.canary.name()));
        if self.resurrects {
            let me: Gc<Leaf> = cx.handle().expect("the whole value is a Leaf");
            self.shelf.with_mut(|leaves| leaves.push(me));
        }
    }
}

fn leaf(resurrects: bool, log: &Log) -> Gc<Leaf> {
    let (canary, log) = (Canary::new(0, log), log.clone());
    Gc::new(Leaf { canary, log, shelf: Shared::new(Slot::new(Vec::new())), resurrects })
}

#[test]
fn test_201_non_gc() {
    alone(|| {
        let log = Log::new();
        let leaf = leaf(false, &log);
        assert!(!Gc::is_tracked(&leaf));
        drop(leaf);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
    });
}

#[test]
fn test_202_non_gc_resurrect() {
    alone(|| {
        let log = Log::new();
        let leaf = leaf(true, &log);
        let shelf = leaf.shelf.clone();
        drop(leaf);
        assert_eq!(log.take(), [Event::Finalized(0)]);
        // Python has no place for a mark in such an object; here it has one.
        drop(shelf.take());
        assert_eq!(log.take(), [Event::Dropped(0)], "once, as for every object");
    });
}

#[test]
fn test_204_simple_resurrect() {
    alone(|| {
        let (log, shelf) = (Log::new(), shelf());
        let node = self_loop(0, &log);
        node.resurrect_to(&shelf);
        let weak = Gc::downgrade(&node);
        drop(node);
        let report = gc::collect();
        assert_eq!((report.collected, report.resurrected), (0, 1));
        assert!(weak.upgrade().is_some(), "its weak handles live on with it");
        drop(shelf.take());
        assert_eq!(gc::collect().collected, 1);
        assert!(weak.upgrade().is_none());
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
    });
}

#[test]
fn test_205_simple_suicide() {
    alone(|| {
        let (log, shelf) = (Log::new(), shelf());
        dropped_ring(&[Kind::Suicidal], &log, &shelf);
        assert_eq!(gc::collect().total(), 1);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
        assert_eq!((gc::live(), gc::collect().total()), (0, 0));
    });
}

#[test]
fn test_207_homogenous_resurrect() {
    alone(|| {
        let (log, shelf) = (Log::new(), shelf());
        dropped_ring(&[Kind::Resurrector; 3], &log, &shelf);
        let report = gc::collect();
        assert_eq!((report.collected, report.resurrected), (0, 3));
        assert_eq!((log.finalized(), log.dropped()), (all(3), vec![]));
        assert_eq!(shelf.with(Vec::len), 3);
        drop(shelf.take());
        assert_eq!(gc::collect().collected, 3);
        assert_eq!((log.finalized(), log.dropped()), (all(3), all(3)));
    });
}

#[test]
fn test_208_homogenous_suicidal() {
    alone(|| {
        let (log, shelf) = (Log::new(), shelf());
        dropped_ring(&[Kind::Suicidal; 3], &log, &shelf);
        assert_eq!(gc::collect().total(), 3);
        assert_eq!((log.finalized(), log.dropped()), (all(3), all(3)));
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn test_210_heterogenous_suicidal_two() {
    alone(|| {
        let (log, shelf) = (Log::new(), shelf());
        let kinds = [Kind::Suicidal, Kind::Suicidal, Kind::Plain, Kind::Plain];
        dropped_ring(&kinds, &log, &shelf);
        assert_eq!(gc::collect().total(), 4);
        assert_eq!((log.finalized(), log.dropped()), (all(4), all(4)));
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn test_211_heterogenous_resurrect_one() {
    alone(|| {
        let (log, shelf) = (Log::new(), shelf());
        let kinds = [Kind::Resurrector, Kind::Plain, Kind::Resurrector, Kind::Plain];
        dropped_ring(&kinds, &log, &shelf);
        let report = gc::collect();
        assert_eq!((report.collected, report.resurrected), (0, 4), "they reach each other");
        assert_eq!((log.finalized(), log.dropped()), (all(4), vec![]));
        drop(shelf.take());
        assert_eq!(gc::collect().collected, 4);
        assert_eq!(log.dropped(), all(4));
    });
}

#[test]
fn test_213_heterogenous_resurrect_three() {
    alone(|| {
        let (log, shelf) = (Log::new(), shelf());
        let two = |kind| [kind, kind];
        let kinds = [two(Kind::Plain), two(Kind::Suicidal), two(Kind::Resurrector)].concat();
        dropped_ring(&kinds, &log, &shelf);
        let report = gc::collect();
        assert_eq!(log.finalized(), all(6));
        // 3 cuts itself off from 4, 2 from 3: what the resurrectors 4 and 5 reach,
        // by way of 0, 1 and 2, stays.
        assert_eq!((report.collected, report.resurrected), (1, 5));
        assert_eq!(log.dropped(), [3]);
        drop(shelf.take());
        let _ = gc::collect();
        assert_eq!((log.finalized(), log.dropped()), (all(6), all(6)));
        assert_eq!(gc::live(), 0);
    });
}
