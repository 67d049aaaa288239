//! `get_mut` and `make_mut` beside collections: nobody else comes across a value
//! while it is written to or moved.

use super::gc::{self, Gc, Lock, Node, Shared, Slot, Value, Weak, alone, lock, self_loop};
use gc_core::{Finalize, Finalizing, Thresholds, Trace, coerce};
use gc_tests::{Event, Log};

#[derive(Trace)]
struct Text(Lock<String>);

impl Clone for Text {
    fn clone(&self) -> Self {
        Text(Lock::new(lock(&self.0).clone()))
    }
}

#[test]
fn make_mut_ran_a_collection_while_it_had_the_value_in_hand() {
    alone(|| {
        let log = Log::new();
        let mut target = Gc::new(Text(Lock::new("a".repeat(64))));
        let weak: Weak<Text> = Gc::downgrade(&target);
        let shelf = Shared::new(Slot::new(Vec::new()));
        gc::disable();
        for name in 0..5 {
            let (weak, shelf) = (weak.clone(), shelf.clone());
            self_loop(name, &log).on_finalize(move |_, _| {
                if let Some(target) = weak.upgrade() {
                    // It freed the buffer that the moved value went on to use.
                    *lock(&target.0) = "b".repeat(64);
                    shelf.with_mut(|shelf| shelf.push(target));
                }
            });
        }
        gc::set_thresholds(Thresholds { young: 1, middle: 9, old: 9 });
        gc::enable();
        assert_eq!(*lock(&Gc::make_mut(&mut target).0), "a".repeat(64));
        assert_eq!(shelf.with(Vec::len), 0, "a weak handle upgraded to a box without a value");
        assert_eq!((log.take(), weak.strong_count()), (vec![], 0));
        assert_eq!(gc::collect().collected, 5);
    });
}

#[derive(Clone, Trace)]
struct List {
    items: Vec<Gc<List>>,
}

fn list(length: usize) -> Gc<List> {
    let item = |_| Gc::new(List { items: Vec::new() });
    Gc::new(List { items: (0..length).map(item).collect() })
}

/// The finalizer gets the only handle to an object that the collection has captured.
#[derive(Trace)]
#[trace(finalize)]
struct Taker {
    me: Slot<Option<Gc<Taker>>>,
    list: Slot<Option<Gc<List>>>,
    #[trace(skip)]
    act: fn(Gc<List>, &Taker),
    #[trace(skip)]
    kept: Shared<Slot<Vec<Gc<List>>>>,
}

impl Finalize for Taker {
    fn finalize(&self, _: &Finalizing<'_>) {
        let list = self.list.take().expect("finalized once");
        (self.act)(list, self);
    }
}

/// Collects a taker of a list, and gives back what it has kept.
fn taken_by(act: fn(Gc<List>, &Taker)) -> Vec<Gc<List>> {
    let kept = Shared::default();
    let list = Slot::new(Some(list(3)));
    let taker = Gc::new(Taker { me: Slot::default(), list, act, kept: Shared::clone(&kept) });
    taker.me.set(Some(taker.clone()));
    drop(taker);
    let _ = gc::collect();
    kept.take()
}

#[test]
fn get_mut_in_a_finalizer_lent_what_the_collection_went_on_to_trace() {
    alone(|| {
        let mut kept = taken_by(|mut list, taker| {
            assert_eq!(Gc::weak_count(&list), 0, "it is not shared");
            let lent = Gc::get_mut(&mut list).is_some();
            if !lent {
                taker.kept.with_mut(|kept| kept.push(list));
            }
        });
        let mut list = kept.pop().expect("nothing is lent while the collection runs");
        let lent = Gc::get_mut(&mut list).expect("it is over");
        assert_eq!(lent.items.len(), 3);
        drop(list);
        assert_eq!((gc::collect().total(), gc::live()), (0, 0));
    });
}

