//! What the user's code may do while the collector calls it: everything.

use super::gc::{self, Gc, Node, Shared, Slot, alone, heard_of, ring, self_loop};
use gc_core::{Generation, Report, Thresholds};
use gc_tests::{Event, Log, unraisable};

fn empty(generation: Generation) -> Report {
    Report { duration: gc::collect().duration, ..Report::empty(generation) }
}

/// What is done in each kind of hook: make, clone, upgrade, drop, collect.
fn use_everything(log: &Log, outside: &Gc<Node>) {
    let weak = Gc::downgrade(outside);
    let again = weak.upgrade().expect("it is held outside");
    assert!(Gc::ptr_eq(&again, outside));
    drop(again);
    let temporary = Node::new(100, log);
    let copy = temporary.clone();
    drop((temporary, copy));
    drop(self_loop(101, log));
    drop(ring(2, &Log::new()));
}

#[test]
fn collect_inside_a_collection_is_empty_whatever_calls_it() {
    unraisable::listen();
    alone(|| {
        let log = Log::new();
        let reports = Shared::new(Slot::new(Vec::new()));
        let node = self_loop(0, &log);
        let note = |reports: &Shared<Slot<Vec<Report>>>| {
            let reports = reports.clone();
            move || {
                for generation in Generation::ALL {
                    let report = gc::collect_generation(generation);
                    reports.with_mut(|all| all.push(report));
                }
            }
        };
        node.on_trace(note(&reports));
        let in_finalizer = note(&reports);
        node.on_finalize(move |_, _| in_finalizer());
        node.on_drop(note(&reports));
        let callback = Gc::downgrade_with(&node, note(&reports));
        drop(node);
        // There is more garbage about that the inner ones could have found.
        drop(ring(2, &Log::new()));
        assert_eq!(gc::collect().collected, 3);
        let reports = reports.take();
        assert!(reports.len() >= 4 * 3, "from trace, finalizer, callback and destructor");
        for report in reports {
            let expected = Report { duration: report.duration, ..Report::empty(report.generation) };
            assert_eq!(report, expected);
        }
        let runs = gc::stats().map(|stats| stats.collections);
        assert_eq!(runs, [0, 0, 1], "the empty ones do not count");
        assert_eq!(heard_of(), []);
        drop(callback);
    });
}

#[test]
fn an_empty_report_has_its_generation() {
    alone(|| {
        assert_eq!(empty(Generation::Young).generation, Generation::Young);
        assert_eq!(empty(Generation::Middle).total(), 0);
    });
}

#[test]
fn collect_inside_a_death_by_count_works() {
    unraisable::listen();
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let garbage = |name| drop(self_loop(name, &log));
        garbage(1);
        node.on_finalize(|_, _| assert_eq!(gc::collect().collected, 1));
        let callback = {
            let log = log.clone();
            Gc::downgrade_with(&node, move || {
                drop(self_loop(2, &log));
                assert_eq!(gc::collect().collected, 1);
            })
        };
        let inner = log.clone();
        node.on_drop(move || {
            drop(self_loop(3, &inner));
            assert_eq!(gc::collect().collected, 1);
        });
        drop(node);
        assert_eq!((log.dropped(), heard_of()), (vec![0, 1, 2, 3], vec![]));
        assert_eq!(gc::live(), 0);
        drop(callback);
    });
}

/// What dies in the inner collection must not wait for the outer death to end: the
/// collection would have freed it by then.
#[test]
fn collect_inside_a_death_by_count_whose_finalizers_let_others_die() {
    unraisable::listen();
    alone(|| {
        for in_callback in [false, true] {
            let log = Log::new();
            // 1 cuts itself off from 2, and 3 from itself.
            let (nodes, loner) = (ring(3, &log), self_loop(3, &log));
            nodes[1].on_finalize(|node, _| node.unlink());
            loner.on_finalize(|node, _| node.unlink());
            drop((nodes, loner));
            let outer = Node::new(9, &log);
            let inner = log.clone();
            let collect = move || {
                assert_eq!(gc::collect().total(), 4);
                assert_eq!((inner.dropped(), gc::live()), (vec![0, 1, 2, 3], 1));
            };
            let mut callback = None;
            if in_callback {
                callback = Some(Gc::downgrade_with(&outer, collect));
            } else {
                outer.on_finalize(move |_, _| collect());
            }
            drop(outer);
            assert_eq!((log.dropped(), gc::live()), (vec![0, 1, 2, 3, 9], 0));
            assert_eq!((log.finalized(), heard_of()), (vec![0, 1, 2, 3, 9], vec![]));
            drop(callback);
        }
    });
}

