//! Slots without locks: loads, changes, and the collector's look.

use super::{Canary, check, rest, spawn};
use crate::gc_box;
use crate::primitive::{aside, guess};
use crate::sharing::{Head, Kind, Shared};
use crate::sync::{self, AtomicOptionGc, Gc};
use crate::trace::Found;
use crate::{Trace, Tracer};
use std::ptr::NonNull;
use std::sync::Arc;
// Not of loom's, since they are to order nothing.
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

/// An object with a slot.
struct Object {
    number: usize,
    canary: Canary,
    slot: AtomicOptionGc<Object>,
    /// What else it leads to.
    owned: Vec<Gc<Object>>,
}

impl Object {
    fn new(number: usize) -> Gc<Object> {
        Object::owning(number, Vec::new())
    }

    fn owning(number: usize, owned: Vec<Gc<Object>>) -> Gc<Object> {
        let mut canary = Canary::new();
        canary.write();
        Gc::new(Object { number, canary, slot: AtomicOptionGc::none(), owned })
    }

    fn touch(&self) {
        self.canary.touch();
    }
}

// SAFETY: each handle is shown once, that in the slot by the slot.
unsafe impl Trace for Object {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.touch();
        self.owned.trace(tracer);
        self.slot.trace(tracer);
    }
}

type Slot = AtomicOptionGc<Object>;

/// A slot with object 1 in it, for two threads.
fn slot() -> [Arc<Slot>; 2] {
    let slot = Arc::new(Slot::from(Object::new(1)));
    [Arc::clone(&slot), slot]
}

fn number(handle: Option<&Gc<Object>>) -> usize {
    handle.map_or(0, |object| {
        object.touch();
        object.number
    })
}

/// All is at rest, and nothing is left but what is in the slot.
fn end(slot: &Slot, last: usize) {
    aside(|| {
        rest();
        let _ = sync::collect();
        let object = slot.load();
        assert_eq!(number(object.as_ref()), last);
        assert_eq!(object.map(|object| Gc::strong_count(&object)), (last > 0).then_some(2));
        assert_eq!(sync::live(), usize::from(last > 0), "objects are left");
    });
}

#[test]
fn load_against_the_store_that_drops_the_last_handle() {
    check(2, || {
        let [slot, theirs] = slot();
        let other = spawn(move || theirs.store(None));
        if let Some(seen) = slot.load() {
            seen.touch();
        }
        other.join().unwrap();
        end(&slot, 0);
    });
}

/// What was done before a handle was put in is seen by who loads it.
#[test]
fn load_against_the_store_of_a_new_object() {
    check(2, || {
        let slot = Arc::new(Slot::none());
        let theirs = Arc::clone(&slot);
        let other = spawn(move || theirs.store(Some(Object::new(2))));
        let _ = number(slot.load().as_ref());
        other.join().unwrap();
        end(&slot, 2);
    });
}

#[test]
fn load_against_swap() {
    check(1, || {
        let [slot, theirs] = slot();
        let other = spawn(move || assert_eq!(number(theirs.take().as_ref()), 1));
        if let Some(seen) = slot.load() {
            seen.touch();
        }
        other.join().unwrap();
        end(&slot, 0);
    });
}

#[test]
fn two_stores() {
    check(2, || {
        let [slot, theirs] = slot();
        let other = spawn(move || theirs.store(Some(Object::new(2))));
        slot.store(Some(Object::new(3)));
        other.join().unwrap();
        let last = number(slot.load().as_ref());
        assert_ne!(last, 1);
        end(&slot, last);
    });
}

#[test]
fn two_compare_exchanges() {
    check(2, || {
        let [slot, theirs] = slot();
        let first = slot.load();
        let expected = first.clone();
        let other = spawn(move || {
            let done = theirs.compare_exchange(expected.as_ref(), Some(Object::new(2)));
            done.map(|_| ()).map_err(|error| number(error.current.as_ref()))
        });
        let done = slot.compare_exchange(first.as_ref(), Some(Object::new(3)));
        let mine = done.map(|_| ()).map_err(|error| number(error.current.as_ref()));
        drop(first);
        match (mine, other.join().unwrap()) {
            (Ok(()), Err(3)) => end(&slot, 3),
            (Err(2), Ok(())) => end(&slot, 2),
            both => panic!("{both:?}"),
        }
    });
}

/// What the collector sees in a slot, and goes on to hold.
fn peek(slot: &Slot) -> Found {
    let mut found = Found::default();
    slot.trace(&mut Tracer::new(Kind::Shared, &mut found));
    found
}

/// The same where there is something.
fn look(slot: &Slot) -> (Found, NonNull<()>) {
    let found = peek(slot);
    assert_eq!((found.edges.len(), found.busy), (1, false));
    let target = found.edges[0];
    (found, target)
}

/// Where `handle` leads.
fn target(handle: Option<&Gc<Object>>) -> Option<NonNull<()>> {
    handle.map(|handle| Gc::edge(handle).target())
}

