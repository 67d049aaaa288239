//! `finalize` and the exit: functions that run once, on whichever comes first of an object's death,
//! a call and the exit. (`finalize.rs` is about the hook of a type.)

use super::gc::{self, Finalizer, Gc, Node, Shared, Slot, WeakCallback, alone, ring, self_loop};
use gc_core::UserCode;
use gc_tests::{Event, Log, bang, caught, unraisable};

/// Has `log` hear of the death of `node`.
fn call_on(node: &Gc<Node>, number: usize, log: &Log) {
    let log = log.clone();
    gc::finalize(node, move || log.push(Event::Called(number)));
}

#[test]
fn it_runs_between_the_objects_finalizer_and_its_drop_in_order_with_weak_callbacks() {
    alone(|| {
        for cyclic in [false, true] {
            let log = Log::new();
            let node = if cyclic { self_loop(0, &log) } else { Node::new(0, &log) };
            call_on(&node, 1, &log);
            let onto = log.clone();
            let callback: WeakCallback<Node> =
                Gc::downgrade_with(&node, move || onto.push(Event::Called(2)));
            call_on(&node, 3, &log);
            drop(node);
            let _ = gc::collect();
            let called = [3, 2, 1].map(Event::Called);
            let whole = [&[Event::Finalized(0)], &called[..], &[Event::Dropped(0)]].concat();
            assert_eq!(log.take(), whole, "cyclic: {cyclic}");
            drop(callback);
        }
    });
}

#[test]
fn in_a_cycle_each_runs_once_and_none_sees_the_objects() {
    alone(|| {
        let log = Log::new();
        let nodes = ring(3, &log);
        let weak: Vec<_> = nodes.iter().map(Gc::downgrade).collect();
        for node in &nodes {
            let (weak, log, name) = (weak.clone(), log.clone(), node.name());
            gc::finalize(node, move || {
                assert!(weak.iter().all(|weak| weak.upgrade().is_none()));
                log.push(Event::Called(name));
            });
        }
        drop(nodes);
        assert_eq!(log.called(), []);
        assert_eq!(gc::collect().collected, 3);
        let mut called = log.called();
        called.sort_unstable();
        assert_eq!(called, [0, 1, 2]);
        assert_eq!(gc::collect().collected, 0);
        assert_eq!(log.called().len(), 3);
    });
}

/// Unlike a weak callback, it is kept by the heap, whatever becomes of its handle.
#[test]
fn it_runs_although_its_handle_is_part_of_the_same_garbage() {
    alone(|| {
        type Own = Finalizer<Holder, fn()>;
        #[derive(gc_core::Trace)]
        struct Holder {
            me: Slot<Vec<Gc<Holder>>>,
            finalizer: Slot<Option<Own>>,
        }
        static RUNS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
        fn count() {
            RUNS.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        }
        let before = RUNS.load(std::sync::atomic::Ordering::Relaxed);
        let holder = Gc::new(Holder { me: Slot::new(Vec::new()), finalizer: Slot::new(None) });
        let me = holder.clone();
        holder.me.with_mut(|handles| handles.push(me));
        holder.finalizer.set(Some(gc::finalize(&holder, count as fn())));
        drop(holder);
        assert_eq!(gc::collect().collected, 1);
        assert_eq!(RUNS.load(std::sync::atomic::Ordering::Relaxed), before + 1);
    });
}

#[test]
fn a_resurrected_object_is_not_dead_yet() {
    alone(|| {
        for cyclic in [false, true] {
            let log = Log::new();
            let shelf = Shared::new(Slot::new(Vec::new()));
            let node = if cyclic { self_loop(0, &log) } else { Node::new(0, &log) };
            let inner = log.clone();
            let finalizer = gc::finalize(&node, move || inner.push(Event::Called(1)));
            node.resurrect_to(&shelf);
            drop(node);
            let _ = gc::collect();
            assert_eq!((log.called(), shelf.with(Vec::len)), (vec![], 1));
            assert!(finalizer.is_alive() && finalizer.peek().is_some());
            drop(shelf.take());
            let _ = gc::collect();
            assert_eq!(log.take(), [Event::Finalized(0), Event::Called(1), Event::Dropped(0)]);
            assert!(!finalizer.is_alive());
        }
    });
}

