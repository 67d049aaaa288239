//! Types that may implement `Drop`, and generic ones that need not.

use gc_core::unsync::{self, Gc};
use gc_core::{Depth, Trace};
use std::cell::{Cell, RefCell};

thread_local! {
    static DROPS: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    DROPS.set(DROPS.get() + 1);
}

#[derive(Trace)]
#[trace(leaf)]
struct Leaf<T>(T);

impl<T> Drop for Leaf<T> {
    fn drop(&mut self) {
        count();
    }
}

#[derive(Trace)]
// SAFETY: the destructor follows no handle.
#[trace(unsafe(drop))]
struct Promised<T> {
    cycle: RefCell<Option<Gc<Promised<T>>>>,
    value: T,
}

impl<T> Drop for Promised<T> {
    fn drop(&mut self) {
        count();
    }
}

#[derive(Trace)]
enum Glue<T> {
    Skipped(#[trace(skip)] Counted),
    Traced(Promised<T>),
}

/// Not `Trace`.
struct Counted;

impl Drop for Counted {
    fn drop(&mut self) {
        count();
    }
}

fn main() {
    let node = Gc::new(Promised { cycle: RefCell::new(None), value: Leaf(1) });
    *node.cycle.borrow_mut() = Some(node.clone());
    drop(node);
    assert_eq!((unsync::collect().collected, DROPS.take()), (1, 2));

    drop(Glue::Traced(Promised { cycle: RefCell::new(None), value: 1 }));
    drop(Glue::<u8>::Skipped(Counted));
    assert_eq!(DROPS.take(), 2);

    // A handle in a leaf is a reference from outside.
    let (leaf, handle) = (Leaf(RefCell::new(None)), Gc::new(1));
    *leaf.0.borrow_mut() = Some(handle);
    assert!(Leaf::<RefCell<Option<Gc<u8>>>>::is_leaf(Depth::START));
}
