//! s2: counts in detail, leaks, and how to find them.

use crate::Snippet;
use crate::node::{Node, counted, pair};
use crate::page::print;
use gc_core::unsync::{self as gc, AnyGc, Gc, Interner, Weak, WeakSet};
use gc_core::weakref::ByIdentity;
use gc_core::{Thresholds, Trace, process_memory};
use std::cell::RefCell;
use std::collections::HashMap;

pub(crate) const SNIPPETS: [Snippet; 8] = [
    Snippet::new("s2.1", "counts, identity and equality", s2_1)
        .python("2 3 2, 2, False True True: getrefcount counts its own argument")
        .note("the comment says 2 for the value that a function returns; it is 1"),
    Snippet::new("s2.2", "a cycle, and two ways not to have one", s2_2).python("nothing"),
    Snippet::new("s2.3", "the functions of module gc, one after another", s2_3)
        .python("True, three dicts, (700, 10, 10), 0, how many objects the interpreter tracks"),
    Snippet::new("s2.4", "a registry that keeps everything, and one that does not", s2_4)
        .python("Garbage: [], 3 referrers")
        .note("gc.get_referrers searches all objects; `referents` goes the other way, from a root"),
    Snippet::new("s2.5", "what a piece of the program allocates", s2_5)
        .python("tables of memory_profiler, tracemalloc and psutil, if they are installed"),
    Snippet::new("s2.6", "doing with less memory", s2_6)
        .python("8.06 MB and 208 B, 352 and 48 B, 8.06 and 3.90 MB, then a NameError")
        .wrong("it never imports gc, so it ends with a NameError before the last two parts"),
    Snippet::new("s2.7", "values that are there once", s2_7)
        .python("True True True True True")
        .wrong("its comments say False: but a script's equal constants are one object each"),
    Snippet::new("s2.8", "small and large objects", s2_8).python("56 and 56 bytes").wrong(
        "getsizeof does not see the list's content, so both are equal; pymalloc's figures are old",
    ),
];

fn s2_1() {
    let a = counted();
    let returned = make();
    print(Gc::strong_count(&returned));
    let (equal, same) = (Gc::new(vec![1, 2, 3]), a.clone());
    let identical = [Gc::ptr_eq(&a, &equal), Gc::ptr_eq(&a, &same)];
    print(format_args!("is: {}, ==: {}, is: {}", identical[0], a == equal, identical[1]));
}

fn make() -> Gc<Vec<i32>> {
    Gc::new(vec![1])
}

/// A child that knows its parent weakly.
#[derive(Trace)]
struct Child {
    parent: RefCell<Weak<Parent>>,
}

#[derive(Trace)]
struct Parent {
    child: Gc<Child>,
}

fn s2_2() {
    drop(pair([Node::new("a"), Node::new("b")]));
    print(format_args!("a cycle: left {}, collected {}", gc::live(), gc::collect().collected));

    let [a, b] = pair([Node::new("a"), Node::new("b")]);
    a.unlink();
    drop((a, b));
    print(format_args!("links broken by hand: left {}", gc::live()));

    let parent = Gc::new(Parent { child: Gc::new(Child { parent: RefCell::default() }) });
    parent.child.parent.replace(Gc::downgrade(&parent));
    let known = parent.child.parent.borrow().upgrade().is_some();
    drop(parent);
    print(format_args!("a weak parent: known {known}, left {}", gc::live()));
}

fn s2_3() {
    print(format_args!("is_enabled() = {}", gc::is_enabled()));
    print(format_args!("stats()[2].collections = {}", gc::stats()[2].collections));
    print(format_args!("thresholds() = {:?}", gc::thresholds()));
    print(format_args!("collect() = {}", gc::collect().total()));
    let kept = Node::new("kept");
    print(format_args!("live() = {}, in place of len(get_objects())", gc::live()));
    gc::disable();
    gc::enable();
    gc::set_thresholds(Thresholds { young: 1000, middle: 15, old: 15 });
    print(format_args!("thresholds() = {:?}", gc::thresholds()));
    drop(kept);
}

