//! `get_mut`, `make_mut`, `try_unwrap` and their like, and what a collection has to
//! do with them.

use super::gc::{self, Canary, Gc, Node, Plain, Shared, Slot, Weak, alone, self_loop};
use gc_core::{Thresholds, Trace};
use gc_tests::{Event, Log};

#[test]
fn clone_and_drop_count() {
    alone(|| {
        let a = Gc::new(1);
        let b = Gc::clone(&a);
        assert_eq!((Gc::strong_count(&a), Gc::strong_count(&b)), (2, 2));
        assert!(Gc::ptr_eq(&a, &b) && !Gc::ptr_eq(&a, &Gc::new(1)));
        drop(a);
        assert_eq!((Gc::strong_count(&b), *b), (1, 1));
    });
}

#[test]
fn the_value_is_dropped_at_once_when_the_last_handle_goes() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let second = node.clone();
        drop(node);
        assert_eq!(log.take(), []);
        drop(second);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
    });
}

#[test]
fn get_mut_refuses_when_shared_or_weakly_held() {
    alone(|| {
        let mut a = Gc::new(1);
        *Gc::get_mut(&mut a).expect("the only handle") = 2;
        let b = a.clone();
        assert!(Gc::get_mut(&mut a).is_none(), "shared");
        drop(b);
        let weak = Gc::downgrade(&a);
        assert!(Gc::get_mut(&mut a).is_none(), "weakly held");
        drop(weak);
        let callback = Gc::downgrade_with(&a, || ());
        assert!(Gc::get_mut(&mut a).is_none(), "watched");
        drop(callback);
        assert_eq!(Gc::get_mut(&mut a), Some(&mut 2));
    });
}

#[test]
fn a_collection_does_not_see_an_object_that_get_mut_lent() {
    alone(|| {
        let log = Log::new();
        let traced = Shared::new(Slot::new(0));
        let mut node = Plain::new(0, &log);
        drop(node.clone());
        let mut probe = Gc::new((Probe(traced.clone()), Slot::new(None::<Gc<u8>>)));
        drop(probe.clone());
        assert_eq!(gc::counts()[0], 2, "both are candidates");
        let lent = Gc::get_mut(&mut probe).expect("the only handle");
        let lent_node = Gc::get_mut(&mut node).expect("the only handle");
        let report = gc::collect();
        assert_eq!((report.candidates, report.visited, traced.get()), (0, 0, 0));
        lent.1.set(Some(Gc::new(1)));
        lent_node.edges.with_mut(|edges| assert!(edges.is_empty()));
        drop((node, probe));
        assert_eq!((gc::live(), log.dropped()), (0, vec![0]));
    });
}

/// Counts how often it is traced.
struct Probe(Shared<Slot<u32>>);

// SAFETY: it owns no handle and shows none.
unsafe impl Trace for Probe {
    fn trace(&self, _: &mut gc_core::Tracer<'_>) {
        self.0.with_mut(|times| *times += 1);
    }
}

#[test]
fn what_get_mut_lent_is_a_candidate_again_when_a_handle_is_dropped() {
    alone(|| {
        let log = Log::new();
        let mut node = Node::new(0, &log);
        drop(node.clone());
        assert!(Gc::get_mut(&mut node).is_some());
        assert_eq!(gc::collect().candidates, 0, "it has left the candidates");
        node.link(&node);
        drop(node);
        assert_eq!(gc::counts()[0], 1);
        assert_eq!(gc::collect().collected, 1);
    });
}

/// A value that tells when it is cloned and dropped.
#[derive(Trace)]
struct Copied {
    canary: Canary,
    #[trace(skip)]
    log: Log,
    handle: Slot<Option<Gc<Plain>>>,
}

impl Clone for Copied {
    fn clone(&self) -> Self {
        self.log.note("cloned");
        copied(self.canary.name() + 1, &self.log)
    }
}

fn copied(name: usize, log: &Log) -> Copied {
    Copied { canary: Canary::new(name, log), log: log.clone(), handle: Slot::new(None) }
}

