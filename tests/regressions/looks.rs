//! Panics in `trace`: the hooks that hear of them are user code that runs while a
//! collection looks at the graph.
//!
//! What a hook moved was recorded where it had been, and taken for garbage. So the
//! collection looks again, for as long as a trace panics, a few times at most.

use super::gc::{self, Gc, Node, Shared, Slot, alone, ring, self_loop};
use crate::hooks::{Which, heard, listen};
use gc_core::{Generation, UserCode};
use gc_tests::{Event, Log, bang};

type Shelf = Shared<Slot<Vec<Gc<Node>>>>;

/// The hooks that run while a collection looks.
fn in_a_look() -> impl Iterator<Item = Which> {
    let at_once = |which| which == Which::Panic || gc::TELLS_OF_TRACE_AT_ONCE;
    Which::BOTH.into_iter().filter(move |&which| at_once(which))
}

/// Makes the looks at the node panic for which `when` holds, counted from 1.
fn panics(node: &Node, when: impl Fn(usize) -> bool + gc::Hook) {
    let mut look = 0;
    node.on_trace(move || {
        look += 1;
        if when(look) {
            // A real one, of which the panic hook is told.
            panic!("in look {look}");
        }
    });
}

/// A ring of one, traced first, with an edge to an item; then a node that panics when
/// it is traced. `act` runs in the hook, with the ring and the shelf.
fn in_the_hook(which: Which, act: fn(&Gc<Node>, &Shelf), check: impl FnOnce(&Log, &Shelf)) {
    let (log, shelf) = (Log::new(), Shelf::default());
    let ring = self_loop(0, &log);
    ring.link(&Node::new(1, &log));
    let (weak, onto) = (Gc::downgrade(&ring), shelf.clone());
    let mut once = Some(());
    which.calls(move || {
        if once.take().is_some() {
            act(&weak.upgrade().expect("no finalizer has run"), &onto);
        }
    });
    drop(ring);
    let trouble = Node::new(2, &log);
    panics(&trouble, |_| true);
    drop(trouble.clone());
    let report = gc::collect();
    assert!(heard().contains(&UserCode::Trace), "{report:?}");
    check(&log, &shelf);
    drop((shelf.take(), trouble));
    while gc::collect().total() > 0 {}
    assert_eq!((log.dropped(), gc::live()), (vec![0, 1, 2], 0));
}

/// The item goes from the ring, which has been traced, to the shelf.
fn take_item(ring: &Gc<Node>, shelf: &Shelf) {
    let item = ring.edge(1);
    ring.unlink();
    ring.link(ring);
    shelf.with_mut(|shelf| shelf.push(item));
}

#[test]
fn a_hook_that_took_a_handle_out_of_what_was_traced_got_a_dropped_object() {
    for which in in_a_look() {
        alone(move || {
            in_the_hook(which, take_item, |log, shelf| {
                assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
                shelf.with(|shelf| {
                    assert_eq!((shelf[0].name(), Gc::strong_count(&shelf[0])), (1, 1));
                });
                // Put back for the last count.
                log.push(Event::Dropped(0));
            });
        });
    }
}

#[test]
fn a_hook_that_ended_what_was_traced() {
    for which in in_a_look() {
        alone(move || {
            let act = |ring: &Gc<Node>, shelf: &Shelf| {
                shelf.with_mut(|shelf| shelf.push(ring.edge(1)));
                ring.unlink();
            };
            in_the_hook(which, act, |log, shelf| {
                assert_eq!(log.dropped(), [0], "by count, in the middle of the collection");
                assert_eq!(shelf.with(|shelf| shelf[0].name()), 1);
            });
        });
    }
}

#[test]
fn a_hook_that_took_the_ring_itself() {
    for which in in_a_look() {
        alone(move || {
            let act = |ring: &Gc<Node>, shelf: &Shelf| {
                let ring = ring.clone();
                shelf.with_mut(|shelf| shelf.push(ring));
            };
            in_the_hook(which, act, |log, shelf| {
                assert_eq!(log.events(), [], "nothing is garbage any more");
                assert_eq!(shelf.with(|shelf| shelf[0].names()), [0, 1]);
            });
        });
    }
}

