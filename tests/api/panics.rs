//! Panics in `trace`, in finalizers and in callbacks: they go to the hook, and the
//! collector goes on.

use super::gc::{self, Gc, Node, Shared, Slot, alone, heard_of, ring, self_loop};
use gc_core::{Generation, Thresholds, UserCode};
use gc_tests::{Event, Log, bang, caught, unraisable};

/// Runs on a fresh heap with the hook listening, and then checks that the
/// collector still works.
fn check(f: impl FnOnce(&Log) + Send + 'static) {
    unraisable::listen();
    alone(move || {
        let log = Log::new();
        f(&log);
        let _ = log.take();
        let before = gc::live();
        drop(ring(3, &log));
        assert_eq!(gc::collect().collected, 3, "the collector still works");
        assert_eq!((log.dropped(), gc::live()), (vec![0, 1, 2], before));
        assert_eq!(heard_of(), [], "nothing more was swallowed");
    });
}

/// Makes `trace` of the node panic until the flag is set to `false`.
fn arm(node: &Node) -> Shared<Slot<bool>> {
    let panics = Shared::new(Slot::new(true));
    let armed = panics.clone();
    node.on_trace(move || {
        if armed.get() {
            bang("in trace");
        }
    });
    panics
}

#[test]
fn in_trace_the_object_and_what_it_reaches_live_until_it_is_traced_again() {
    check(|log| {
        let nodes = ring(2, log);
        let beyond = self_loop(2, log);
        nodes[1].link(&beyond);
        let panics = arm(&nodes[1]);
        let weak = Gc::downgrade(&nodes[0]);
        drop((nodes, beyond));
        for generation in [Generation::Young, Generation::Middle, Generation::Old, Generation::Old] {
            let report = gc::collect_generation(generation);
            assert_eq!((report.collected, report.uncollectable), (0, 0));
            assert_eq!(heard_of(), [UserCode::Trace]);
            assert_eq!((log.take(), weak.strong_count()), (vec![], 1));
        }
        panics.set(false);
        assert_eq!(gc::collect().collected, 3, "what was not seen is not forgotten");
        assert_eq!(log.dropped(), [0, 1, 2]);
    });
}

#[test]
fn in_trace_other_garbage_is_collected_all_the_same() {
    check(|log| {
        let bad = self_loop(0, log);
        let panics = arm(&bad);
        drop(bad);
        drop(ring(3, log));
        drop(self_loop(3, log));
        assert_eq!(gc::collect().collected, 4);
        assert_eq!((heard_of(), gc::live()), (vec![UserCode::Trace], 1));
        panics.set(false);
        assert_eq!(gc::collect().collected, 1);
    });
}

#[test]
fn in_trace_of_an_automatic_collection_new_does_not_panic() {
    check(|log| {
        gc::set_thresholds(Thresholds { young: 1, middle: 1, old: 1 });
        let armed: Vec<_> = (0..3)
            .map(|name| {
                let bad = self_loop(name, log);
                let panics = arm(&bad);
                drop(bad);
                panics
            })
            .collect();
        assert_eq!(heard_of(), [UserCode::Trace; 2], "the third came when two were candidates");
        assert_eq!((gc::live(), gc::stats()[0].collections), (3, 1));
        gc::set_thresholds(Thresholds::PY313);
        armed.iter().for_each(|panics| panics.set(false));
        assert_eq!(gc::collect().collected, 3);
    });
}

#[test]
fn in_a_finalizer_the_object_dies_all_the_same() {
    check(|log| {
        let node = Node::new(0, log);
        node.on_finalize(|_, _| bang("by count"));
        drop(node);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
        assert_eq!(heard_of(), [UserCode::Finalize]);

        let nodes = ring(3, log);
        nodes[1].on_finalize(|_, _| bang("in a cycle"));
        drop(nodes);
        assert_eq!(gc::collect().collected, 3);
        assert_eq!((log.finalized(), log.dropped()), (vec![0, 1, 2], vec![0, 1, 2]));
        let heard = unraisable::heard();
        assert_eq!(heard.len(), 1);
        assert_eq!(heard[0].message.as_deref(), Some("in a cycle"));
        assert!(heard[0].type_name.ends_with("Node"), "{heard:?}");
    });
}

#[test]
fn in_a_finalizer_that_has_resurrected_the_object_it_lives() {
    check(|log| {
        for cyclic in [false, true] {
            let shelf = Shared::new(Slot::new(Vec::new()));
            let node = if cyclic { self_loop(0, log) } else { Node::new(0, log) };
            let onto = shelf.clone();
            node.on_finalize(move |_, cx| {
                let me: Gc<Node> = cx.handle().expect("a Node");
                onto.with_mut(|nodes| nodes.push(me));
                bang("after the deed");
            });
            drop(node);
            let report = gc::collect();
            assert_eq!((report.collected, report.resurrected), (0, usize::from(cyclic)));
            assert_eq!((log.take(), heard_of()), (vec![Event::Finalized(0)], vec![UserCode::Finalize]));
            drop(shelf.take());
            let _ = gc::collect();
            assert_eq!(log.take(), [Event::Dropped(0)]);
        }
    });
}

