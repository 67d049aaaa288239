//! Locks that somebody has while a collection looks: it waits for none, and keeps what it
//! cannot see.

use super::gc::{self, Canary, Gc, Node, alone, ring, self_loop};
use super::{beside, elsewhere, while_asleep};
use gc_core::Trace;
use gc_tests::{Log, bang};
use std::sync::{Barrier, Mutex, OnceLock, RwLock};
use std::thread;

#[derive(Trace)]
struct Locked {
    canary: Canary,
    edge: Mutex<Option<Gc<Locked>>>,
    many: RwLock<Vec<Gc<Locked>>>,
    once: OnceLock<Gc<Locked>>,
}

impl Locked {
    fn new(name: usize, log: &Log) -> Gc<Locked> {
        Gc::new(Locked {
            canary: Canary::new(name, log),
            edge: Mutex::default(),
            many: RwLock::default(),
            once: OnceLock::new(),
        })
    }

    fn link(&self, to: &Gc<Locked>) {
        let old = self.edge.lock().expect("no panic").replace(to.clone());
        assert!(old.is_none());
    }
}

/// A cycle of one, behind its mutex.
fn looped(name: usize, log: &Log) -> Gc<Locked> {
    let object = Locked::new(name, log);
    object.link(&object);
    object
}

#[test]
fn a_lock_that_a_thread_has_keeps_what_it_guards_and_nothing_else() {
    alone(|| {
        let log = Log::new();
        // 0 is held, and guards 1, which guards 2; 3 is beside them.
        let (zero, one, two) = (Locked::new(0, &log), looped(1, &log), looped(2, &log));
        zero.link(&one);
        one.many.write().expect("no panic").push(two.clone());
        drop((one, two, looped(3, &log)));
        let collected = while_asleep(
            |sleep| {
                let guard = zero.edge.lock();
                sleep();
                drop(guard);
            },
            || gc::collect().collected,
        );
        assert_eq!((collected, log.dropped()), (1, vec![3]));
        let old = zero.edge.lock().expect("no panic").take();
        drop(old);
        assert_eq!((gc::collect().collected, log.dropped()), (2, vec![1, 2, 3]));
    });
}

#[test]
fn a_lock_that_is_had_for_reading_hides_nothing() {
    alone(|| {
        let log = Log::new();
        let (zero, one) = (Locked::new(0, &log), Locked::new(1, &log));
        zero.many.write().expect("no panic").push(one.clone());
        one.many.write().expect("no panic").push(zero.clone());
        drop(one);
        // Garbage that a living object under a read lock reaches beside its own.
        let collected = while_asleep(
            |sleep| {
                let guard = zero.many.read();
                sleep();
                drop(guard);
            },
            || {
                drop(looped(2, &log));
                gc::collect().collected
            },
        );
        assert_eq!((collected, log.dropped()), (1, vec![2]));
        drop(zero);
        assert_eq!((gc::collect().collected, log.dropped()), (2, vec![0, 1, 2]));
    });
}

#[test]
fn the_caller_may_hold_a_lock_in_a_living_object() {
    alone(|| {
        let log = Log::new();
        let live = Locked::new(0, &log);
        drop(live.clone());
        drop(looped(1, &log));
        let guard = live.edge.lock().expect("no panic");
        assert_eq!((gc::collect().collected, log.dropped()), (1, vec![1]));
        drop(guard);
        let guard = live.many.write().expect("no panic");
        drop(looped(2, &log));
        assert_eq!((gc::collect().collected, log.dropped()), (1, vec![1, 2]));
        drop(guard);
    });
}

#[test]
fn the_caller_may_hold_a_lock_in_a_neighbour_of_garbage() {
    alone(|| {
        let log = Log::new();
        // The garbage points to the neighbour, which points to another that may be garbage.
        let (neighbour, beyond) = (Locked::new(0, &log), looped(1, &log));
        let garbage = looped(2, &log);
        garbage.many.write().expect("no panic").push(neighbour.clone());
        neighbour.link(&beyond);
        drop((garbage, beyond));
        let guard = neighbour.edge.lock().expect("no panic");
        assert_eq!((gc::collect().collected, log.dropped()), (1, vec![2]));
        assert!(guard.as_ref().is_some_and(|beyond| beyond.canary.name() == 1));
        drop(guard);
        assert_eq!((Gc::strong_count(&neighbour), neighbour.canary.name()), (1, 0));
        drop(neighbour);
        assert_eq!((gc::collect().collected, log.dropped()), (1, vec![0, 1, 2]));
    });
}

#[test]
fn an_automatic_collection_under_the_callers_own_lock() {
    alone(|| {
        let log = Log::new();
        let live = Locked::new(0, &log);
        gc::set_thresholds(gc_core::Thresholds { young: 1, middle: 9, old: 9 });
        let mut guard = live.edge.lock().expect("no panic");
        drop(live.clone());
        drop(looped(1, &log));
        *guard = Some(Locked::new(2, &log));
        assert_eq!((gc::stats()[0].collections, log.dropped()), (1, vec![1]));
        drop(guard);
    });
}