#[test]
fn called_inside_of_itself_it_does_not_run_again() {
    alone(|| {
        for by_hand in [false, true] {
            let log = Log::new();
            let node = Node::new(0, &log);
            let own = Shared::new(Slot::new(None::<Finalizer<Node, gc::OnDrop>>));
            let (inner, onto) = (own.clone(), log.clone());
            let function: gc::OnDrop = Box::new(move || {
                let own = inner.take().expect("it was put there");
                assert!(!own.is_alive() && own.call().is_none() && own.detach().is_none());
                onto.push(Event::Called(1));
            });
            let finalizer = gc::finalize(&node, function);
            own.set(Some(finalizer.clone()));
            if by_hand {
                finalizer.call();
            }
            drop(node);
            assert_eq!(log.called(), [1]);
        }
    });
}

#[test]
fn one_may_call_and_detach_the_older_ones_of_its_object() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let note = |number| {
            let log = log.clone();
            gc::finalize(&node, move || log.push(Event::Called(number)))
        };
        let (first, second, third) = (note(1), note(2), note(3));
        gc::finalize(&node, move || {
            assert!(first.call().is_some());
            assert!(second.detach().is_none(), "the object is dead: it will run");
            assert!(second.is_alive() && third.is_alive());
        });
        drop(node);
        assert_eq!(log.called(), [1, 3, 2]);
    });
}

#[test]
fn what_it_owns_goes_with_it_and_may_use_the_heap() {
    alone(|| {
        // In which way the function ends, there is a destructor that comes back to the heap.
        for way in 0..3 {
            let log = Log::new();
            let node = Node::new(0, &log);
            let owned = Node::new(1, &log);
            let other = Node::new(2, &log);
            let inner = log.clone();
            owned.on_drop(move || {
                call_on(&other, 2, &inner);
                let _ = gc::collect();
            });
            let finalizer = gc::finalize(&node, move || drop(owned));
            match way {
                0 => drop(node),
                1 => drop(finalizer.call()),
                _ => drop(finalizer.detach()),
            }
            assert_eq!(log.called(), [2]);
            assert_eq!(log.finalized(), if way == 0 { vec![0, 1, 2] } else { vec![1, 2] });
            assert!(!finalizer.is_alive());
        }
    });
}

#[test]
fn its_result_is_dropped_where_nobody_asks_for_it() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let result = Node::new(1, &log);
        gc::finalize(&node, move || result);
        drop(node);
        assert_eq!((log.finalized(), log.dropped()), (vec![0, 1], vec![0, 1]));
    });
}

#[test]
fn a_panic_goes_to_who_calls_or_to_the_hook() {
    alone(|| {
        unraisable::listen();
        let log = Log::new();
        let node = Node::new(0, &log);
        let finalizer = gc::finalize(&node, || -> () { bang("by hand") });
        assert_eq!(caught(|| assert!(finalizer.call().is_none())), Some("by hand"));
        assert!(!finalizer.is_alive() && finalizer.call().is_none());
        assert_eq!(unraisable::heard(), []);

        call_on(&node, 1, &log);
        gc::finalize(&node, || bang("by death"));
        call_on(&node, 2, &log);
        drop(node);
        assert_eq!(log.called(), [2, 1]);
        let heard = unraisable::heard();
        assert_eq!(heard.len(), 1);
        assert_eq!((heard[0].code, heard[0].message.as_deref()), (UserCode::Callback, Some("by death")));
    });
}

