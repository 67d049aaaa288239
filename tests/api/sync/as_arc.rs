//! What one thread, or several, see of a handle's own functions: the same as with `Arc`,
//! candidates included.

use super::gc::{self, Canary, Gc, Slot, UniqueGc, Weak, alone, self_loop};
use super::{beside, elsewhere};
use gc_core::{Trace, coerce};
use gc_tests::{Event, Log};
use std::any::Any;
use std::sync::Barrier;
use std::thread;

/// Counts its clones, and owns handles so that it can be a candidate.
#[derive(Trace)]
struct Copied {
    canary: Canary,
    edges: Vec<Gc<Copied>>,
    #[trace(skip)]
    log: Log,
}

impl Copied {
    fn new(log: &Log) -> Copied {
        Copied { canary: Canary::new(0, log), edges: Vec::new(), log: log.clone() }
    }
}

impl Clone for Copied {
    fn clone(&self) -> Self {
        self.log.note("cloned");
        Copied::new(&self.log)
    }
}

/// One handle to an object that is a candidate: another was dropped.
fn candidate(log: &Log) -> Gc<Copied> {
    let object = Gc::new(Copied::new(log));
    drop(object.clone());
    object
}

#[test]
fn a_candidate_with_one_handle_is_lent_and_changed_in_place() {
    alone(|| {
        let log = Log::new();
        let mut object = candidate(&log);
        assert_eq!((Gc::strong_count(&object), Gc::weak_count(&object)), (1, 0));
        let address = Gc::as_ptr(&object);
        assert!(Gc::get_mut(&mut object).is_some());
        drop(object.clone());
        assert!(Gc::get_mut(&mut object).is_some(), "a candidate for the second time");
        drop(object.clone());
        Gc::make_mut(&mut object).edges.clear();
        assert_eq!((Gc::as_ptr(&object), log.events()), (address, vec![]));
        drop(object);
        assert_eq!((log.take(), gc::live()), (vec![Event::Dropped(0)], 0));
    });
}

#[test]
fn a_candidate_with_one_handle_gives_its_value() {
    alone(|| {
        let log = Log::new();
        let value = Gc::try_unwrap(candidate(&log)).ok().expect("one handle");
        assert_eq!((value.canary.name(), gc::live(), log.events()), (0, 0, vec![]));
        drop(value);
        assert!(Gc::into_inner(candidate(&log)).is_some());
        let value = Gc::unwrap_or_clone(candidate(&log));
        assert_eq!(log.take(), [Event::Dropped(0); 2], "and it was not cloned");
        drop(value);
        assert_eq!((gc::live(), gc::collect().visited), (0, 0), "none is a candidate still");
    });
}

#[test]
fn after_a_collection_the_counts_are_what_they_were() {
    alone(|| {
        let log = Log::new();
        let mut object = candidate(&log);
        let other = object.clone();
        let weak = Gc::downgrade(&object);
        drop(object.clone());
        assert_eq!(gc::collect().collected, 0);
        assert_eq!((Gc::strong_count(&object), Gc::weak_count(&object)), (2, 1));
        assert!(Gc::get_mut(&mut object).is_none());
        drop((other, weak));
        assert_eq!((Gc::strong_count(&object), Gc::weak_count(&object)), (1, 0));
        assert!(Gc::get_mut(&mut object).is_some());
    });
}

#[test]
fn of_two_threads_that_call_into_inner_one_gets_the_value() {
    alone(|| {
        for round in 0..if cfg!(miri) { 5 } else { 200 } {
            let log = Log::new();
            let object = if round % 2 == 0 { candidate(&log) } else { Gc::new(Copied::new(&log)) };
            let (other, barrier) = (object.clone(), Barrier::new(2));
            let into_inner = |object| {
                barrier.wait();
                usize::from(Gc::into_inner(object).is_some())
            };
            let values = thread::scope(|scope| {
                let thread = scope.spawn(|| into_inner(other));
                into_inner(object) + thread.join().expect("no panic")
            });
            assert_eq!((values, log.take()), (1, vec![Event::Dropped(0)]));
        }
        assert_eq!(gc::live(), 0);
    });
}

