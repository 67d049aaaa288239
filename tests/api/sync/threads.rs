//! Handles, candidates and collections on several threads.

use super::gc::{self, Gc, Node, Shared, Slot, Weak, alone, ring, self_loop};
use super::{beside, elsewhere, while_asleep};
use gc_core::{Generation, Thresholds};
use gc_tests::{Event, Log};
use std::sync::Barrier;
use std::thread::{self, ThreadId};

const ROUNDS: usize = if cfg!(miri) { 10 } else { 1000 };

/// Runs `f` on so many threads at once, each with its number.
fn at_once<R: Send>(threads: usize, f: impl Fn(usize) -> R + Sync) -> Vec<R> {
    let (f, barrier) = (&f, &Barrier::new(threads));
    thread::scope(|scope| {
        let run = |number| {
            scope.spawn(move || {
                barrier.wait();
                f(number)
            })
        };
        let threads: Vec<_> = (0..threads).map(run).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    })
}

/// Its object's death, a call and the exit, each on a thread.
#[test]
#[cfg_attr(miri, ignore = "starts a process")]
fn a_finalizer_that_three_threads_run_at_once_runs_once() {
    gc::at_exit(module_path!(), "a_finalizer_that_three_threads_run_at_once_runs_once", || {
        for round in 0..ROUNDS {
            let runs = Shared::new(Slot::new(0));
            let guard = Slot::new(Some(gc::exit_guard()));
            let (object, inner) = (Gc::new(5), runs.clone());
            let finalizer = gc::finalize(&object, move || inner.with_mut(|runs| *runs += 1));
            let object = Slot::new(Some(object));
            at_once(3, |thread| match thread {
                0 => drop(object.take()),
                1 => drop(finalizer.call()),
                _ => drop(guard.take()),
            });
            assert!(!finalizer.is_alive() && !finalizer.at_exit());
            assert_eq!(Shared::strong_count(&runs), 1, "what it owned is gone");
            assert_eq!(runs.get(), 1, "round {round}");
        }
    });
}

/// Objects that end elsewhere than they were made, by threads that have ended and one that has not.
#[test]
fn a_profile_is_of_all_threads_those_that_have_ended_too() {
    alone(|| {
        let profiler = gc::Profiler::start("threads");
        let made = at_once(3, |thread| {
            let mine: Vec<_> = (0..ROUNDS).map(Gc::new).collect();
            drop(Gc::<str>::from("gone"));
            if thread == 0 { Vec::new() } else { mine }
        });
        let profile = profiler.so_far();
        assert_eq!(profile.objects.allocated, 3 * ROUNDS + 3);
        assert_eq!(profile.objects.freed, ROUNDS + 3);
        let number = gc::HEADER + size_of::<usize>();
        assert_eq!(profile.bytes.alive().unsigned_abs(), 2 * ROUNDS * number);
        elsewhere(move || drop(made));
        let profile = profiler.stop();
        assert_eq!((profile.objects.alive(), profile.bytes.alive()), (0, 0));
        assert_eq!(profile.bytes.allocated, 3 * ROUNDS * number + 3 * (16 + gc::HEADER + 4));
    });
}

#[test]
fn the_counts_of_all_threads_add_up() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let weak = Gc::downgrade(&node);
        at_once(3, |_| {
            for _ in 0..ROUNDS {
                let second = node.clone();
                let third = weak.clone().upgrade().expect("it is held");
                assert!(Gc::ptr_eq(&second, &third) && Gc::strong_count(&third) >= 3);
                drop((Gc::downgrade(&third), second));
            }
        });
        assert_eq!((Gc::strong_count(&node), Gc::weak_count(&node), gc::live()), (1, 1, 1));
        drop(node);
        assert_eq!((weak.strong_count(), gc::live()), (0, 0));
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
    });
}

#[test]
fn the_last_handle_of_several_threads_ends_the_object_once() {
    alone(|| {
        for _ in 0..ROUNDS / 5 {
            let log = Log::new();
            let handles = Slot::new(vec![Some(Node::new(0, &log)); 3]);
            at_once(3, |number| {
                let handle = handles.with_mut(|handles| handles[number].take());
                drop(handle);
            });
            assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
        }
        assert_eq!((gc::live(), gc::collect().visited), (0, 0));
    });
}

#[test]
fn the_object_ends_on_the_thread_of_its_last_handle() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let on: Shared<Slot<Vec<ThreadId>>> = Shared::default();
        let note = || {
            let on = on.clone();
            move || on.with_mut(|on| on.push(thread::current().id()))
        };
        let in_finalizer = note();
        node.on_finalize(move |_, _| in_finalizer());
        let callback = Gc::downgrade_with(&node, note());
        node.on_drop(note());
        let there = elsewhere(move || {
            drop(node);
            thread::current().id()
        });
        assert_eq!(on.take(), [there; 3]);
        drop(callback);
    });
}

