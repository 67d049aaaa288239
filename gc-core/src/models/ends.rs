//! Finalizers, destructors, and collections meanwhile.

use super::cells::Slot;
use super::{Canary, Link, Node, caught, check, spawn, suspect};
use crate::primitive::Ordering::{Acquire, Release};
use crate::primitive::{AtomicUsize, guess, thread};
use crate::sync::{self, Gc};
use crate::{Depth, Finalize, Finalizing, Trace, Tracer};
use std::sync::Arc;

/// An object with a finalizer.
struct Last {
    canary: Canary,
    slot: Slot<Last>,
    hook: Box<dyn Fn(&Last) + Send + Sync>,
}

impl Last {
    fn new(hook: impl Fn(&Last) + Send + Sync + 'static) -> Gc<Last> {
        Gc::new(Last { canary: Canary::new(), slot: Slot::new(), hook: Box::new(hook) })
    }

    /// One that refers to itself.
    fn looped(hook: impl Fn(&Last) + Send + Sync + 'static) -> Gc<Last> {
        let object = Last::new(hook);
        object.slot.lock().set(Some(object.clone()));
        object
    }
}

impl Finalize for Last {
    fn finalize(&self, _: &Finalizing<'_>) {
        self.canary.touch();
        (self.hook)(self);
        self.canary.touch();
    }
}

// SAFETY: the handle is shown once, under its lock.
unsafe impl Trace for Last {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.canary.touch();
        self.slot.trace(tracer);
    }

    fn may_finalize(_: Depth) -> bool {
        true
    }

    fn finalize_within(&self, cx: &Finalizing<'_>) {
        cx.run(self);
    }
}

/// What threads of a model tell each other.
#[derive(Clone)]
struct Stage(Arc<AtomicUsize>);

/// User code has begun, and waits.
const BEGUN: usize = 1;
/// It may go on.
const GO_ON: usize = 2;
/// It will not begin.
const NEVER: usize = 3;

impl Stage {
    fn new() -> Self {
        Stage(Arc::new(AtomicUsize::new(0)))
    }

    fn set(&self, stage: usize) {
        self.0.store(stage, Release);
    }

    fn is(&self, stage: usize) -> bool {
        self.0.load(Acquire) == stage
    }

    /// Tells the other thread, and waits until it has collected.
    fn wait_for_collection(&self) {
        self.set(BEGUN);
        while !self.is(GO_ON) {
            thread::yield_now();
        }
    }

    /// The other thread: when user code has begun, runs `f` and lets it go on.
    fn meanwhile(&self, f: impl FnOnce()) {
        while !self.is(BEGUN) {
            if self.is(NEVER) {
                return;
            }
            thread::yield_now();
        }
        f();
        self.set(GO_ON);
    }
}

