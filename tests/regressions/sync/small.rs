//! Small garbage is ended before there is a snapshot: what that look left out, or left behind.

use super::gc::{self, AtomicOptionGc, Gc, Lock, Slot, alone, lock};
use crate::hooks::{heard, listen};
use gc_core::{Generation, Trace, Tracer, UserCode};
use std::sync::mpsc::channel;
use std::sync::{Arc, OnceLock};
use std::thread;

type Act = Box<dyn FnOnce() + Send>;

/// Runs what is in there when it is traced, once.
#[derive(Default)]
struct Probe(Lock<Option<Act>>);

impl Probe {
    fn set(&self, act: impl FnOnce() + Send + 'static) {
        *lock(&self.0) = Some(Box::new(act));
    }
}

// SAFETY: shows no handle, and moves none.
unsafe impl Trace for Probe {
    fn trace(&self, _: &mut Tracer<'_>) {
        let act = lock(&self.0).take();
        if let Some(act) = act {
            act();
        }
    }
}

#[derive(Default, Trace)]
struct Node {
    probe: Probe,
    next: Slot<Option<Gc<Node>>>,
    also: Slot<Option<Gc<Node>>>,
    link: OnceLock<Gc<Node>>,
}

fn to(next: &Gc<Node>) -> Gc<Node> {
    let node = Gc::<Node>::default();
    node.next.set(Some(next.clone()));
    node
}

#[test]
fn counts_were_one_too_few_in_a_small_look() {
    alone(|| {
        let last = Gc::<Node>::default();
        let middle = to(&last);
        let first = to(&middle);
        let seen = Arc::new(Lock::new(Vec::new()));
        let (weak, inner) = ([Gc::downgrade(&middle), Gc::downgrade(&last)], seen.clone());
        last.probe.set(move || {
            lock(&inner).extend(weak.iter().map(|weak| (weak.strong_count(), weak.weak_count())));
        });
        drop(last);
        drop(first.clone());
        let _ = gc::collect();
        // One more each, if the collector has a handle of its own.
        let least = [(2, 1), (1, 1)];
        let seen = lock(&seen).clone();
        assert!(seen.iter().zip(least).all(|(seen, least)| *seen >= least), "{seen:?}");
        assert_eq!(seen.len(), 2);
        drop((first, middle));
    });
}

/// The first was counted when it was captured. What made garbage of it was told by an entry of the second
/// that was taken off after that.
#[test]
fn garbage_that_was_cloned_after_it_was_counted_was_lost() {
    alone(|| {
        let ((give, given), (go, gone), (done, is_done)) = (channel(), channel(), channel());
        let other = thread::spawn(move || {
            let second: Gc<Node> = given.recv().expect("it is given");
            gone.recv().expect("the collector comes by");
            let again = second.link.get().expect("a link").clone();
            second.also.set(Some(again));
            drop(second);
            done.send(()).expect("the collector waits");
        });
        let (first, second, between) = <(Gc<Node>, Gc<Node>, Gc<Node>)>::default();
        assert!(second.link.set(first.clone()).is_ok());
        first.next.set(Some(second.clone()));
        drop(second.clone());
        let _ = gc::collect_generation(Generation::Young);
        // The young ones are taken first, the last first: the first, and then that between.
        between.probe.set(move || {
            go.send(()).expect("the other waits");
            is_done.recv().expect("the other goes on");
        });
        give.send(second).expect("the other waits");
        drop(between.clone());
        drop(first);
        let _ = gc::collect();
        other.join().expect("no panic");
        drop(between);
        let _ = gc::collect();
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn a_panic_in_a_small_look_was_not_told_of_if_another_trace_panicked() {
    alone(|| {
        let (one, other) = <(Gc<Node>, Gc<Node>)>::default();
        listen();
        one.probe.set(|| panic!("one"));
        other.probe.set(|| panic!("other"));
        drop((one.clone(), other.clone()));
        let _ = gc::collect();
        assert_eq!(heard(), [UserCode::Trace; 2]);
        drop((one, other));
    });
}

/// The registry was held up while traces ran.
#[test]
fn a_collection_beside_another_left_what_was_retired() {
    alone(|| {
        let ((arrive, arrived), (open, opened)) = (channel(), channel());
        let collects = thread::spawn(move || {
            let node = Gc::<Node>::default();
            node.probe.set(move || {
                arrive.send(()).expect("somebody waits");
                opened.recv().expect("it is opened");
            });
            drop(node.clone());
            let _ = gc::collect();
        });
        arrived.recv().expect("the collector comes by");
        let node = Gc::<Node>::default();
        let weak = Gc::downgrade(&node);
        AtomicOptionGc::new(Some(node)).store(None);
        let opens = thread::spawn(move || {
            thread::sleep(std::time::Duration::from_millis(100));
            open.send(()).expect("the collector waits");
        });
        let _ = gc::collect();
        assert!(weak.upgrade().is_none());
        opens.join().expect("no panic");
        collects.join().expect("no panic");
    });
}