#[test]
fn make_mut_has_three_cases() {
    alone(|| {
        let log = Log::new();
        // Alone: in place.
        let mut a = Gc::new(copied(0, &log));
        let address = Gc::as_ptr(&a);
        let _ = Gc::make_mut(&mut a);
        assert_eq!((Gc::as_ptr(&a), log.take()), (address, vec![]));

        // Only weak handles beside it: the value moves and they die.
        let weak = Gc::downgrade(&a);
        let value: *const Copied = Gc::make_mut(&mut a);
        assert!(value != address && weak.upgrade().is_none());
        assert_eq!((log.take(), Gc::weak_count(&a), gc::live()), (vec![], 0, 1));

        // Shared: a clone.
        let b = a.clone();
        let weak = Gc::downgrade(&a);
        assert_eq!(Gc::make_mut(&mut a).canary.name(), 1);
        assert_eq!((b.canary.name(), log.take()), (0, vec![Event::Note("cloned")]));
        assert!(Gc::ptr_eq(&weak.upgrade().expect("b is alive"), &b));
        drop((a, b));
        assert_eq!(log.dropped(), [0, 1]);
    });
}

#[test]
fn make_mut_runs_the_callbacks_of_the_box_that_it_leaves() {
    alone(|| {
        let log = Log::new();
        let mut a = Gc::new(copied(0, &log));
        let inner = log.clone();
        let callback = Gc::downgrade_with(&a, move || inner.note("left"));
        let _ = Gc::make_mut(&mut a);
        assert_eq!(log.take(), [Event::Note("left")]);
        drop(callback);
        drop(a);
        assert_eq!(log.take(), [Event::Dropped(0)]);
    });
}

/// `make_mut` of an object with weak handles makes a new box, and that may start a
/// collection, whose finalizers may upgrade one of the weak handles.
#[test]
fn make_mut_moves_nothing_that_a_finalizer_can_still_reach() {
    alone(|| {
        let log = Log::new();
        let held = Plain::new(7, &log);
        let mut a = Gc::new(copied(0, &log));
        a.handle.set(Some(held));
        let weak = Gc::downgrade(&a);
        let trigger = self_loop(1, &log);
        let inner = log.clone();
        trigger.on_finalize(move |_, _| match weak.upgrade() {
            Some(a) => drop(a.handle.take()),
            None => inner.note("too late"),
        });
        let more = self_loop(2, &log);
        gc::set_thresholds(Thresholds { young: 1, middle: 9, old: 9 });
        drop((trigger, more));
        let value = Gc::make_mut(&mut a);
        value.handle.with(|handle| {
            if let Some(held) = handle {
                assert_eq!((held.name(), Gc::strong_count(held)), (7, 1));
            }
        });
        drop(Gc::new(1));
        assert_eq!(gc::stats()[0].collections, 1, "at the latest here");
        assert!(a.handle.with(Option::is_some) == log.events().contains(&Event::Note("too late")));
        drop(a);
        let drops = |name| log.dropped().iter().filter(|&&dropped| dropped == name).count();
        assert_eq!((drops(7), drops(0)), (1, 1), "each once");
    });
}

/// As above, and the finalizer keeps what it has upgraded.
#[test]
fn make_mut_clones_if_a_finalizer_shares_the_object_meanwhile() {
    alone(|| {
        let log = Log::new();
        let mut a = Gc::new(copied(0, &log));
        let weak = Gc::downgrade(&a);
        let kept = Shared::new(Slot::new(None));
        let onto = kept.clone();
        let trigger = self_loop(1, &log);
        trigger.on_finalize(move |_, _| onto.set(weak.upgrade()));
        let more = self_loop(2, &log);
        gc::set_thresholds(Thresholds { young: 1, middle: 9, old: 9 });
        drop((trigger, more));
        let value = Gc::make_mut(&mut a);
        let moved = value.canary.name();
        match kept.take() {
            Some(other) => {
                assert_eq!((other.canary.name(), moved), (0, 1), "it is shared, so it is cloned");
                assert!(!Gc::ptr_eq(&other, &a));
            }
            None => assert_eq!(moved, 0, "the weak handle was dead by then"),
        }
        drop(a);
        let drops = log.dropped().iter().filter(|&&dropped| dropped == 0).count();
        assert_eq!(drops, 1);
    });
}

#[test]
fn try_unwrap_gives_the_value_of_the_only_handle() {
    alone(|| {
        let log = Log::new();
        let a = Node::new(0, &log);
        let weak = Gc::downgrade(&a);
        let b = a.clone();
        let a = Gc::try_unwrap(a).expect_err("it is shared");
        drop(b);
        assert_eq!(gc::live(), 1);
        let value = Gc::try_unwrap(a).expect("it is not shared");
        assert!(weak.upgrade().is_none());
        assert_eq!((gc::live(), value.name(), log.take()), (0, 0, vec![]));
        drop(value);
        assert_eq!(log.take(), [Event::Dropped(0)], "no finalizer: the value lived on");
    });
}

