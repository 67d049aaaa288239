//! The end of a thread: its heap is collected once more, and handles that outlive
//! that stay safe; what they leave is looked into at once.
//!
//! Thread-locals are destroyed in the reverse order of their first use (on the
//! platforms these tests run on), and so is the heap: one used before the heap's
//! first candidate goes after the heap, one used later goes before it.

use super::bad_trace;
use gc_core::DebugFlags;
use gc_core::unsync::{self, Gc, Weak, WeakCallback, WeakKeyMap};
use gc_core::weakref::ByIdentity;
use gc_tests::process::{is_child, respawn};
use gc_tests::unsync::{Node, Shared, Slot, alone, ring, self_loop};
use gc_tests::{Event, Log, unraisable};
use std::cell::RefCell;
use std::thread;

/// Runs `f` on a new thread and gives back what was logged when that has ended.
fn events(f: impl FnOnce(&Log) + Send + 'static) -> Vec<Event> {
    unraisable::listen();
    let log = Log::new();
    let inner = log.clone();
    thread::spawn(move || f(&inner)).join().expect("no panic");
    log.take()
}

/// Makes the heap register for the end of the thread: by its first candidate.
fn touch_heap() {
    let node = Node::new(usize::MAX, &Log::new());
    drop(node.clone());
}

/// What a thread leaves in a thread-local. It is dropped field by field.
#[derive(Default)]
struct Left {
    strong: Vec<Gc<Node>>,
    weak: Vec<Weak<Node>>,
    callbacks: Vec<WeakCallback<Node>>,
    at_end: Vec<AtEnd>,
}

/// Runs a closure when it is dropped.
struct AtEnd(Option<Box<dyn FnOnce()>>);

impl Drop for AtEnd {
    fn drop(&mut self) {
        if let Some(f) = self.0.take() {
            f();
        }
    }
}

thread_local! {
    static LAZY: RefCell<Left> = RefCell::default();
    static CONST: RefCell<Left> = const {
        RefCell::new(Left { strong: vec![], weak: vec![], callbacks: vec![], at_end: vec![] })
    };
}

/// Runs `fill` to leave things in a thread-local that is used before the heap or
/// after it, of either kind.
fn leave(before: bool, lazy: bool, fill: impl Fn(&mut Left, &Log) + Send + 'static) -> Vec<Event> {
    events(move |log| {
        let with = |f: &dyn Fn(&mut Left)| {
            if lazy {
                LAZY.with_borrow_mut(|left| f(left));
            } else {
                CONST.with_borrow_mut(|left| f(left));
            }
        };
        if before {
            // Something that needs dropping registers the destructor.
            with(&|left| left.strong.reserve(1));
        }
        touch_heap();
        with(&|left| fill(left, log));
    })
}

fn in_every_order(
    fill: impl Fn(&mut Left, &Log) + Send + Clone + 'static,
    check: impl Fn(bool, Vec<Event>),
) {
    for before in [false, true] {
        for lazy in [false, true] {
            check(before, leave(before, lazy, fill.clone()));
        }
    }
}

#[test]
fn garbage_is_collected_with_finalizers() {
    let events = events(|log| {
        drop(ring(2, log));
        assert_eq!(log.events(), []);
    });
    let expected = [Event::Finalized(0), Event::Finalized(1), Event::Dropped(0), Event::Dropped(1)];
    assert_eq!(events, expected);
}

#[test]
fn old_garbage_is_collected_too() {
    let events = events(|log| {
        let node = self_loop(0, log);
        drop(node.clone());
        let _ = unsync::collect();
        drop(node);
    });
    assert_eq!(events, [Event::Finalized(0), Event::Dropped(0)]);
}

#[test]
fn automatic_collection_being_off_does_not_matter() {
    let events = events(|log| {
        unsync::disable();
        std::mem::forget(unsync::pause());
        drop(self_loop(0, log));
    });
    assert_eq!(events, [Event::Finalized(0), Event::Dropped(0)]);
}

/// A cycle that is alive at the end, as one held by a module of Python's.
#[test]
fn test_031_gc_main_module_at_shutdown() {
    let events = events(|log| {
        touch_heap();
        LAZY.with_borrow_mut(|left| left.strong.push(self_loop(0, log)));
        assert_eq!(log.events(), []);
    });
    assert_eq!(events, [Event::Finalized(0), Event::Dropped(0)]);
}