#[test]
fn garbage_ends_on_the_thread_that_collects() {
    alone(|| {
        let log = Log::new();
        let on: Shared<Slot<Vec<ThreadId>>> = Shared::default();
        let note = || {
            let on = on.clone();
            move || on.with_mut(|on| on.push(thread::current().id()))
        };
        let node = elsewhere(|| self_loop(0, &log));
        let in_finalizer = note();
        node.on_finalize(move |_, _| in_finalizer());
        let callback = Gc::downgrade_with(&node, note());
        node.on_drop(note());
        drop(node);
        let there = elsewhere(|| {
            assert_eq!(gc::collect().collected, 1);
            thread::current().id()
        });
        assert_eq!(on.take(), [there; 3]);
        drop(callback);
    });
}

#[test]
fn a_collection_finds_the_garbage_of_every_thread() {
    alone(|| {
        let log = Log::new();
        // Made and dropped on a thread that is over; made there and dropped here; the
        // other way round; and a cycle across them.
        elsewhere(|| drop(ring(3, &log)));
        drop(elsewhere(|| self_loop(3, &log)));
        let node = self_loop(4, &log);
        elsewhere(move || drop(node));
        let here = Node::new(5, &log);
        let there = elsewhere(|| Node::new(6, &log));
        here.link(&there);
        there.link(&here);
        elsewhere(move || drop(here));
        assert_eq!(log.events(), []);
        drop(there);
        assert_eq!(elsewhere(gc::collect).collected, 7);
        assert_eq!((log.dropped(), gc::live()), ((0..7).collect(), 0));
    });
}

/// A collector that looks at the candidates of a thread only when that thread gives them up
/// keeps this for as long as the thread sleeps.
#[test]
fn a_thread_that_sleeps_on_its_candidates_keeps_no_garbage() {
    alone(|| {
        let log = Log::new();
        let held = self_loop(2, &log);
        let leave_candidates = |sleep: &dyn Fn()| {
            drop(ring(2, &log));
            // And a candidate that is garbage only later.
            drop(held.clone());
            sleep();
        };
        while_asleep(leave_candidates, || {
            assert_eq!((gc::collect().collected, log.dropped()), (2, vec![0, 1]));
        });
        drop(held);
        assert_eq!((gc::collect().collected, gc::live()), (1, 0));
    });
}

#[test]
fn what_a_sleeping_thread_made_a_candidate_is_found_when_another_lets_it_go() {
    alone(|| {
        let log = Log::new();
        let held = self_loop(0, &log);
        let there = held.clone();
        let drop_there = move |sleep: &dyn Fn()| {
            drop(there);
            sleep();
        };
        while_asleep(drop_there, || {
            // Listed there, and not a second time here.
            assert_eq!(gc::counts()[0], 1);
            drop(held);
            assert_eq!((gc::counts()[0], gc::collect().collected), (1, 1));
        });
        assert_eq!((log.dropped(), gc::live()), (vec![0], 0));
    });
}

#[test]
fn a_candidate_that_dies_by_count_on_another_thread_leaves_nothing() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let there = node.clone();
        let drop_there = move |sleep: &dyn Fn()| {
            drop(there);
            sleep();
        };
        while_asleep(drop_there, || {
            let weak = Gc::downgrade(&node);
            drop(node);
            assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
            assert_eq!((weak.strong_count(), gc::live()), (0, 0));
            let report = gc::collect();
            assert_eq!((report.visited, report.collected), (0, 0));
        });
    });
}

/// What was garbage before both is gone after both, whoever of them took it.
#[test]
fn two_threads_that_collect_at_once() {
    alone(|| {
        for _ in 0..ROUNDS / 5 {
            let log = Log::new();
            drop((ring(3, &log), self_loop(3, &log)));
            let reports = at_once(2, |_| gc::collect());
            assert_eq!((log.finalized(), log.dropped()), (vec![0, 1, 2, 3], vec![0, 1, 2, 3]));
            assert_eq!(reports[0].collected + reports[1].collected, 4);
            assert_eq!(gc::live(), 0);
        }
    });
}

#[test]
fn several_threads_make_garbage_and_collect() {
    alone(|| {
        let logs = at_once(3, |number| {
            let log = Log::new();
            for round in 0..ROUNDS / 10 {
                drop(ring(3, &log));
                if round % 5 == number {
                    let _ = gc::collect_generation(Generation::ALL[round % 3]);
                }
            }
            log
        });
        while gc::collect().total() > 0 {}
        assert_eq!(gc::live(), 0);
        for log in logs {
            let all = log.take();
            let of = |event| all.iter().filter(|&&other| other == event).count();
            for name in 0..3 {
                let each = (of(Event::Finalized(name)), of(Event::Dropped(name)));
                assert_eq!(each, (ROUNDS / 10, ROUNDS / 10));
            }
        }
    });
}

