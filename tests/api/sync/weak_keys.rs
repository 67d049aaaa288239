//! `WeakKeyMap` on several threads.

use super::beside;
use super::gc::{self, Gc, Node, Slot, WeakKeyMap, alone, self_loop};
use gc_core::weakref::ByIdentity;
use gc_core::{Trace, sync};
use gc_tests::{Log, assert_impl, assert_not_impl};
use std::cell::Cell;
use std::sync::Barrier;
use std::thread;

const ROUNDS: usize = if cfg!(miri) { 10 } else { 1000 };

assert_impl!(WeakKeyMap<String, u32>: Send, Sync);
assert_impl!(WeakKeyMap<Node, Node, ByIdentity>: Send, Sync);
assert_not_impl!(WeakKeyMap<Cell<u32>, u32, ByIdentity>: Send);
assert_not_impl!(WeakKeyMap<u32, Cell<u32>>: Sync);
assert_not_impl!(gc_core::unsync::WeakKeyMap<u32, u32>: Send);

fn collect() {
    let _ = gc::collect();
}

/// A value that refers to its key.
#[derive(Trace)]
struct Back(Gc<usize>);

#[test]
fn test_142_threaded_weak_key_dict_copy() {
    alone(|| {
        let count = if cfg!(miri) { 50 } else { 3000 };
        let keys: Vec<_> = (0..count).map(Gc::new).collect();
        let map: WeakKeyMap<usize, Back> =
            keys.iter().map(|key| (key, Back(key.clone()))).collect();
        let mut keys = keys.into_iter();
        let mut copies = 0;
        let drops = || {
            let _ = keys.by_ref().take(100).count();
            let _ = gc::collect();
        };
        beside(drops, || {
            while !map.is_empty() {
                let copy = map.clone();
                assert!(copy.iter().all(|(key, value)| Gc::ptr_eq(&key, &value.0)));
                copies += 1;
            }
        });
        assert!(copies > 0);
        let _ = gc::collect();
        assert_eq!(gc::live(), 0);
    });
}

/// Handles wander between attachments, slots and stacks while collections run.
#[test]
fn what_is_attached_is_moved_about_beside_collections() {
    alone(|| {
        let log = Log::new();
        let names = 0..8;
        let maps: Vec<WeakKeyMap<Node, Node, ByIdentity>> =
            (0..3).map(|_| WeakKeyMap::by_identity()).collect();
        let shelf = Slot::new(names.clone().map(|name| self_loop(name, &log)).collect::<Vec<_>>());
        let barrier = Barrier::new(2);
        beside(collect, || {
            thread::scope(|scope| {
                for worker in 0..2_usize {
                    let (maps, shelf, barrier) = (&maps, &shelf, &barrier);
                    scope.spawn(move || {
                        barrier.wait();
                        for round in worker..ROUNDS {
                            let map = &maps[round % 3];
                            let pick = |salt: usize| {
                                shelf.with(|all| all[round * salt % all.len()].clone())
                            };
                            let (key, value) = (pick(7), pick(5));
                            match (round / 3) % 4 {
                                0 | 1 => drop(map.insert_gc(&key, value)),
                                2 => {
                                    // The only handle, moved from here to there.
                                    let moved = map.remove(&key);
                                    if let Some(moved) = moved {
                                        assert!(moved.name() < 100);
                                        drop(maps[(round + 1) % 3].insert_gc(&value, moved));
                                    }
                                }
                                _ => assert!(map.get(&key).is_none_or(|it| it.name() < 100)),
                            }
                            if round % 97 == 0 {
                                map.clear();
                            }
                        }
                    });
                }
            });
        });
        assert_eq!(gc::live(), names.len());
        drop(shelf);
        let _ = gc::collect();
        assert!(maps.iter().all(|map| map.is_empty()));
        assert_eq!((log.dropped().len(), gc::live()), (names.len(), 0));
    });
}

/// Two threads make rings through the same maps and drop them.
#[test]
fn rings_through_maps_are_found_whoever_collects() {
    alone(|| {
        let maps: Vec<WeakKeyMap<usize, Back, ByIdentity>> =
            (0..4).map(|_| WeakKeyMap::by_identity()).collect();
        beside(collect, || {
            thread::scope(|scope| {
                for _ in 0..2 {
                    scope.spawn(|| {
                        for round in 0..ROUNDS / 4 {
                            let length = 1 + round % 4;
                            let keys: Vec<_> = (0..length).map(Gc::new).collect();
                            for (number, key) in keys.iter().enumerate() {
                                let next = keys[(number + 1) % length].clone();
                                drop(maps[number].insert(key, Back(next)));
                            }
                        }
                    });
                }
            });
        });
        let _ = sync::collect();
        assert!(maps.iter().all(|map| map.is_empty()));
        assert_eq!(gc::live(), 0);
    });
}

/// All threads get the value of the one that comes first.
#[test]
fn an_entry_is_filled_once() {
    alone(|| {
        let map: WeakKeyMap<String, usize> = WeakKeyMap::new();
        for round in 0..ROUNDS / 10 {
            let key = Gc::new(round.to_string());
            let got: Vec<_> = thread::scope(|scope| {
                let (map, key) = (&map, &key);
                let run = |number| scope.spawn(move || map.entry(key).or_insert(number));
                let threads: Vec<_> = (0..3).map(run).collect();
                threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
            });
            assert!(got.iter().all(|value| Gc::ptr_eq(value, &got[0])));
            assert!(Gc::ptr_eq(&got[0], &map.get(&*key).expect("it is there")));
        }
        assert_eq!((map.len(), gc::live()), (0, 0));
    });
}