#[test]
fn a_hook_that_hid_a_root_in_what_is_not_traced() {
    for which in in_a_look() {
        alone(move || {
            let act = |ring: &Gc<Node>, _: &Shelf| {
                let item = ring.edge(1);
                ring.unlink();
                ring.hidden.with_mut(|hidden| hidden.push(item));
                ring.link(ring);
            };
            in_the_hook(which, act, |log, _| {
                assert_eq!(log.dropped(), [0, 1], "garbage all the same, and the item by count");
            });
        });
    }
}

#[test]
fn a_hook_that_made_new_garbage_of_the_living() {
    for which in in_a_look() {
        alone(move || {
            let act = |ring: &Gc<Node>, shelf: &Shelf| {
                let log = Log::new();
                let nodes = gc::ring(3, &log);
                ring.link(&nodes[0]);
                nodes[1].link(ring);
                drop(nodes);
                // Dropped again: what was captured for an instant.
                let ring = ring.clone();
                shelf.with_mut(|shelf| shelf.push(ring));
                drop(shelf.take());
            };
            in_the_hook(which, act, |_, _| assert_eq!(heard(), []));
        });
    }
}

/// All the ways in which three nodes may each panic in one of their first looks, or in none.
#[test]
fn a_trace_that_panics_now_and_then_loses_nothing() {
    const LOOKS: usize = if cfg!(miri) { 2 } else { 4 };
    for ways in 0..LOOKS.pow(3) {
        alone(move || {
            Which::Panic.calls(|| ());
            let log = Log::new();
            let kept = ring(2, &log);
            drop(kept[0].clone());
            let when = [ways % LOOKS, ways / LOOKS % LOOKS, ways / LOOKS / LOOKS];
            for (index, when) in when.into_iter().enumerate() {
                let nodes = [self_loop(10 + index, &log), self_loop(20 + index, &log)];
                nodes[0].link(&nodes[1]);
                nodes[1].link(&kept[0]);
                panics(&nodes[0], move |look| look == when);
            }
            drop(self_loop(5, &log));
            let report = gc::collect();
            assert!(log.dropped().contains(&5), "what has not panicked goes: {report:?}");
            for _ in 0..LOOKS {
                let _ = gc::collect();
            }
            assert_eq!(log.dropped(), [5, 10, 11, 12, 20, 21, 22]);
            assert_eq!(log.finalized(), [5, 10, 11, 12, 20, 21, 22], "each once");
            assert_eq!((kept[0].name(), kept[1].names()), (0, vec![0]));
            assert_eq!((Gc::strong_count(&kept[0]), gc::live()), (2, 2));
        });
    }
}

/// Node `i` panics in look `i` and no other, so that every look has its panic: the
/// collection gives up, which loses nothing.
#[test]
fn a_graph_of_which_something_panics_in_every_look_is_left_for_later() {
    const N: usize = if cfg!(miri) { 12 } else { 50 };
    alone(|| {
        Which::Panic.calls(|| ());
        let log = Log::new();
        let weak: Vec<_> = (0..N)
            .map(|index| {
                let node = self_loop(index, &log);
                panics(&node, move |look| look == index + 1);
                Gc::downgrade(&node)
            })
            .collect();
        let report = gc::collect();
        assert_eq!((report.collected, report.uncollectable, log.events()), (0, 0, vec![]));
        assert!(weak.iter().all(|weak| (weak.strong_count(), weak.weak_count()) == (1, 1)));
        for _ in 0..N {
            let _ = gc::collect();
        }
        assert_eq!((gc::live(), log.finalized().len(), log.dropped().len()), (0, N, N));
        assert!(weak.iter().all(|weak| weak.upgrade().is_none()));
    });
}

