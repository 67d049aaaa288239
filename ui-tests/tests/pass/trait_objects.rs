//! Trait objects in fields and behind handles.

use gc_core::unsync::{self, Gc};
use gc_core::{Depth, Trace};
use std::cell::RefCell;

trait Shape: Trace {
    fn area(&self) -> f64;
}

trait Visitor<T>: Trace {
    fn visit(&self, value: T);
}

#[derive(Trace)]
struct Square {
    side: f64,
    drawing: RefCell<Option<Gc<Drawing>>>,
}

impl Shape for Square {
    fn area(&self) -> f64 {
        self.side * self.side
    }
}

#[derive(Trace)]
struct Drawing {
    owned: Vec<Box<dyn Shape>>,
    shared: RefCell<Vec<Gc<dyn Shape>>>,
    sendable: Option<Box<dyn Shape + Send + Sync>>,
}

#[derive(Trace)]
struct Visitors<T> {
    all: Vec<Box<dyn Visitor<T>>>,
    last: T,
}

#[derive(Trace)]
struct Holder<T: Shape + ?Sized> {
    shape: Box<T>,
}

fn main() {
    let square = |drawing| Square { side: 2.0, drawing: RefCell::new(drawing) };
    let drawing = Gc::new(Drawing {
        owned: vec![Box::new(square(None))],
        shared: RefCell::new(Vec::new()),
        sendable: None,
    });
    let cyclic: Gc<dyn Shape> = gc_core::coerce!(Gc::new(square(Some(drawing.clone()))));
    drawing.shared.borrow_mut().push(cyclic);
    let holder: Holder<dyn Shape> = Holder { shape: Box::new(square(None)) };
    assert_eq!(drawing.owned[0].area() + holder.shape.area(), 8.0);
    assert!(!<Holder<dyn Shape>>::is_leaf(Depth::START));
    drop(drawing);
    assert_eq!(unsync::collect().collected, 2);

    let visitors = Visitors { all: Vec::new(), last: 1 };
    visitors.all.iter().for_each(|visitor| visitor.visit(visitors.last));
}