#[test]
fn a_dying_object_is_safe_from_a_collection_in_its_own_hooks() {
    unraisable::listen();
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let child = Node::new(1, &log);
        node.link(&child);
        drop((node.clone(), child.clone()));
        drop(child);
        assert_eq!(gc::counts()[0], 2, "both are candidates");
        let inner = log.clone();
        node.on_finalize(move |node, _| {
            let _ = gc::collect();
            assert_eq!((node.name(), node.names()), (0, vec![1]));
            drop((node.edge(0), node.edge(0)));
            inner.note("whole");
        });
        let inner = log.clone();
        let callback = Gc::downgrade_with(&node, move || {
            let _ = gc::collect();
            inner.note("called");
        });
        drop(node);
        let expected = [
            Event::Finalized(0),
            Event::Note("whole"),
            Event::Note("called"),
            Event::Dropped(0),
            Event::Finalized(1),
            Event::Dropped(1),
        ];
        assert_eq!((log.take(), heard_of(), gc::live()), (expected.to_vec(), vec![], 0));
        drop(callback);
    });
}

#[test]
fn everything_is_allowed_in_every_hook_of_a_collection() {
    unraisable::listen();
    alone(|| {
        let (log, other) = (Log::new(), Log::new());
        let outside = Node::new(99, &Log::new());
        let node = self_loop(0, &log);
        let hook = || {
            let (log, outside) = (other.clone(), outside.clone());
            move || use_everything(&log, &outside)
        };
        node.on_trace(hook());
        let finalizer = hook();
        node.on_finalize(move |_, _| finalizer());
        node.on_drop(hook());
        let callback = Gc::downgrade_with(&node, hook());
        drop(node);
        assert_eq!(gc::collect().collected, 1);
        assert_eq!((log.take(), heard_of()), (vec![Event::Finalized(0), Event::Dropped(0)], vec![]));
        // What the hooks left behind is garbage for the next.
        let traced = other.finalized().iter().filter(|&&name| name == 100).count() - 3;
        assert!(traced >= 1, "the object was traced at least once");
        assert_eq!(gc::collect().collected, (3 + traced) * (1 + 2));
        assert_eq!((gc::live(), Gc::strong_count(&outside)), (1, 1));
        drop(callback);
    });
}

#[test]
fn everything_is_allowed_in_every_hook_of_a_death_by_count() {
    unraisable::listen();
    alone(|| {
        let (log, other) = (Log::new(), Log::new());
        let outside = Node::new(99, &Log::new());
        let node = Node::new(0, &log);
        let hook = || {
            let (log, outside) = (other.clone(), outside.clone());
            move || use_everything(&log, &outside)
        };
        let finalizer = hook();
        node.on_finalize(move |_, _| finalizer());
        node.on_drop(hook());
        let callback = Gc::downgrade_with(&node, hook());
        drop(node);
        assert_eq!((log.take(), heard_of()), (vec![Event::Finalized(0), Event::Dropped(0)], vec![]));
        assert_eq!(gc::collect().collected, 3 * (1 + 2));
        assert_eq!((gc::live(), Gc::strong_count(&outside)), (1, 1));
        drop(callback);
    });
}

#[test]
fn a_finalizer_that_drops_the_last_root_of_another_cycle() {
    alone(|| {
        let log = Log::new();
        let other = Slot::new(Some(ring(2, &log)));
        let node = self_loop(7, &log);
        node.on_finalize(move |_, _| drop(other.take()));
        drop(node);
        let report = gc::collect();
        assert_eq!((report.collected, report.resurrected), (1, 0));
        assert_eq!((log.dropped(), gc::live()), (vec![7], 2), "it became garbage too late");
        assert_eq!((gc::collect().collected, log.dropped()), (2, vec![0, 1, 7]));
    });
}

#[test]
fn a_finalizer_that_drops_the_last_root_of_a_cycle_that_is_alive_in_this_collection() {
    alone(|| {
        let log = Log::new();
        let other = ring(2, &log);
        // A candidate, visited, found alive by its root: then the root goes.
        drop(other[0].clone());
        let other = Slot::new(Some(other));
        let node = self_loop(7, &log);
        node.on_finalize(move |_, _| drop(other.take()));
        drop(node);
        assert_eq!(gc::collect().collected, 1);
        assert_eq!(gc::collect().collected, 2, "it is a candidate for the next");
        assert_eq!(log.dropped(), [0, 1, 7]);
    });
}

