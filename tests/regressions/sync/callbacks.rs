//! Weak callbacks in objects that become garbage while the collector looks: it noted down whose they
//! were at its first look, and they moved after that.

use super::gate::{Gate, Keeper};
use super::gc::{self, Gc, Slot, WeakCallback, alone};
use gc_core::{Report, Trace};
use gc_tests::{Event, Log};
use std::thread;

#[derive(Trace)]
struct Owner {
    callback: Slot<Option<WeakCallback<Owner>>>,
    next: Slot<Option<Gc<Owner>>>,
    gate: Gate,
    last: Slot<Option<Gc<Owner>>>,
}

fn owner(next: Option<Gc<Owner>>, gate: Gate) -> Gc<Owner> {
    let (callback, last) = (Slot::default(), Slot::default());
    Gc::new(Owner { callback, next: Slot::new(next), gate, last })
}

/// Two in a cycle. The first is a candidate, and the collector waits when it has read that and comes
/// to the second.
fn cycle() -> (Gc<Owner>, Keeper) {
    let (gate, keeper) = Gate::closed();
    let first = owner(None, Gate::open());
    let second = owner(Some(first.clone()), gate);
    // Moved in: the second is no candidate, and so is met later.
    first.next.set(Some(second));
    drop(first.clone());
    (first, keeper)
}

/// Makes garbage of the cycle when the collector has read half of it, after `act`: the last handle goes
/// to where it has yet to look, so that all that were counted are found.
fn collect_beside(first: Gc<Owner>, keeper: Keeper, act: impl FnOnce(&Owner)) -> Report {
    let collects = thread::spawn(gc::collect);
    keeper.wait();
    act(&first);
    let second = first.next.get().expect("a cycle");
    second.last.set(Some(first));
    drop(second);
    keeper.open();
    collects.join().expect("no panic")
}

#[test]
fn a_callback_that_left_its_owner_before_that_was_garbage_was_cancelled_with_it() {
    alone(|| {
        let log = Log::new();
        let watched = owner(None, Gate::open());
        let (first, keeper) = cycle();
        let inner = log.clone();
        let callback = Gc::downgrade_with(&watched, move || inner.push(Event::Called(0)));
        first.callback.set(Some(callback));

        let mut kept = None;
        let report = collect_beside(first, keeper, |first| kept = first.callback.take());
        assert_eq!((report.collected, log.events()), (2, vec![]));
        drop(watched);
        assert_eq!(log.take(), [Event::Called(0)], "it is kept");
        drop(kept);
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn a_callback_on_garbage_that_came_to_an_owner_in_the_same_garbage_was_called() {
    alone(|| {
        let log = Log::new();
        let (first, keeper) = cycle();
        let inner = log.clone();
        let report = collect_beside(first, keeper, |first| {
            let call = move || inner.push(Event::Called(0));
            let second = first.next.get().expect("a cycle");
            first.callback.set(Some(Gc::downgrade_with(&second, call)));
        });
        assert_eq!((report.collected, log.events()), (2, vec![]));
        assert_eq!(gc::live(), 0);
    });
}
