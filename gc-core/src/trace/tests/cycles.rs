//! Cycles through std's types are collected, those through what cannot be counted are not.

use crate::unsync::{Gc, collect};
use crate::{Trace, Tracer};
use std::borrow::Cow;
use std::cell::{Cell, LazyCell, OnceCell, RefCell};
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, LinkedList, VecDeque};
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, RwLock, mpsc};

/// An object that owns any one thing.
pub(super) struct Node(RefCell<Option<Box<dyn Trace>>>);

// SAFETY: the part is shown once.
unsafe impl Trace for Node {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.0.trace(tracer);
    }
}

/// How many objects a collection frees after an object's last handle went into
/// what the object owns.
pub(super) fn collected<O: Trace + 'static>(own: impl FnOnce(Gc<Node>) -> O) -> usize {
    let node = Gc::new(Node(RefCell::new(None)));
    let owner = own(node.clone());
    *node.0.borrow_mut() = Some(Box::new(owner));
    assert_eq!(collect().collected, 0, "the object is in use");
    drop(node);
    collect().collected
}

/// Checks that the cycle through what `own` makes of the handle is collected.
#[track_caller]
pub(super) fn check<O: Trace + 'static>(own: impl FnOnce(Gc<Node>) -> O) {
    assert_eq!(collected(own), 1);
}

#[test]
fn cycles_through_owners_are_collected() {
    check(|node| node);
    check(Some);
    check(Ok::<_, String>);
    check(|node| Box::new(Box::new(node)));
    check(|node| -> Box<[Gc<Node>]> { Box::new([node.clone(), node]) });
    check(|node| -> Box<dyn Trace> { Box::new(vec![node]) });
    check(|node| (1, [Some(vec![node])], "text"));
    check(|node| VecDeque::from([node]));
    check(|node| LinkedList::from([node]));
    check(|node| BinaryHeap::from([(1, ByAddress(node))]));
    check(|node| BTreeSet::from([ByAddress(node)]));
    check(|node| BTreeMap::from([(ByAddress(node.clone()), node)]));
    check(|node| HashMap::from([(1, node.clone()), (2, node)]));
    check(|node| Cow::<'static, [Gc<Node>]>::Owned(vec![node]));
    check(|node| vec![node.clone(), node].into_iter());
    check(Box::pin);
    check(Pin::new);
    check(Reverse);
}

#[test]
fn cycles_through_cells_and_locks_are_collected() {
    check(|node| Cell::new(Some(node)));
    check(RefCell::new);
    check(OnceCell::from);
    check(Mutex::new);
    check(RwLock::new);
    check(OnceLock::from);
    check(|node| {
        let cell = LazyCell::new(move || node.clone());
        LazyCell::force(&cell);
        cell
    });
}

#[test]
fn what_is_out_of_sight_counts_as_a_reference_from_outside() {
    assert_eq!(collected(Rc::new), 0);
    assert_eq!(collected(Arc::new), 0);
    assert_eq!(collected(|node| LazyCell::new(move || node)), 0, "captured");
    assert_eq!(
        collected(|node| {
            let (sender, receiver) = mpsc::channel();
            sender.send(node).unwrap();
            receiver
        }),
        0
    );
    assert_eq!(collected(|node| std::mem::forget(RefCell::new(node))), 0, "forgotten");
}

/// The value dies without dropping the handle: nobody may free what it points to.
#[test]
fn a_handle_in_manually_drop_leaks_its_object() {
    assert_eq!(collected(ManuallyDrop::new), 0);
}

#[test]
fn a_cycle_through_a_busy_cell_waits_until_it_is_free() {
    let node = Gc::new(Node(RefCell::new(None)));
    *node.0.borrow_mut() = Some(Box::new(node.clone()));
    let handle = node.clone();
    let busy = handle.0.borrow_mut();
    drop(node);
    assert_eq!(collect().collected, 0);
    drop(busy);
    drop(handle);
    assert_eq!(collect().collected, 1);
}

/// A handle with an order, for the collections that want one.
struct ByAddress(Gc<Node>);

// SAFETY: it shows the handle that it is.
unsafe impl Trace for ByAddress {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.0.trace(tracer);
    }
}

impl Ord for ByAddress {
    fn cmp(&self, other: &Self) -> Ordering {
        let address = |this: &Self| Gc::edge(&this.0).into_raw();
        address(self).cmp(&address(other))
    }
}

impl PartialOrd for ByAddress {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for ByAddress {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for ByAddress {}
