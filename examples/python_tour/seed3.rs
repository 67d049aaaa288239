//! s3: the life of objects.

use crate::Snippet;
use crate::node::{Node, counted, pair};
use crate::page::print;
use gc_core::Generation;
use gc_core::unsync::{self as gc, Gc};

pub(crate) const SNIPPETS: [Snippet; 5] = [
    Snippet::new("s3.1", "counts, and a name that is gone", s3_1)
        .python("2 3 2 NameError")
        .wrong("as it stands it is a SyntaxError: its indentation is non-breaking spaces")
        .note("to use `a` after `drop(a)` is no error here, but a program that does not compile"),
    Snippet::new("s3.2", "the functions of module gc", s3_2).python("[], for gc.garbage"),
    Snippet::new("s3.3", "a cycle of two, made and deleted", s3_3)
        .python("A created, B created, A deleted, B deleted"),
    Snippet::new("s3.4", "numbers one at a time", s3_4)
        .python("0 to 11, a line each")
        .wrong("as it stands it is a SyntaxError: its indentation is non-breaking spaces"),
    Snippet::new("s3.5", "where memory was allocated", s3_5)
        .python("nothing")
        .wrong("it never calls main; if called, its object is dead before the snapshot")
        .note("by scope rather than by line: a profile of what the scope has left"),
];

fn s3_1() {
    drop(counted());
}

fn s3_2() {
    print(format_args!("collect() = {}", gc::collect().total()));
    print(format_args!("is_enabled() = {}", gc::is_enabled()));
    gc::disable();
    gc::enable();
    let runs = Generation::ALL.iter().zip(gc::stats());
    let runs: Vec<_> = runs.map(|(name, stats)| format!("{name} {}", stats.collections)).collect();
    print(format_args!("collections: {}", runs.join(", ")));
    print(format_args!("garbage: {}", gc::garbage().len()));
}

fn s3_3() {
    let create = |name| {
        print(format_args!("created {name}"));
        Node::with_del(name, "deleted")
    };
    drop(pair([create("A"), create("B")]));
    let _ = gc::collect();
}

fn s3_4() {
    let numbers: Vec<_> = (0..).take_while(|number| *number <= 11).map(|n| n.to_string()).collect();
    print(numbers.join(" "));
}

fn s3_5() {
    let (data, profile) = gc::profile("main", || {
        let data: Vec<_> = (0..1000).map(|number| Gc::new([number; 4])).collect();
        data
    });
    let (objects, bytes) = (profile.objects, profile.bytes);
    print(format_args!(
        "{}: {} objects alive, {} bytes",
        profile.label,
        objects.alive(),
        bytes.alive()
    ));
    drop(data);
}
