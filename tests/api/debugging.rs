//! What collections tell, and garbage that is kept.

use super::gc::{self, AnyGc, Gc, Node, Slot, alone, heard_of, ring, self_loop};
use gc_core::{DebugFlags, Generation, Phase, Trace, UserCode};
use gc_tests::{Event, Log, bang, sink, unraisable};
use std::mem::ManuallyDrop;

/// Runs `f` alone, with these flags set.
fn with(flags: DebugFlags, f: impl FnOnce(&Log) + Send + 'static) {
    alone(move || {
        sink::listen();
        unraisable::listen();
        gc::set_debug(flags);
        f(&Log::new());
        gc::set_debug(DebugFlags::empty());
        gc::garbage().clear();
    });
}

/// The names of nodes.
fn names(objects: &[AnyGc]) -> Vec<usize> {
    objects.iter().map(|object| object.downcast_ref::<Node>().expect("a node").name()).collect()
}

#[test]
fn the_flags_have_pythons_values() {
    alone(|| {
        assert_eq!(gc::debug(), DebugFlags::empty());
        let all = [DebugFlags::STATS, DebugFlags::COLLECTABLE, DebugFlags::UNCOLLECTABLE, DebugFlags::SAVE_ALL];
        assert_eq!(all.map(|flag| flag.bits()), [1, 2, 4, 32]);
        assert_eq!(DebugFlags::LEAK.bits(), 38);
        gc::set_debug(DebugFlags::LEAK | DebugFlags::STATS);
        assert_eq!(gc::debug(), DebugFlags::all());
        gc::set_debug(DebugFlags::empty());
    });
}

/// The first of the seeds' snippets that prints something else than it says: `objs` is dropped here.
#[test]
fn seed_0_3_looks_for_a_leak() {
    with(DebugFlags::LEAK, |log| {
        drop(ring(5, log));
        assert_eq!(gc::collect().total(), 5);
        assert_eq!(gc::garbage().len(), 5);
        let lines = sink::told();
        assert_eq!(lines.len(), 5);
        assert!(lines.iter().all(|line| line.starts_with("gc: collectable <")), "{lines:?}");
        assert_eq!(log.dropped(), [], "nothing was lost");

        gc::garbage().clear();
        assert_eq!(gc::collect().total(), 5, "and saved again");
        assert_eq!(gc::garbage().len(), 5);
        gc::set_debug(DebugFlags::empty());
        gc::garbage().clear();
        assert_eq!((gc::collect().total(), gc::live()), (5, 0));
    });
}

#[test]
fn test_014_saveall() {
    with(DebugFlags::SAVE_ALL, |log| {
        let node = self_loop(0, log);
        let address = Gc::as_ptr(&node).cast();
        drop(node);
        assert_eq!(gc::collect().total(), 1);
        let garbage = gc::garbage().drain();
        assert_eq!((garbage.len(), garbage[0].as_ptr()), (1, address));
        assert!(gc::garbage().is_empty());
        assert_eq!(sink::told(), [""; 0]);
    });
}

/// A hook takes the garbage apart at the end of the collection that has found it.
#[test]
fn test_044_collect_garbage() {
    with(DebugFlags::SAVE_ALL, |log| {
        drop(ring(4, log));
        drop(self_loop(4, log));
        let seen = gc::Shared::new(Slot::new(Vec::new()));
        let hook = gc::on_collect({
            let seen = seen.clone();
            move |phase, report| {
                seen.with_mut(|seen| seen.push((phase, report.total(), gc::garbage().len())));
                for node in gc::garbage().drain() {
                    node.downcast_ref::<Node>().expect("a node").unlink();
                }
            }
        });
        assert_eq!(gc::collect().total(), 5);
        assert_eq!(seen.take(), [(Phase::Start, 0, 0), (Phase::Stop, 5, 5)]);
        assert!(gc::garbage().is_empty());
        assert_eq!((log.dropped().len(), gc::live()), (5, 0));
        drop(hook);
    });
}

/// The garbage list is what an uncollectable cycle shows up in, in Python.
#[test]
fn test_216_legacy_self_cycle() {
    with(DebugFlags::SAVE_ALL, |log| {
        let object = self_loop(0, log);
        let weak = Gc::downgrade(&object);
        drop(object);
        let _ = gc::collect();
        assert_eq!((log.take(), gc::garbage().len()), (vec![Event::Finalized(0)], 1));
        assert!(weak.upgrade().is_some());
        // The loop is broken by hand.
        gc::set_debug(DebugFlags::empty());
        weak.upgrade().expect("it is in the list").unlink();
        let _ = gc::garbage().drain();
        assert_eq!((log.take(), gc::live()), (vec![Event::Dropped(0)], 0));
        assert!(weak.upgrade().is_none());
    });
}

