//! Nothing recurses over the graph: ten million objects in shapes as deep as they
//! are many, on a thread with 2 MiB of stack.
//!
//! Debug builds take a million by default, so that a plain `cargo test` ends soon;
//! `cargo test --release -p gc-tests --test deep` takes ten. `GC_TESTS_NODES` sets
//! another number. The binary needs some 2 GB for ten million, and runs its tests one at a
//! time for that reason.

use gc_core::Trace;
use gc_core::unsync::{self, Gc};
use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

const STACK: usize = 2 << 20;

fn nodes() -> usize {
    let default = if cfg!(debug_assertions) { 1_000_000 } else { 10_000_000 };
    std::env::var("GC_TESTS_NODES").ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

/// Runs `f` on a thread with a small stack, and no other test beside it.
fn on_small_stack(f: impl FnOnce(usize) + Send + 'static) {
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let run = move || {
        unsync::disable();
        f(nodes());
        assert_eq!(unsync::live(), 0);
    };
    let thread = thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread");
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
}

/// Runs `f` and says how long it took: `--nocapture` shows it.
fn timed<R>(what: &str, f: impl FnOnce() -> R) -> R {
    let start = Instant::now();
    let result = f();
    eprintln!("{what}: {:?}", start.elapsed());
    result
}

type Link = RefCell<Option<Gc<Node>>>;

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
    *link.borrow_mut() = Some(to.clone());
}

/// A list; the head is given back.
fn list(n: usize) -> Gc<Node> {
    let mut head = node();
    for _ in 1..n {
        let next = std::mem::replace(&mut head, node());
        *head.next.borrow_mut() = Some(next);
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
    assert_eq!(unsync::live(), n);
    drop(root.clone());
    let report = timed("collect, all alive", unsync::collect);
    assert_eq!((report.visited, report.collected), (n, 0));
    assert_eq!(unsync::live(), n);
    drop(root);
    let report = timed("collect, all garbage", unsync::collect);
    assert_eq!((report.visited, report.collected), (n, n));
    assert_eq!(unsync::live(), 0);
}

#[test]
fn a_list_is_dropped() {
    on_small_stack(|n| {
        let head = timed("build", || list(n));
        assert_eq!(unsync::live(), n);
        timed("drop", || drop(head));
        assert_eq!((unsync::live(), unsync::counts()[0]), (0, 0));
    });
}

#[test]
fn a_list_is_alive_in_a_collection_and_then_dropped() {
    on_small_stack(|n| {
        let head = list(n);
        drop(head.clone());
        let report = timed("collect, all alive", unsync::collect);
        assert_eq!((report.visited, report.collected), (n, 0));
        timed("drop", || drop(head));
        assert_eq!(unsync::live(), 0);
    });
}

#[test]
fn a_list_whose_tail_is_a_cycle_is_collected() {
    on_small_stack(|n| {
        alive_then_garbage(n, |n| {
            let head = list(n);
            let mut tail = head.clone();
            while let Some(next) = { tail.next.borrow().clone() } {
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
        let _ = unsync::collect();
        set(&cycle.second, &head);
        drop((head, cycle));
        let report = timed("collect", || unsync::collect_generation(gc_core::Generation::Young));
        assert_eq!((report.visited, report.collected), (1, 1));
        assert_eq!(unsync::live(), 0);
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
            let next = at.next.borrow().clone().expect("a ring has no end");
            at = next;
        }
        drop(at);
        let second = first.next.take();
        drop(first);
        timed("drop", || drop(second));
        assert_eq!(unsync::live(), 0);
    });
}

#[test]
fn a_ring_is_collected_when_its_thread_ends() {
    static DROPPED: AtomicUsize = AtomicUsize::new(0);

    #[derive(Trace)]
    #[trace(leaf)]
    struct Counted;
    impl Drop for Counted {
        fn drop(&mut self) {
            DROPPED.fetch_add(1, Ordering::Relaxed);
        }
    }
    #[derive(Trace)]
    struct Link(RefCell<Option<Gc<Link>>>, Counted);

    on_small_stack(|n| {
        let leave_a_ring = move || {
            let first = Gc::new(Link(RefCell::new(None), Counted));
            let mut head = first.clone();
            for _ in 1..n {
                head = Gc::new(Link(RefCell::new(Some(head)), Counted));
            }
            *first.0.borrow_mut() = Some(head);
            drop(first);
            assert_eq!((unsync::live(), DROPPED.load(Ordering::Relaxed)), (n, 0));
        };
        let thread =
            thread::Builder::new().stack_size(STACK).spawn(leave_a_ring).expect("a thread");
        timed("build and end", || thread.join().expect("no panic"));
        assert_eq!(DROPPED.load(Ordering::Relaxed), n);
    });
}

#[test]
fn a_list_with_finalizers_that_take_its_tail_is_dropped() {
    use gc_core::{Finalize, Finalizing};

    /// Each finalizer drops the rest of the list: user code that would recurse.
    #[derive(Trace)]
    #[trace(finalize)]
    struct Taking(RefCell<Option<Gc<Taking>>>);

    impl Finalize for Taking {
        fn finalize(&self, _: &Finalizing<'_>) {
            drop(self.0.take());
        }
    }

    on_small_stack(|n| {
        let mut head = Gc::new(Taking(RefCell::new(None)));
        for _ in 1..n {
            head = Gc::new(Taking(RefCell::new(Some(head))));
        }
        timed("drop", || drop(head));
        assert_eq!(unsync::live(), 0);
    });
}

#[test]
fn a_list_of_trait_objects_and_slices_is_dropped() {
    #[derive(Trace)]
    enum Cell {
        Boxed(Gc<dyn Trace>),
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
        assert_eq!(unsync::live(), n);
        timed("drop", || drop(head));
    });
}
