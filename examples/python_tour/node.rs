//! The class of most snippets: a name, and a link to another one.

use crate::page::print;
use gc_core::unsync::Gc;
use gc_core::{Finalize, Finalizing, Trace};
use std::cell::RefCell;

/// `class Node`, with a `__del__` that says so.
#[derive(Debug, Trace)]
#[trace(finalize)]
pub(crate) struct Node {
    name: &'static str,
    link: RefCell<Option<Gc<Node>>>,
    /// What it says when it goes, before its name.
    farewell: Option<&'static str>,
}

impl Node {
    pub(crate) fn new(name: &'static str) -> Gc<Node> {
        Gc::new(Node { name, link: RefCell::default(), farewell: None })
    }

    /// One with a `__del__`.
    pub(crate) fn with_del(name: &'static str, farewell: &'static str) -> Gc<Node> {
        Gc::new(Node { name, link: RefCell::default(), farewell: Some(farewell) })
    }

    pub(crate) fn link(&self, to: &Gc<Node>) {
        self.link.replace(Some(to.clone()));
    }

    /// `self.link = None`
    pub(crate) fn unlink(&self) {
        self.link.take();
    }
}

impl Finalize for Node {
    fn finalize(&self, _: &Finalizing<'_>) {
        if let Some(farewell) = self.farewell {
            print(format_args!("{farewell} {}", self.name));
        }
    }
}

/// Two that hold each other.
pub(crate) fn pair(nodes: [Gc<Node>; 2]) -> [Gc<Node>; 2] {
    nodes[0].link(&nodes[1]);
    nodes[1].link(&nodes[0]);
    nodes
}

/// A list, after its count has gone up and down, and what that was.
pub(crate) fn counted() -> Gc<Vec<i32>> {
    let a = Gc::new(vec![1, 2, 3]);
    let one = Gc::strong_count(&a);
    let b = a.clone();
    let two = Gc::strong_count(&a);
    drop(b);
    print(format_args!("{one} {two} {}", Gc::strong_count(&a)));
    a
}
