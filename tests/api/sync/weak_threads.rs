//! Weak collections that several threads use at once, beside collections.

use super::gc::{self, Gc, Interner, Slot, WeakKey, WeakSet, WeakValueMap, alone};
use super::{beside, elsewhere, while_asleep};
use gc_core::Trace;
use gc_core::weakref::ByIdentity;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;

const ROUNDS: usize = if cfg!(miri) { 10 } else { 2000 };

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

/// What refers to itself.
#[derive(Trace)]
struct RefCycle {
    number: usize,
    cycle: Slot<Option<Gc<RefCycle>>>,
}

fn ref_cycle(number: usize) -> Gc<RefCycle> {
    let object = Gc::new(RefCycle { number, cycle: Slot::new(None) });
    object.cycle.set(Some(object.clone()));
    object
}

fn collect() {
    let _ = gc::collect();
}

#[test]
fn test_139_threaded_weak_valued_setdefault() {
    alone(|| {
        let map = WeakValueMap::new();
        beside(collect, || {
            for round in 0..ROUNDS {
                let object = map.get_or_insert_with(10, || ref_cycle(round));
                assert!(map.get(&10).is_some_and(|there| Gc::ptr_eq(&there, &object)));
            }
        });
        collect();
        assert_eq!((map.len(), gc::live()), (0, 0));
    });
}

#[test]
fn test_141_threaded_weak_valued_consistency() {
    alone(|| {
        let map = WeakValueMap::new();
        beside(collect, || {
            for round in 0..ROUNDS {
                let object = ref_cycle(round);
                map.insert(10, &object);
                // The callbacks of those before run meanwhile.
                assert_eq!(map.len(), 1);
                assert!(map.get(&10).is_some_and(|there| Gc::ptr_eq(&there, &object)));
            }
        });
        collect();
        assert_eq!((map.len(), gc::live()), (0, 0));
    });
}

#[test]
fn two_threads_that_intern_the_same_get_the_same() {
    alone(|| {
        let names = Interner::<str>::new();
        for round in 0..ROUNDS / 4 {
            let same = at_once(3, |_| names.intern(format!("{round}")));
            assert!(same.windows(2).all(|pair| Gc::ptr_eq(&pair[0], &pair[1])));
            assert_eq!(names.len(), 1);
        }
        assert_eq!((names.len(), gc::live()), (0, 0));
    });
}

#[test]
fn what_is_given_up_on_one_thread_is_interned_anew_on_another() {
    alone(|| {
        let names = Interner::<str>::new();
        at_once(3, |_| {
            for round in 0..ROUNDS {
                let name = names.intern(if round % 2 == 0 { "even" } else { "odd" });
                let again = names.intern(&*name);
                assert!(Gc::ptr_eq(&name, &again));
            }
        });
        assert_eq!((names.len(), gc::live()), (0, 0));
    });
}

#[test]
fn the_first_of_several_threads_fills_a_place() {
    alone(|| {
        let map = WeakValueMap::new();
        for round in 0..ROUNDS / 4 {
            let all =
                at_once(3, |number| map.get_or_insert_with("key", || Gc::new((round, number))));
            assert!(all.iter().all(|value| Gc::ptr_eq(value, &all[0]) && value.0 == round));
            assert_eq!(map.len(), 1);
        }
        assert_eq!((map.len(), gc::live()), (0, 0));
    });
}

#[test]
fn threads_that_do_anything_find_what_they_have_put_in() {
    alone(|| {
        let map: WeakValueMap<usize, RefCycle> = WeakValueMap::new();
        let set: WeakSet<RefCycle, ByIdentity> = WeakSet::new();
        beside(collect, || {
            at_once(3, |thread| {
                for round in 0..ROUNDS {
                    // A key that others use too, and one of one's own.
                    let (common, own) = (round % 3, 10 + thread);
                    let object = ref_cycle(own);
                    map.insert(own, &object);
                    assert!(set.insert(&object) && set.contains(&object));
                    drop(map.insert(common, &ref_cycle(common)));
                    assert!(map.get(&own).is_some_and(|there| Gc::ptr_eq(&there, &object)));
                    assert!(map.get(&common).is_none_or(|there| there.number == common));
                    match round % 8 {
                        0 => assert!(map.iter().all(|(key, value)| *key == value.number)),
                        1 => map.retain(|key, _| *key >= 10),
                        2 => drop(map.remove(&common)),
                        3 => assert!(map.clone().contains_key(&own)),
                        4 => assert!(set.iter().any(|element| Gc::ptr_eq(&element, &object))),
                        5 => assert!(set.remove(&object) && !set.contains(&object)),
                        _ => {}
                    }
                    object.cycle.with(|cycle| assert!(cycle.is_some()));
                    if round % 2 == 0 {
                        drop(object.cycle.take());
                    }
                }
            });
        });
        collect();
        assert_eq!((map.len(), set.len(), gc::live()), (0, 0, 0));
    });
}

