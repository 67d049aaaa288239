//! Freezing beside threads that drop, make and collect.

use super::{Node, check, spawn, suspect};
use crate::sync;

/// The last handle from outside goes, and the candidate is on its way from a thread's list to
/// that of the frozen.
#[test]
fn freeze_against_drop() {
    check(3, || {
        let (a, b) = (Node::looped(), Node::new());
        suspect(&b);
        let other = spawn(move || drop((a, b)));
        sync::freeze();
        other.join().unwrap();
        // What was made before is not looked at.
        assert_eq!(sync::collect().visited, 0);
        sync::unfreeze();
    });
}

#[test]
fn freeze_against_a_collection() {
    check(2, || {
        let a = Node::looped();
        suspect(&a);
        let other = spawn(move || {
            drop(a);
            let _ = sync::collect();
        });
        sync::freeze();
        other.join().unwrap();
        sync::unfreeze();
    });
}

/// An object is of the era that was when it was made, or of the next; it is in the right list in
/// either case.
#[test]
fn freeze_against_new() {
    check(2, || {
        let other = spawn(|| drop(Node::looped()));
        sync::freeze();
        other.join().unwrap();
        let report = sync::collect();
        assert_eq!(report.visited, report.collected);
        sync::unfreeze();
    });
}

#[test]
fn unfreeze_against_a_collection() {
    check(2, || {
        let a = Node::looped();
        suspect(&a);
        sync::freeze();
        let other = spawn(move || {
            drop(a);
            let _ = sync::collect();
        });
        sync::unfreeze();
        other.join().unwrap();
    });
}
