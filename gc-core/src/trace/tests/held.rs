//! Guards that the tracer keeps: until when, in which order they go, what a panic does to them.

use super::{NONE, check, edges, probe, walk};
use crate::sharing::Kind;
use crate::trace::Found;
use crate::unsync::{Gc, collect};
use crate::{Trace, Tracer};
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr;
use std::sync::{Mutex, RwLock};

/// What `value` shows, with its guards still held; whether it panicked.
fn look<T: Trace>(value: &T, found: &mut Found) -> bool {
    let mut tracer = Tracer::new(Kind::Local, found);
    assert_eq!(tracer.kind(), Kind::Local);
    catch_unwind(AssertUnwindSafe(|| value.trace(&mut tracer))).is_err()
}

/// Shows an edge, then panics without a message on standard error.
struct Panics;

// SAFETY: no collector ever sees the edge.
unsafe impl Trace for Panics {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        probe(1).trace(tracer);
        resume_unwind(Box::new("on purpose"));
    }
}

#[test]
fn a_mutex_stays_locked_until_the_guards_are_released() {
    let (lock, mut found) = (Mutex::new(vec![probe(1), probe(2)]), Found::default());
    assert!(!look(&lock, &mut found));
    assert_eq!(found.edges.len(), 2);
    assert!(!found.busy);
    assert_eq!(found.held.len(), 1);
    assert!(lock.try_lock().is_err());
    assert!(found.release());
    assert_eq!(found.held.len(), 0);
    assert!(lock.try_lock().is_ok());
    assert!(found.release(), "there is nothing left to release");
}

#[test]
fn readers_of_a_rw_lock_still_get_in() {
    let (lock, mut found) = (RwLock::new(probe(1)), Found::default());
    look(&lock, &mut found);
    assert!(lock.try_read().is_ok());
    assert!(lock.try_write().is_err());
    found.release();
    assert!(lock.try_write().is_ok());
}

#[test]
fn guards_go_when_what_was_found_is_dropped() {
    let (lock, mut found) = (Mutex::new(probe(1)), Found::default());
    look(&lock, &mut found);
    drop(found);
    assert!(lock.try_lock().is_ok());
}

#[test]
fn a_lock_that_is_taken_is_busy() {
    let lock = Mutex::new(probe(1));
    assert!(!walk(Kind::Local, &lock).busy);
    let guard = lock.lock().unwrap();
    assert!(walk(Kind::Local, &lock).busy);
    drop(guard);

    let lock = RwLock::new(probe(1));
    let guard = lock.read().unwrap();
    assert!(!walk(Kind::Local, &lock).busy);
    drop(guard);
    let guard = lock.write().unwrap();
    assert!(walk(Kind::Local, &lock).busy);
    drop(guard);

    let cell = RefCell::new(probe(1));
    assert!(!walk(Kind::Local, &cell).busy);
    let guard = cell.borrow_mut();
    assert!(walk(Kind::Local, &cell).busy);
    drop(guard);
}

#[test]
fn a_lock_without_handles_is_neither_taken_nor_busy() {
    let lock = Mutex::new(1);
    let guard = lock.lock().unwrap();
    let found = walk(Kind::Local, &lock);
    assert!(!found.busy);
    drop(guard);
    let mut found = Found::default();
    look(&lock, &mut found);
    assert!(lock.try_lock().is_ok());
}

#[test]
fn a_poisoned_lock_is_held_too() {
    let (lock, mut found) = (Mutex::new(probe(1)), Found::default());
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let _guard = lock.lock();
        resume_unwind(Box::new("on purpose"));
    }));
    assert!(lock.is_poisoned());
    look(&lock, &mut found);
    assert_eq!(found.edges.len(), 1);
    assert!(matches!(lock.try_lock(), Err(std::sync::TryLockError::WouldBlock)));
    found.release();
    assert!(matches!(lock.try_lock(), Err(std::sync::TryLockError::Poisoned(_))));
}