#[test]
fn an_unwrapped_value_is_a_dead_object() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        call_on(&node, 1, &log);
        let value = Gc::try_unwrap(node).expect("one handle");
        assert_eq!(log.take(), [Event::Called(1)]);
        drop(value);
    });
}

#[test]
fn one_that_owns_its_object_keeps_it_until_it_is_called() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let owned = node.clone();
        let finalizer = gc::finalize(&node, move || drop(owned));
        drop(node);
        assert_eq!((gc::collect().collected, log.take()), (0, vec![]));
        assert!(finalizer.call().is_some());
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
    });
}

#[test]
fn nothing_is_left_in_the_heap_of_those_that_have_run() {
    alone(|| {
        let count = Shared::new(());
        let before = Shared::strong_count(&count);
        let node = Node::new(0, &Log::new());
        for way in 0..4 {
            let owned = count.clone();
            let finalizer = gc::finalize(&node, move || drop(owned));
            match way {
                0 => drop(finalizer.call()),
                1 => drop(finalizer.detach()),
                2 => {
                    finalizer.set_at_exit(false);
                    finalizer.set_at_exit(true);
                    finalizer.call();
                    finalizer.set_at_exit(true);
                }
                _ => assert_eq!(Shared::strong_count(&count), before + 1),
            }
            // The weak handle that each has is gone with it.
            drop(finalizer);
            assert_eq!(Gc::weak_count(&node), usize::from(way == 3));
        }
        drop(node);
        assert_eq!(Shared::strong_count(&count), before);
    });
}

#[test]
#[cfg_attr(miri, ignore = "starts a process")]
fn the_last_guard_is_the_exit() {
    gc::at_exit(module_path!(), "the_last_guard_is_the_exit", || {
        let log = Log::new();
        let node = Node::new(0, &log);
        let (first, second) = (gc::exit_guard(), gc::exit_guard());
        call_on(&node, 1, &log);
        drop(first);
        assert_eq!(log.called(), []);
        drop(second);
        assert_eq!(log.called(), [1]);

        // Another life begins with another guard.
        let third = gc::exit_guard();
        call_on(&node, 2, &log);
        let other = Node::new(1, &log);
        call_on(&other, 3, &log);
        drop(other);
        assert_eq!(log.called(), [1, 3]);
        drop(third);
        assert_eq!(log.called(), [1, 3, 2]);
    });
}

#[test]
#[cfg_attr(miri, ignore = "starts a process")]
fn at_exit_no_collection_starts_by_itself() {
    gc::at_exit(module_path!(), "at_exit_no_collection_starts_by_itself", || {
        let thresholds = gc_core::Thresholds { young: 1, ..gc::thresholds() };
        gc::set_thresholds(thresholds);
        let guard = gc::exit_guard();
        let log = Log::new();
        let node = Node::new(0, &log);
        let inner = log.clone();
        gc::finalize(&node, move || {
            (0..100).for_each(|name| drop(self_loop(name, &inner)));
            assert_eq!(inner.dropped(), []);
            inner.note("done");
        });
        drop(guard);
        assert_eq!(log.take(), [Event::Note("done")]);
        drop(Node::new(0, &log));
        assert!(!log.dropped().is_empty(), "afterwards they do again");
    });
}

#[test]
#[cfg_attr(miri, ignore = "starts a process")]
fn the_exit_also_comes_by_a_panic() {
    gc::at_exit(module_path!(), "the_exit_also_comes_by_a_panic", || {
        unraisable::listen();
        let log = Log::new();
        let node = Node::new(0, &log);
        call_on(&node, 1, &log);
        gc::finalize(&node, || bang("while unwinding"));
        call_on(&node, 2, &log);
        let panic = caught(|| {
            let _guard = gc::exit_guard();
            bang("the program's own");
        });
        assert_eq!(panic, Some("the program's own"));
        assert_eq!((log.called(), gc::heard_of()), (vec![2, 1], vec![UserCode::Callback]));
    });
}
