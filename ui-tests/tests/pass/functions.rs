//! Function pointers, also those that take references, which no implementation covers.

use gc_core::unsync::{self, Gc};
use gc_core::{Depth, Trace, Tracer};
use std::cell::RefCell;

#[derive(Trace)]
struct Method<T> {
    call: fn(&mut T, &[Gc<T>]) -> T,
    get: Option<for<'a> unsafe extern "C" fn(&'a T) -> &'a u8>,
    table: [Option<fn(&T)>; 2],
    // SAFETY: it shows nothing.
    #[trace(unsafe(with = nothing))]
    set: fn(&T),
}

fn nothing<T>(_: &T, _: &mut Tracer<'_>) {}

#[derive(Trace)]
enum Value {
    Native(fn(&Value) -> u8),
    List(RefCell<Vec<Gc<Value>>>),
}

#[derive(Trace)]
struct Hooks(fn(&str), u8);

struct Opaque;

fn main() {
    let method: Method<Opaque> =
        Method { call: |_, _| Opaque, get: None, table: [None, Some(|_| ())], set: |_| () };
    (method.set)(&(method.call)(&mut Opaque, &[]));
    assert!(method.get.is_none() && method.table[1].is_some());
    drop(Gc::new(method));

    let list = Gc::new(Value::List(RefCell::default()));
    if let Value::List(items) = &*list {
        items.borrow_mut().extend([Gc::new(Value::Native(|_| 1)), list.clone()]);
    }
    drop(list);
    assert_eq!(unsync::collect().collected, 2);
    assert!(Hooks::is_leaf(Depth::START));
    (Hooks(|_| (), 1).0)("a");
}
