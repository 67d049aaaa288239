//! Hooks on collections, and whose turn it is.

use super::gate::{Gate, Keeper};
use super::gc::{self, Gc, Node, Shared, Slot, alone, self_loop};
use gc_core::{Phase, Thresholds, Trace};
use gc_tests::Log;
use std::thread;

#[derive(Trace)]
struct Waits {
    gate: Gate,
    me: Slot<Option<Gc<Waits>>>,
}

/// Garbage that holds up the collection that comes by.
fn waits() -> Keeper {
    let (gate, keeper) = Gate::closed();
    let node = Gc::new(Waits { gate, me: Slot::new(None) });
    node.me.set(Some(node.clone()));
    keeper
}

/// While a thread collected, hooks heard of the beginning and the end of a collection whenever
/// another thread wanted one.
#[test]
fn hooks_heard_of_collections_that_there_were_not() {
    alone(|| {
        let calls = Shared::new(Slot::new(Vec::new()));
        let log = calls.clone();
        let before = gc::thresholds();
        let keeper = waits();
        gc::disable();
        let hook = gc::on_collect(move |phase, _| log.with_mut(|log| log.push(phase)));
        thread::scope(|scope| {
            let collects = scope.spawn(|| gc::collect().collected);
            keeper.wait();
            gc::set_thresholds(Thresholds { young: 1, middle: 10, old: 10 });
            gc::enable();
            (0..100).for_each(|name| drop(self_loop(name, &Log::new())));
            assert_eq!(calls.with(Vec::clone), [Phase::Start]);
            keeper.open();
            assert_eq!(collects.join().ok(), Some(1));
            assert_eq!(calls.take(), [Phase::Start, Phase::Stop]);
            drop(Node::new(0, &Log::new()));
            gc::set_thresholds(before);
        });
        drop(hook);
    });
}
