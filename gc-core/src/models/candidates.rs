//! Candidates on their way from the drop to a collection.

use super::{Canary, Link, Node, arrive, check, spawn, suspect};
use crate::Generation;
use crate::primitive::Ordering::{Acquire, Release};
use crate::primitive::{AtomicBool, thread};
use crate::sync::{self, Gc};
use std::sync::Arc;

#[test]
fn last_drop_against_drain() {
    check(3, || {
        let a = Node::new();
        suspect(&a);
        let other = spawn(move || {
            a.touch();
            drop(a);
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// Somebody else gives back the last share of the box.
#[test]
fn last_weak_drop_against_drain() {
    check(3, || {
        let a = Node::new();
        suspect(&a);
        let weak = Gc::downgrade(&a);
        drop(a);
        let other = spawn(move || drop(weak));
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// A handle is dropped while the collection that has drained the candidate looks at it.
#[test]
fn drop_against_collect() {
    check(3, || {
        let a = Node::looped();
        suspect(&a);
        let other = spawn(move || drop(a));
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// An object on the way to another is taken apart meanwhile.
#[test]
fn drop_against_discovery() {
    check(3, || {
        let a = Node::new();
        a.slot.lock().set(Some(Node::new()));
        suspect(&a);
        let other = spawn(move || {
            let taken = a.slot.lock().take();
            drop(taken);
            drop(a);
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// Two are pushed while the list is taken.
#[test]
fn push_against_take() {
    check(3, || {
        let (a, b) = (Node::looped(), Node::looped());
        let other = spawn(move || drop((a, b)));
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// Of two that were dropped one after the other.
#[test]
fn what_is_dropped_before_is_found() {
    check(3, || {
        let (a, b) = (Node::looped(), Node::new());
        b.slot.lock().set(Some(a.clone()));
        let other = spawn(move || drop(b));
        drop(a);
        let _ = sync::collect();
        other.join().unwrap();
    });
}

#[test]
fn a_young_collection_against_drop() {
    check(3, || {
        // Nobody suspects the old one, which the young one is held by.
        let old = Node::new();
        suspect(&old);
        let _ = sync::collect();
        let young = Node::new();
        old.slot.lock().set(Some(young.clone()));
        young.slot.lock().set(Some(old));
        let other = spawn(move || drop(young));
        let _ = sync::collect_generation(Generation::Young);
        other.join().unwrap();
    });
}

/// It stands in a list that is taken first, and comes into one that is taken later.
#[test]
fn dropped_again_while_candidates_are_captured() {
    check(2, || {
        let a = Node::looped();
        suspect(&a);
        let _ = sync::collect_generation(Generation::Young);
        let other = spawn(move || drop(a));
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// It was counted with one handle when it was captured; its second is made afterwards, and the drop that
/// makes garbage of both is one of the other, which is drained later.
#[test]
fn cloned_after_it_was_counted() {
    check(2, || {
        let a = Node::new();
        let b = Node::linked([Link::Owned(a.clone())]);
        a.slot.lock().set(Some(b.clone()));
        suspect(&b);
        let _ = sync::collect_generation(Generation::Young);
        // Its list comes before that in which the other is by now.
        drop(a);
        let other = spawn(move || {
            let again = b.follow();
            b.slot.lock().set(Some(again));
            drop(b);
        });
        let _ = sync::collect();
        other.join().unwrap();
        let _ = sync::collect();
        assert_eq!(Canary::alive(), 0);
    });
}

/// Its candidates are handed over.
#[test]
fn the_end_of_a_thread_against_collect() {
    check(2, || {
        let a = Node::looped();
        let other = thread::spawn(move || {
            arrive();
            drop(a);
            sync::leave_thread();
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

#[test]
fn two_collections() {
    check(2, || {
        let a = Node::looped();
        suspect(&a);
        let other = spawn(move || {
            drop(a);
            let _ = sync::collect();
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// What was garbage when a collection began is gone when it is over, also what a thread has left
/// that is ending.
#[test]
fn garbage_of_an_ending_thread() {
    check(2, || {
        let a = Node::looped();
        let told = Arc::new(AtomicBool::new(false));
        let tell = Arc::clone(&told);
        let other = thread::spawn(move || {
            arrive();
            drop(a);
            tell.store(true, Release);
            sync::leave_thread();
        });
        while !told.load(Acquire) {
            thread::yield_now();
        }
        let _ = sync::collect();
        assert_eq!(Canary::alive(), 0);
        other.join().unwrap();
    });
}

/// One that is held by garbage which another leads to, and is looked at before that or after it.
fn held_by_other_garbage(upper_first: bool) {
    check(2, move || {
        let lower = Node::looped();
        let upper = Node::linked([Link::Owned(lower.clone())]);
        upper.slot.lock().set(Some(upper.clone()));
        // What was dropped last is looked at first.
        let other = spawn(move || {
            let [last, first] = if upper_first { [lower, upper] } else { [upper, lower] };
            drop(last);
            drop(first);
        });
        other.join().unwrap();
        let _ = sync::collect();
        assert_eq!(Canary::alive(), 0);
    });
}

#[test]
fn garbage_that_other_garbage_leads_to() {
    held_by_other_garbage(false);
}

#[test]
fn garbage_that_leads_to_other_garbage() {
    held_by_other_garbage(true);
}

/// The entry of the second is still in its list when both are dead.
#[test]
fn two_candidates_of_one_cycle() {
    check(2, || {
        let (a, b) = (Node::new(), Node::new());
        a.slot.lock().set(Some(b.clone()));
        b.slot.lock().set(Some(a.clone()));
        drop(a);
        let other = spawn(move || drop(b));
        let _ = sync::collect();
        other.join().unwrap();
    });
}

super::also_small!(
    cloned_after_it_was_counted,
    last_drop_against_drain,
    last_weak_drop_against_drain,
    drop_against_collect,
    drop_against_discovery,
    push_against_take,
    what_is_dropped_before_is_found,
    a_young_collection_against_drop,
    the_end_of_a_thread_against_collect,
    two_collections,
    garbage_of_an_ending_thread,
    garbage_that_other_garbage_leads_to,
    garbage_that_leads_to_other_garbage,
    two_candidates_of_one_cycle,
);
