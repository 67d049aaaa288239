//! The registry under loom.

use super::super::epoch::models::{Memory, check};
use super::super::epoch::{advance, pin};
use super::*;
use crate::primitive::{global, per_thread};
use loom::sync::Arc;
use loom::thread;
use std::sync::Arc as Untracked;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

/// Which records have been dropped, by number: 0 is none, which unused memory may well hold.
/// Not of loom's, since it is to order nothing.
type Graves = Untracked<[AtomicBool; 5]>;

/// A record that notices what happens to it.
struct Canary {
    number: usize,
    graves: Graves,
    /// The owner writes to it, visitors read it, and its end is a write.
    memory: Memory,
    /// For loom's leak check.
    _leak: Arc<()>,
}

impl Canary {
    fn new(number: usize, graves: &Graves) -> Self {
        let memory = Memory::new();
        memory.write();
        Canary { number, graves: Graves::clone(graves), memory, _leak: Arc::new(()) }
    }
}

impl Drop for Canary {
    fn drop(&mut self) {
        self.memory.write();
        assert!(!self.graves[self.number].swap(true, SeqCst), "dropped twice");
    }
}

/// What a traversal visits.
fn visit(registry: &Registry<Canary>, graves: &Graves) -> Vec<usize> {
    let mut visited = Vec::new();
    registry.for_each(&pin(), |record| {
        let number = record.number;
        assert!((1..graves.len()).contains(&number), "no record: {number}");
        assert!(!graves[number].load(SeqCst), "{number} has been dropped");
        record.memory.read();
        visited.push(number);
    });
    visited
}

/// How often a number was visited.
fn times(visited: &[usize], number: usize) -> usize {
    visited.iter().filter(|&&it| it == number).count()
}

#[test]
fn insert_against_for_each() {
    check(|| {
        let graves = Graves::default();
        let registry = Arc::new(Registry::new());
        let _first = registry.insert(Canary::new(1, &graves));
        let theirs = (Arc::clone(&registry), Graves::clone(&graves));
        let other = thread::spawn(move || theirs.0.insert(Canary::new(2, &theirs.1)));
        let visited = visit(&registry, &graves);
        assert_eq!(times(&visited, 1), 1);
        assert!(times(&visited, 2) <= 1);
        let _second = other.join().unwrap();
        assert_eq!(visit(&registry, &graves), [2, 1]);
    });
}

#[test]
fn two_inserts() {
    check(|| {
        let graves = Graves::default();
        let registry = Arc::new(Registry::new());
        let theirs = (Arc::clone(&registry), Graves::clone(&graves));
        let other = thread::spawn(move || theirs.0.insert(Canary::new(2, &theirs.1)));
        let _first = registry.insert(Canary::new(1, &graves));
        let _second = other.join().unwrap();
        let mut visited = visit(&registry, &graves);
        visited.sort_unstable();
        assert_eq!(visited, [1, 2]);
    });
}

#[test]
fn retire_against_for_each() {
    check(|| {
        let graves = Graves::default();
        let registry = Arc::new(Registry::new());
        let [_first, second, _third] =
            [1, 2, 3].map(|number| registry.insert(Canary::new(number, &graves)));
        let theirs = (Arc::clone(&registry), Graves::clone(&graves));
        let other = thread::spawn(move || {
            second.memory.read();
            second.retire();
            assert_eq!(visit(&theirs.0, &theirs.1), [3, 1]);
            advance();
        });
        let visited = visit(&registry, &graves);
        assert_eq!((times(&visited, 1), times(&visited, 3)), (1, 1));
        assert!(times(&visited, 2) <= 1);
        other.join().unwrap();
        assert_eq!(visit(&registry, &graves), [3, 1]);
    });
}

#[test]
fn two_retires_with_traversals() {
    check(|| {
        let graves = Graves::default();
        let registry = Arc::new(Registry::new());
        let [_first, second, third] =
            [1, 2, 3].map(|number| registry.insert(Canary::new(number, &graves)));
        let theirs = (Arc::clone(&registry), Graves::clone(&graves));
        let other = thread::spawn(move || {
            third.retire();
            let visited = visit(&theirs.0, &theirs.1);
            assert_eq!((times(&visited, 1), times(&visited, 3)), (1, 0));
        });
        second.retire();
        let visited = visit(&registry, &graves);
        assert_eq!((times(&visited, 1), times(&visited, 2)), (1, 0));
        other.join().unwrap();
        assert_eq!(visit(&registry, &graves), [1]);
        advance();
        assert_eq!(visit(&registry, &graves), [1]);
    });
}

/// Whoever comes second frees it; that somebody does is loom's to check.
#[test]
fn the_end_of_the_list_against_retire() {
    check(|| {
        let graves = Graves::default();
        let registry = Registry::new();
        let entry = registry.insert(Canary::new(1, &graves));
        let theirs = Graves::clone(&graves);
        let other = thread::spawn(move || {
            visit(&registry, &theirs);
            drop(registry);
        });
        entry.memory.read();
        entry.retire();
        other.join().unwrap();
    });
}

global! {
    fn registry() -> &'static Registry<Canary> { Registry::new() }
}

per_thread! {
    static ENTRY: Entry<Canary> = registry().insert(Canary::new(1, &Graves::default()));
}

/// A thread-local of a model's main thread ends after the statics. (Of these there is
/// just one here, and no guard: loom drops several in any order, and then loses its way.)
#[test]
fn entries_outlive_a_static_list() {
    check(|| {
        let other = thread::spawn(|| ENTRY.with(|entry| entry.memory.read()));
        ENTRY.with(|entry| entry.memory.read());
        other.join().unwrap();
    });
}