#[test]
fn a_finalizer_waits_for_another_collection() {
    check(2, || {
        let stage = Stage::new();
        let waits = stage.clone();
        drop(Last::looped(move |_| waits.wait_for_collection()));
        let other = spawn(move || {
            stage.meanwhile(|| {
                let _ = sync::collect();
            })
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

#[test]
fn a_destructor_waits_for_another_collection() {
    check(2, || {
        let stage = Stage::new();
        let waits = stage.clone();
        let a = Node::dropping(vec![], move |_| waits.wait_for_collection());
        a.slot.lock().set(Some(a.clone()));
        drop(a);
        let other = spawn(move || {
            stage.meanwhile(|| {
                let _ = sync::collect();
            })
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// The handle of the collection is the last, if the other thread drops its own meanwhile.
#[test]
fn a_destructor_of_a_survivor_waits_for_another_collection() {
    check(2, || {
        let stage = Stage::new();
        let waits = stage.clone();
        let collector = thread::current().id();
        let a = Node::dropping(vec![], move |_| {
            if thread::current().id() == collector {
                waits.wait_for_collection();
            } else {
                waits.set(NEVER);
            }
        });
        suspect(&a);
        let other = spawn(move || {
            drop(a);
            stage.meanwhile(|| {
                let _ = sync::collect();
            });
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// The handle of the collection is the last, and the destructor locks what it has verified.
#[test]
fn a_destructor_of_a_survivor_locks() {
    check(2, || {
        guess::ALL.set(true);
        guess::TOGETHER.set(true);
        let a = Node::new();
        let b = Node::dropping(vec![Link::Owned(a)], |b| {
            let a = b.follow();
            drop(a.slot.lock());
        });
        suspect(&b);
        let other = spawn(move || drop(b));
        let _ = sync::collect();
        other.join().unwrap();
    });
}

#[test]
fn a_finalizer_upgrades() {
    check(2, || {
        let a = Last::looped(|a| {
            let it = a.slot.lock().get();
            let weak = it.as_ref().map(Gc::downgrade);
            weak.and_then(|weak| weak.upgrade()).expect("it is alive").canary.touch();
        });
        let weak = Gc::downgrade(&a);
        drop(a);
        let other = spawn(move || {
            if let Some(a) = weak.upgrade() {
                a.canary.touch();
            }
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// Another thread gets hold of an object while its finalizer runs, and keeps it.
#[test]
fn upgrade_against_a_finalizer() {
    check(2, || {
        let a = Last::looped(|_| ());
        let weak = Gc::downgrade(&a);
        drop(a);
        let other = spawn(move || weak.upgrade());
        let _ = sync::collect();
        if let Some(a) = other.join().unwrap() {
            a.canary.touch();
            assert!(a.slot.lock().get().is_some());
        }
    });
}

/// Another collection takes for live what this one holds for its finalizer, which is garbage
/// again when it lets go.
#[test]
fn a_collection_meanwhile_and_finalizers() {
    check(2, || {
        let stage = Stage::new();
        let waits = stage.clone();
        let a = Last::looped(move |_| waits.wait_for_collection());
        let weak = Gc::downgrade(&a);
        drop(a);
        let other = spawn(move || {
            stage.meanwhile(|| {
                let a = weak.upgrade().expect("it is finalized");
                let b = Last::new(|_| ());
                b.slot.lock().set(Some(a.clone()));
                drop(a.slot.lock().replace(Some(b)));
                drop(a);
                let _ = sync::collect();
            });
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// The same with the last handle to a survivor, which is given back after the collection.
#[test]
fn a_collection_meanwhile_and_the_last_handle() {
    check(3, || {
        guess::ALL.set(true);
        let a = Node::new();
        suspect(&a);
        let weak = Gc::downgrade(&a);
        let other = spawn(move || {
            drop(a);
            let Some(a) = weak.upgrade() else { return };
            drop(weak);
            a.slot.lock().set(Some(a.clone()));
            drop(a);
            // Survivors of trial deletion are not kept.
            guess::ALL.set(false);
            let _ = sync::collect();
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// A destructor upgrades a weak handle to garbage of the same collection.
#[test]
fn a_destructor_upgrades() {
    check(2, || {
        let a = Node::looped();
        let weak = Gc::downgrade(&a);
        let theirs = weak.clone();
        let other = spawn(move || {
            if let Some(a) = theirs.upgrade() {
                a.touch();
            }
        });
        let b = Node::dropping(vec![Link::Owned(a.clone())], move |_| {
            if weak.upgrade().is_some() {
                caught("it is dead as well".to_string());
            }
        });
        drop(a.slot.lock().replace(Some(b.clone())));
        drop(a);
        drop(b);
        let _ = sync::collect();
        other.join().unwrap();
    });
}

super::also_small!(
    a_finalizer_waits_for_another_collection,
    a_destructor_waits_for_another_collection,
    a_destructor_of_a_survivor_waits_for_another_collection,
    a_destructor_of_a_survivor_locks,
    a_finalizer_upgrades,
    upgrade_against_a_finalizer,
    a_collection_meanwhile_and_finalizers,
    a_collection_meanwhile_and_the_last_handle,
    a_destructor_upgrades,
);