#[test]
fn statistics_of_a_collection() {
    with(DebugFlags::STATS, |log| {
        let old = self_loop(9, log);
        drop(old.clone());
        let _ = gc::collect_generation(Generation::Middle);
        drop(old);
        drop(ring(3, log));
        let _ = sink::told();
        let report = gc::collect();
        assert_eq!(report.total(), 4);
        let seconds = report.duration.as_secs_f64();
        assert_eq!(
            sink::told(),
            [
                "gc: collecting generation 2...".to_string(),
                "gc: candidates in each generation: 3 0 1".into(),
                "gc: objects in permanent generation: 0".into(),
                format!("gc: done, 4 unreachable, 0 uncollectable, {seconds:.4}s elapsed"),
            ]
        );
        let _ = gc::collect_generation(Generation::Young);
        assert_eq!(sink::told()[0], "gc: collecting generation 0...");
    });
}

#[test]
fn nothing_is_told_by_default() {
    with(DebugFlags::empty(), |log| {
        drop(ring(3, log));
        let _ = gc::collect();
        assert_eq!(sink::told(), [""; 0]);
    });
}

#[test]
fn lines_come_before_values_are_dropped() {
    with(DebugFlags::STATS | DebugFlags::COLLECTABLE, |log| {
        let node = self_loop(0, log);
        let name = std::any::type_name::<Node>();
        let line = format!("gc: collectable <{name} {:p}>", Gc::as_ptr(&node));
        let callback = {
            let log = log.clone();
            Gc::downgrade_with(&node, move || log.push(Event::Called(0)))
        };
        drop(node);
        let onto = log.clone();
        sink::on_line(move |line| {
            onto.note(match line.split(' ').nth(1) {
                Some("collecting") => "collecting",
                Some("candidates") => "candidates",
                Some("objects") => "permanent",
                Some("collectable") => "collectable",
                _ => "done",
            });
        });
        let _ = gc::collect();
        assert_eq!(
            log.take(),
            [
                Event::Note("collecting"),
                Event::Note("candidates"),
                Event::Note("permanent"),
                Event::Finalized(0),
                Event::Note("collectable"),
                Event::Called(0),
                Event::Dropped(0),
                Event::Note("done"),
            ]
        );
        assert_eq!(sink::told()[3], line);
        drop(callback);
    });
}

#[test]
fn what_a_finalizer_resurrects_is_not_told_of_and_not_kept() {
    with(DebugFlags::LEAK, |log| {
        let shelf = gc::Shared::new(Slot::new(Vec::new()));
        let node = self_loop(0, log);
        node.resurrect_to(&shelf);
        drop(node);
        drop(self_loop(1, log));
        let report = gc::collect();
        assert_eq!((report.collected, report.resurrected), (1, 1));
        assert_eq!((names(&gc::garbage().to_vec()), sink::told().len()), (vec![1], 1));
        shelf.with(|nodes| nodes[0].unlink());
        drop(shelf.take());
        assert_eq!(log.dropped(), [0]);
    });
}

#[test]
fn what_dies_by_a_finalizer_is_not_kept() {
    with(DebugFlags::SAVE_ALL, |log| {
        let nodes = ring(3, log);
        nodes[0].on_finalize(|node, _| node.unlink());
        drop(nodes);
        assert_eq!(gc::collect().total(), 3);
        assert_eq!((gc::garbage().len(), log.dropped().len(), gc::live()), (0, 3, 0));
    });
}

#[test]
fn what_was_kept_is_alive() {
    with(DebugFlags::SAVE_ALL, |log| {
        let node = self_loop(0, log);
        let weak = Gc::downgrade(&node);
        let onto = log.clone();
        let callback = Gc::downgrade_with(&node, move || onto.push(Event::Called(0)));
        drop(node);
        assert_eq!(gc::collect().total(), 1);
        assert_eq!(log.take(), [Event::Finalized(0)]);

        let garbage = gc::garbage().to_vec();
        assert_eq!(names(&garbage), [0]);
        assert!(garbage[0].is_finalized());
        assert_eq!(garbage[0].generation(), Generation::Old);
        assert_eq!(garbage[0].strong_count(), 3, "its own, the list's, and this");
        assert!(weak.upgrade().is_some_and(|node| AnyGc::from(node).ptr_eq(&garbage[0])));
        drop(garbage);
        assert_eq!(gc::collect().total(), 0, "held by the list");
        assert_eq!(gc::garbage().len(), 1);

        gc::set_debug(DebugFlags::empty());
        gc::garbage().clear();
        assert_eq!(gc::collect().total(), 1);
        let end = [Event::Called(0), Event::Dropped(0)];
        assert_eq!(log.take(), end, "and no second finalizer");
        drop(callback);
    });
}

