//! What verification has to see: handles that move and counts that change while it looks.
//!
//! Most have the collector suspect everything ([`guess`]), where otherwise a mutator would have to
//! deceive trial deletion first.

use super::{Canary, Link, Node, OnceSlot, RwSlot, check, spawn, suspect};
use crate::primitive::guess;
use crate::sync::{self, Gc};

/// All that is captured is suspected.
fn suspect_all() {
    guess::ALL.set(true);
}

/// The same, and verified as one group.
fn suspect_together() {
    guess::ALL.set(true);
    guess::TOGETHER.set(true);
}

#[test]
fn the_handle_in_a_loop_is_taken_out() {
    check(3, || {
        suspect_all();
        let a = Node::looped();
        suspect(&a);
        let other = spawn(move || {
            let taken = a.slot.lock().take();
            drop(taken);
            a.touch();
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// The only handle to `o` is moved out of `a`, and the only one to `a` into `o`.
#[test]
fn moved_out_and_covered() {
    check(3, || {
        suspect_together();
        let (a, o) = (Node::new(), Node::new());
        suspect(&o);
        a.slot.lock().set(Some(o));
        suspect(&a);
        let other = spawn(move || {
            let o = a.slot.lock().take().unwrap();
            o.slot.lock().set(Some(a));
            o.touch();
            drop(o);
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// A handle is read in `a` and again in `b`, and makes up for one on the stack.
#[test]
fn counted_twice() {
    check(3, || {
        suspect_together();
        let (a, b) = (Node::new(), Node::new());
        suspect(&b);
        suspect(&a);
        let o = Node::linked([Link::Owned(a), Link::Owned(b)]);
        let to = |o: &Gc<Node>, link: usize| o.links[link].get();
        to(&o, 0).slot.lock().set(Some(o.clone()));
        let other = spawn(move || {
            let [Link::Owned(a), Link::Owned(b)] = &o.links[..] else { unreachable!() };
            let taken = a.slot.lock().take();
            b.slot.lock().set(taken);
            o.touch();
            drop(o);
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// `b` leads to `a` by a link, and `a` back by its slot. Who has `b` takes `a` for it.
fn exchange(link: impl Fn(Gc<Node>) -> Link + Send + Sync + 'static) {
    check(2, move || {
        suspect_all();
        let a = Node::new();
        let b = Node::linked([link(a.clone())]);
        a.slot.lock().set(Some(b.clone()));
        suspect(&b);
        drop(a);
        let other = spawn(move || {
            let a = b.follow();
            drop(b);
            a.touch();
            if let Some(b) = a.slot.lock().get() {
                b.touch();
            }
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

#[test]
fn along_an_immutable_edge() {
    exchange(Link::Owned);
}

#[test]
fn along_a_read_write_lock() {
    exchange(|target| Link::Rw(RwSlot::new(Some(target))));
}

#[test]
fn along_a_once_cell() {
    exchange(|target| {
        let cell = OnceSlot::new();
        cell.fill(target);
        Link::Once(cell)
    });
}

/// As above, and then `a` drops a handle that was counted for the one that is held. (`b` has a handle
/// to itself: without any it would be known to have died by count.)
fn exchange_twice(link: impl Fn(Gc<Node>) -> Link + Send + Sync + 'static) {
    check(3, move || {
        suspect_together();
        let a = Node::looped();
        let b = Node::linked([link(a.clone())]);
        b.slot.lock().set(Some(b.clone()));
        suspect(&b);
        drop(a);
        let other = spawn(move || {
            let a = b.follow();
            drop(b);
            let taken = a.slot.lock().take();
            drop(taken);
            a.touch();
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

#[test]
fn a_count_that_is_the_same_again_by_an_immutable_edge() {
    exchange_twice(Link::Owned);
}

#[test]
fn a_count_that_is_the_same_again_by_a_read_write_lock() {
    exchange_twice(|target| Link::Rw(RwSlot::new(Some(target))));
}

#[test]
fn a_count_that_is_the_same_again_by_a_once_cell() {
    exchange_twice(|target| {
        let cell = OnceSlot::new();
        cell.fill(target);
        Link::Once(cell)
    });
}

/// What is set after it was looked at is a reference from outside.
#[test]
fn a_once_cell_is_filled_meanwhile() {
    check(2, || {
        suspect_all();
        let a = Node::linked([Link::Once(OnceSlot::new())]);
        let b = Node::linked([Link::Owned(a.clone())]);
        suspect(&b);
        let other = spawn(move || {
            let Link::Once(cell) = &a.links[0] else { unreachable!() };
            cell.fill(b);
            a.follow().touch();
            drop(a);
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// A read-write lock is read by the collector and a mutator at once, and then written.
#[test]
fn a_read_write_lock_is_emptied() {
    check(2, || {
        suspect_all();
        let a = Node::linked([Link::Rw(RwSlot::new(None))]);
        let Link::Rw(cell) = &a.links[0] else { unreachable!() };
        drop(cell.replace(Some(a.clone())));
        suspect(&a);
        let other = spawn(move || {
            let Link::Rw(cell) = &a.links[0] else { unreachable!() };
            drop(cell.read().get());
            let taken = cell.replace(None);
            drop(taken);
            a.touch();
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

#[test]
fn upgrade_against_the_claim() {
    check(2, || {
        let a = Node::looped();
        let weak = Gc::downgrade(&a);
        drop(a);
        let other = spawn(move || {
            let a = weak.upgrade();
            drop(weak);
            if let Some(a) = a {
                a.touch();
                let inner = a.slot.lock().get();
                inner.unwrap().touch();
            }
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// `b` fails when `a` is claimed already.
#[test]
fn clone_against_the_end_of_a_claim() {
    check(3, || {
        suspect_all();
        let a = Node::new();
        let b = Node::linked([Link::Owned(a.clone())]);
        a.slot.lock().set(Some(b.clone()));
        let (weak_a, weak_b) = (Gc::downgrade(&a), Gc::downgrade(&b));
        drop(b);
        drop(a);
        let other = spawn(move || {
            let b = weak_b.upgrade()?;
            let a = b.follow();
            a.touch();
            Some((a, weak_a))
        });
        let _ = sync::collect();
        if let Some((a, _weak)) = other.join().unwrap() {
            a.touch();
            drop(a.slot.lock().take());
            a.touch();
        }
    });
}

/// What is busy fails alone.
#[test]
fn garbage_beside_a_busy_object() {
    check(2, || {
        suspect_all();
        let (busy, garbage) = (Node::new(), Node::looped());
        suspect(&busy);
        drop(garbage);
        let alive = Canary::alive();
        let guard = busy.slot.lock();
        let theirs = busy.clone();
        let other = spawn(move || theirs.touch());
        let _ = sync::collect();
        assert_eq!(Canary::alive(), alive - 1);
        drop(guard);
        other.join().unwrap();
    });
}

/// The last weak handle is given back when all but its share is decided.
#[test]
fn the_last_weak_drop_against_the_end() {
    check(3, || {
        let a = Node::looped();
        let weak = Gc::downgrade(&a);
        drop(a);
        let other = spawn(move || drop(weak));
        let _ = sync::collect();
        other.join().unwrap();
    });
}

super::also_small!(
    the_handle_in_a_loop_is_taken_out,
    moved_out_and_covered,
    counted_twice,
    along_an_immutable_edge,
    along_a_read_write_lock,
    along_a_once_cell,
    a_count_that_is_the_same_again_by_an_immutable_edge,
    a_count_that_is_the_same_again_by_a_read_write_lock,
    a_count_that_is_the_same_again_by_a_once_cell,
    a_once_cell_is_filled_meanwhile,
    a_read_write_lock_is_emptied,
    upgrade_against_the_claim,
    clone_against_the_end_of_a_claim,
    garbage_beside_a_busy_object,
    the_last_weak_drop_against_the_end,
);
