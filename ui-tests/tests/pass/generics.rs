//! Type, lifetime and const parameters, where-clauses, and no bound that is not needed.

use gc_core::unsync::{Gc, Weak};
use gc_core::{Trace, Tracer};
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Debug;
use std::marker::PhantomData;
use std::rc::Rc;

/// Not `Trace`.
struct Opaque;

#[derive(Trace)]
struct Bounded<T: Clone + Debug, U = String>
where
    U: Into<String>,
    Vec<T>: Debug,
{
    value: T,
    other: U,
}

#[derive(Trace)]
struct Array<T, const N: usize = 4> {
    items: [T; N],
    more: [[u8; N]; 2],
}

#[derive(Trace)]
struct Projections<I: Iterator, F>
where
    F: IntoIterator,
{
    first: Option<I::Item>,
    second: Vec<<F as IntoIterator>::Item>,
}

#[derive(Trace)]
struct Handles<T, U, V> {
    gc: RefCell<Option<Gc<T>>>,
    weak: Vec<Weak<T>>,
    shared: Rc<U>,
    marker: PhantomData<V>,
    function: fn(U) -> V,
}

#[derive(Trace)]
struct Cache<K, V, S> {
    entries: RefCell<HashMap<K, Vec<Gc<V>>, S>>,
}

struct Hasher;

#[derive(Trace)]
struct Id<T>(u32, PhantomData<T>);

#[derive(Trace)]
struct Row<T> {
    id: Id<T>,
    optional: Option<Id<T>>,
}

#[derive(Trace)]
#[trace(bound = "")]
struct Index<T> {
    ids: Vec<Id<T>>,
}

#[derive(Trace)]
struct Skipped<T, U> {
    #[trace(skip)]
    skipped: T,
    // SAFETY: it shows nothing.
    #[trace(unsafe(with = nothing))]
    by_function: U,
}

fn nothing<T>(_: &T, _: &mut Tracer<'_>) {}

#[derive(Trace)]
struct Borrowed<'a, 'b: 'a, T> {
    name: &'a str,
    names: Vec<&'b str>,
    value: T,
}

#[derive(Trace)]
enum Either<L, R> {
    Left(L),
    Right { right: R },
}

#[derive(Trace)]
struct HigherRanked<F: for<'a> Fn(&'a str) -> &'a str>
where
    for<'a> &'a F: Sized,
{
    #[trace(skip)]
    function: F,
}

#[derive(Trace)]
struct Unsized<T, const N: usize>([u8; N], Box<T>)
where
    T: ?Sized;

fn is_trace<T: Trace>() {}

fn main() {
    is_trace::<Bounded<u8>>();
    is_trace::<Array<Gc<u8>>>();
    is_trace::<Projections<std::vec::IntoIter<u8>, Vec<Gc<u8>>>>();
    is_trace::<Handles<Opaque, Opaque, Opaque>>();
    is_trace::<Cache<u8, Opaque, Hasher>>();
    is_trace::<Row<Opaque>>();
    is_trace::<Index<Opaque>>();
    is_trace::<Skipped<Opaque, Opaque>>();
    is_trace::<Borrowed<'static, 'static, u8>>();
    is_trace::<Either<u8, Gc<Opaque>>>();
    is_trace::<Unsized<[u8], 1>>();
    is_trace::<HigherRanked<fn(&str) -> &str>>();

    let names = vec!["a"];
    drop(Gc::new(Borrowed { name: "b", names, value: Either::<u8, u8>::Left(1) }));
}