#[test]
fn young_garbage_is_kept_as_a_survivor() {
    with(DebugFlags::SAVE_ALL, |log| {
        drop(self_loop(0, log));
        assert_eq!(gc::collect_generation(Generation::Young).total(), 1);
        let garbage = gc::garbage().drain();
        assert_eq!(garbage[0].generation(), Generation::Middle);
        gc::set_debug(DebugFlags::empty());
        drop(garbage);
        assert_eq!(gc::collect_generation(Generation::Young).total(), 0, "it is older now");
        assert_eq!(gc::collect_generation(Generation::Middle).total(), 1);
    });
}

#[test]
fn the_list_grows_until_it_is_emptied() {
    with(DebugFlags::SAVE_ALL, |log| {
        for name in 0..3 {
            drop(self_loop(name, log));
            assert_eq!(gc::collect().total(), 1);
        }
        assert_eq!(names(&gc::garbage().to_vec()), [0, 1, 2]);
        let shown = format!("{:?}", gc::garbage());
        assert_eq!(shown.matches("Node 0x").count(), 3, "{shown}");
        assert_eq!(names(&gc::garbage().drain()), [0, 1, 2]);
        assert_eq!(gc::garbage().len(), 0);
    });
}

#[test]
fn clear_ends_what_is_in_no_cycle_and_may_come_back() {
    with(DebugFlags::SAVE_ALL, |log| {
        // A node that hangs from a cycle is in the list itself.
        let [a, b] = [self_loop(0, log), Node::new(1, log)];
        a.link(&b);
        // Its destructor comes back to the list.
        b.on_drop(|| assert!(gc::garbage().is_empty()));
        drop((a, b));
        assert_eq!(gc::collect().total(), 2);
        for object in gc::garbage().to_vec() {
            object.downcast_ref::<Node>().expect("a node").unlink();
        }
        assert_eq!(log.dropped(), []);
        gc::garbage().clear();
        assert_eq!((log.dropped().len(), gc::live()), (2, 0));
    });
}

#[test]
fn a_leaked_handle_makes_its_object_uncollectable() {
    with(DebugFlags::UNCOLLECTABLE | DebugFlags::STATS, |log| {
        #[derive(Trace)]
        struct Leaks(Slot<Vec<ManuallyDrop<Gc<Leaks>>>>, gc::Canary);

        let leaks = Gc::new(Leaks(Slot::new(Vec::new()), gc::Canary::new(0, log)));
        let me = ManuallyDrop::new(leaks.clone());
        leaks.0.with_mut(|all| all.push(me));
        let line = format!("gc: uncollectable <{} {leaks:p}>", std::any::type_name::<Leaks>());
        drop(leaks);
        let report = gc::collect();
        assert_eq!((report.collected, report.uncollectable), (0, 1));
        assert_eq!(log.dropped(), [0], "its value is gone");
        let lines = sink::told();
        assert_eq!(lines[3], line);
        assert!(lines[4].starts_with("gc: done, 1 unreachable, 1 uncollectable, "), "{lines:?}");
    });
}

#[test]
fn a_sink_that_panics_loses_nothing() {
    with(DebugFlags::STATS | DebugFlags::COLLECTABLE, |log| {
        drop(ring(2, log));
        sink::on_line(|_| bang("in the sink"));
        assert_eq!(gc::collect().total(), 2);
        assert_eq!((sink::told().len(), log.dropped().len()), (6, 2));
        assert_eq!(heard_of(), [UserCode::Hook; 6]);
    });
}

#[test]
fn a_sink_may_use_the_heap() {
    with(DebugFlags::LEAK | DebugFlags::STATS, |log| {
        drop(ring(2, log));
        let inner = log.clone();
        sink::on_line(move |_| {
            drop(self_loop(9, &inner));
            assert_eq!(gc::collect().total(), 0, "a collection is going on");
            let _ = gc::garbage().to_vec();
        });
        assert_eq!(gc::collect().total(), 2);
        sink::on_line(|_| ());
        assert_eq!(heard_of(), []);
        assert_eq!(gc::collect().total(), 6, "one for each line");
        gc::set_debug(DebugFlags::empty());
        gc::garbage().clear();
        assert_eq!((gc::collect().total(), gc::live()), (8, 0));
    });
}
