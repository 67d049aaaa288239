//! Switches, thresholds, counts, statistics.

use super::gc::{self, Gc, Node, Slot, alone, ring, self_loop};
use gc_core::{Generation, Report, Thresholds};
use gc_tests::Log;
use std::time::Duration;

fn runs() -> [usize; 3] {
    gc::stats().map(|stats| stats.collections)
}

fn threshold(young: usize) {
    gc::set_thresholds(Thresholds { young, middle: 1000, old: 1000 });
}

#[test]
fn a_new_heap_is_enabled_and_empty() {
    alone(|| {
        assert!(gc::is_enabled());
        assert_eq!((gc::counts(), gc::live(), runs()), ([0; 3], 0, [0; 3]));
        assert_eq!(gc::thresholds(), Thresholds::default());
        assert_eq!(Thresholds::PY311, Thresholds { young: 700, middle: 10, old: 10 });
        assert_eq!(Thresholds::PY313, Thresholds { young: 2000, middle: 10, old: 10 });
    });
}

#[test]
fn a_collection_starts_in_the_new_that_finds_more_candidates_than_the_threshold() {
    alone(|| {
        threshold(3);
        let log = Log::new();
        for name in 0..4 {
            drop(self_loop(name, &log));
            assert_eq!((gc::counts()[0], runs()), (name + 1, [0; 3]));
        }
        drop(self_loop(4, &log));
        assert_eq!((gc::counts(), runs()), ([1, 1, 0], [1, 0, 0]));
        assert_eq!(log.dropped(), [0, 1, 2, 3], "before its own object was made");
    });
}

#[test]
fn drop_never_starts_one() {
    alone(|| {
        threshold(1);
        let log = Log::new();
        gc::disable();
        let nodes: Vec<_> = (0..100).map(|name| self_loop(name, &log)).collect();
        gc::enable();
        drop(nodes);
        let weak = Gc::downgrade(&self_loop(100, &log));
        assert_eq!(runs(), [1, 0, 0], "the one in the last `new`");
        let more = weak.upgrade();
        drop((more.clone(), more.clone(), more));
        gc::set_thresholds(Thresholds { young: 1, middle: 0, old: 0 });
        assert_eq!(runs(), [1, 0, 0]);
    });
}

#[test]
fn every_way_to_make_an_object_can_start_one() {
    alone(|| {
        threshold(1);
        let log = Log::new();
        let mut made = 0;
        let mut check = |make: &dyn Fn()| {
            gc::disable();
            drop((self_loop(0, &log), self_loop(1, &log)));
            gc::enable();
            make();
            made += 1;
            assert_eq!(runs(), [made, 0, 0]);
        };
        check(&|| drop(Gc::new(1)));
        check(&|| drop(Gc::new_opaque(1)));
        check(&|| drop(Gc::<str>::from("text")));
        check(&|| drop(Gc::<[u8]>::from(vec![1])));
        check(&|| drop([1, 2].into_iter().collect::<Gc<[u8]>>()));
        check(&|| drop(Gc::new_cyclic(|_| 1)));
        check(&|| drop(gc::UniqueGc::new(1)));
        check(&|| drop(Gc::<i32>::default()));
    });
}

#[test]
fn a_threshold_of_zero_switches_automatic_collection_off() {
    alone(|| {
        threshold(0);
        let log = Log::new();
        (0..5000).for_each(|name| drop(self_loop(name, &log)));
        assert_eq!((gc::counts()[0], runs()), (5000, [0; 3]));
        assert!(gc::is_enabled());
        threshold(4999);
        drop(self_loop(0, &log));
        assert_eq!((gc::counts()[0], runs()), (1, [1, 0, 0]));
    });
}

#[test]
fn disabled_nothing_starts_by_itself_and_collect_works() {
    alone(|| {
        threshold(2);
        gc::disable();
        assert!(!gc::is_enabled());
        let log = Log::new();
        (0..10).for_each(|name| drop(self_loop(name, &log)));
        assert_eq!((gc::counts()[0], runs()), (10, [0; 3]));
        assert_eq!(gc::collect().collected, 10);
        (0..10).for_each(|name| drop(self_loop(name, &log)));
        gc::enable();
        gc::enable();
        assert_eq!(runs(), [0, 0, 1], "enabling alone starts nothing");
        drop(Gc::new(1));
        assert_eq!(runs(), [1, 0, 1]);
    });
}

#[test]
fn pauses_nest_and_leave_the_switch_alone() {
    alone(|| {
        threshold(1);
        let log = Log::new();
        let outer = gc::pause();
        let inner = gc::pause();
        assert!(gc::is_enabled());
        (0..5).for_each(|name| drop(self_loop(name, &log)));
        drop(outer);
        drop(Gc::new(1));
        assert_eq!(runs(), [0; 3], "one guard is left");
        gc::disable();
        drop(inner);
        drop(Gc::new(1));
        assert_eq!(runs(), [0; 3], "and now it is switched off");
        gc::enable();
        drop(Gc::new(1));
        assert_eq!(runs(), [1, 0, 0]);
        let pause = gc::pause();
        gc::enable();
        (0..5).for_each(|name| drop(self_loop(name, &log)));
        assert_eq!(runs(), [1, 0, 0], "enabling does not end a pause");
        drop(pause);
    });
}