/// It gets a whole object, which then lives, or none.
#[test]
fn an_upgrade_while_another_thread_collects() {
    alone(|| {
        let log = Log::new();
        let current: Slot<Weak<Node>> = Slot::new(Weak::new());
        let upgrade = || {
            let Some(node) = current.get().upgrade() else { return };
            let next = node.edge(0);
            assert_eq!((node.name(), next.name(), next.names()), (0, 1, vec![0]));
            drop(next);
            assert_eq!(node.names(), [1]);
        };
        beside(upgrade, || {
            for _ in 0..ROUNDS {
                let nodes = ring(2, &log);
                current.set(Gc::downgrade(&nodes[0]));
                drop(nodes);
                let _ = gc::collect();
            }
        });
        while gc::collect().total() > 0 {}
        assert_eq!(gc::live(), 0);
        assert_eq!(log.dropped().len(), 2 * ROUNDS, "each once");
    });
}

#[test]
fn a_finalizer_gives_its_object_to_another_thread() {
    alone(|| {
        let log = Log::new();
        let shelf = Shared::new(Slot::new(Vec::new()));
        let nodes = ring(3, &log);
        nodes[1].resurrect_to(&shelf);
        drop(nodes);
        let report = elsewhere(gc::collect);
        assert_eq!((report.collected, report.resurrected), (0, 3));
        let back = shelf.with_mut(Vec::pop).expect("it is back");
        assert_eq!((back.names(), log.dropped()), (vec![2], vec![]));
        elsewhere(move || drop(back));
        assert_eq!((gc::collect().collected, log.dropped()), (3, vec![0, 1, 2]));
        assert_eq!(log.finalized(), [0, 1, 2]);
    });
}

#[test]
fn a_callback_is_cancelled_on_another_thread() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let owned = Node::new(1, &log);
        let callback = Gc::downgrade_with(&node, move || assert_eq!(owned.name(), 1));
        elsewhere(move || callback.cancel());
        assert_eq!(log.take(), [Event::Finalized(1), Event::Dropped(1)]);
        drop(node);
        assert_eq!((log.take().len(), gc::live()), (2, 0));
    });
}

/// It runs and all that it owns is gone, or it does not run; once at most.
#[test]
fn a_callback_is_cancelled_while_its_object_dies() {
    alone(|| {
        for round in 0..ROUNDS / 5 {
            let log = Log::new();
            let cyclic = round % 2 == 0;
            let node = if cyclic { self_loop(0, &log) } else { Node::new(0, &log) };
            let owned = Node::new(1, &log);
            let inner = log.clone();
            let callback = Gc::downgrade_with(&node, move || {
                inner.push(Event::Called(owned.name()));
            });
            let parts = Slot::new((Some(node), Some(callback)));
            at_once(2, |number| {
                if number == 0 {
                    let callback = parts.with_mut(|parts| parts.1.take());
                    drop(callback);
                } else {
                    let node = parts.with_mut(|parts| parts.0.take());
                    drop(node);
                    let _ = gc::collect();
                }
            });
            assert_eq!((log.dropped(), gc::live()), (vec![0, 1], 0));
            assert!(log.called().len() <= 1);
        }
    });
}

#[test]
fn the_switches_are_those_of_the_process() {
    alone(|| {
        gc::set_thresholds(Thresholds { young: 1, middle: 9, old: 9 });
        elsewhere(|| {
            assert_eq!(gc::thresholds().young, 1);
            gc::disable();
        });
        assert!(!gc::is_enabled());
        let log = Log::new();
        (0..3).for_each(|name| drop(self_loop(name, &log)));
        gc::enable();
        let pause = elsewhere(gc::pause);
        drop(Gc::new(1));
        assert_eq!((gc::stats()[0].collections, gc::live()), (0, 3));
        elsewhere(move || drop(pause));
        elsewhere(|| drop(Gc::new(1)));
        assert_eq!((gc::stats()[0].collections, gc::live()), (1, 0));
        let report = elsewhere(gc::collect);
        assert_eq!((report.collected, gc::stats()[2].collections), (0, 1));
    });
}

/// Many threads that each leave little start a collection as well as one that leaves much.
#[test]
fn the_candidates_of_threads_that_are_over_count() {
    alone(|| {
        gc::set_thresholds(Thresholds { young: 100, middle: 9, old: 9 });
        let log = Log::new();
        for _ in 0..30 {
            elsewhere(|| (0..10).for_each(|name| drop(self_loop(name, &log))));
        }
        drop(Gc::new(1));
        assert!(gc::stats()[0].collections > 0, "{} are left", gc::live());
    });
}