/// A key that uses its map when it is dropped.
struct Busy(usize, Arc<Mutex<Vec<usize>>>, std::sync::Weak<WeakValueMap<Busy, RefCycle>>);

impl Drop for Busy {
    fn drop(&mut self) {
        if let Some(map) = self.2.upgrade() {
            let _ = (map.len(), map.iter().count());
        }
        self.1.lock().expect("no panic").push(self.0);
    }
}

impl PartialEq for Busy {
    fn eq(&self, other: &Busy) -> bool {
        self.2.upgrade().is_none_or(|map| map.len() < usize::MAX) && self.0 == other.0
    }
}

impl Eq for Busy {}

impl std::hash::Hash for Busy {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

#[test]
fn keys_that_use_the_map_while_a_thread_collects_wait_for_nobody() {
    alone(|| {
        let map = Arc::new(WeakValueMap::new());
        let dropped = Arc::new(Mutex::new(Vec::new()));
        beside(collect, || {
            at_once(2, |thread| {
                for round in 0..ROUNDS {
                    let key = |number| Busy(number, dropped.clone(), Arc::downgrade(&map));
                    let object = ref_cycle(round);
                    map.insert(key(round % 5), &object);
                    map.insert(key(100 + thread), &object);
                    assert!(map.get(&key(100 + thread)).is_some());
                }
            });
        });
        collect();
        assert_eq!((map.len(), gc::live()), (0, 0));
        // Two that were put in in each round, and one that was looked up with.
        assert_eq!(dropped.lock().expect("no panic").len(), 2 * 3 * ROUNDS);
    });
}

#[test]
fn the_map_is_free_while_another_thread_is_in_user_code_of_its() {
    alone(|| {
        let map = WeakValueMap::new();
        let value = ref_cycle(1);
        map.insert(1, &value);
        while_asleep(
            |sleep| {
                map.retain(|_, _| {
                    sleep();
                    true
                });
            },
            || {
                assert!(map.contains_key(&1));
                drop(value.cycle.take());
                drop(value);
                assert_eq!(map.len(), 1, "the thread that sleeps holds it");
                assert_eq!(map.remove(&1).map(|value| value.number), Some(1));
                assert_eq!(map.len(), 0);
            },
        );
        assert_eq!((map.len(), gc::live()), (0, 0));
    });
}

#[test]
fn a_map_that_is_dropped_while_its_values_die_elsewhere_loses_nothing() {
    alone(|| {
        for _ in 0..ROUNDS / 10 {
            let keys = Arc::new(());
            let values: Vec<_> = (0..20).map(Gc::new).collect();
            let map: WeakValueMap<_, _> =
                values.iter().map(|value| ((**value, keys.clone()), value)).collect();
            let slot = Slot::new((Some(map), Some(values)));
            at_once(2, |number| {
                if number == 0 {
                    let map = slot.with_mut(|(map, _)| map.take());
                    drop(map);
                } else {
                    let values = slot.with_mut(|(_, values)| values.take());
                    drop(values);
                }
            });
            assert_eq!((Arc::strong_count(&keys), gc::live()), (1, 0));
        }
    });
}

#[test]
fn weak_keys_go_to_other_threads() {
    alone(|| {
        let (object, equal) = (Gc::new(String::from("key")), Gc::new(String::from("key")));
        let key = WeakKey::new(&object);
        assert!(elsewhere(|| key == WeakKey::new(&equal)), "with one hash for all threads");
        let set = std::collections::HashSet::from([key]);
        assert!(elsewhere(|| set.contains(&WeakKey::new(&equal))));
    });
}