/// While a collection looks at an object nobody has it alone: there is no unique reference and
/// no moving out then, but never for longer, and never the wrong value.
#[test]
fn a_collection_beside_it_shares_an_object_for_a_while_at_most() {
    alone(|| {
        let log = Log::new();
        beside(
            || {
                let _ = gc::collect();
            },
            || {
                for _ in 0..if cfg!(miri) { 10 } else { 2000 } {
                    let mut object = candidate(&log);
                    while Gc::get_mut(&mut object).is_none() {
                        thread::yield_now();
                    }
                    drop(object.clone());
                    let _ = Gc::make_mut(&mut object);
                    drop(object.clone());
                    while let Err(again) = Gc::try_unwrap(object) {
                        object = again;
                        thread::yield_now();
                    }
                }
            },
        );
    });
}

/// Tells when it is traced, and can be a candidate.
struct Probe(gc::Shared<Slot<usize>>, Option<Gc<Probe>>);

// SAFETY: 1. its one handle is shown once. 2. nothing is changed but the number. 3. to 5.
// hold trivially.
unsafe impl Trace for Probe {
    fn trace(&self, tracer: &mut gc_core::Tracer<'_>) {
        self.0.with_mut(|times| *times += 1);
        self.1.trace(tracer);
    }
}

#[test]
fn a_collection_elsewhere_does_not_look_at_what_is_lent() {
    alone(|| {
        let times = gc::Shared::new(Slot::new(0));
        let mut object = Gc::new(Probe(times.clone(), None));
        drop(object.clone());
        let mut unique = UniqueGc::new(Probe(times.clone(), None));
        let lent = Gc::get_mut(&mut object).expect("one handle");
        assert_eq!(elsewhere(gc::collect).visited, 0);
        lent.1 = Some(Gc::new(Probe(times.clone(), None)));
        unique.1.clone_from(&lent.1);
        assert_eq!((elsewhere(gc::collect).collected, gc::live()), (0, 3));
        drop((object, unique));
        assert_eq!(gc::live(), 0);
    });
}

/// What stands under a trait object that goes from thread to thread.
trait Shape: Trace + Any + Send + Sync {
    fn side(&self) -> usize;
    fn own(&self, other: Gc<dyn Shape>);
}

#[derive(Trace)]
struct Square(Canary, Slot<Option<Gc<dyn Shape>>>);

impl Shape for Square {
    fn side(&self) -> usize {
        self.0.name()
    }

    fn own(&self, other: Gc<dyn Shape>) {
        self.1.set(Some(other));
    }
}

#[test]
fn a_trait_object_goes_to_another_thread() {
    alone(|| {
        let log = Log::new();
        let square: Gc<dyn Shape> = coerce!(Gc::new(Square(Canary::new(5, &log), Slot::new(None))));
        square.own(square.clone());
        let weak: Weak<dyn Shape> = elsewhere(move || {
            assert_eq!(square.side(), 5);
            Gc::downgrade(&square)
        });
        assert_eq!(weak.upgrade().map(|square| square.side()), Some(5));
        assert_eq!((gc::collect().collected, log.take()), (1, vec![Event::Dropped(5)]));
        assert!(weak.upgrade().is_none());
    });
}

#[test]
fn an_any_that_is_send_and_sync_too() {
    alone(|| {
        let any: Gc<dyn Any + Send + Sync> = coerce!(Gc::new(7_u8));
        let number = elsewhere(move || any.downcast_ref::<u8>().copied());
        assert_eq!((number, gc::live()), (Some(7), 0));
    });
}

#[test]
fn raw_handles_go_to_another_thread() {
    alone(|| {
        let log = Log::new();
        let raw = Gc::into_raw(self_loop(3, &log)).expose_provenance();
        elsewhere(|| {
            let raw = std::ptr::with_exposed_provenance(raw);
            // SAFETY: the pointer comes from `into_raw` and is turned back once.
            let back: Gc<gc::Node> = unsafe { Gc::from_raw(raw) };
            assert_eq!((back.name(), Gc::strong_count(&back)), (3, 2));
        });
        assert_eq!(gc::collect().collected, 1);
    });
}