#[test]
fn a_poisoned_lock_in_a_cycle_is_looked_into() {
    alone(|| {
        let log = Log::new();
        let (zero, one) = (looped(0, &log), Locked::new(1, &log));
        one.many.write().expect("no panic").push(one.clone());
        let poison = |f: &(dyn Fn() + Sync)| assert!(thread::scope(|s| s.spawn(f).join()).is_err());
        poison(&|| {
            let _guard = zero.edge.lock();
            bang("with the mutex");
        });
        poison(&|| {
            let _guard = one.many.write();
            bang("with the lock");
        });
        assert!(zero.edge.is_poisoned() && one.many.is_poisoned());
        drop((zero, one));
        assert_eq!((gc::collect().collected, log.dropped()), (2, vec![0, 1]));
    });
}

#[test]
fn a_collection_poisons_nothing_and_leaves_no_lock_taken() {
    alone(|| {
        let log = Log::new();
        let objects = [looped(0, &log), looped(1, &log)];
        objects[0].many.write().expect("no panic").push(objects[1].clone());
        drop(objects.clone());
        assert_eq!(gc::collect().collected, 0);
        for object in &objects {
            assert!(object.edge.try_lock().is_ok() && object.many.try_write().is_ok());
        }
    });
}

#[test]
fn a_cell_that_is_set_once_is_part_of_a_cycle() {
    alone(|| {
        let log = Log::new();
        let (zero, one) = (Locked::new(0, &log), Locked::new(1, &log));
        assert!(zero.once.set(one.clone()).is_ok());
        assert!(one.once.set(zero.clone()).is_ok());
        drop((zero, one));
        assert_eq!((gc::collect().collected, log.dropped()), (2, vec![0, 1]));
    });
}

/// All that the collector calls runs with no lock of its own and none of the objects'.
#[test]
fn finalizers_callbacks_and_destructors_may_take_every_lock() {
    alone(|| {
        let log = Log::new();
        let nodes = ring(3, &log);
        let outside = gc::Shared::new(Mutex::new(0));
        let mut callbacks = Vec::new();
        for node in &nodes {
            let count = outside.clone();
            node.on_finalize(move |node, _| {
                // Its own lock and its neighbours'.
                assert_eq!(node.edge(0).edge(0).names().len(), 1);
                *count.lock().expect("no panic") += 1;
            });
            let count = outside.clone();
            callbacks.push(Gc::downgrade_with(node, move || *count.lock().expect("no panic") += 1));
            let count = outside.clone();
            node.on_drop(move || *count.lock().expect("no panic") += 1);
        }
        drop(nodes);
        assert_eq!(gc::collect().collected, 3);
        assert_eq!(*outside.lock().expect("no panic"), 9);
        drop(callbacks);
    });
}

/// They may even wait for a thread that makes objects and collects.
#[test]
fn finalizers_callbacks_and_destructors_may_wait_for_another_collection() {
    alone(|| {
        for cyclic in [false, true] {
            let log = Log::new();
            let node = if cyclic { self_loop(0, &log) } else { Node::new(0, &log) };
            let work = |number: usize| {
                let log = log.clone();
                move || {
                    elsewhere(|| {
                        let weak = Gc::downgrade(&self_loop(10 + number, &log));
                        let _ = gc::collect();
                        drop(weak.upgrade());
                        drop(Gc::new(1));
                    });
                }
            };
            let in_finalizer = work(0);
            node.on_finalize(move |_, _| in_finalizer());
            let callback = Gc::downgrade_with(&node, work(1));
            node.on_drop(work(2));
            drop(node);
            while gc::collect().total() > 0 {}
            assert_eq!((log.dropped(), gc::live()), (vec![0, 10, 11, 12], 0));
            assert_eq!(log.finalized(), [0, 10, 11, 12]);
            drop(callback);
        }
    });
}

/// A thread may wait for a lock that the collecting thread has, if that does not wait for it.
#[test]
fn a_thread_that_waits_for_a_lock_of_the_collecting_one() {
    alone(|| {
        let log = Log::new();
        let live = Locked::new(0, &log);
        drop(live.clone());
        drop(looped(1, &log));
        let begun = Barrier::new(2);
        thread::scope(|scope| {
            let guard = live.edge.lock().expect("no panic");
            scope.spawn(|| {
                begun.wait();
                let old = live.edge.lock().expect("no panic").replace(looped(2, &log));
                drop(old);
            });
            begun.wait();
            assert_eq!(gc::collect().collected, 1);
            drop(guard);
        });
        drop(live);
        assert_eq!((gc::collect().collected, log.dropped()), (1, vec![0, 1, 2]));
    });
}

#[test]
fn a_handle_that_is_moved_from_lock_to_lock_keeps_its_object() {
    alone(|| {
        let log = Log::new();
        let item = looped(9, &log);
        let places = [Locked::new(0, &log), Locked::new(1, &log)];
        drop((places.clone(), item.clone()));
        places[0].link(&item);
        drop(item);
        let take = |from: usize| places[from].edge.lock().expect("no panic").take();
        let move_around = || {
            for (from, to) in [(0, 1), (1, 0)] {
                let handle = take(from);
                let mut to = places[to].edge.lock().expect("no panic");
                assert!(std::mem::replace(&mut *to, handle).is_none());
            }
        };
        beside(move_around, || {
            for _ in 0..if cfg!(miri) { 10 } else { 1000 } {
                drop(places.clone());
                assert_eq!(gc::collect().collected, 0);
            }
        });
        assert_eq!(log.events(), []);
        drop(places);
        assert_eq!((gc::collect().collected, log.dropped()), (1, vec![0, 1, 9]));
    });
}
