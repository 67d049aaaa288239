//! Weak callbacks: when they run, in which order, and when they do not.

use super::gc::{self, Gc, Node, Shared, Slot, WeakCallback, alone, ring, self_loop};
use gc_tests::{Event, Log};

fn watch(node: &Gc<Node>, number: usize, log: &Log) -> WeakCallback<Node> {
    let log = log.clone();
    Gc::downgrade_with(node, move || log.push(Event::Called(number)))
}

#[test]
fn by_count_it_runs_between_the_finalizer_and_the_drop_newest_first() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let callbacks: Vec<_> = (0..4).map(|number| watch(&node, number, &log)).collect();
        drop(node);
        let called = [3, 2, 1, 0].map(Event::Called);
        let mut expected = vec![Event::Finalized(0)];
        expected.extend(called);
        expected.push(Event::Dropped(0));
        assert_eq!(log.take(), expected);
        drop(callbacks);
    });
}

#[test]
fn in_a_cycle_all_finalizers_run_first_then_all_callbacks_then_all_drops() {
    alone(|| {
        let log = Log::new();
        let nodes = ring(3, &log);
        let callbacks: Vec<_> =
            (0..6).map(|number| watch(&nodes[number % 3], number, &log)).collect();
        drop(nodes);
        assert_eq!(gc::collect().collected, 3);
        let events = log.take();
        let (finalized, rest) = events.split_at(3);
        let (called, dropped) = rest.split_at(6);
        assert!(finalized.iter().all(|event| matches!(event, Event::Finalized(_))));
        assert!(dropped.iter().all(|event| matches!(event, Event::Dropped(_))));
        for node in 0..3 {
            let at = |number| called.iter().position(|&event| event == Event::Called(number));
            assert!(at(node).is_some() && at(node + 3) < at(node), "newest first: {called:?}");
        }
        drop(callbacks);
    });
}

#[test]
fn it_runs_once() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let callback = watch(&node, 1, &log);
        drop(node);
        drop(callback);
        let _ = gc::collect();
        assert_eq!(log.called(), [1]);
    });
}

#[test]
fn cancelled_it_does_not_run_and_what_it_owned_is_dropped() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let owned = Node::new(1, &log);
        let callback = Gc::downgrade_with(&node, move || assert_eq!(owned.name(), 1));
        let second = watch(&node, 2, &log);
        callback.cancel();
        assert_eq!(log.take(), [Event::Finalized(1), Event::Dropped(1)]);
        drop(second);
        drop(node);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
    });
}

#[test]
fn a_callback_may_cancel_the_older_ones() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let older = Shared::new(Slot::new(Some(watch(&node, 1, &log))));
        let inner = older.clone();
        let newer = Gc::downgrade_with(&node, move || drop(inner.take()));
        drop(node);
        assert_eq!(log.called(), []);
        drop(newer);
    });
}

#[test]
fn a_callback_may_drop_its_own_handle() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let own = Shared::new(Slot::new(None));
        let (inner, onto) = (own.clone(), log.clone());
        let callback = Gc::downgrade_with(&node, move || {
            drop(inner.take());
            onto.push(Event::Called(1));
        });
        own.set(Some(callback));
        drop(node);
        assert_eq!(log.called(), [1]);
    });
}

#[test]
fn a_resurrected_object_keeps_its_callbacks() {
    alone(|| {
        for cyclic in [false, true] {
            let log = Log::new();
            let shelf = Shared::new(Slot::new(Vec::new()));
            let node = if cyclic { self_loop(0, &log) } else { Node::new(0, &log) };
            let callback = watch(&node, 1, &log);
            node.resurrect_to(&shelf);
            drop(node);
            let _ = gc::collect();
            assert_eq!((log.called(), shelf.with(Vec::len)), (vec![], 1));
            assert!(callback.upgrade().is_some());
            drop(shelf.take());
            let _ = gc::collect();
            assert_eq!(log.take(), [Event::Finalized(0), Event::Called(1), Event::Dropped(0)]);
        }
    });
}

#[test]
fn one_made_in_the_finalizer_runs_too() {
    alone(|| {
        for cyclic in [false, true] {
            let log = Log::new();
            let node = if cyclic { self_loop(0, &log) } else { Node::new(0, &log) };
            let kept = Shared::new(Slot::new(None));
            let (onto, inner) = (kept.clone(), log.clone());
            node.on_finalize(move |_, cx| {
                let me: Gc<Node> = cx.handle().expect("the whole value is a Node");
                onto.set(Some(watch(&me, 1, &inner)));
            });
            drop(node);
            let _ = gc::collect();
            assert_eq!(log.take(), [Event::Finalized(0), Event::Called(1), Event::Dropped(0)]);
        }
    });
}

#[test]
fn a_callback_does_not_see_what_died_with_its_object() {
    alone(|| {
        let log = Log::new();
        let nodes = ring(4, &log);
        let weak: Vec<_> = nodes.iter().map(Gc::downgrade).collect();
        let callbacks: Vec<_> = nodes
            .iter()
            .map(|node| {
                let (weak, log, name) = (weak.clone(), log.clone(), node.name());
                Gc::downgrade_with(node, move || {
                    assert!(weak.iter().all(|weak| weak.upgrade().is_none()));
                    assert_eq!(log.dropped(), [], "no value has been dropped yet");
                    log.push(Event::Called(name));
                })
            })
            .collect();
        drop(nodes);
        assert_eq!(gc::collect().collected, 4);
        assert_eq!(log.called().len(), 4);
        drop(callbacks);
    });
}

#[test]
fn garbage_that_watches_another_cycle_is_not_told_of_it() {
    alone(|| {
        let log = Log::new();
        // Two cycles that die in one collection; the one owns a callback on the other.
        let (a, b) = (self_loop(0, &log), self_loop(1, &log));
        let callback = watch(&b, 1, &log);
        a.callbacks.with_mut(|callbacks| callbacks.push(callback));
        drop((a, b));
        assert_eq!(gc::collect().collected, 2);
        assert_eq!(log.called(), [], "the same collection, the same garbage");
    });
}

#[test]
fn one_that_its_own_object_holds_runs_by_count_and_not_in_a_cycle() {
    alone(|| {
        // As in CPython: by count it is only the object that is dead by then.
        let log = Log::new();
        let node = Node::new(0, &log);
        let own = watch(&node, 1, &log);
        node.callbacks.with_mut(|callbacks| callbacks.push(own));
        drop(node);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Called(1), Event::Dropped(0)]);

        let node = self_loop(0, &log);
        let own = watch(&node, 2, &log);
        node.callbacks.with_mut(|callbacks| callbacks.push(own));
        drop(node);
        assert_eq!(gc::collect().collected, 1);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
    });
}

#[test]
fn try_unwrap_is_a_death_to_callbacks() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let callback = watch(&node, 1, &log);
        let value = Gc::try_unwrap(node).expect("one handle");
        assert_eq!(log.take(), [Event::Called(1)]);
        assert!(callback.upgrade().is_none());
        drop(value);
        assert_eq!(log.take(), [Event::Dropped(0)], "and its finalizer did not run");
    });
}

#[test]
fn a_callback_that_owns_its_object_keeps_it() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let owned = node.clone();
        let callback = Gc::downgrade_with(&node, move || drop(owned));
        drop(node);
        assert_eq!(gc::collect().collected, 0);
        assert_eq!(log.take(), []);
        callback.cancel();
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
    });
}
