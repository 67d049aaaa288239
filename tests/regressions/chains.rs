//! A million objects that end because of each other, on a stack of 256 KiB.

use super::gc::{self, Gc, Slot, UniqueGc};
use crate::hooks::listen;
use gc_core::{Finalize, Finalizing, Trace};
use gc_tests::{bang, caught};

const LENGTH: usize = if cfg!(miri) { 500 } else { 1_000_000 };

fn on_small_stack(f: fn()) {
    listen();
    gc::on_stack(256 << 10, move || {
        gc::disable();
        f();
        let _ = gc::collect();
        assert_eq!(gc::live(), 0);
    });
}

/// Puts `LENGTH` values into each other, and gives back the outermost.
fn nest<P>(mut put: impl FnMut(Option<P>) -> P) -> P {
    (0..LENGTH).fold(None, |inner, _| Some(put(inner))).expect("there are some")
}

/// Its finalizer does something and then drops the last handle to the next.
#[derive(Trace)]
#[trace(finalize)]
struct Takes {
    next: Slot<Option<Gc<Takes>>>,
    #[trace(skip)]
    before: fn(),
}

impl Takes {
    fn new(next: Option<Gc<Takes>>, before: fn()) -> Gc<Takes> {
        Gc::new(Takes { next: Slot::new(next), before })
    }
}

impl Finalize for Takes {
    fn finalize(&self, _: &Finalizing<'_>) {
        (self.before)();
        drop(self.next.take());
    }
}

#[test]
fn finalizers_that_each_drop_the_next() {
    on_small_stack(|| drop(nest(|next| Takes::new(next, || ()))));
}

#[test]
fn finalizers_that_each_drop_the_next_in_a_collection() {
    on_small_stack(|| {
        let first = Takes::new(None, || ());
        let last = (1..LENGTH).fold(first.clone(), |next, _| Takes::new(Some(next), || ()));
        first.next.set(Some(last));
        drop(first);
        assert_eq!(gc::collect().total(), LENGTH);
    });
}

/// A cycle without a finalizer.
#[derive(Default, Trace)]
struct Looped(Slot<Option<Gc<Looped>>>);

/// Makes garbage and collects it.
fn collect_something() {
    let looped = Gc::<Looped>::default();
    looped.0.set(Some(looped.clone()));
    drop(looped);
    assert_eq!(gc::collect().collected, 1);
}

/// A collection inside of an end must not forget how deep that is.
#[test]
fn finalizers_that_each_collect_and_then_drop_the_next() {
    on_small_stack(|| {
        let link = |next, _| Some(Takes::new(next, collect_something));
        drop((0..LENGTH / 20).fold(None, link));
    });
}

#[test]
fn destructors_that_each_collect_before_the_next_is_dropped() {
    #[derive(Trace)]
    #[trace(leaf)]
    struct Collects(#[expect(dead_code, reason = "dropped")] Option<Gc<Collects>>);

    impl Drop for Collects {
        fn drop(&mut self) {
            collect_something();
        }
    }

    on_small_stack(|| {
        drop((0..LENGTH / 20).fold(None, |next, _| Some(Gc::new(Collects(next)))));
    });
}

#[test]
fn what_the_collector_does_not_look_into() {
    struct Opaque(#[expect(dead_code, reason = "dropped")] Option<Gc<Opaque>>);
    #[derive(Trace)]
    #[trace(leaf)]
    struct Leaf(#[expect(dead_code, reason = "dropped")] Option<Gc<Leaf>>);
    #[derive(Trace)]
    struct Skip(
        #[trace(skip)]
        #[expect(dead_code, reason = "dropped")]
        Option<Gc<Skip>>,
    );
    #[derive(Trace)]
    struct Shared(Option<gc::Shared<Gc<Shared>>>);

    on_small_stack(|| drop(nest(|next| Gc::new_opaque(Opaque(next)))));
    on_small_stack(|| drop(nest(|next| Gc::new(Leaf(next)))));
    on_small_stack(|| drop(nest(|next| Gc::new(Skip(next)))));
    on_small_stack(|| drop(nest(|next: Option<Gc<Shared>>| Gc::new(Shared(next.map(gc::Shared::new))))));
}

#[derive(Trace)]
struct Unique {
    next: Option<UniqueGc<Unique>>,
    other: Option<Gc<Unique>>,
}

/// Looked into like boxes, a chain of them was as deep a recursion of `trace`.
#[test]
fn unique_handles() {
    on_small_stack(|| {
        let next = nest(|next| UniqueGc::new(Unique { next, other: None }));
        let root = Gc::new(Unique { next: Some(next), other: None });
        drop(root.clone());
        let report = gc::collect();
        assert_eq!((report.visited, report.collected), (1, 0));
        assert!(root.other.is_none());
        drop(root);
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn callbacks_that_each_own_what_is_watched_next() {
    on_small_stack(|| {
        let mut callbacks = Vec::new();
        let mut watched = Gc::new(0_u8);
        for _ in 0..LENGTH / 4 {
            let (this, next) = (Gc::new(0_u8), watched);
            callbacks.push(Gc::downgrade_with(&this, move || drop(next)));
            watched = this;
        }
        drop(watched);
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn a_chain_that_is_dropped_while_its_thread_unwinds() {
    on_small_stack(|| {
        let chain = nest(|next| Takes::new(next, || ()));
        let word = caught(|| {
            let _dropped_by_the_panic = chain;
            bang("the first");
        });
        assert_eq!(word, Some("the first"));
    });
}