/// bacon_rajan_cc frees such a box while it is still listed among the roots.
#[test]
fn try_unwrap_of_a_buffered_candidate_leaves_the_buffer() {
    alone(|| {
        let log = Log::new();
        let a = Node::new(0, &log);
        drop(a.clone());
        assert_eq!(gc::counts()[0], 1);
        let value = Gc::try_unwrap(a).expect("one handle");
        assert_eq!(gc::counts()[0], 0);
        let others: Vec<_> = (1..50).map(|name| Node::new(name, &log)).collect();
        let report = gc::collect();
        assert_eq!((report.candidates, report.visited), (0, 0));
        drop((value, others));
    });
}

#[test]
fn try_unwrap_of_a_value_that_goes_to_a_new_object() {
    alone(|| {
        let log = Log::new();
        let a = self_loop(0, &log);
        drop(a.clone());
        a.unlink();
        let value = Gc::try_unwrap(a).expect("the loop is gone");
        let again = Gc::new(value);
        again.link(&again);
        assert!(!Gc::is_finalized(&again));
        drop(again);
        assert_eq!(gc::collect().collected, 1);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
    });
}

#[test]
fn into_inner_drops_a_handle_that_is_not_the_last() {
    alone(|| {
        let log = Log::new();
        let a = Node::new(0, &log);
        let b = a.clone();
        assert!(Gc::into_inner(a).is_none());
        assert_eq!(Gc::strong_count(&b), 1);
        let value = Gc::into_inner(b).expect("the last");
        assert_eq!(log.take(), []);
        drop(value);
        assert_eq!(log.take(), [Event::Dropped(0)]);
    });
}

#[test]
fn unwrap_or_clone_clones_only_what_is_shared() {
    alone(|| {
        let log = Log::new();
        let a = Gc::new(copied(0, &log));
        let b = a.clone();
        let clone = Gc::unwrap_or_clone(a);
        assert_eq!((clone.canary.name(), Gc::strong_count(&b)), (1, 1));
        let value = Gc::unwrap_or_clone(b);
        assert_eq!(value.canary.name(), 0);
        assert_eq!(log.take(), [Event::Note("cloned")]);
    });
}

#[test]
fn pin_gives_a_value_that_stays() {
    alone(|| {
        let pinned = Gc::pin(5);
        let address: *const i32 = &*pinned;
        let again = pinned.clone();
        drop(pinned);
        assert_eq!((*again, address == &raw const *again), (5, true));
    });
}

#[test]
fn new_opaque_takes_anything_and_hides_what_it_owns() {
    alone(|| {
        struct Untraced {
            canary: Canary,
            _handle: Gc<Plain>,
        }

        let log = Log::new();
        let inner = Plain::new(1, &log);
        let weak: Weak<Plain> = Gc::downgrade(&inner);
        let opaque = Gc::new_opaque(Untraced { canary: Canary::new(0, &log), _handle: inner });
        assert!(!Gc::is_tracked(&opaque));
        assert!(!Gc::is_finalized(&opaque));
        drop(opaque.clone());
        assert_eq!((gc::counts()[0], gc::collect().visited), (0, 0), "never a candidate");
        assert_eq!((opaque.canary.name(), weak.strong_count()), (0, 1));
        drop(opaque);
        assert_eq!(log.take(), [Event::Dropped(0), Event::Dropped(1)]);
    });
}

#[test]
fn an_object_without_a_finalizer_is_never_finalized() {
    alone(|| {
        assert!(!Gc::is_finalized(&Gc::new(1)));
        assert!(!Gc::is_finalized(&Gc::new(Some(Gc::new(1)))));
        assert!(!Gc::is_finalized(&Gc::<str>::from("text")));
        assert!(!Gc::is_finalized(&Gc::<[u8]>::from(vec![1, 2])));
        assert!(!Gc::is_finalized(&Gc::<[Gc<u8>]>::from(vec![Gc::new(1)])));
        assert!(!Gc::is_finalized(&Node::new(0, &Log::new())), "not yet");
    });
}