/// The same, where the thread ends by a panic.
#[test]
fn test_033_global_del_system_exit() {
    unraisable::listen();
    let log = Log::new();
    let inner = log.clone();
    let thread = thread::spawn(move || {
        let _node = self_loop(0, &inner);
        LAZY.with_borrow_mut(|left| left.strong.push(self_loop(1, &inner)));
        gc_tests::bang("the thread's own");
    });
    assert!(thread.join().is_err());
    assert_eq!((log.finalized(), log.dropped()), (vec![0, 1], vec![0, 1]));
}

/// Scenario 31 with Python's `atexit` in it: what is still alive is told of the exit, before the
/// thread-locals go.
#[test]
fn a_guard_in_the_threads_function_runs_finalizers_of_what_is_alive() {
    let events = events(|log| {
        let _guard = unsync::exit_guard();
        let node = self_loop(0, log);
        let inner = log.clone();
        unsync::finalize(&node, move || inner.push(Event::Called(0)));
        LAZY.with_borrow_mut(|left| left.strong.push(node));
    });
    assert_eq!(events, [Event::Called(0), Event::Finalized(0), Event::Dropped(0)]);
}

/// Scenario 33 with `atexit`: the thread ends by a panic.
#[test]
fn a_guard_that_a_panic_drops_runs_finalizers_too() {
    let log = Log::new();
    let inner = log.clone();
    let thread = thread::spawn(move || {
        let _guard = unsync::exit_guard();
        let node = self_loop(0, &inner);
        unsync::finalize(&node, move || inner.push(Event::Called(0)));
        LAZY.with_borrow_mut(|left| left.strong.push(node));
        gc_tests::bang("the thread's own");
    });
    assert!(thread.join().is_err());
    assert_eq!(log.take(), [Event::Called(0), Event::Finalized(0), Event::Dropped(0)]);
}

#[test]
fn a_guard_in_a_thread_local_works_in_any_order() {
    thread_local!(static GUARD: RefCell<Option<unsync::ExitGuard>> = const { RefCell::new(None) });
    for before in [false, true] {
        let events = events(move |log| {
            if !before {
                touch_heap();
            }
            GUARD.set(Some(unsync::exit_guard()));
            touch_heap();
            let node = self_loop(0, log);
            let inner = log.clone();
            unsync::finalize(&node, move || inner.push(Event::Called(0)));
            std::mem::forget(node);
        });
        assert_eq!(events, [Event::Called(0)], "before the heap: {before}");
    }
}

/// Without a guard there is no exit: only the death of its object runs a finalizer.
#[test]
fn without_a_guard_a_finalizer_runs_if_its_object_dies() {
    in_every_order(
        |left, log| {
            for name in [0, 1] {
                let node = self_loop(name, log);
                let inner = log.clone();
                unsync::finalize(&node, move || inner.push(Event::Called(name)));
                if name == 0 {
                    left.strong.push(node);
                } else {
                    std::mem::forget(node);
                }
            }
        },
        |before, events| {
            let expected = [Event::Finalized(0), Event::Called(0), Event::Dropped(0)];
            assert_eq!(events, expected, "before the heap: {before}");
        },
    );
}

#[test]
fn finalizers_that_leave_more_garbage_are_followed() {
    let events = events(|log| {
        let mut inner: Option<Gc<Node>> = None;
        for name in 0..5 {
            let node = self_loop(name, log);
            let next = Slot::new(inner.take());
            node.on_finalize(move |_, _| drop(next.take()));
            inner = Some(node);
        }
    });
    let names = |wanted: fn(&Event) -> bool| events.iter().filter(|event| wanted(event)).count();
    assert_eq!(names(|event| matches!(event, Event::Finalized(_))), 5);
    assert_eq!(names(|event| matches!(event, Event::Dropped(_))), 5);
}

#[test]
fn finalizers_that_leave_garbage_for_ever_come_to_an_end() {
    fn again(log: &Log, name: usize) {
        let node = self_loop(name, log);
        let log = log.clone();
        node.on_finalize(move |_, _| again(&log, name + 1));
    }
    let events = events(|log| again(log, 0));
    assert!(events.contains(&Event::Dropped(10)), "it was tried for a while");
}

#[test]
fn panics_at_the_end_end_nothing_else() {
    let events = events(|log| {
        let nodes = ring(3, log);
        nodes[0].on_finalize(|_, _| gc_tests::bang("finalizer"));
        nodes[1].on_drop(|| gc_tests::bang("destructor"));
    });
    let dropped = events.iter().filter(|event| matches!(event, Event::Dropped(_))).count();
    assert_eq!((events.len(), dropped), (6, 3));
}