#[test]
fn a_trace_that_always_panics_keeps_no_other_garbage() {
    alone(|| {
        Which::Panic.calls(|| ());
        let log = Log::new();
        let bad: Vec<_> = (0..20)
            .map(|name| {
                let node = self_loop(name, &log);
                panics(&node, |_| true);
                Gc::downgrade(&node)
            })
            .collect();
        for generation in Generation::ALL {
            drop(ring(3, &log));
            assert_eq!(gc::collect_generation(generation).collected, 3);
            let dropped = log.take().into_iter().filter(|e| matches!(e, Event::Dropped(_)));
            assert_eq!(dropped.count(), 3);
        }
        assert_eq!(gc::live(), 20);
        // With finalizers that resurrect, there are more looks.
        let shelf = Shelf::default();
        let phoenix = self_loop(30, &log);
        phoenix.resurrect_to(&shelf);
        drop((phoenix, ring(2, &log)));
        let report = gc::collect();
        assert_eq!((report.collected, report.resurrected), (2, 1));
        assert_eq!(shelf.with(|shelf| shelf[0].name()), 30);
        drop(shelf);
        for weak in bad {
            weak.upgrade().expect("kept").on_trace(|| ());
        }
        assert_eq!((gc::collect().collected, gc::live()), (21, 0));
    });
}

/// A trace may make handles of its own, by a weak one too, and keep them.
#[test]
fn a_handle_that_a_trace_made_of_a_weak_one_was_not_counted() {
    alone(|| {
        let (log, shelf) = (Log::new(), Shelf::default());
        let nodes = ring(2, &log);
        let (weak, onto) = (Gc::downgrade(&nodes[0]), shelf.clone());
        let mut once = Some(());
        nodes[1].on_trace(move || {
            if once.take().is_some() {
                onto.with_mut(|shelf| shelf.extend(weak.upgrade()));
            }
        });
        drop(nodes);
        let report = gc::collect();
        assert_eq!((report.total(), log.finalized(), log.dropped()), (0, vec![], vec![]));
        shelf.with(|shelf| assert_eq!((shelf[0].name(), shelf[0].edge(0).name()), (0, 1)));
        drop(shelf.take());
        while gc::collect().total() > 0 {}
        assert_eq!((log.dropped(), gc::live()), (vec![0, 1], 0));
    });
}

/// Between the finalizers and the end of the garbage there is one more look.
#[test]
fn a_hook_that_takes_garbage_in_the_look_after_the_finalizers() {
    for which in in_a_look() {
        alone(move || {
            let (log, shelf) = (Log::new(), Shelf::default());
            let nodes = ring(3, &log);
            let trouble = self_loop(9, &log);
            panics(&trouble, |look| look == gc::LOOK_AFTER_FINALIZERS);
            let (weak, onto) = (Gc::downgrade(&nodes[0]), shelf.clone());
            let mut once = Some(());
            which.calls(move || {
                if once.take().is_none() {
                    return;
                }
                let node = weak.upgrade().expect("nothing has died");
                // What node 0 pointed to is held from outside now, and it alone.
                onto.with_mut(|shelf| shelf.push(node.edge(0)));
                node.unlink();
            });
            drop((nodes, trouble));
            let report = gc::collect();
            assert_eq!((log.finalized(), heard()), (vec![0, 1, 2, 9], vec![UserCode::Trace]));
            shelf.with(|shelf| {
                assert_eq!((shelf[0].name(), shelf[0].edge(0).names()), (1, vec![0]), "{report:?}");
            });
            drop(shelf.take());
            while gc::collect().total() > 0 {}
            assert_eq!((log.dropped(), gc::live()), (vec![0, 1, 2, 9], 0));
        });
    }
}

#[test]
fn a_panic_without_a_word_is_looked_at_again_as_well() {
    listen();
    alone(|| {
        let log = Log::new();
        let node = self_loop(0, &log);
        let mut looks = 0;
        node.on_trace(move || {
            looks += 1;
            if looks == 1 {
                bang("not told to the panic hook");
            }
        });
        drop((node, self_loop(1, &log)));
        assert_eq!((gc::collect().collected, heard()), (1, vec![UserCode::Trace]));
        assert_eq!((gc::collect().collected, gc::live()), (1, 0));
    });
}
