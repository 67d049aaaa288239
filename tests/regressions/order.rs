//! In which order nested objects end: so deep as they end inside each other, in that
//! of `Rc`; what lies deeper goes afterwards, first come first served, depth first.

use super::gc::{Gc, Shared, alone};
use gc_core::Trace;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static ENDS: RefCell<Vec<(usize, End)>> = const { RefCell::new(Vec::new()) };
}

/// Of a value's drop glue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Begins,
    IsOver,
}
use End::{Begins, IsOver};

#[derive(Trace)]
#[trace(leaf)]
struct Tells(usize, End);

impl Drop for Tells {
    fn drop(&mut self) {
        ENDS.with_borrow_mut(|ends| ends.push((self.0, self.1)));
    }
}

/// The same tree in both kinds of pointers.
macro_rules! tree {
    ($name:ident, $pointer:ident, $(#[$attr:meta])?) => {
        $(#[$attr])?
        struct $name {
            begins: Tells,
            children: Vec<$pointer<$name>>,
            over: Tells,
        }

        impl $name {
            fn new(name: usize, children: Vec<$pointer<$name>>) -> $pointer<$name> {
                let (begins, over) = (Tells(name, Begins), Tells(name, IsOver));
                $pointer::new($name { begins, children, over })
            }

            /// A tree of so many levels below the root; names are places in a heap.
            fn binary(name: usize, below: usize) -> $pointer<$name> {
                let children = [2 * name, 2 * name + 1].into_iter();
                let deeper = if below == 0 { 0 } else { 2 };
                let children = children.take(deeper).map(|child| $name::binary(child, below - 1));
                $name::new(name, children.collect())
            }
        }
    };
}

tree!(GcTree, Gc, #[derive(Trace)]);
tree!(RcTree, Shared, #[expect(dead_code, reason = "the fields are there to be dropped")]);

impl GcTree {
    fn chain(names: std::ops::Range<usize>) -> Gc<GcTree> {
        let link = |next: Option<_>, name| Some(GcTree::new(name, Vec::from_iter(next)));
        names.rev().fold(None, link).expect("there are some")
    }
}

/// How deep objects end inside the first.
const NESTED: usize = 8;

fn ends(of: impl FnOnce()) -> Vec<(usize, End)> {
    of();
    ENDS.take()
}

#[test]
fn a_tree_of_eight_levels_ends_as_with_rc() {
    alone(|| {
        for below in 0..=NESTED {
            let of_rc = ends(|| drop(RcTree::binary(1, below)));
            assert_eq!(of_rc.len(), 2 * ((1 << (below + 1)) - 1));
            assert_eq!(ends(|| drop(GcTree::binary(1, below))), of_rc);
        }
    });
}

#[test]
fn a_chain_ends_in_portions() {
    alone(|| {
        let portion = |names: std::ops::Range<usize>| {
            let begin = names.clone().map(|name| (name, Begins));
            begin.chain(names.rev().map(|name| (name, IsOver))).collect::<Vec<_>>()
        };
        let size = NESTED + 1;
        let expected = [portion(0..size), portion(size..2 * size), portion(2 * size..20)].concat();
        assert_eq!(ends(|| drop(GcTree::chain(0..20))), expected);
        // Always so, whatever ended before.
        assert_eq!(ends(|| drop(GcTree::chain(0..20))), expected);
    });
}

#[test]
fn what_waits_goes_first_come_first_served_and_depth_first() {
    alone(|| {
        // Under the last link that ends inside the others: two chains and a leaf.
        let children =
            vec![GcTree::chain(100..112), GcTree::chain(200..203), GcTree::new(300, vec![])];
        let last = GcTree::new(NESTED, children);
        let link = |next, name| GcTree::new(name, vec![next]);
        let head = (0..NESTED).rev().fold(last, link);
        let over: Vec<_> = ends(|| drop(head)).into_iter().filter(|end| end.1 == IsOver).collect();
        let names: Vec<_> = over.into_iter().map(|end| end.0).collect();
        let first = (0..=NESTED).rev();
        let second = (100..109).rev().chain((109..112).rev());
        let expected = first.chain(second).chain((200..203).rev()).chain([300]);
        assert_eq!(names, expected.collect::<Vec<_>>());
    });
}

/// Panics when it is dropped.
#[derive(Trace)]
#[trace(leaf)]
struct Panics;

impl Drop for Panics {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

/// Drops another object in its destructor, catches what comes of it, and tells.
#[derive(Trace)]
#[trace(leaf)]
struct Catches<T: 'static>(Option<Gc<T>>);

impl<T> Drop for Catches<T> {
    fn drop(&mut self) {
        let inner = self.0.take();
        let _ = catch_unwind(AssertUnwindSafe(|| drop(inner)));
        ENDS.with_borrow_mut(|ends| ends.push((0, IsOver)));
    }
}

/// Each had left the depth higher by one, until nothing nested any more.
#[test]
fn panics_that_destructors_caught_made_objects_wait() {
    alone(|| {
        for _ in 0..20 {
            drop(Gc::new_opaque(Catches(Some(Gc::new(Panics)))));
        }
        ENDS.take();
        drop(Gc::new_opaque(Catches(Some(Gc::new(Tells(1, Begins))))));
        assert_eq!(ENDS.take(), [(1, Begins), (0, IsOver)]);
    });
}
