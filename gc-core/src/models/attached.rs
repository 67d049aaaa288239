//! What is attached to objects, beside a collection.

use super::{Canary, Link, Node, check, spawn, suspect};
use crate::primitive::guess;
use crate::sync::{self, Gc, Weak};
use crate::{Depth, Trace, Tracer};

/// All that is captured is suspected, and verified as one group.
fn suspect_together() {
    guess::ALL.set(true);
    guess::TOGETHER.set(true);
}

/// A value that owns no handle: its objects are leaves until something is attached to them.
struct Leaf(Canary);

// SAFETY: there is nothing to show.
unsafe impl Trace for Leaf {
    fn trace(&self, _: &mut Tracer<'_>) {
        self.0.touch();
    }

    fn is_leaf(_: Depth) -> bool {
        true
    }
}

/// What refers to a leaf.
struct OfLeaf(Canary, Gc<Leaf>);

// SAFETY: the handle is shown once.
unsafe impl Trace for OfLeaf {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.0.touch();
        self.1.trace(tracer);
    }
}

/// A value that refers to its key is put there while a collection looks.
#[test]
fn attach_against_collect() {
    check(2, || {
        guess::ALL.set(true);
        let a = Node::new();
        let value = Node::linked([Link::Owned(a.clone())]);
        suspect(&a);
        let other = spawn(move || {
            Gc::attach(&a, value);
            a.touch();
            drop(a);
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// The handle of an object that was attached to itself is taken out.
#[test]
fn detach_against_collect() {
    check(3, || {
        guess::ALL.set(true);
        let a = Node::new();
        let weak = Gc::downgrade(&a);
        Gc::attach(&a, a.clone());
        suspect(&a);
        let other = spawn(move || {
            let taken = Gc::detach(&a, &weak);
            drop(weak);
            drop(taken.unwrap());
            a.touch();
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// The only handle to `o` is taken from `a`, and the only one to `a` is attached to `o`.
#[test]
fn moved_out_and_covered() {
    check(2, || {
        suspect_together();
        let (a, o) = (Node::new(), Node::new());
        let weak = Gc::downgrade(&o);
        suspect(&o);
        Gc::attach(&a, o);
        // So that it has a record already.
        Gc::attach(&weak.upgrade().unwrap(), Node::new());
        suspect(&a);
        let other = spawn(move || {
            let o = Gc::detach(&a, &weak).unwrap();
            Gc::attach(&o, a);
            o.touch();
            drop((weak, o));
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// A handle that was read at `a` is read again at `b`, and makes up for one on the stack.
#[test]
fn counted_twice() {
    check(2, || {
        suspect_together();
        let (a, b) = (Node::new(), Node::new());
        suspect(&b);
        suspect(&a);
        let o = Node::linked([Link::Owned(a), Link::Owned(b)]);
        let weak = Gc::downgrade(&o);
        let [Link::Owned(a), Link::Owned(b)] = &o.links[..] else { unreachable!() };
        Gc::attach(a, o.clone());
        Gc::attach(b, Node::new());
        let other = spawn(move || {
            let [Link::Owned(a), Link::Owned(b)] = &o.links[..] else { unreachable!() };
            let taken = Gc::detach(a, &weak).unwrap();
            drop(weak);
            Gc::attach(b, taken);
            o.touch();
            drop(o);
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// Whoever gets at a key by a weak handle may take what is attached to it.
#[test]
fn upgrade_and_detach_against_collect() {
    check(2, || {
        let (a, value) = (Node::looped(), Node::new());
        let (weak, weak_value): (Weak<Node>, Weak<Node>) =
            (Gc::downgrade(&a), Gc::downgrade(&value));
        Gc::attach(&a, value);
        drop(a);
        let other = spawn(move || {
            if let Some(a) = weak.upgrade() {
                let value = Gc::detach(&a, &weak_value).unwrap();
                drop(a);
                value.touch();
            }
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// Who has found it to be a leaf drops his handle when it is none any more.
#[test]
fn attach_to_a_leaf_against_drop() {
    check(3, || {
        let a = Gc::new(Leaf(Canary::new()));
        let theirs = a.clone();
        let other = spawn(move || {
            theirs.0.touch();
            drop(theirs);
        });
        let value = Gc::new(OfLeaf(Canary::new(), a.clone()));
        Gc::attach(&a, value);
        a.0.touch();
        drop(a);
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// What refers to a number.
struct OfNumber(Canary, Gc<usize>);

// SAFETY: the handle is shown once.
unsafe impl Trace for OfNumber {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.0.touch();
        self.1.trace(tracer);
    }
}

/// A drop of a handle to a number tells nobody, so the number is looked at as long as it has
/// something that may lead back to it.
#[test]
fn attach_to_a_number_against_drop() {
    check(2, || {
        let a = Gc::new(7);
        let theirs = a.clone();
        let other = spawn(move || drop(theirs));
        let value = Gc::new(OfNumber(Canary::new(), a.clone()));
        Gc::attach(&a, value);
        let _ = sync::collect();
        drop(a);
        other.join().unwrap();
    });
}

super::also_small!(
    attach_against_collect,
    detach_against_collect,
    moved_out_and_covered,
    counted_twice,
    upgrade_and_detach_against_collect,
    attach_to_a_leaf_against_drop,
    attach_to_a_number_against_drop,
);
