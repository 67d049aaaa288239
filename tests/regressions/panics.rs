//! A destructor's panic in a collection, where a finalizer has broken its own cycle:
//! it went out of `collect`, which left objects captured for ever.

use super::gc::{self, Gc, alone, self_loop};
use crate::hooks::{heard, listen};
use gc_core::{Thresholds, UserCode};
use gc_tests::{Log, bang, caught};

/// Garbage that dies by count in its own finalizer, with a panic.
fn breaker(log: &Log) {
    let node = self_loop(9, log);
    node.on_finalize(|node, _| node.unlink());
    node.on_drop(|| bang("the breaker"));
}

/// The panic that came out of a collection.
fn collect_caught() -> Option<&'static str> {
    caught(|| {
        let _ = gc::collect();
    })
}

#[test]
fn a_panic_that_escaped_from_collect_left_objects_captured() {
    listen();
    alone(|| {
        let log = Log::new();
        let weak = Gc::downgrade(&self_loop(0, &log));
        breaker(&log);
        assert_eq!(collect_caught(), None);
        // An index of the table of what was captured, which was empty by then.
        assert_eq!(caught(|| drop(weak.clone())), None);
        assert!(weak.upgrade().is_none());
        assert_eq!((log.dropped(), heard()), (vec![0, 9], vec![UserCode::Drop]));
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn a_panic_that_escaped_from_collect_led_to_memory_that_was_freed() {
    listen();
    alone(|| {
        let log = Log::new();
        let weak = Gc::downgrade(&self_loop(0, &log));
        let (one, two) = (weak.clone(), weak.clone());
        breaker(&log);
        assert_eq!(collect_caught(), None);
        // Two weak handles go while the next collection has another object captured.
        let next = self_loop(1, &log);
        next.on_finalize(move |_, _| drop((one, two)));
        drop(next);
        assert_eq!(collect_caught(), None);
        assert!(weak.upgrade().is_none());
        assert_eq!((log.dropped(), gc::live()), (vec![0, 1, 9], 0));
        assert_eq!(heard(), [UserCode::Drop]);
    });
}

#[test]
fn a_panic_came_out_of_new() {
    listen();
    alone(|| {
        let log = Log::new();
        (0..3).for_each(|_| breaker(&log));
        gc::set_thresholds(Thresholds { young: 1, middle: 9, old: 9 });
        assert_eq!(caught(|| drop(Gc::new(1))), None);
        assert_eq!((heard(), gc::live()), (vec![UserCode::Drop; 3], 0));
    });
}