fn s2_4() {
    // The list of the class: whatever is made is there for good.
    let registry = Gc::new(RefCell::new(Vec::new()));
    registry.borrow_mut().extend([Node::new("a"), Node::new("b"), Node::new("c")]);
    print(format_args!("collected: {}, left: {}", gc::collect().collected, gc::live()));
    print(format_args!("garbage: {}", gc::garbage().len()));
    let suspect = AnyGc::from(registry.borrow()[1].clone());
    let held = gc::referents(&registry).iter().filter(|held| held.ptr_eq(&suspect)).count();
    print(format_args!("the registry holds it: {held} of {} handles", suspect.strong_count() - 1));
    drop((registry, suspect));

    let registry: WeakSet<Node, ByIdentity> = WeakSet::new();
    let nodes = ["a", "b", "c"].map(Node::new);
    for node in &nodes {
        registry.insert(node);
    }
    let before = registry.len();
    drop(nodes);
    print(format_args!("a weak registry: {before}, then {}", registry.len()));
}

fn s2_5() {
    let (kept, profile) = gc::profile("a list of strings", || {
        let all: Vec<_> = (0..1000).map(|_| Gc::new("-".repeat(100))).collect();
        all.into_iter().step_by(10).collect::<Vec<_>>()
    });
    let objects = profile.objects;
    let (made, freed, alive) = (objects.allocated, objects.freed, objects.alive());
    print(format_args!("objects: {made} made, {freed} freed, {alive} alive"));
    let alive = profile.bytes.alive();
    print(format_args!("bytes of their boxes: {alive} alive; of all: {}", total(&kept)));
    print(format_args!("resident memory is known: {}", process_memory().is_some()));
}

/// How many bytes some objects take, with their text.
fn total(strings: &[Gc<String>]) -> usize {
    strings.iter().map(gc::deep_size).sum()
}

/// The same two numbers as named fields, and as an object of a dynamic language has them.
#[derive(Trace)]
struct Point {
    _x: i64,
    _y: i64,
}

fn s2_6() {
    let list: Gc<Vec<i64>> = Gc::new((0..1_000_000).collect());
    let (list, iterator) = (gc::shallow_size(&list), size_of_val(&(0..1_000_000_i64)));
    print(format_args!("a list of a million: {list} bytes; an iterator: {iterator}"));
    let named = Gc::new(Point { _x: 1, _y: 2 });
    let dynamic = Gc::new(HashMap::from([("x", 1_i64), ("y", 2)]));
    let fewer = gc::shallow_size(&named) < gc::shallow_size(&dynamic);
    print(format_args!("fields: {} bytes, less than a map: {fewer}", gc::shallow_size(&named)));
    let packed: Gc<Vec<i32>> = Gc::new((0..1_000_000).collect());
    print(format_args!("packed numbers: {} bytes", gc::shallow_size(&packed)));
    drop(packed);
    print(format_args!("dropped, then collected: {}", gc::collect().collected));
    // A context manager: what is cleaned up at the end of a block is a value with a destructor.
    {
        let _guard = gc::pause();
    }
    print("a guard has ended with its block");
}

fn s2_7() {
    let interned: Interner<str> = Interner::new();
    let (a, b) = (interned.intern("hello"), interned.intern(String::from("hello")));
    print(format_args!("interned: {}", Gc::ptr_eq(&a, &b)));
    let (c, d): (Gc<str>, Gc<str>) = (Gc::from("hello"), Gc::from("hello"));
    print(format_args!("not interned: {}, but equal: {}", Gc::ptr_eq(&c, &d), c == d));
    drop((a, b));
    print(format_args!("nobody uses it: {} interned", interned.len()));
    print("numbers are values: 256 and 257 have no identity to compare");
}

fn s2_8() {
    let small = Gc::new(vec![0_u8; 8]);
    let large = Gc::new(vec![0_u8; 100_000]);
    let [small, large] = [&small, &large].map(gc::shallow_size);
    print(format_args!("{small} and {large} bytes, with what they own"));
    print(
        "boxes come from the program's allocator: what pymalloc does is its `#[global_allocator]`",
    );
}
