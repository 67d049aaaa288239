//! What a thread's heap has allocated goes back when the thread ends.
//!
//! The bytes are counted for the whole process, so each test counts in a child
//! process that runs nothing else.

use crate::allocator::held;
use crate::scenario::{Finalized, Plain, Scenario, ring};
use gc_core::unsync::{self, Gc};
use gc_tests::process::{is_child, respawn};
use gc_tests::unsync::alone;
use std::cell::RefCell;

/// Runs `f` on many threads, one after another, in a child process, and checks
/// that none has left anything behind.
fn leaves_nothing(test: &str, f: fn()) {
    if !is_child() {
        let output = respawn(&format!("threads::{test}"));
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words}");
        return;
    }
    // The first threads leave what is made once for the process.
    (0..3).for_each(|_| alone(f));
    let before = held();
    (0..THREADS).for_each(|_| alone(f));
    // A thread gives its own name and place back after whoever joins it is told,
    // and the harness may do something of its own: a few bytes are not ours.
    let left = held().saturating_sub(before);
    assert!(left < 4 * THREADS, "{left} bytes left behind by {THREADS} threads");
}

const THREADS: usize = 200;

#[test]
fn after_values_without_handles() {
    leaves_nothing("after_values_without_handles", || {
        drop((0..100).map(Gc::new).collect::<Vec<_>>());
        drop(Gc::<str>::from("text"));
    });
}

#[test]
fn after_garbage_that_was_collected() {
    leaves_nothing("after_garbage_that_was_collected", || {
        drop(ring::<Plain>(1000));
        assert_eq!(unsync::collect().collected, 1000);
    });
}

#[test]
fn after_garbage_that_was_not() {
    leaves_nothing("after_garbage_that_was_not", || {
        let scenario = Scenario::<Finalized>::new();
        drop(scenario);
        drop(ring::<Plain>(1000));
    });
}

#[test]
fn after_candidates_that_died() {
    leaves_nothing("after_candidates_that_died", || {
        let nodes: Vec<Gc<Plain>> = (0..1000).map(|_| Gc::default()).collect();
        drop(nodes.clone());
        drop(nodes);
        assert_eq!(unsync::counts()[0], 0);
    });
}

/// Nothing becomes a candidate here.
#[test]
fn after_a_death_by_count_of_many() {
    leaves_nothing("after_a_death_by_count_of_many", || {
        let hub = Gc::new((0..1000).map(|_| Gc::new(vec![Gc::new(1)])).collect::<Vec<_>>());
        drop(hub);
        assert_eq!(unsync::live(), 0);
    });
}

#[test]
fn after_a_death_by_count_of_many_and_a_collection() {
    leaves_nothing("after_a_death_by_count_of_many_and_a_collection", || {
        let hub = Gc::new((0..1000).map(|_| Gc::new(vec![Gc::new(1)])).collect::<Vec<_>>());
        drop(hub.clone());
        drop(hub);
        let _ = unsync::collect();
    });
}

#[test]
fn after_weak_callbacks() {
    leaves_nothing("after_weak_callbacks", || {
        let objects: Vec<_> = (0..100).map(Gc::new).collect();
        let callbacks: Vec<_> = objects.iter().map(|o| Gc::downgrade_with(o, || ())).collect();
        drop(objects);
        drop(callbacks);
    });
}

#[test]
fn after_weak_callbacks_that_never_ran() {
    leaves_nothing("after_weak_callbacks_that_never_ran", || {
        let node = ring::<Plain>(2).swap_remove(0);
        drop(Gc::downgrade_with(&node, || ()));
    });
}

/// Objects that thread-locals hold, which are dropped before the heap's end and after it.
#[test]
fn after_objects_that_outlive_the_heap() {
    thread_local! {
        static FIRST: RefCell<Vec<Gc<u64>>> = const { RefCell::new(Vec::new()) };
        static LAST: RefCell<Vec<Gc<u64>>> = const { RefCell::new(Vec::new()) };
    }
    leaves_nothing("after_objects_that_outlive_the_heap", || {
        let fill =
            |objects: &RefCell<Vec<Gc<u64>>>| objects.borrow_mut().extend((0..100).map(Gc::new));
        FIRST.with(fill);
        // The first box that is kept has the heap attended to when the thread ends.
        drop(Gc::new(1_u64));
        LAST.with(fill);
    });
}
