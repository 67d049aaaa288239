//! Handles against handles, and against a collection that does no more than look: what the word
//! alone has to see to.

use super::{Canary, Node, check, spawn, suspect};
use crate::primitive::Tracked;
use crate::sync::{self, Gc, UniqueGc, Weak};
use crate::{Depth, Trace, Tracer};

/// A value that owns no handle.
struct Leaf(Canary);

// SAFETY: there is nothing to show.
unsafe impl Trace for Leaf {
    fn trace(&self, _: &mut Tracer<'_>) {}

    fn is_leaf(_: Depth) -> bool {
        true
    }
}

/// One without a destructor.
struct Plain(Tracked<()>);

// SAFETY: loom sees each access.
unsafe impl Sync for Plain {}

// SAFETY: there is nothing to show.
unsafe impl Trace for Plain {
    fn trace(&self, _: &mut Tracer<'_>) {}

    fn is_leaf(_: Depth) -> bool {
        true
    }
}

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

/// The one who finds himself alone does not exchange.
#[test]
fn drop_against_drop_of_a_leaf() {
    check(3, || {
        let a = Gc::new(Leaf(Canary::new()));
        let theirs = a.clone();
        let other = spawn(move || {
            theirs.0.touch();
            drop(theirs);
        });
        a.0.touch();
        drop(a);
        other.join().unwrap();
    });
}

/// Without a destructor nothing but the memory is at stake.
#[test]
fn drop_against_drop_without_a_destructor() {
    check(3, || {
        let [a, b] = [(); 2].map(|()| Gc::new(Plain(Tracked::new(()))));
        let weak = Gc::downgrade(&b);
        let theirs = (a.clone(), b.clone());
        let other = spawn(move || {
            drop(weak);
            drop(theirs);
        });
        a.0.with(|_| ());
        drop((a, b));
        other.join().unwrap();
    });
}

#[test]
fn drop_against_clone() {
    check(3, || {
        let a = Node::new();
        let theirs = a.clone();
        let other = spawn(move || {
            let more = theirs.clone();
            drop(theirs);
            more.touch();
            drop(more);
        });
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
fn drop_against_downgrade() {
    check(3, || {
        let a = Gc::new(Leaf(Canary::new()));
        let theirs = a.clone();
        let other = spawn(move || {
            let weak = Gc::downgrade(&theirs);
            drop(theirs);
            if let Some(a) = weak.upgrade() {
                a.0.touch();
            }
        });
        a.0.touch();
        drop(a);
        other.join().unwrap();
    });
}

/// The box ends where the value was dropped, or where the last weak handle was.
#[test]
fn drop_against_the_drop_of_a_weak_handle() {
    check(3, || {
        let a = Gc::new(Leaf(Canary::new()));
        let weak = Gc::downgrade(&a);
        let other = spawn(move || drop(weak));
        drop(a);
        other.join().unwrap();
    });
}

#[test]
fn get_mut_against_drain() {
    check(3, || {
        let mut a = Node::new();
        suspect(&a);
        let other = spawn(sync::collect);
        if let Some(a) = Gc::get_mut(&mut a) {
            a.canary.write();
        }
        // A candidate again, with the entry that it had.
        suspect(&a);
        let _ = other.join().unwrap();
        drop(a);
    });
}

#[test]
fn get_mut_against_upgrade() {
    check(3, || {
        let mut a = Node::new();
        let weak = Gc::downgrade(&a);
        let other = spawn(move || {
            if let Some(a) = weak.upgrade() {
                drop(weak);
                a.touch();
            }
        });
        if let Some(a) = Gc::get_mut(&mut a) {
            a.canary.write();
        }
        drop(a);
        other.join().unwrap();
    });
}

#[test]
fn try_unwrap_against_upgrade() {
    check(3, || {
        let a = Node::new();
        let weak = Gc::downgrade(&a);
        let other = spawn(move || {
            if let Some(a) = weak.upgrade() {
                a.touch();
            }
        });
        if let Ok(mut value) = Gc::try_unwrap(a) {
            value.canary.write();
        }
        other.join().unwrap();
    });
}

#[test]
fn try_unwrap_against_drain() {
    check(3, || {
        let a = Node::new();
        suspect(&a);
        let other = spawn(sync::collect);
        if let Ok(mut value) = Gc::try_unwrap(a) {
            value.canary.write();
        }
        let _ = other.join().unwrap();
    });
}

#[test]
fn publish_against_upgrade() {
    check(3, || {
        let mut unique = UniqueGc::new(Node::value());
        let weak: Weak<Node> = UniqueGc::downgrade(&unique);
        let other = spawn(move || {
            if let Some(a) = weak.upgrade() {
                a.touch();
            }
        });
        unique.canary.write();
        let a = UniqueGc::publish(unique);
        drop(a);
        other.join().unwrap();
    });
}
