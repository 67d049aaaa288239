//! Shapes as deep as they have nodes, alive, dropped and collected.

use super::gc::{self, Gc, Slot};
use crate::{STACK, nodes, one_at_a_time, timed};
use gc_core::Trace;

/// Runs `f` on a thread with a small stack, and no other test beside it.
pub(super) fn on_small_stack(f: impl FnOnce(usize) + Send + 'static) {
    let _alone = one_at_a_time();
    gc::on_stack(STACK, || {
        gc::disable();
        f(nodes());
        assert_eq!(gc::live(), 0);
    });
}

type Link = Slot<Option<Gc<Node>>>;

/// A node of a list, of a ring (`back` is its neighbour) or of a tree (its parent).
#[derive(Default, Trace)]
struct Node {
    next: Link,
    second: Link,
    back: Link,
}

fn node() -> Gc<Node> {
    Gc::new(Node::default())
}

fn set(link: &Link, to: &Gc<Node>) {
    link.set(Some(to.clone()));
}

/// A list; the head is given back.
fn list(n: usize) -> Gc<Node> {
    let mut head = node();
    for _ in 1..n {
        let next = std::mem::replace(&mut head, node());
        head.next.set(Some(next));
    }
    head
}

/// A ring with links in both directions; one node of it is given back.
fn ring(n: usize) -> Gc<Node> {
    let first = node();
    let mut last = first.clone();
    for _ in 1..n {
        let next = node();
        set(&last.next, &next);
        set(&next.back, &last);
        last = next;
    }
    set(&last.next, &first);
    set(&first.back, &last);
    first
}

/// A binary tree whose nodes know their parents; the root is given back.
fn tree(n: usize) -> Gc<Node> {
    let mut nodes = vec![node()];
    for index in 1..n {
        let child = node();
        let parent = &nodes[(index - 1) / 2];
        set(if index % 2 == 1 { &parent.next } else { &parent.second }, &child);
        set(&child.back, parent);
        nodes.push(child);
    }
    nodes.swap_remove(0)
}

/// Collects while `root` holds all `n`, and then when nobody does.
fn alive_then_garbage(n: usize, make: impl FnOnce(usize) -> Gc<Node>) {
    let root = timed("build", || make(n));
    assert_eq!(gc::live(), n);
    drop(root.clone());
    let report = timed("collect, all alive", gc::collect);
    assert_eq!((report.visited, report.collected), (n, 0));
    assert_eq!(gc::live(), n);
    drop(root);
    let report = timed("collect, all garbage", gc::collect);
    assert_eq!((report.visited, report.collected), (n, n));
    assert_eq!(gc::live(), 0);
}

#[test]
fn a_list_is_dropped() {
    on_small_stack(|n| {
        let head = timed("build", || list(n));
        assert_eq!(gc::live(), n);
        timed("drop", || drop(head));
        assert_eq!((gc::live(), gc::counts()[0]), (0, 0));
    });
}

#[test]
fn a_list_is_alive_in_a_collection_and_then_dropped() {
    on_small_stack(|n| {
        let head = list(n);
        drop(head.clone());
        let report = timed("collect, all alive", gc::collect);
        assert_eq!((report.visited, report.collected), (n, 0));
        timed("drop", || drop(head));
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn a_list_whose_tail_is_a_cycle_is_collected() {
    on_small_stack(|n| {
        alive_then_garbage(n, |n| {
            let head = list(n);
            let mut tail = head.clone();
            while let Some(next) = tail.next.get() {
                tail = next;
            }
            set(&tail.next, &head);
            head
        });
    });
}

#[test]
fn a_list_that_hangs_on_a_cycle_goes_with_it() {
    on_small_stack(|n| {
        // The list dies by count, as a consequence of the collection.
        let cycle = node();
        set(&cycle.next, &cycle);
        let head = list(n);
        drop(head.clone());
        let _ = gc::collect();
        set(&cycle.second, &head);
        drop((head, cycle));
        let report = timed("collect", || gc::collect_generation(gc_core::Generation::Young));
        assert_eq!((report.visited, report.collected), (1, 1));
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn a_doubly_linked_ring_is_collected() {
    on_small_stack(|n| alive_then_garbage(n, ring));
}

#[test]
fn a_tree_with_parents_is_collected() {
    on_small_stack(|n| alive_then_garbage(n, tree));
}

#[test]
fn a_ring_that_loses_its_links_dies_by_count() {
    on_small_stack(|n| {
        let first = ring(n);
        // Without the links that lead back it is a list that ends in itself.
        let mut at = first.clone();
        for _ in 0..n {
            drop(at.back.take());
            let next = at.next.get().expect("a ring has no end");
            at = next;
        }
        drop(at);
        let second = first.next.take();
        drop(first);
        timed("drop", || drop(second));
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn a_list_with_finalizers_that_take_its_tail_is_dropped() {
    use gc_core::{Finalize, Finalizing};

    /// Each finalizer drops the rest of the list: user code that would recurse.
    #[derive(Trace)]
    #[trace(finalize)]
    struct Taking(Slot<Option<Gc<Taking>>>);

    impl Finalize for Taking {
        fn finalize(&self, _: &Finalizing<'_>) {
            drop(self.0.take());
        }
    }

    on_small_stack(|n| {
        let mut head = Gc::new(Taking(Slot::new(None)));
        for _ in 1..n {
            head = Gc::new(Taking(Slot::new(Some(head))));
        }
        timed("drop", || drop(head));
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn a_list_of_trait_objects_and_slices_is_dropped() {
    trait Any: gc::Value {}
    impl Any for Cell {}

    #[derive(Trace)]
    enum Cell {
        Boxed(Gc<dyn Any>),
        Slice(Gc<[Cell]>),
        End,
    }

    on_small_stack(|n| {
        let mut head = Cell::End;
        for index in 0..n {
            head = if index % 2 == 0 {
                Cell::Boxed(gc_core::coerce!(Gc::new(head)))
            } else {
                Cell::Slice(Gc::from(vec![head]))
            };
        }
        assert_eq!(gc::live(), n);
        timed("drop", || drop(head));
    });
}