#[test]
fn make_mut_in_a_finalizer_copies_what_the_collection_looks_at() {
    alone(|| {
        let kept = taken_by(|mut list, taker| {
            let before = Gc::as_ptr(&list);
            let fresh = Gc::make_mut(&mut list);
            // The copy is not in the collection, so it may be written to.
            fresh.items.truncate(1);
            assert!(!std::ptr::eq(before, fresh));
            taker.kept.with_mut(|kept| kept.push(list));
        });
        assert_eq!((kept.len(), kept[0].items.len()), (1, 1));
        drop(kept);
        assert_eq!((gc::collect().total(), gc::live()), (0, 0));
    });
}

#[test]
fn a_collection_meets_nothing_that_get_mut_has_lent() {
    alone(|| {
        let mut list = list(10);
        drop(list.clone());
        let lent = &mut Gc::get_mut(&mut list).expect("the only handle").items;
        let mut calls = 0;
        lent.dedup_by(|_, _| {
            calls += 1;
            if calls > 5 {
                // The vector still shows the items that are gone.
                assert_eq!(gc::collect().visited, 0);
            }
            true
        });
        assert_eq!((calls, lent.len(), gc::live()), (9, 1, 2));
    });
}

trait Named {
    fn rename(&mut self, name: &'static str);
}

#[derive(Trace)]
#[trace(finalize)]
struct Person {
    name: &'static str,
    friend: Option<Gc<Person>>,
    #[trace(skip)]
    finalized: Shared<Slot<&'static str>>,
}

impl Named for Person {
    fn rename(&mut self, name: &'static str) {
        self.name = name;
    }
}

impl Finalize for Person {
    fn finalize(&self, _: &Finalizing<'_>) {
        self.finalized.set(self.name);
    }
}

#[test]
fn get_mut_of_a_trait_object_with_a_finalizer_was_refused() {
    alone(|| {
        let finalized = Shared::new(Slot::new(""));
        let person = || Person { name: "Ann", friend: None, finalized: finalized.clone() };
        let boxed: Box<dyn NamedTrace> = Box::new(person());
        let coerced: Gc<dyn Named> = coerce!(Gc::new(person()));
        let from_box: Gc<dyn NamedTrace> = Gc::from(boxed);
        let (mut coerced, mut from_box) = (coerced, from_box);
        Gc::get_mut(&mut coerced).expect("the only handle").rename("Bob");
        Gc::get_mut(&mut from_box).expect("the only handle").rename("Eve");
        let other = coerced.clone();
        assert!(Gc::get_mut(&mut coerced).is_none());
        drop((coerced, other));
        assert_eq!(finalized.get(), "Bob");
        drop(from_box);
        assert_eq!(finalized.get(), "Eve");
    });
}

trait NamedTrace: Named + Trace + Value {}
impl NamedTrace for Person {}

/// A node that could be cloned, which `make_mut` asks for.
struct Copied(Node);

impl Clone for Copied {
    fn clone(&self) -> Self {
        unreachable!("it is not shared");
    }
}

// SAFETY: as that of its only field.
unsafe impl Trace for Copied {
    fn trace(&self, tracer: &mut gc_core::Tracer<'_>) {
        self.0.trace(tracer);
    }

    fn may_finalize(_: gc_core::Depth) -> bool {
        true
    }

    fn finalize_within(&self, cx: &Finalizing<'_>) {
        self.0.finalize_within(cx);
    }
}

#[test]
fn make_mut_of_a_resurrected_object_let_it_be_finalized_twice() {
    alone(|| {
        let log = Log::new();
        let shelf = Shared::new(Slot::new(None));
        let object = Gc::new(Copied(Node::value(0, &log)));
        let onto = shelf.clone();
        object.0.on_finalize(move |_, cx| onto.set(cx.handle::<Copied, _>()));
        drop(object);
        let mut object = shelf.take().expect("resurrected");
        assert!(Gc::is_finalized(&object));
        let weak = Gc::downgrade(&object);
        // Only the weak handle shares it: the value moves to a new box.
        assert_eq!(Gc::make_mut(&mut object).0.name(), 0);
        assert!(weak.upgrade().is_none() && Gc::is_finalized(&object));
        drop(object);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
        drop(weak);
    });
}
