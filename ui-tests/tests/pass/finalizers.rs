//! Hooks run once, outer ones first, wherever the value is nested.

use gc_core::unsync::{self, Gc};
use gc_core::{Depth, Finalize, Finalizing, Trace, Tracer};
use std::cell::RefCell;
use std::fmt::Display;

thread_local! {
    static RAN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn ran() -> Vec<String> {
    RAN.take()
}

#[derive(Trace)]
#[trace(finalize)]
struct Hook<T: Display>(T);

impl<T: Display> Finalize for Hook<T> {
    fn finalize(&self, _: &Finalizing<'_>) {
        RAN.with_borrow_mut(|ran| ran.push(self.0.to_string()));
    }
}

#[derive(Trace)]
#[trace(finalize)]
struct Outer {
    inner: Hook<&'static str>,
    state: State,
    #[trace(skip)]
    skipped: Hook<&'static str>,
    // SAFETY: it shows nothing.
    #[trace(unsafe(with = nothing))]
    by_function: Hook<&'static str>,
    cycle: RefCell<Option<Gc<Outer>>>,
}

impl Finalize for Outer {
    fn finalize(&self, _: &Finalizing<'_>) {
        RAN.with_borrow_mut(|ran| ran.push("outer".to_string()));
    }
}

#[derive(Trace)]
enum State {
    Dead(Hook<u8>),
    Alive {
        first: Hook<u8>,
        second: Option<Hook<u8>>,
    },
    #[trace(skip)]
    Hidden(Hook<u8>),
}

fn nothing<T>(_: &T, _: &mut Tracer<'_>) {}

#[derive(Trace)]
#[trace(leaf, finalize)]
struct Leaf(std::thread::ThreadId);

impl Finalize for Leaf {
    fn finalize(&self, _: &Finalizing<'_>) {
        RAN.with_borrow_mut(|ran| ran.push("leaf".to_string()));
    }
}

#[derive(Trace)]
struct Without(u8, String);

fn outer(state: State) -> Gc<Outer> {
    let (inner, skipped, by_function) = (Hook("inner"), Hook("skipped"), Hook("by function"));
    Gc::new(Outer { inner, state, skipped, by_function, cycle: RefCell::new(None) })
}

fn main() {
    drop(outer(State::Alive { first: Hook(1), second: Some(Hook(2)) }));
    assert_eq!(ran(), ["outer", "inner", "1", "2"]);
    drop(outer(State::Dead(Hook(3))));
    assert_eq!(ran(), ["outer", "inner", "3"]);

    let cyclic = outer(State::Hidden(Hook(4)));
    *cyclic.cycle.borrow_mut() = Some(cyclic.clone());
    drop(cyclic);
    assert_eq!((unsync::collect().collected, ran().len()), (1, 2));

    drop(Gc::new(Leaf(std::thread::current().id())));
    assert_eq!(ran(), ["leaf"]);

    assert!(Hook::<u8>::may_finalize(Depth::START) && State::may_finalize(Depth::START));
    assert!(Leaf::may_finalize(Depth::START) && Leaf::is_leaf(Depth::START));
    assert!(!Without::may_finalize(Depth::START));
}
