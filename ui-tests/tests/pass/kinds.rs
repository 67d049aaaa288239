//! Structs and enums of every kind, and what they say of themselves.

use gc_core::unsync::{self, Gc};
use gc_core::{Depth, Trace};
use std::cell::RefCell;

#[derive(Trace)]
struct Unit;

#[derive(Trace)]
struct Empty {}

#[derive(Trace)]
struct Tuple(u8, String);

#[derive(Trace)]
struct Named {
    r#type: u8,
    next: RefCell<Option<Gc<Named>>>,
}

#[derive(Trace)]
enum Never {}

#[derive(Trace)]
enum Plain {
    A,
    B(u8),
    C { d: Unit },
}

#[derive(Trace)]
enum Value {
    Nothing,
    Pair(Option<Link>, Link),
    Record {
        name: &'static str,
        link: Link,
    },
    #[trace(skip)]
    Thread(std::thread::JoinHandle<()>, Link),
}

type Link = Gc<RefCell<Option<Value>>>;

fn is_leaf<T: Trace>() -> bool {
    T::is_leaf(Depth::START)
}

/// Collects a cycle from one value to itself, made by `value`.
fn collected(value: impl FnOnce(Link) -> Value) -> usize {
    let link = Gc::new(RefCell::new(None));
    *link.borrow_mut() = Some(value(link.clone()));
    drop(link);
    unsync::collect().collected
}

fn main() {
    assert!(is_leaf::<Unit>() && is_leaf::<Empty>() && is_leaf::<Tuple>());
    assert!(is_leaf::<Never>() && is_leaf::<Plain>());
    assert!(!is_leaf::<Named>() && !is_leaf::<Value>());

    assert_eq!(collected(|link| Value::Pair(None, link)), 1);
    assert_eq!(collected(|link| Value::Pair(Some(link.clone()), link)), 1);
    assert_eq!(collected(|link| Value::Record { name: "a", link }), 1);
    assert_eq!(collected(|_| Value::Nothing), 0);
    // What is skipped leaks.
    assert_eq!(collected(|link| Value::Thread(std::thread::spawn(|| ()), link)), 0);

    let named = Gc::new(Named { r#type: 1, next: RefCell::new(None) });
    *named.next.borrow_mut() = Some(named.clone());
    drop(named);
    assert_eq!(unsync::collect().collected, 1);

    drop((Plain::A, Plain::B(1), Plain::C { d: Unit }));
}
