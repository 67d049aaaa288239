//! s0: the collector at work.

use crate::Snippet;
use crate::node::{Node, pair};
use crate::page::print;
use gc_core::unsync::{self as gc, Gc};
use gc_core::{DebugFlags, Generation, set_debug_sink};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) const SNIPPETS: [Snippet; 6] = [
    Snippet::new("s0.1", "collect, and what the collections did", s0_1)
        .python("a list of three dicts, of whatever the interpreter has done so far"),
    Snippet::new("s0.2", "a cycle of two with __del__", s0_2)
        .python("Forcing GC, Deleting A, Deleting B"),
    Snippet::new("s0.3", "what was garbage, to look at", s0_3).python("Unreachable: []").wrong(
        "the list `objs` still holds the ring, so nothing is unreachable; it is dropped here",
    ),
    Snippet::new("s0.4", "no collections while a batch is made", s0_4).python("Manual GC done"),
    Snippet::new("s0.5", "a weak reference", s0_5).python("the object, with its address; None"),
    Snippet::new("s0.6", "the size of a list, without and with what is in it", s0_6)
        .python("88, 200: of its own objects"),
];

fn s0_1() {
    let _ = gc::collect();
    for (generation, stats) in Generation::ALL.iter().zip(gc::stats()) {
        let (runs, collected) = (stats.collections, stats.collected);
        print(format_args!("{generation}: collections {runs}, collected {collected}"));
    }
}

fn s0_2() {
    drop(pair([Node::with_del("A", "Deleting"), Node::with_del("B", "Deleting")]));
    print("Forcing GC");
    let found = gc::collect().total();
    print(format_args!("collect() = {found}"));
}

fn s0_3() {
    // DEBUG_LEAK also has a line printed for each object. It goes where the sink says.
    let lines = Arc::new(AtomicUsize::new(0));
    let counter = lines.clone();
    set_debug_sink(Some(Box::new(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
    })));
    gc::set_debug(DebugFlags::LEAK);

    let objs: Vec<_> = ["0", "1", "2", "3", "4"].map(Node::new).into();
    for (place, node) in objs.iter().enumerate() {
        node.link(&objs[(place + 1) % objs.len()]);
    }
    drop(objs);
    print(format_args!("collect() = {}", gc::collect().total()));
    let lines = lines.load(Ordering::Relaxed);
    print(format_args!("Unreachable: {} objects, {lines} lines of debugging", gc::garbage().len()));

    gc::set_debug(DebugFlags::empty());
    set_debug_sink(None);
    gc::garbage().clear();
    print(format_args!("let go of again: collect() = {}", gc::collect().total()));
}

fn s0_4() {
    {
        // gc.disable() and gc.enable(): the guard cannot be forgotten.
        let _paused = gc::pause();
        for _ in 0..2000 {
            drop(pair([Node::new("A"), Node::new("B")]));
        }
        print(format_args!("made, and not collected: {}", gc::live()));
    }
    let _ = gc::collect();
    print("Manual GC done");
    print(format_args!("left: {}", gc::live()));
}

fn s0_5() {
    let object = Node::new("object");
    let weak = Gc::downgrade(&object);
    print(format_args!("{:?}", weak.upgrade()));
    drop(object);
    print(format_args!("{:?}", weak.upgrade()));
}

fn s0_6() {
    let list: Gc<Vec<Gc<i64>>> = Gc::new((1..=4).map(Gc::new).collect());
    print(format_args!(
        "{} bytes: the box of a Vec, and room for 4 handles",
        gc::shallow_size(&list)
    ));
    print(format_args!("{} bytes with the 4 numbers, each in a box", gc::deep_size(&list)));
}