#[test]
fn a_panic_in_the_walk_neither_releases_nor_poisons() {
    let lock = (Mutex::new(Panics), RwLock::new(()));
    let mut found = Found::default();
    assert!(look(&lock, &mut found));
    assert_eq!(found.edges.len(), 1);
    assert!(lock.0.try_lock().is_err());
    found.release();
    assert!(!lock.0.is_poisoned());
    assert!(lock.0.try_lock().is_ok());
}

#[test]
fn locks_within_locks_are_held_and_released() {
    let locks = Mutex::new((RwLock::new(Mutex::new(probe(1))), Mutex::new(probe(2))));
    let mut found = Found::default();
    look(&locks, &mut found);
    assert_eq!(found.edges.len(), 2);
    assert_eq!(found.held.len(), 4);
    assert!(found.release());
    let locks = locks.try_lock().unwrap();
    assert!(locks.0.try_write().is_ok());
    assert!(locks.1.try_lock().is_ok());
}

/// Else a panic hook could replace a lock whose guard is still to be released.
#[test]
fn a_ref_cell_stays_borrowed_while_a_lock_in_it_is_held() {
    let (cell, mut found) = (RefCell::new(Mutex::new(probe(1))), Found::default());
    look(&cell, &mut found);
    assert_eq!(found.held.len(), 2);
    assert!(cell.try_borrow_mut().is_err());
    assert!(cell.borrow().try_lock().is_err());
    found.release();
    assert!(cell.try_borrow_mut().unwrap().try_lock().is_ok());

    let (cell, mut found) = (RefCell::new(Mutex::new(Panics)), Found::default());
    assert!(look(&cell, &mut found));
    assert!(cell.try_borrow_mut().is_err());
    found.release();
    assert!(cell.try_borrow_mut().unwrap().try_lock().is_ok(), "not poisoned either");
}

#[test]
fn a_ref_cell_without_a_lock_in_it_is_not_held() {
    let (cell, mut found) = (RefCell::new(probe(1)), Found::default());
    look(&cell, &mut found);
    assert_eq!(found.held.len(), 0);
    assert!(cell.try_borrow_mut().is_ok());
}

/// It has no borrow to hold, and a panic hook could replace its value.
#[test]
fn a_lock_in_a_cell_is_released_with_the_cell() {
    let parts = (Mutex::new(probe(1)), Cell::new(Mutex::new(probe(2))), Mutex::new(probe(3)));
    let mut found = Found::default();
    look(&parts, &mut found);
    assert_eq!(found.edges.len(), 3);
    assert!(parts.1.into_inner().try_lock().is_ok());
    assert!(parts.0.try_lock().is_err());
    assert!(parts.2.try_lock().is_err());
    assert_eq!(found.held.len(), 2);
    found.release();
    assert!(parts.0.try_lock().is_ok());
}

/// A guard of `SIZE` bytes whose number is noted when it is released.
struct Noted<'a, const SIZE: usize> {
    number: usize,
    released: &'a RefCell<Vec<usize>>,
    rest: [u8; SIZE],
}

impl<const SIZE: usize> Drop for Noted<'_, SIZE> {
    fn drop(&mut self) {
        assert!(self.rest.iter().all(|&byte| byte == self.number as u8));
        self.released.borrow_mut().push(self.number);
    }
}

/// Aligned to more than a word.
#[repr(align(64))]
struct Aligned<'a>(Noted<'a, 1>);

impl Drop for Aligned<'_> {
    fn drop(&mut self) {
        assert_eq!(ptr::from_ref(self).addr() % 64, 0);
        assert_eq!(self.0.number, 5);
    }
}

fn noted<const SIZE: usize>(number: usize, released: &RefCell<Vec<usize>>) -> Noted<'_, SIZE> {
    Noted { number, released, rest: [number as u8; SIZE] }
}

fn hold<G>(tracer: &mut Tracer<'_>, guard: G) {
    // SAFETY: what the tests' guards borrow lives longer than what was found.
    assert!(unsafe { tracer.hold(guard) });
}