#[test]
fn in_a_callback_the_others_run_and_the_object_dies() {
    check(|log| {
        for cyclic in [false, true] {
            let node = if cyclic { self_loop(0, log) } else { Node::new(0, log) };
            let mut callbacks = Vec::new();
            for number in 0..3 {
                let log = log.clone();
                callbacks.push(Gc::downgrade_with(&node, move || {
                    log.push(Event::Called(number));
                    if number == 1 {
                        bang("in the second");
                    }
                }));
            }
            drop(node);
            let _ = gc::collect();
            let mut expected = vec![Event::Finalized(0)];
            expected.extend([2, 1, 0].map(Event::Called));
            expected.push(Event::Dropped(0));
            assert_eq!((log.take(), heard_of()), (expected, vec![UserCode::Callback]));
        }
    });
}

#[test]
fn everything_panics_at_once() {
    check(|log| {
        let nodes = ring(3, log);
        let mut callbacks = Vec::new();
        for node in &nodes {
            node.on_finalize(|_, _| bang("finalizer"));
            node.on_drop(|| bang("destructor"));
            callbacks.push(Gc::downgrade_with(node, || bang("callback")));
        }
        drop(nodes);
        assert_eq!(gc::collect().collected, 3);
        let heard = heard_of();
        for code in [UserCode::Finalize, UserCode::Callback, UserCode::Drop] {
            assert_eq!(heard.iter().filter(|&&other| other == code).count(), 3);
        }
        assert_eq!((heard.len(), log.dropped(), gc::live()), (9, vec![0, 1, 2], 0));
    });
}

#[test]
fn the_hook_itself_may_panic() {
    check(|log| {
        unraisable::hook_panics(true);
        let nodes = ring(2, log);
        nodes[0].on_finalize(|_, _| bang("finalizer"));
        nodes[1].on_drop(|| bang("destructor"));
        let callback = Gc::downgrade_with(&nodes[0], || bang("callback"));
        drop(nodes);
        assert_eq!(gc::collect().collected, 2);
        assert_eq!(log.dropped(), [0, 1]);
        assert_eq!(heard_of().len(), 3, "it was called all the same");
        let node = Node::new(0, log);
        node.on_finalize(|_, _| bang("by count"));
        drop((node, callback));
        assert_eq!(heard_of().len(), 1);
        unraisable::hook_panics(false);
    });
}

#[test]
fn a_payload_that_panics_when_it_is_dropped_is_survived() {
    struct Payload;
    impl Drop for Payload {
        fn drop(&mut self) {
            bang("the payload");
        }
    }

    check(|log| {
        let node = self_loop(0, log);
        node.on_finalize(|_, _| std::panic::resume_unwind(Box::new(Payload)));
        drop(node);
        assert_eq!(caught(|| assert_eq!(gc::collect().collected, 1)), None);
        let heard = unraisable::heard();
        assert_eq!((heard.len(), &heard[0].message), (1, &None));
    });
}

#[test]
fn nested_in_a_finalizer_a_panic_ends_where_it_is_swallowed() {
    check(|log| {
        let inner = Node::new(1, log);
        inner.on_finalize(|_, _| bang("inner"));
        let outer = Node::new(0, log);
        let after = log.clone();
        let slot = Slot::new(Some(inner));
        outer.on_finalize(move |_, _| {
            drop(slot.take());
            after.note("went on");
        });
        drop(outer);
        let expected = [
            Event::Finalized(0),
            Event::Finalized(1),
            Event::Dropped(1),
            Event::Note("went on"),
            Event::Dropped(0),
        ];
        assert_eq!((log.take(), heard_of()), (expected.to_vec(), vec![UserCode::Finalize]));
    });
}

#[test]
fn a_deliberate_panic_in_a_collect_in_a_finalizer_stays_inside() {
    check(|log| {
        let cycle = self_loop(1, log);
        cycle.on_drop(|| bang("in the cycle"));
        drop(cycle);
        let node = Node::new(0, log);
        let after = log.clone();
        node.on_finalize(move |_, _| {
            assert_eq!(gc::collect().collected, 1);
            after.note("went on");
        });
        drop(node);
        assert!(log.take().contains(&Event::Note("went on")));
        assert_eq!(heard_of(), [UserCode::Drop]);
    });
}
