//! A `Trace` written by hand that shows an edge twice: reported in debug builds, where
//! nothing else can look like it, and never the end of a living object.

use super::gc::{self, Canary, Gc, Slot, Weak, alone, ring};
use gc_core::{Thresholds, Trace, Tracer};
use gc_tests::Log;

#[derive(Trace)]
pub(super) struct TwiceTraced {
    canary: Canary,
    edge: Slot<Twice>,
}

/// Shows its one edge twice.
#[derive(Default)]
struct Twice(Option<Gc<TwiceTraced>>);

// SAFETY: it is not, which is the point: the collector must see that the edges
// into an object are more than its handles, and keep it.
unsafe impl Trace for Twice {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.0.trace(tracer);
        self.0.trace(tracer);
    }
}

pub(super) fn looped(name: usize, log: &Log) -> Gc<TwiceTraced> {
    let object = Gc::new(TwiceTraced { canary: Canary::new(name, log), edge: Slot::default() });
    object.edge.set(Twice(Some(object.clone())));
    object
}

/// Ends the objects by hand: no collection will.
fn take_apart(objects: &[Weak<TwiceTraced>]) {
    for object in objects.iter().filter_map(Weak::upgrade) {
        drop(object.edge.take());
    }
}

/// Runs `f`, which collects: where that is reported it must panic and name the type.
fn complains(f: impl FnOnce() -> usize) {
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f));
    if gc::REPORTS_BAD_TRACES {
        let panic = result.expect_err("a wrong trace is reported");
        let words = panic.downcast_ref::<String>().expect("a message");
        assert!(words.contains("TwiceTraced"), "{words}");
        assert!(words.contains('2') && words.contains('1'), "the counts: {words}");
    } else {
        assert_eq!(result.ok(), Some(0), "the object is taken to be alive");
    }
}

#[test]
fn test_045_refcount_errors() {
    alone(|| {
        let log = Log::new();
        let object = looped(0, &log);
        let weak = Gc::downgrade(&object);
        drop(object);
        for _ in 0..3 {
            complains(|| gc::collect().collected);
            let object = weak.upgrade().expect("alive");
            assert_eq!((object.canary.name(), Gc::strong_count(&object)), (0, 2));
            assert_eq!(Gc::weak_count(&object), 1);
        }
        assert_eq!(log.take(), []);
        take_apart(&[weak]);
        assert_eq!((log.dropped(), gc::live()), (vec![0], 0));
    });
}

#[test]
fn the_heap_is_whole_afterwards() {
    alone(|| {
        let (log, other) = (Log::new(), Log::new());
        let object = looped(0, &log);
        drop(object.clone());
        drop(object.edge.take());
        let second = [Gc::downgrade(&looped(1, &log))];
        drop(ring(3, &other));
        complains(|| {
            let collected = gc::collect().collected;
            // What is not concerned is collected all the same.
            collected - 3
        });
        assert_eq!((other.dropped(), log.dropped()), (vec![0, 1, 2], vec![]));
        drop(ring(3, &other));
        let before = other.take().len();
        assert_eq!(before, 6);
        drop(object);
        assert_eq!(log.dropped(), [0]);
        drop(second[0].upgrade());
        complains(|| gc::collect().collected - 3);
        assert_eq!(other.dropped(), [0, 1, 2]);
        assert_eq!(gc::stats()[2].collections, 2, "both count as collections");
        take_apart(&second);
        assert_eq!(log.dropped(), [0, 1]);
    });
}

#[test]
fn it_is_reported_out_of_new_where_that_collects() {
    alone(|| {
        let log = Log::new();
        let weak = [looped(0, &log), looped(1, &log)].map(|object| Gc::downgrade(&object));
        gc::set_thresholds(Thresholds { young: 1, middle: 9, old: 9 });
        complains(|| {
            drop(Gc::new(1));
            0
        });
        assert_eq!((gc::live(), gc::stats()[0].collections), (2, 1));
        let five = Gc::new(5);
        assert_eq!((*five, gc::live()), (5, 3));
        take_apart(&weak);
    });
}
