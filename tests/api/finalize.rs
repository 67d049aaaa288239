//! Finalizers: where they are found, in which order they run, what they can do.

use super::gc::{self, Canary, Gc, Lock, Node, Shared, Slot, alone, ring, self_loop};
use gc_core::{Finalize, Finalizing, Trace};
use gc_tests::{Event, Log};
use std::collections::BTreeMap;

/// A value with a finalizer that is nested in others.
#[derive(Trace)]
#[trace(finalize)]
struct Item(usize, #[trace(skip)] Log);

impl Finalize for Item {
    fn finalize(&self, _: &Finalizing<'_>) {
        self.1.push(Event::Finalized(self.0));
    }
}

#[test]
fn a_hook_is_found_wherever_the_value_is_nested() {
    alone(|| {
        let log = Log::new();
        let item = |name| Item(name, log.clone());
        drop(Gc::new(item(0)));
        drop(Gc::new(Lock::new(item(1))));
        drop(Gc::new(vec![item(2), item(3)]));
        drop(Gc::new(Some(Box::new((1, item(4))))));
        drop(Gc::new([Ok(item(5)), Err(String::new())]));
        drop(Gc::new(BTreeMap::from([(1, item(6)), (2, item(7))])));
        assert_eq!(log.take(), (0..8).map(Event::Finalized).collect::<Vec<_>>());
    });
}

#[test]
fn the_outer_hook_runs_before_the_inner_ones() {
    alone(|| {
        #[derive(Trace)]
        #[trace(finalize)]
        struct Outer(#[trace(skip)] Log, Item, Item);
        impl Finalize for Outer {
            fn finalize(&self, _: &Finalizing<'_>) {
                self.0.note("outer");
            }
        }

        let log = Log::new();
        drop(Gc::new(Outer(log.clone(), Item(1, log.clone()), Item(2, log.clone()))));
        let expected = [Event::Note("outer"), Event::Finalized(1), Event::Finalized(2)];
        assert_eq!(log.take(), expected);
    });
}

#[test]
fn a_hook_behind_a_lock_that_is_taken_is_left_out() {
    alone(|| {
        let log = Log::new();
        let cell = Gc::new(Lock::new(Item(0, log.clone())));
        std::mem::forget(gc::lock(&cell));
        drop(cell);
        assert_eq!((log.take(), gc::live()), (vec![], 0));
    });
}

#[test]
fn a_hook_behind_a_handle_is_that_objects_own() {
    alone(|| {
        let log = Log::new();
        let inner = Gc::new(Item(1, log.clone()));
        drop(Gc::new((Item(0, log.clone()), inner.clone())));
        assert_eq!(log.take(), [Event::Finalized(0)]);
        drop(inner);
        assert_eq!(log.take(), [Event::Finalized(1)]);
    });
}

#[test]
fn all_finalizers_of_a_cycle_run_on_whole_objects_before_any_drop() {
    alone(|| {
        let log = Log::new();
        let nodes = ring(3, &log);
        for node in &nodes {
            let (all, log) = (nodes.iter().map(Gc::downgrade).collect::<Vec<_>>(), log.clone());
            node.on_finalize(move |node, _| {
                assert_eq!(log.dropped(), []);
                assert!(all.iter().all(|weak| weak.upgrade().is_some()));
                assert_eq!(node.edge(0).edge(0).edge(0).name(), node.name());
            });
        }
        drop(nodes);
        let report = gc::collect();
        assert_eq!((report.collected, report.resurrected), (3, 0));
        assert_eq!((log.finalized(), log.dropped()), (vec![0, 1, 2], vec![0, 1, 2]));
        assert_eq!(gc::heard_of(), []);
    });
}

#[test]
fn the_handle_is_of_the_whole_value() {
    alone(|| {
        #[derive(Trace)]
        #[trace(finalize)]
        struct Inner(#[trace(skip)] Shared<Slot<Vec<bool>>>);
        impl Finalize for Inner {
            fn finalize(&self, cx: &Finalizing<'_>) {
                let found = [
                    cx.handle::<Inner, _>().map(|gc: Gc<Inner>| drop(gc)).is_some(),
                    cx.handle::<Lock<Inner>, _>().map(|gc: Gc<Lock<Inner>>| drop(gc)).is_some(),
                    cx.handle::<u8, _>().map(|gc: Gc<u8>| drop(gc)).is_some(),
                ];
                self.0.with_mut(|all| all.extend(found));
            }
        }

        let found = Shared::new(Slot::new(Vec::new()));
        drop(Gc::new(Inner(found.clone())));
        assert_eq!(found.take(), [true, false, false]);
        drop(Gc::new(Lock::new(Inner(found.clone()))));
        assert_eq!(found.take(), [false, true, false]);
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn the_edge_in_the_context_is_the_objects() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let edge = Gc::edge(&node).into_raw().addr();
        let inner = log.clone();
        node.on_finalize(move |_, cx| {
            assert_eq!(cx.edge().into_raw().addr(), edge);
            inner.note("compared");
        });
        drop(node);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Note("compared"), Event::Dropped(0)]);
    });
}

#[test]
fn resurrected_by_count_it_dies_without_a_finalizer_the_next_time() {
    alone(|| {
        let log = Log::new();
        let shelf = Shared::new(Slot::new(Vec::new()));
        let node = Node::new(0, &log);
        let weak = Gc::downgrade(&node);
        node.resurrect_to(&shelf);
        drop(node);
        assert_eq!((log.take(), weak.strong_count()), (vec![Event::Finalized(0)], 1));
        let back = shelf.with_mut(Vec::pop).expect("it is back");
        assert!(Gc::is_finalized(&back));
        assert_eq!(gc::live(), 1);
        drop(back);
        assert_eq!((log.take(), weak.strong_count()), (vec![Event::Dropped(0)], 0));
    });
}

#[test]
fn a_resurrected_object_that_becomes_a_cycle_is_found() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        // Resurrection by an edge to itself: garbage at once, and a candidate.
        node.on_finalize(|node, cx| {
            let me: Gc<Node> = cx.handle().expect("a Node");
            node.link(&me);
        });
        drop(node);
        assert_eq!((gc::live(), log.take()), (1, vec![Event::Finalized(0)]));
        assert_eq!((gc::collect().collected, log.take()), (1, vec![Event::Dropped(0)]));
    });
}

