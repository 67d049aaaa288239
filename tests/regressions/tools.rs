//! What the tools that look into a heap have done to it.

use super::gc::{self, AnyGc, Canary, Gc, Slot, Weak, WeakKeyMap, alone};
use gc_core::weakref::ByIdentity;
use gc_core::{DebugFlags, Finalize, Finalizing, Generation, Trace};
use gc_tests::{Log, sink};

#[derive(Trace)]
#[trace(finalize)]
struct Hooked;

impl Finalize for Hooked {
    fn finalize(&self, _: &Finalizing<'_>) {}
}

/// A cycle of one whose type may have a finalizer, and which has none.
#[derive(Trace)]
struct MaybeHooked {
    canary: Canary,
    me: Slot<Option<Gc<MaybeHooked>>>,
    hooked: Option<Hooked>,
}

#[test]
fn what_a_debug_sink_got_hold_of_was_dropped() {
    alone(|| {
        sink::listen();
        gc::set_debug(DebugFlags::STATS);
        let log = Log::new();
        let canary = Canary::new(0, &log);
        let node = Gc::new(MaybeHooked { canary, me: Slot::new(None), hooked: None });
        node.me.set(Some(node.clone()));
        assert!(node.hooked.is_none());
        let weak: Weak<MaybeHooked> = Gc::downgrade(&node);
        let held = gc::Shared::new(Slot::new(None));
        let keep = held.clone();
        sink::on_line(move |line| {
            // (On one thread lines are told while the objects are being looked at.)
            if line.starts_with("gc: candidates") {
                keep.set(weak.upgrade());
            }
        });
        drop(node);
        let report = gc::collect();
        gc::set_debug(DebugFlags::empty());
        sink::on_line(|_| ());
        let held = held.take().expect("the object was alive when the line was told");
        assert_eq!((log.dropped(), held.canary.name()), (vec![], 0));
        assert_eq!((report.collected, report.resurrected), (0, 1));
        drop(held);
        assert_eq!((gc::collect().collected, gc::live()), (1, 0));
    });
}

/// The value belongs to its key, and holds it.
#[derive(Trace)]
struct Holds(Gc<u32>);

#[test]
fn the_last_handle_to_a_number_with_a_value_was_erased_and_the_cycle_was_never_found() {
    alone(|| {
        let map: WeakKeyMap<u32, Holds, ByIdentity> = WeakKeyMap::by_identity();
        let key = Gc::new(7);
        map.insert(&key, Holds(key.clone()));
        // They are alive now, and no candidates any more.
        let _ = gc::collect();
        drop(AnyGc::from(key));
        assert_eq!(gc::collect().collected, 2);
        assert_eq!((map.len(), gc::live()), (0, 0));
    });
}

#[test]
fn garbage_that_was_kept_was_lost_when_its_key_was_a_number() {
    alone(|| {
        let map: WeakKeyMap<u32, Holds, ByIdentity> = WeakKeyMap::by_identity();
        let key = Gc::new(7);
        map.insert(&key, Holds(key.clone()));
        let _ = gc::collect_generation(Generation::Young);
        gc::set_debug(DebugFlags::SAVE_ALL);
        drop(key);
        assert_eq!(gc::collect().total(), 2);
        gc::set_debug(DebugFlags::empty());
        let garbage = gc::garbage();
        let [holds, number]: [Vec<_>; 2] = [true, false]
            .map(|holds| garbage.to_vec().into_iter().filter(|it| it.is::<Holds>() == holds).collect());
        garbage.clear();
        // The value first, so that the number's handle is the last that tells of them.
        drop(holds);
        let _ = gc::collect();
        drop(number);
        assert_eq!((gc::collect().collected, gc::live()), (2, 0));
    });
}
