//! Handles against handles: what the word alone has to see to.

use super::{Node, check, spawn};
use crate::sync::Gc;

#[test]
fn drop_against_drop() {
    check(3, || {
        let a = Node::new();
        let theirs = a.clone();
        let other = spawn(move || {
            theirs.touch();
            drop(theirs);
        });
        a.touch();
        drop(a);
        other.join().unwrap();
    });
}

#[test]
fn drop_against_upgrade() {
    check(3, || {
        let a = Node::new();
        let weak = Gc::downgrade(&a);
        let other = spawn(move || {
            if let Some(a) = weak.upgrade() {
                a.touch();
            }
        });
        a.touch();
        drop(a);
        other.join().unwrap();
    });
}

#[test]
fn simplest() {
    check(2, || {
        let a = Node::looped();
        let theirs = a.clone();
        let other = spawn(move || {
            theirs.touch();
            drop(theirs);
        });
        drop(a);
        let _ = crate::sync::collect();
        other.join().unwrap();
    });
}