#[test]
fn a_finalizer_may_bring_a_sibling_back_and_the_rest_dies() {
    alone(|| {
        let log = Log::new();
        let shelf = Shared::new(Slot::new(Vec::new()));
        // 0 <-> 1, and both point to 2, a loop. 0 brings 2 back.
        let nodes = ring(2, &log);
        let third = self_loop(2, &log);
        nodes.iter().for_each(|node| node.link(&third));
        let onto = shelf.clone();
        nodes[0].on_finalize(move |node, _| {
            let third = node.edge(1);
            onto.with_mut(|nodes| nodes.push(third));
        });
        let weak = [Gc::downgrade(&nodes[0]), Gc::downgrade(&third)];
        drop((nodes, third));
        let report = gc::collect();
        assert_eq!((report.collected, report.resurrected), (2, 1));
        assert_eq!((log.finalized(), log.dropped()), (vec![0, 1, 2], vec![0, 1]));
        assert_eq!(weak.each_ref().map(|weak| weak.strong_count()), [0, 2]);
        drop(shelf.take());
        assert_eq!((gc::collect().collected, log.dropped()), (1, vec![0, 1, 2]));
        assert_eq!(log.finalized(), [0, 1, 2], "its finalizer was among the first");
    });
}

#[test]
fn finalized_is_told_of_the_living() {
    alone(|| {
        let log = Log::new();
        let shelf = Shared::new(Slot::new(Vec::new()));
        let nodes = ring(2, &log);
        nodes[0].resurrect_to(&shelf);
        assert!(!Gc::is_finalized(&nodes[0]));
        drop(nodes);
        let _ = gc::collect();
        let back = shelf.with_mut(Vec::pop).expect("it is back");
        assert!(Gc::is_finalized(&back) && Gc::is_finalized(&back.edge(0)));
    });
}

#[test]
fn a_leaf_with_a_destructor_and_a_hook_has_both_in_order() {
    alone(|| {
        #[derive(Trace)]
        #[trace(finalize)]
        struct File(Canary, #[trace(skip)] Log);
        impl Finalize for File {
            fn finalize(&self, _: &Finalizing<'_>) {
                self.1.push(Event::Finalized(self.0.name()));
            }
        }

        let log = Log::new();
        drop(Gc::new(File(Canary::new(3, &log), log.clone())));
        assert_eq!(log.take(), [Event::Finalized(3), Event::Dropped(3)]);
    });
}
