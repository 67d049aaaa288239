//! The registry with std's threads. Tests beside this one may be pinned at any time, so
//! what is to be destroyed is waited for.

use super::super::epoch::{advance, pin};
use super::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;

/// A record that counts how many were dropped.
struct Counted {
    number: usize,
    dropped: Arc<AtomicUsize>,
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.dropped.fetch_add(1, SeqCst);
    }
}

#[derive(Default)]
struct World {
    registry: Registry<Counted>,
    dropped: Arc<AtomicUsize>,
}

impl<R> Default for Registry<R> {
    fn default() -> Self {
        Registry::new()
    }
}

impl World {
    fn insert(&self, number: usize) -> Entry<Counted> {
        self.registry.insert(Counted { number, dropped: Arc::clone(&self.dropped) })
    }

    fn visited(&self) -> Vec<usize> {
        let mut visited = Vec::new();
        self.registry.for_each(&pin(), |record| visited.push(record.number));
        visited
    }

    fn dropped(&self) -> usize {
        self.dropped.load(SeqCst)
    }
}

#[test]
fn records_are_visited_until_they_are_retired() {
    let world = World::default();
    assert!(world.visited().is_empty());
    let [first, second, third] = [1, 2, 3].map(|number| world.insert(number));
    assert_eq!((first.number, second.number, third.number), (1, 2, 3));
    assert_eq!(world.visited(), [3, 2, 1]);
    second.retire();
    assert_eq!(world.visited(), [3, 1]);
    third.retire();
    first.retire();
    assert!(world.visited().is_empty());
    let _fourth = world.insert(4);
    assert_eq!(world.visited(), [4]);
}

#[test]
fn what_is_retired_is_dropped_once() {
    let world = World::default();
    let entries: Vec<_> = (0..10).map(|number| world.insert(number)).collect();
    assert_eq!(world.dropped(), 0);
    drop(entries);
    assert!(world.visited().is_empty());
    while world.dropped() != 10 {
        advance();
        thread::yield_now();
    }
    let registry = world.registry;
    drop(registry);
    advance();
    assert_eq!(world.dropped.load(SeqCst), 10);
}

#[test]
fn a_record_is_there_while_it_is_visited() {
    let world = World::default();
    let mut entry = Some(world.insert(7));
    let mut visits = 0;
    world.registry.for_each(&pin(), |record| {
        entry.take().unwrap().retire();
        assert!(world.visited().is_empty(), "and it is unlinked");
        advance();
        assert_eq!((record.number, world.dropped()), (7, 0));
        visits += 1;
    });
    assert_eq!(visits, 1);
}

#[test]
fn records_outlive_the_list_with_their_entries() {
    let World { registry, dropped } = World::default();
    let entry = |number| registry.insert(Counted { number, dropped: Arc::clone(&dropped) });
    let [retired, kept, last] = [1, 2, 3].map(entry);
    retired.retire();
    drop(registry);
    assert_eq!(dropped.load(SeqCst), 1);
    assert_eq!((kept.number, last.number), (2, 3));
    drop(last);
    assert_eq!(dropped.load(SeqCst), 2);
    kept.retire();
    assert_eq!(dropped.load(SeqCst), 3);
}

#[test]
#[should_panic(expected = "other epochs")]
fn a_guard_of_other_epochs_is_refused() {
    World::default().registry.for_each(&crossbeam_epoch::pin(), |_| ());
}

#[test]
fn threads_come_and_go_while_others_traverse() {
    let (threads, rounds) = if cfg!(miri) { (2, 20) } else { (4, 2_000) };
    let world = World::default();
    let permanent = world.insert(0);
    let busy = AtomicBool::new(true);
    thread::scope(|scope| {
        let visitors = [(); 2].map(|()| {
            scope.spawn(|| {
                let mut most = 0;
                while busy.load(SeqCst) {
                    let visited = world.visited();
                    assert_eq!(visited.iter().filter(|&&number| number == 0).count(), 1);
                    most = most.max(visited.len());
                }
                most
            })
        });
        let owners: Vec<_> = (1..=threads)
            .map(|number| {
                let world = &world;
                scope.spawn(move || {
                    for _ in 0..rounds {
                        let entry = world.insert(number);
                        let visited = world.visited();
                        assert_eq!(visited.iter().filter(|&&it| it == number).count(), 1);
                        entry.retire();
                        assert!(!world.visited().contains(&number));
                    }
                })
            })
            .collect();
        owners.into_iter().for_each(|owner| owner.join().unwrap());
        busy.store(false, SeqCst);
        for visitor in visitors {
            assert!(visitor.join().unwrap() <= threads + 1);
        }
    });
    permanent.retire();
    assert!(world.visited().is_empty());
    while world.dropped() != threads * rounds + 1 {
        advance();
        thread::yield_now();
    }
}
