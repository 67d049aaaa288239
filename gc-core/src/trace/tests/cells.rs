//! Cells and locks: free, busy, poisoned, not there yet.

use super::{NONE, Probe, check, edges, hooks, probe};
use crate::{Depth, Trace, Tracer};
use std::cell::{Cell, LazyCell, OnceCell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, RwLock};
use std::{rc, sync};

/// Panics without a message on standard error.
fn silent_panic() {
    resume_unwind(Box::new("on purpose"));
}

#[test]
fn a_cell_shows_its_value() {
    let cell = Cell::new(Some(probe(1)));
    assert_eq!(edges(&cell), [1]);
    assert!(!<Cell<Option<Probe>>>::is_leaf(Depth::START));
    let taken = cell.take();
    assert_eq!(edges(&cell), NONE);
    cell.set(taken);
    assert_eq!(edges(&cell), [1]);
}

/// A hook could replace the value that it is called for.
#[test]
fn a_cell_runs_no_hooks() {
    assert_eq!(hooks(&Cell::new(probe(1))), NONE);
    assert!(!<Cell<Probe>>::may_finalize(Depth::START));
}

#[test]
fn a_ref_cell_shows_nothing_while_it_is_mutably_borrowed() {
    let cell = RefCell::new(vec![probe(1), probe(2)]);
    check(&cell, &[1, 2]);
    let shared = cell.borrow();
    check(&cell, &[1, 2]);
    drop(shared);
    let exclusive = cell.borrow_mut();
    check(&cell, &[]);
    drop(exclusive);
    check(&cell, &[1, 2]);
}

#[test]
fn a_mutex_shows_nothing_while_it_is_locked() {
    let lock = Mutex::new(vec![probe(1), probe(2)]);
    check(&lock, &[1, 2]);
    let guard = lock.lock().unwrap();
    check(&lock, &[]);
    drop(guard);
    check(&lock, &[1, 2]);
}

#[test]
fn a_rw_lock_shows_nothing_while_it_is_locked_for_writing() {
    let lock = RwLock::new(vec![probe(1), probe(2)]);
    check(&lock, &[1, 2]);
    let reading = lock.read().unwrap();
    check(&lock, &[1, 2]);
    drop(reading);
    let writing = lock.write().unwrap();
    check(&lock, &[]);
    drop(writing);
    check(&lock, &[1, 2]);
}

#[test]
fn poisoned_locks_are_traced() {
    let mutex = Mutex::new(probe(1));
    let rw_lock = RwLock::new(probe(2));
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let _guards = (mutex.lock(), rw_lock.write());
        silent_panic();
    }));
    assert!(mutex.is_poisoned() && rw_lock.is_poisoned());
    check(&mutex, &[1]);
    check(&rw_lock, &[2]);

    let _guards = (mutex.lock(), rw_lock.write());
    check(&mutex, &[]);
    check(&rw_lock, &[]);
}

#[test]
fn once_cells_show_what_is_set() {
    let cell = OnceCell::new();
    check(&cell, &[]);
    cell.set(probe(1)).unwrap();
    check(&cell, &[1]);

    let lock = OnceLock::new();
    check(&lock, &[]);
    lock.set(probe(2)).unwrap();
    check(&lock, &[2]);
}

#[test]
fn lazy_values_are_not_forced() {
    let forced = Cell::new(false);
    let cell = LazyCell::new(|| {
        forced.set(true);
        probe(1)
    });
    check(&cell, &[]);
    assert!(!forced.get());
    LazyCell::force(&cell);
    check(&cell, &[1]);

    static FORCED: OnceLock<()> = OnceLock::new();
    let lock = LazyLock::new(|| {
        FORCED.set(()).unwrap();
        probe(2)
    });
    check(&lock, &[]);
    assert!(FORCED.get().is_none());
    LazyLock::force(&lock);
    check(&lock, &[2]);
}

#[test]
fn a_lazy_value_whose_initializer_panicked_shows_nothing() {
    let fail = || -> Probe {
        silent_panic();
        probe(1)
    };
    let cell = LazyCell::new(fail);
    let lock = LazyLock::new(fail);
    assert!(catch_unwind(AssertUnwindSafe(|| LazyCell::force(&cell).clone())).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| LazyLock::force(&lock).clone())).is_err());
    check(&cell, &[]);
    check(&lock, &[]);
}

/// A collection can start in the middle of an initializer.
#[test]
fn a_lazy_cell_can_be_traced_while_it_is_computed() {
    thread_local! {
        static CELL: LazyCell<Probe> = LazyCell::new(|| {
            assert_eq!(CELL.with(edges), NONE);
            probe(1)
        });
    }
    assert_eq!(CELL.with(|cell| *LazyCell::force(cell).0), 1);
    assert_eq!(CELL.with(edges), [1]);
}

/// Looks, while it is traced, at the cell or lock that it is in.
struct Inside<F>(F);

// SAFETY: it shows nothing.
unsafe impl<F: Fn()> Trace for Inside<F> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        (self.0)();
        probe(1).trace(tracer);
    }
}

type Look = Box<dyn Fn() + Send + Sync>;

#[test]
fn a_value_is_traced_under_its_borrow() {
    let cell = rc::Rc::<RefCell<Inside<Box<dyn Fn()>>>>::new_cyclic(|owner| {
        let owner = owner.clone();
        RefCell::new(Inside(Box::new(move || {
            let owner = rc::Weak::upgrade(&owner).unwrap();
            assert!(owner.try_borrow_mut().is_err());
            assert!(owner.try_borrow().is_ok());
        })))
    });
    assert_eq!(edges(&*cell), [1]);
    assert!(cell.try_borrow_mut().is_ok());
}

#[test]
fn a_value_is_traced_under_its_lock() {
    let mutex = Arc::<Mutex<Inside<Look>>>::new_cyclic(|owner| {
        let owner = owner.clone();
        Mutex::new(Inside(Box::new(move || {
            assert!(sync::Weak::upgrade(&owner).unwrap().try_lock().is_err());
        })))
    });
    assert_eq!(edges(&*mutex), [1]);
    assert!(mutex.try_lock().is_ok());

    let rw_lock = Arc::<RwLock<Inside<Look>>>::new_cyclic(|owner| {
        let owner = owner.clone();
        RwLock::new(Inside(Box::new(move || {
            let owner = sync::Weak::upgrade(&owner).unwrap();
            assert!(owner.try_write().is_err());
            assert!(owner.try_read().is_ok());
        })))
    });
    assert_eq!(edges(&*rw_lock), [1]);
    assert!(rw_lock.try_write().is_ok());
}

/// The collector catches the panic, and the user must not find the lock poisoned by it.
#[test]
fn a_panicking_trace_leaves_locks_as_they_were() {
    let mutex = Mutex::new(Inside(silent_panic));
    assert!(catch_unwind(AssertUnwindSafe(|| edges(&mutex))).is_err());
    assert!(mutex.try_lock().is_ok(), "neither poisoned nor locked");

    let rw_lock = RwLock::new(Inside(silent_panic));
    assert!(catch_unwind(AssertUnwindSafe(|| edges(&rw_lock))).is_err());
    assert!(rw_lock.try_write().is_ok(), "neither poisoned nor locked");

    let cell = RefCell::new(Inside(silent_panic));
    assert!(catch_unwind(AssertUnwindSafe(|| edges(&cell))).is_err());
    assert!(cell.try_borrow_mut().is_ok());
}