#[test]
fn guards_of_any_size_are_released_in_reverse() {
    let (released, mut found) = (RefCell::default(), Found::default());
    let mut tracer = Tracer::new(Kind::Local, &mut found);
    hold(&mut tracer, noted::<0>(1, &released));
    hold(&mut tracer, noted::<16>(2, &released));
    hold(&mut tracer, noted::<17>(3, &released));
    hold(&mut tracer, noted::<1000>(4, &released));
    hold(&mut tracer, Aligned(noted(5, &released)));
    hold(&mut tracer, noted::<3>(6, &released));
    assert_eq!(*released.borrow(), NONE);
    assert_eq!(found.held.len(), 6);
    assert!(found.release());
    assert_eq!(released.take(), [6, 5, 4, 3, 2, 1]);

    let mut tracer = Tracer::new(Kind::Local, &mut found);
    for number in 1..=3 {
        hold(&mut tracer, noted::<100>(number, &released));
    }
    drop(found);
    assert_eq!(released.take(), [3, 2, 1]);
}

#[test]
fn a_guard_of_no_size_is_held_as_well() {
    struct Empty;
    thread_local! {
        static DROPPED: Cell<bool> = const { Cell::new(false) };
    }
    impl Drop for Empty {
        fn drop(&mut self) {
            DROPPED.set(true);
        }
    }
    let mut found = Found::default();
    hold(&mut Tracer::new(Kind::Local, &mut found), Empty);
    assert!(!DROPPED.get());
    found.release();
    assert!(DROPPED.get());
}

#[test]
fn a_change_under_any_guard_is_told() {
    let released = RefCell::default();
    for answers in [[true, true, true], [false, true, true], [true, false, true]] {
        let mut found = Found::default();
        let mut tracer = Tracer::new(Kind::Shared, &mut found);
        for (number, answer) in answers.into_iter().enumerate() {
            let release = if answer { |_| true } else { |_| false };
            let guard = noted::<40>(number, &released);
            // SAFETY: what it borrows lives longer than `found`.
            assert!(unsafe { tracer.hold_checked(guard, release) });
            hold(&mut tracer, noted::<0>(number, &released));
        }
        assert_eq!(found.release(), answers.iter().all(|&answer| answer));
        assert_eq!(released.take(), [2, 2, 1, 1, 0, 0], "all go, whatever one says");
    }
}

#[test]
fn every_look_takes_and_releases_again() {
    let lock = Mutex::new((probe(1), Mutex::new(probe(2))));
    check(&lock, &[1, 2]);
    check(&lock, &[1, 2]);
    assert_eq!(edges(&lock.try_lock().unwrap().1), [2]);
}

thread_local! {
    static NODE: RefCell<Option<Gc<Node>>> = const { RefCell::new(None) };
    /// Whether the payload of a panic has found the node's lock free.
    static FREE: Cell<Option<bool>> = const { Cell::new(None) };
}

/// An object whose trace may panic under its lock.
struct Node(Mutex<Fails>);

struct Fails(bool, Box<u8>);

// SAFETY: its part is shown once.
unsafe impl Trace for Node {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.0.trace(tracer);
    }
}

// SAFETY: it shows nothing.
unsafe impl Trace for Fails {
    fn trace(&self, _: &mut Tracer<'_>) {
        if self.0 {
            resume_unwind(Box::new(Payload));
        }
    }
}

struct Payload;

impl Drop for Payload {
    fn drop(&mut self) {
        let free = |node: &Option<Gc<Node>>| node.as_ref().map(|node| node.0.try_lock().is_ok());
        FREE.set(NODE.with_borrow(free));
    }
}

#[test]
fn a_collection_releases_the_locks_before_user_code_hears_of_a_panic() {
    for fails in [false, true] {
        let node = Gc::new(Node(Mutex::new(Fails(fails, Box::new(1)))));
        NODE.set(Some(node.clone()));
        drop(node);
        assert_eq!(collect().collected, 0);
        assert_eq!(FREE.take(), fails.then_some(true));
        let node = NODE.take().unwrap();
        assert_eq!(*node.0.try_lock().unwrap().1, 1);
    }
}
