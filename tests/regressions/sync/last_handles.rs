//! Last handles that are dropped while a collection looks at their object: its own handle is the
//! last then, and it gave that back after all user code that it ran.

use super::gate::{Gate, LONG};
use super::gc::{self, Canary, Gc, OnDrop, Slot, alone, self_loop};
use gc_core::Trace;
use gc_tests::{Event, Log};
use std::sync::mpsc::channel;
use std::thread;

#[derive(Trace)]
struct Thing {
    canary: Canary,
    gate: Gate,
    next: Slot<Option<Gc<Thing>>>,
}

fn thing(name: usize, log: &Log, gate: Gate) -> Gc<Thing> {
    Gc::new(Thing { canary: Canary::new(name, log), gate, next: Slot::default() })
}

/// Thing 0 is dropped for the last time while a collection looks at it. `garbage` makes what that
/// collection finds, and runs what it is given at its end.
fn ends_first(garbage: fn(OnDrop, &Log)) {
    alone(move || {
        let log = Log::new();
        let (gate, keeper) = Gate::closed();
        let held = thing(0, &log, gate);
        let (end, ended) = channel();
        held.canary.on_drop(move || end.send(()).expect("somebody waits"));
        drop(held.clone());
        let inner = log.clone();
        let wait = move || {
            let waited = ended.recv_timeout(LONG);
            inner.note(if waited.is_ok() { "heard of it" } else { "waited in vain" });
        };
        garbage(Box::new(wait), &log);

        let collects = thread::spawn(gc::collect);
        keeper.wait();
        drop(held);
        keeper.open();
        let report = collects.join().expect("no panic");
        let events = log.take();
        assert!(events.contains(&Event::Note("heard of it")), "{events:?}");
        assert_eq!(
            (report.collected, events[0], gc::live()),
            (1, Event::Dropped(0), 0),
            "{events:?}"
        );
    });
}

#[test]
fn a_destructor_of_garbage_waited_for_ever_for_what_had_lost_its_last_handle() {
    ends_first(|wait, log| {
        let garbage = thing(1, log, Gate::open());
        garbage.next.set(Some(garbage.clone()));
        garbage.canary.on_drop(wait);
    });
}

#[test]
fn a_finalizer_of_garbage_waited_for_ever_for_what_had_lost_its_last_handle() {
    ends_first(|wait, log| self_loop(1, log).on_finalize(|_, _| wait()));
}