#[test]
fn a_handle_in_a_thread_local_dies_by_count_in_any_order() {
    in_every_order(
        |left, log| {
            let node = Node::new(0, log);
            let child = Node::new(1, log);
            node.link(&child);
            left.strong.push(node);
        },
        |before, events| {
            let expected =
                [Event::Finalized(0), Event::Dropped(0), Event::Finalized(1), Event::Dropped(1)];
            assert_eq!(events, expected, "before the heap: {before}");
        },
    );
}

#[test]
fn the_last_handle_to_a_cycle_is_dropped_in_any_order() {
    in_every_order(
        |left, log| left.strong.push(self_loop(0, log)),
        |before, events| {
            // After the heap's end a drop that leaves a candidate is looked into at once.
            let expected = [Event::Finalized(0), Event::Dropped(0)];
            assert_eq!(events, expected, "before the heap: {before}");
        },
    );
}

#[test]
fn many_cycles_are_dropped_after_the_heap() {
    in_every_order(
        |left, log| {
            // They all reach the first, which the last one dropped keeps.
            let shared = self_loop(0, log);
            left.strong.extend((1..100).map(|name| {
                let node = self_loop(name, log);
                node.link(&shared);
                node
            }));
            left.strong.push(shared);
        },
        |before, events| {
            let dropped = events.iter().filter(|event| matches!(event, Event::Dropped(_))).count();
            // After the heap's end it is looked for as often as is worth it: the last
            // of many may be left.
            let least = if before { 75 } else { 100 };
            assert!((least..=100).contains(&dropped), "{dropped}, before the heap: {before}");
            assert_eq!(events.len(), 2 * dropped, "each with its finalizer");
        },
    );
}

#[test]
fn a_weak_handle_may_outlive_its_object_and_the_heap() {
    in_every_order(
        |left, log| {
            let (cycle, log) = (self_loop(0, log), log.clone());
            let weak = Gc::downgrade(&cycle);
            left.weak.push(weak.clone());
            left.at_end.push(AtEnd(Some(Box::new(move || {
                log.note(if weak.upgrade().is_some() { "alive" } else { "dead" });
            }))));
        },
        |before, events| {
            let end = [Event::Finalized(0), Event::Dropped(0)];
            let expected = if before {
                [&end[..], &[Event::Note("dead")]].concat()
            } else {
                [&[Event::Note("alive")], &end[..]].concat()
            };
            assert_eq!(events, expected);
        },
    );
}

#[test]
fn a_callback_in_a_thread_local_runs_while_it_is_there() {
    in_every_order(
        |left, log| {
            let cycle = self_loop(0, log);
            let inner = log.clone();
            left.callbacks.push(Gc::downgrade_with(&cycle, move || inner.push(Event::Called(0))));
        },
        |before, events| {
            let called = events.contains(&Event::Called(0));
            assert_eq!((called, events.contains(&Event::Dropped(0))), (before, true));
        },
    );
}

#[test]
fn a_destructor_of_a_thread_local_may_use_everything() {
    in_every_order(
        |left, log| {
            let log = log.clone();
            left.at_end.push(AtEnd(Some(Box::new(move || {
                let live = unsync::live();
                let node = Node::new(0, &log);
                let weak = Gc::downgrade(&node);
                drop(node.clone());
                drop((weak.upgrade(), unsync::counts(), unsync::stats(), unsync::thresholds()));
                let value = Gc::try_unwrap(node).expect("one handle");
                drop(value);
                let second = Node::new(1, &log);
                second.link(&Node::new(2, &log));
                drop(second);
                drop(self_loop(3, &log));
                unsync::set_thresholds(gc_core::Thresholds { young: 1, middle: 1, old: 1 });
                drop(Node::new(4, &log));
                let _ = unsync::collect();
                assert_eq!(unsync::live(), live);
                log.note("done");
            }))));
        },
        |before, events| {
            assert!(events.contains(&Event::Note("done")), "{events:?}");
            for name in 0..5 {
                let drops = events.iter().filter(|&&event| event == Event::Dropped(name)).count();
                assert_eq!(drops, 1, "{name}, before the heap: {before}");
            }
        },
    );
}

