//! Structs whose last field may be unsized.

use gc_core::unsync::Gc;
use gc_core::{Depth, Trace};

trait Shape: Trace {}

#[derive(Trace)]
struct Circle(f64);

impl Shape for Circle {}

#[derive(Trace)]
struct Tail<T: ?Sized> {
    length: usize,
    tail: T,
}

#[derive(Trace)]
struct Text {
    language: u8,
    text: str,
}

#[derive(Trace)]
struct Handles(u8, [Gc<u8>]);

#[derive(Trace)]
struct Object {
    name: String,
    shape: dyn Shape,
}

// That the last field is unsized cannot be seen from here.
#[derive(Trace)]
struct Nested {
    id: u32,
    text: Text,
}

#[derive(Trace)]
#[trace(leaf)]
struct Leaf<T: ?Sized>(u8, T);

fn is_trace<T: Trace + ?Sized>() {}

fn main() {
    is_trace::<Tail<[Gc<u8>]>>();
    is_trace::<Tail<dyn Shape>>();
    is_trace::<Text>();
    is_trace::<Handles>();
    is_trace::<Object>();
    is_trace::<Nested>();
    is_trace::<Leaf<str>>();

    let boxed: Box<Tail<dyn Shape>> = Box::new(Tail { length: 1, tail: Circle(1.0) });
    assert_eq!(boxed.length, 1);
    // The careful answer: the implementation does not know that this one is sized.
    assert!(!Tail::<u8>::is_leaf(Depth::START));
    assert!(!Tail::<Gc<u8>>::is_leaf(Depth::START));
    assert!(Leaf::<u8>::is_leaf(Depth::START));
}