#[test]
fn a_pause_in_a_finalizer_outlives_the_collection() {
    alone(|| {
        let log = Log::new();
        let kept = gc::Shared::new(Slot::new(None));
        let node = self_loop(0, &log);
        let onto = kept.clone();
        node.on_finalize(move |_, _| onto.set(Some(gc::pause())));
        drop(node);
        assert_eq!(gc::collect().collected, 1);
        threshold(1);
        (0..5).for_each(|name| drop(self_loop(name, &log)));
        assert_eq!(runs(), [0, 0, 1]);
        drop(kept.take());
        drop(Gc::new(1));
        assert_eq!(runs(), [1, 0, 1]);
    });
}

#[test]
fn counts_rise_with_candidates_and_fall_with_their_death() {
    alone(|| {
        let log = Log::new();
        let a = Node::new(0, &log);
        let b = a.clone();
        assert_eq!(gc::counts(), [0; 3], "making objects and handles counts nothing");
        drop(b);
        assert_eq!(gc::counts(), [1, 0, 0]);
        drop(a.clone());
        assert_eq!(gc::counts(), [1, 0, 0], "once an object");
        let c = Node::new(1, &log);
        drop(c.clone());
        assert_eq!(gc::counts(), [2, 0, 0]);
        drop(a);
        assert_eq!(gc::counts(), [1, 0, 0], "it died by count");
        let _ = gc::collect();
        assert_eq!(gc::counts(), [0; 3]);
        drop(c);
        assert_eq!(gc::counts(), [0; 3], "it was not counted since");
    });
}

#[test]
fn the_death_of_an_older_candidate_is_not_counted() {
    alone(|| {
        let log = Log::new();
        let old = self_loop(0, &log);
        drop(old.clone());
        let _ = gc::collect_generation(Generation::Young);
        assert_eq!(gc::counts(), [0, 1, 0]);
        let new = self_loop(1, &log);
        drop(new.clone());
        assert_eq!(gc::counts(), [1, 1, 0]);
        old.unlink();
        drop(old);
        assert_eq!((gc::counts(), gc::live()), ([1, 1, 0], 1), "it stood for an earlier round");
    });
}

#[test]
fn leaves_are_never_candidates() {
    alone(|| {
        let (number, text) = (Gc::new(5), Gc::<str>::from("text"));
        drop((number.clone(), text.clone()));
        assert_eq!(gc::counts(), [0; 3]);
        let report = gc::collect();
        assert_eq!((report.candidates, report.visited), (0, 0));
        let holder = Gc::new((Some(number.clone()), text.clone()));
        drop(holder.clone());
        let report = gc::collect();
        assert_eq!((report.candidates, report.visited), (1, 1), "nor are they looked at");
    });
}

#[test]
fn reports_add_up_to_the_statistics() {
    alone(|| {
        let log = Log::new();
        let live = ring(5, &log);
        drop(live[0].clone());
        drop(ring(3, &log));
        let report = gc::collect();
        assert_eq!((report.candidates, report.visited), (4, 8), "a ring of dropped handles");
        assert_eq!((report.collected, report.resurrected, report.uncollectable), (3, 0, 0));
        assert_eq!((report.total(), report.generation), (3, Generation::Old));
        drop(ring(2, &log));
        let before = gc::stats()[2];
        let second = gc::collect();
        assert_eq!((second.candidates, second.visited, second.collected), (2, 2, 2));
        let between = gc::stats()[2] - before;
        assert_eq!((between.collections, between.visited, between.collected), (1, 2, 2));
        let stats = gc::stats()[2];
        assert_eq!((stats.collections, stats.candidates, stats.visited), (2, 6, 10));
        assert_eq!((stats.collected, stats.resurrected, stats.uncollectable), (5, 0, 0));
        assert_eq!(stats.duration, report.duration + second.duration);
        assert!(report.duration > Duration::ZERO);
        let words = format!("{second}");
        assert!(words.contains("old collection: 2 candidates, 2 visited, 2 collected"), "{words}");
    });
}

#[test]
fn an_empty_collection_reports_nothing_and_counts() {
    alone(|| {
        for generation in Generation::ALL {
            let report = gc::collect_generation(generation);
            let duration = report.duration;
            assert_eq!(report, Report { duration, ..Report::empty(generation) });
        }
        assert_eq!(runs(), [1, 1, 1]);
    });
}

#[test]
fn live_counts_objects_of_every_kind() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let others = (Gc::new(1), Gc::<str>::from("x"), Gc::<[u8]>::from(vec![1]), Gc::new_opaque(1));
        assert_eq!(gc::live(), 5);
        let weak = Gc::downgrade(&node);
        drop(node);
        assert_eq!(gc::live(), 4, "a weak handle keeps none alive");
        drop((weak, others));
        assert_eq!(gc::live(), 0);
    });
}
