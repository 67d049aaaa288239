//! s1: counts, cycles, generations.

use crate::Snippet;
use crate::node::{Node, pair};
use crate::page::print;
use gc_core::unsync::{self as gc, Gc};

pub(crate) const SNIPPETS: [Snippet; 5] = [
    Snippet::new("s1.1", "how the count of an object goes up and down", s1_1)
        .python("nothing; its comments say 1, 2, 1, 0"),
    Snippet::new("s1.2", "a cycle that counts cannot free", s1_2).python("nothing"),
    Snippet::new("s1.3", "collect, and the counters of the schedule", s1_3)
        .python("(0, 0, 0)")
        .note(
            "its text takes them for objects in each generation; they are counters of the schedule",
        ),
    Snippet::new("s1.4", "automatic collections off and on", s1_4).python("nothing"),
    Snippet::new("s1.5", "a weak reference", s1_5).python("the object, with its address; None"),
];

fn s1_1() {
    let a = Node::with_del("a", "freed:");
    print(Gc::strong_count(&a));
    let b = a.clone();
    print(Gc::strong_count(&a));
    drop(b);
    print(Gc::strong_count(&a));
    drop(a);
}

fn s1_2() {
    drop(pair([Node::new("a"), Node::new("b")]));
    print(format_args!("dropped, and still there: {}", gc::live()));
    print(format_args!("collected: {}", gc::collect().collected));
}

fn s1_3() {
    let kept = pair([Node::new("a"), Node::new("b")]);
    drop(kept[0].clone());
    print(format_args!("candidates and collections: {:?}", gc::counts()));
    let _ = gc::collect();
    print(format_args!("after a full collection: {:?}", gc::counts()));
    kept[0].unlink();
}

fn s1_4() {
    gc::disable();
    print(gc::is_enabled());
    gc::enable();
    print(gc::is_enabled());
}

fn s1_5() {
    let object = Gc::new(String::from("object"));
    let weak = Gc::downgrade(&object);
    print(weak.upgrade().map_or("None".into(), |object| format!("Some({object})")));
    drop(object);
    print(weak.upgrade().map_or("None".into(), |object| format!("Some({object})")));
}
