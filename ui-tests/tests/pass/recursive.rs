//! Types that own themselves and each other, with and without parameters.

use gc_core::Trace;
use gc_core::unsync::Gc;
use std::cell::RefCell;
use std::collections::HashMap;

#[derive(Trace)]
struct Tree {
    children: Vec<Tree>,
    parent: Option<Gc<Tree>>,
}

#[derive(Trace)]
struct Node<T> {
    value: T,
    next: Option<Gc<Node<T>>>,
    tree: Vec<Box<Node<T>>>,
    twin: Option<Box<Self>>,
}

// Expressions and statements, by value.
#[derive(Trace)]
enum Expr<T> {
    Literal(T),
    Block(Vec<Stmt<T>>),
    Sum(Box<(Expr<T>, Expr<T>)>),
}

#[derive(Trace)]
enum Stmt<T> {
    Expr(Expr<T>),
    While { condition: Box<Expr<T>>, body: Vec<Stmt<T>> },
    Other(Wrapper<T>),
}

// The pointer stands in neither of the two above.
#[derive(Trace)]
struct Wrapper<T>(RefCell<HashMap<u32, List<Expr<T>>>>);

#[derive(Trace)]
struct List<T>(Vec<T>);

// Behind a name that does not tell of it.
type Twigs<T> = Vec<Branch<T>>;

#[derive(Trace)]
#[trace(bound = "T: Trace")]
struct Branch<T> {
    value: T,
    twigs: Twigs<T>,
}

// By handles.
#[derive(Trace)]
struct Parent<T> {
    children: RefCell<Vec<Gc<Child<T>>>>,
}

#[derive(Trace)]
struct Child<T> {
    parent: Gc<Parent<T>>,
    value: T,
}

// The parameter grows with each step.
#[derive(Trace)]
struct Nested<T> {
    value: T,
    deeper: Option<Gc<Nested<Vec<T>>>>,
}

fn is_trace<T: Trace>() {}

fn main() {
    is_trace::<Tree>();
    is_trace::<Node<u8>>();
    is_trace::<Expr<Gc<str>>>();
    is_trace::<Stmt<String>>();
    is_trace::<Wrapper<u8>>();
    is_trace::<Nested<u8>>();
    is_trace::<Branch<u8>>();

    let parent = Gc::new(Parent { children: RefCell::new(Vec::new()) });
    let child = Gc::new(Child { parent: parent.clone(), value: String::new() });
    parent.children.borrow_mut().push(child);
    drop(parent);
    assert_eq!(gc_core::unsync::collect().collected, 2);
}