#[test]
fn a_finalizer_at_the_end_may_meet_a_destroyed_thread_local() {
    let events = events(|log| {
        let node = self_loop(0, log);
        let inner = log.clone();
        node.on_finalize(move |_, _| {
            let there = LAZY.try_with(|left| left.borrow().strong.len()).is_ok();
            inner.note(if there { "there" } else { "gone" });
        });
        // Used after the heap, so it goes before it.
        touch_heap();
        LAZY.with_borrow_mut(|left| left.strong.push(Node::new(9, &Log::new())));
    });
    assert_eq!(events, [Event::Finalized(0), Event::Note("gone"), Event::Dropped(0)]);
}

#[test]
fn a_finalizer_at_the_end_may_store_a_handle_for_later() {
    let events = events(|log| {
        // Used before the heap: it is still there when the heap ends.
        LAZY.with_borrow_mut(|left| left.strong.reserve(1));
        touch_heap();
        let node = self_loop(0, log);
        node.on_finalize(|node, cx| {
            node.unlink();
            let me: Gc<Node> = cx.handle().expect("a Node");
            LAZY.with_borrow_mut(|left| left.strong.push(me));
        });
    });
    assert_eq!(events, [Event::Finalized(0), Event::Dropped(0)], "by count, after the heap");
}

#[test]
fn an_object_that_holds_the_thread_locals_own_values_in_a_circle() {
    let events = events(|log| {
        let holder = Shared::new(Slot::new(Vec::new()));
        let node = self_loop(0, log);
        // The leaf closure keeps a handle to a second cycle.
        let second = self_loop(1, log);
        let inside = holder.clone();
        node.on_drop(move || drop(inside.take()));
        holder.with_mut(|nodes| nodes.push(second));
    });
    let dropped: Vec<_> =
        events.iter().filter(|event| matches!(event, Event::Dropped(_))).collect();
    assert_eq!(dropped, [&Event::Dropped(0), &Event::Dropped(1)]);
}

/// The collection at the end has no caller that the panic could go to which reports it.
#[test]
#[cfg_attr(miri, ignore = "starts a process")]
fn a_bad_trace_does_not_end_the_process() {
    if is_child() {
        return alone(|| drop(bad_trace::looped(0, &Log::new())));
    }
    let output = respawn("unsync::thread_exit::a_bad_trace_does_not_end_the_process");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {words}", output.status);
}

#[test]
fn garbage_that_is_kept_ends_with_the_thread() {
    let events = events(|log| {
        unsync::set_debug(DebugFlags::SAVE_ALL);
        drop(self_loop(0, log));
        assert_eq!(unsync::collect().total(), 1);
        // This is found by the last collection, which keeps nothing.
        drop(self_loop(1, log));
    });
    for expected in [Event::Finalized(0), Event::Finalized(1), Event::Dropped(0), Event::Dropped(1)]
    {
        assert_eq!(events.iter().filter(|event| **event == expected).count(), 1, "{events:?}");
    }
}

#[test]
fn a_thread_local_that_outlives_the_heap_leaves_no_garbage_that_is_kept() {
    for lazy in [true, false] {
        let events = leave(true, lazy, |left, log| {
            unsync::set_debug(DebugFlags::SAVE_ALL);
            left.strong.push(self_loop(0, log));
        });
        assert_eq!(events, [Event::Finalized(0), Event::Dropped(0)]);
    }
}

#[test]
fn what_belongs_to_keys_goes_with_them() {
    thread_local!(static MAP: unsync::WeakKeyMap<Node, Node, ByIdentity> = WeakKeyMap::default());
    for map_first in [false, true] {
        in_every_order(
            move |left, log| {
                if map_first {
                    MAP.with(|map| assert!(map.is_empty()));
                }
                // A key that is alive at the end, one in a cycle with its value, and a chain.
                let keys: Vec<_> = (0..4).map(|name| Node::new(name, log)).collect();
                MAP.with(|map| {
                    let value = self_loop(4, log);
                    value.link(&keys[1]);
                    map.insert_gc(&keys[0], self_loop(5, log));
                    map.insert_gc(&keys[1], value);
                    map.insert_gc(&keys[2], keys[3].clone());
                    map.insert_gc(&keys[3], self_loop(6, log));
                });
                left.strong.extend([keys[0].clone(), keys[2].clone()]);
            },
            |_, events| {
                let dropped = |event: &&Event| matches!(event, Event::Dropped(_));
                assert_eq!(events.iter().filter(dropped).count(), 7, "{events:?}");
            },
        );
    }
}
