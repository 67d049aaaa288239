//! What objects refer to, and garbage that is kept, beside other threads.

use super::{beside, elsewhere, gc::alone};
use gc_core::sync::{self, AnyGc, AtomicGc, AtomicOptionGc, Gc};
use gc_core::{DebugFlags, Trace};
use gc_tests::sync::{Node, ring, self_loop};
use gc_tests::{Log, sink};
use std::sync::mpsc;
use std::thread;

#[test]
fn slots_show_what_is_in_them() {
    alone(|| {
        let pair = Gc::new((AtomicGc::new(Gc::new(1)), AtomicOptionGc::<i32>::none()));
        let found = sync::referents(&pair);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].downcast_ref(), Some(&1));
        pair.1.store(Some(Gc::new(2)));
        assert_eq!(sync::referents(&pair).len(), 2);
    });
}

#[test]
fn slots_that_change_are_shown_beside_collections() {
    alone(|| {
        #[derive(Trace)]
        struct Node {
            number: u32,
            next: AtomicOptionGc<Node>,
        }
        fn node(number: u32) -> Gc<Node> {
            Gc::new(Node { number, next: AtomicOptionGc::none() })
        }

        let first = node(0);
        let slots = first.clone();
        let mut number = 0;
        // In and out of the slot of a candidate that is held, and into cycles that are not.
        let change = || {
            number += 1;
            let next = node(number);
            next.next.store(Some(slots.clone()));
            slots.next.store(Some(next.clone()));
            next.next.store(Some(next.clone()));
        };
        beside(change, || {
            for _ in 0..300 {
                let found: Vec<AnyGc> = sync::referents(&first);
                for object in found.iter().flat_map(AnyGc::referents) {
                    let node = object.downcast::<Node>().expect("a node");
                    assert!(node.number > 0 || Gc::ptr_eq(&node, &first));
                }
                let _ = sync::collect();
            }
        });
        first.next.store(None);
        drop(slots);
        drop(first);
        let _ = sync::collect();
        assert_eq!(sync::collect().total(), 0);
    });
}

#[test]
fn others_may_collect_while_the_sink_is_told() {
    alone(|| {
        sink::listen();
        // A collection has finalizers to run, or none; it saves what it finds, or not.
        for flags in [DebugFlags::STATS | DebugFlags::COLLECTABLE, DebugFlags::all()] {
            let log = Log::new();
            drop(ring(2, &log));
            sync::set_debug(flags);
            sink::on_line(|_| {
                let found = elsewhere(|| sync::collect().total());
                assert_eq!(found, 0, "the garbage is in the hands of this collection");
            });
            assert_eq!(sync::collect().total(), 2);
            sink::on_line(|_| ());
            assert_eq!(sink::told().len(), 6);
        }
        sync::set_debug(DebugFlags::empty());
        sync::garbage().clear();
        assert_eq!(sync::collect().total(), 2);
    });
}

#[test]
fn garbage_is_that_of_all_threads() {
    alone(|| {
        sync::set_debug(DebugFlags::SAVE_ALL);
        let log = Log::new();
        elsewhere(|| drop(self_loop(0, &log)));
        assert_eq!(elsewhere(|| sync::collect().total()), 1);
        let garbage = sync::garbage().drain();
        assert_eq!(garbage[0].downcast_ref::<Node>().map(|node| node.name()), Some(0));
        sync::set_debug(DebugFlags::empty());
        elsewhere(|| drop(garbage));
        assert_eq!((sync::collect().total(), sync::live()), (1, 0));
    });
}

#[test]
fn only_garbage_is_kept_beside_threads_that_move_handles() {
    alone(|| {
        sync::set_debug(DebugFlags::SAVE_ALL);
        let log = Log::new();
        let nodes = ring(20, &log);
        let mine = nodes[0].clone();
        drop(nodes);
        let mut around = mine.clone();
        let (garbage, made) = mpsc::channel();
        thread::scope(|scope| {
            let log = &log;
            scope.spawn(move || {
                for name in 100..400 {
                    // One handle goes around the ring, which it holds.
                    let next = around.edge(0);
                    around = next;
                    drop(self_loop(name, log));
                    garbage.send(()).expect("somebody counts");
                }
            });
            while made.recv().is_ok() {
                let _ = sync::collect();
            }
        });
        let _ = sync::collect();
        assert_eq!(mine.name(), 0, "it was never out of reach");
        let kept = sync::garbage().drain();
        let name = |object: &AnyGc| object.downcast_ref::<Node>().expect("a node").name();
        let mut names: Vec<_> = kept.iter().map(name).collect();
        names.sort_unstable();
        assert_eq!(names, (100..400).collect::<Vec<_>>());
        sync::set_debug(DebugFlags::empty());
        drop((kept, mine));
        assert_eq!(sync::collect().total(), 320);
    });
}
