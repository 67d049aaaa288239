//! s4: names and objects.

use crate::Snippet;
use crate::node::{Node, pair};
use crate::page::print;
use gc_core::Thresholds;
use gc_core::unsync::{self as gc, Gc};
use std::cell::RefCell;

pub(crate) const SNIPPETS: [Snippet; 6] = [
    Snippet::new("s4.1", "two names for one object", s4_1).python("nothing"),
    Snippet::new("s4.2", "counts", s4_2).python("3, 2: getrefcount counts its own argument"),
    Snippet::new("s4.3", "a circular reference", s4_3).python("nothing"),
    Snippet::new("s4.4", "thresholds, and a collection", s4_4)
        .python("(700, 10, 10), up to 3.12; 2000 since"),
    Snippet::new("s4.5", "a name goes, the object stays", s4_5).python("[1, 2, 3]"),
    Snippet::new("s4.6", "what collect() returns", s4_6).python("2"),
];

fn s4_1() {
    let a = Gc::new(RefCell::new(vec![1, 2, 3]));
    let b = a.clone();
    b.borrow_mut().push(4);
    print(format_args!("{:?}", a.borrow()));
}

fn s4_2() {
    let x = Gc::new(vec![1, 2, 3]);
    let y = x.clone();
    print(Gc::strong_count(&x));
    drop(y);
    print(Gc::strong_count(&x));
}

fn s4_3() {
    drop(pair([Node::new("a"), Node::new("b")]));
    print(format_args!("still there: {}", gc::live()));
}

fn s4_4() {
    print(format_args!("{:?}", gc::thresholds()));
    gc::set_thresholds(Thresholds::PY311);
    print(format_args!("as up to 3.12: {:?}", gc::thresholds()));
    print(format_args!("collect() = {}", gc::collect().total()));
}

fn s4_5() {
    let x = Gc::new(vec![1, 2, 3]);
    let y = x.clone();
    drop(x);
    print(format_args!("{y:?}"));
}

fn s4_6() {
    drop(pair([Node::new("a"), Node::new("b")]));
    print(gc::collect().total());
}