#[test]
fn a_destructor_that_drops_the_last_root_of_another_cycle() {
    alone(|| {
        for cyclic in [false, true] {
            let log = Log::new();
            let other = ring(2, &log);
            drop(other[0].clone());
            let node = if cyclic { self_loop(7, &log) } else { Node::new(7, &log) };
            node.on_drop(move || drop(other));
            drop(node);
            assert_eq!(gc::collect().collected, if cyclic { 1 } else { 2 });
            if cyclic {
                assert_eq!(gc::collect().collected, 2);
            }
            assert_eq!((log.dropped(), gc::live()), (vec![0, 1, 7], 0));
        }
    });
}

#[test]
fn a_finalizer_that_links_new_objects_into_its_cycle() {
    alone(|| {
        let log = Log::new();
        let node = self_loop(0, &log);
        let inner = log.clone();
        node.on_finalize(move |node, cx| {
            let me: Gc<Node> = cx.handle().expect("a Node");
            let new = Node::new(1, &inner);
            node.link(&new);
            new.link(&me);
        });
        drop(node);
        let mut collected = gc::collect().collected;
        collected += gc::collect().collected;
        assert_eq!((collected, gc::live()), (2, 0), "at the latest in the next collection");
        assert_eq!((log.finalized(), log.dropped()), (vec![0, 1], vec![0, 1]));
    });
}

#[test]
fn automatic_collections_do_not_nest() {
    unraisable::listen();
    alone(|| {
        gc::set_thresholds(Thresholds { young: 1, middle: 1, old: 1 });
        let log = Log::new();
        for name in 0..20 {
            let node = self_loop(name, &log);
            let inner = log.clone();
            node.on_finalize(move |_, _| {
                let runs = || gc::stats().iter().map(|stats| stats.collections).sum::<usize>();
                let before = runs();
                for extra in 0..10 {
                    drop(self_loop(1000 + extra, &inner));
                }
                assert_eq!(runs(), before, "none while one runs");
            });
        }
        while gc::collect().collected > 0 {}
        assert_eq!((gc::live(), heard_of()), (0, vec![]));
        assert_eq!(log.dropped().len(), 20 + 20 * 10);
    });
}

#[test]
fn a_finalizer_of_a_death_by_count_may_start_an_automatic_collection() {
    unraisable::listen();
    alone(|| {
        let log = Log::new();
        drop((self_loop(1, &log), self_loop(2, &log)));
        let node = Node::new(0, &log);
        let inner = log.clone();
        node.on_finalize(move |_, _| drop(Node::new(3, &inner)));
        gc::set_thresholds(Thresholds { young: 1, middle: 9, old: 9 });
        drop(node);
        assert_eq!((gc::stats()[0].collections, log.dropped()), (1, vec![0, 1, 2, 3]));
        assert_eq!(heard_of(), []);
    });
}

/// Objects that die deep inside a graph wait for their end. Whatever the depth, a
/// sibling's finalizer finds them whole, and may keep them.
#[test]
fn what_waits_for_its_end_can_still_be_kept() {
    unraisable::listen();
    alone(|| {
        for depth in [0, 1, 6, 7, 8, 9, 20, 100] {
            let (log, shelf) = (Log::new(), Shared::new(Slot::new(Vec::new())));
            let (first, second) = (Node::new(1, &log), Node::new(2, &log));
            let (onto, weak) = (shelf.clone(), Gc::downgrade(&second));
            first.on_finalize(move |_, _| onto.with_mut(|kept| kept.extend(weak.upgrade())));
            let mut head = Node::new(0, &log);
            head.give(first);
            head.give(second);
            for _ in 0..depth {
                let node = Node::new(0, &log);
                node.give(head);
                head = node;
            }
            drop(head);
            let kept = shelf.with_mut(Vec::pop).expect("it was still there");
            assert_eq!((kept.name(), Gc::strong_count(&kept), gc::live()), (2, 1, 1));
            assert!(!Gc::is_finalized(&kept), "at depth {depth}");
            assert!(!log.dropped().contains(&2));
            drop(kept);
            assert_eq!(log.finalized(), log.dropped());
            assert_eq!((log.dropped().len(), gc::live(), heard_of()), (depth + 3, 0, vec![]));
        }
    });
}