/// The collector looks, `change` is made meanwhile, and what is in the slot is loaded again.
fn look_against(preemptions: usize, change: fn(&Slot)) {
    check(preemptions, move || {
        let [slot, theirs] = slot();
        let other = spawn(move || change(&theirs));
        let (mut found, seen) = look(&slot);
        let later = slot.load();
        let stayed = found.release();
        assert!(!stayed || target(later.as_ref()) == Some(seen), "said to have stayed");
        drop(later);
        other.join().unwrap();
        // Nothing of the look is left in the slot.
        let (mut found, _) = look(&slot);
        assert!(found.release());
        end(&slot, 2);
    });
}

#[test]
fn a_look_against_store() {
    look_against(2, |slot| slot.store(Some(Object::new(2))));
}

#[test]
fn a_look_against_another_that_is_not_the_collectors() {
    look_against(1, |slot| {
        slot.store(Some(Object::new(2)));
        let mut found = Found::default();
        slot.trace(&mut Tracer::beside(Kind::Shared, &mut found));
        assert_eq!(found.edges.len(), 1);
        // As `referents` does: its own handle, and then the guards are released.
        let referent = slot.load();
        assert_eq!(target(referent.as_ref()), Some(found.edges[0]));
        assert!(found.release());
    });
}

#[test]
fn a_look_against_compare_exchange() {
    look_against(1, |slot| {
        let first = slot.load();
        let done = slot.compare_exchange(first.as_ref(), Some(Object::new(2)));
        assert!(done.is_ok(), "a look is no change");
    });
}

/// The handle leaves and comes back: the object is the same, but the count is another.
#[test]
fn a_look_against_there_and_back() {
    check(1, || {
        let [slot, theirs] = slot();
        let [begun, done] = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
        let told = [Arc::clone(&begun), Arc::clone(&done)];
        let other = spawn(move || {
            told[0].store(true, SeqCst);
            theirs.store(theirs.take());
            told[1].store(true, SeqCst);
        });
        let mut found = peek(&slot);
        let all_after = !begun.load(SeqCst);
        // So that the other may go on here.
        drop(slot.load());
        let all_before = done.load(SeqCst);
        let stayed = found.release();
        assert!(!(all_after && all_before && stayed), "it was out meanwhile");
        other.join().unwrap();
        end(&slot, 1);
    });
}

#[test]
fn a_look_against_load() {
    check(2, || {
        let [slot, theirs] = slot();
        let other = spawn(move || assert_eq!(number(theirs.load().as_ref()), 1));
        let (mut found, _) = look(&slot);
        assert!(found.release(), "nobody has changed it");
        other.join().unwrap();
        end(&slot, 1);
    });
}

/// Reads the head of what was seen, as the collector does before it counts it up.
fn read_head(found: &Found) {
    if let Some(&target) = found.edges.first() {
        // SAFETY: the look keeps what it has seen.
        let target = unsafe { gc_box::Object::<Shared>::from_target(target) };
        let _ = target.head().strong();
    }
}

#[test]
fn a_look_against_the_end_of_what_is_seen() {
    check(2, || {
        let [slot, theirs] = slot();
        let other = spawn(move || theirs.store(None));
        let mut found = peek(&slot);
        read_head(&found);
        found.release();
        other.join().unwrap();
        end(&slot, 0);
    });
}

/// All that is captured is suspected, and verified as one group.
fn suspect_together() {
    guess::ALL.set(true);
    guess::TOGETHER.set(true);
}

fn suspect(object: &Gc<Object>) {
    drop(object.clone());
}

#[test]
fn the_handle_in_a_loop_is_loaded() {
    check(2, || {
        guess::ALL.set(true);
        let a = Object::new(1);
        a.slot.store(Some(a.clone()));
        suspect(&a);
        let other = spawn(move || {
            let loaded = a.slot.load();
            drop(a);
            loaded.unwrap().touch();
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

#[test]
fn the_handle_in_a_loop_is_taken_out() {
    check(1, || {
        guess::ALL.set(true);
        let a = Object::new(1);
        a.slot.store(Some(a.clone()));
        suspect(&a);
        let other = spawn(move || {
            drop(a.slot.take());
            a.touch();
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

/// A handle is read in `a` and again in `b`, and makes up for one on the stack.
#[test]
fn counted_twice() {
    check(1, || {
        suspect_together();
        let (a, b) = (Object::new(1), Object::new(2));
        suspect(&b);
        suspect(&a);
        let o = Object::owning(3, vec![a, b]);
        o.owned[0].slot.store(Some(o.clone()));
        let other = spawn(move || {
            let [a, b] = &o.owned[..] else { unreachable!() };
            b.slot.store(a.slot.take());
            o.touch();
            drop(o);
        });
        let _ = sync::collect();
        other.join().unwrap();
    });
}

super::also_small!(
    the_handle_in_a_loop_is_loaded,
    the_handle_in_a_loop_is_taken_out,
    counted_twice,
);
