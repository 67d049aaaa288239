//! Hooks on collections: when they are called, with what, and what they may do.

use super::gc::{self, Gc, Shared, Slot, alone, heard_of, ring, self_loop};
use gc_core::Generation::{Middle, Old, Young};
use gc_core::{Generation, Phase, Report, Thresholds, UserCode};
use gc_tests::{Log, bang};

type Calls = Shared<Slot<Vec<(usize, Phase, Report)>>>;

fn calls() -> Calls {
    Shared::new(Slot::new(Vec::new()))
}

/// A hook that notes its calls under a name.
fn note(calls: &Calls, name: usize) -> gc::CollectHook {
    let calls = calls.clone();
    gc::on_collect(move |phase, report| {
        calls.with_mut(|calls| calls.push((name, phase, *report)));
    })
}

/// Who was called when, since the last time.
fn order(calls: &Calls) -> Vec<(usize, Phase)> {
    calls.take().into_iter().map(|(name, phase, _)| (name, phase)).collect()
}

const BOTH: [Phase; 2] = [Phase::Start, Phase::Stop];

#[test]
fn they_hear_of_the_beginning_and_of_the_end() {
    alone(|| {
        let calls = calls();
        let _hook = note(&calls, 0);
        for generation in [Young, Middle, Old] {
            drop(ring(3, &Log::new()));
            let report = gc::collect_generation(generation);
            assert_eq!(report.collected, 3);
            let start = Report::empty(generation);
            let expected = [(0, Phase::Start, start), (0, Phase::Stop, report)];
            assert_eq!(calls.take(), expected, "duration included");
        }
    });
}

#[test]
fn in_the_order_in_which_they_were_entered_until_they_are_dropped() {
    alone(|| {
        let calls = calls();
        let hooks: Vec<_> = (0..3).map(|name| note(&calls, name)).collect();
        let _ = gc::collect();
        let expected = BOTH.iter().flat_map(|&phase| (0..3).map(move |name| (name, phase)));
        assert_eq!(order(&calls), expected.collect::<Vec<_>>());
        let mut hooks = hooks.into_iter();
        drop(hooks.nth(1));
        let _ = gc::collect();
        assert_eq!(order(&calls), [(2, Phase::Start), (2, Phase::Stop)]);
        drop(hooks);
        let _ = gc::collect();
        assert_eq!(order(&calls), []);
    });
}

#[test]
fn automatic_collections_are_told_of() {
    alone(|| {
        gc::set_thresholds(Thresholds { young: 3, middle: 10, old: 10 });
        let (calls, log) = (calls(), Log::new());
        let _hook = note(&calls, 0);
        (0..5).for_each(|name| drop(self_loop(name, &log)));
        let calls = calls.take();
        assert_eq!(calls.iter().map(|call| call.1).collect::<Vec<_>>(), BOTH);
        assert_eq!((calls[1].2.generation, calls[1].2.collected), (Young, 4));
    });
}

#[test]
fn they_run_around_the_collection() {
    alone(|| {
        let log = Log::new();
        let inner = log.clone();
        let _hook = gc::on_collect(move |phase, _| {
            inner.note(if phase == Phase::Start { "start" } else { "stop" });
        });
        drop(self_loop(0, &log));
        let _ = gc::collect();
        use gc_tests::Event::{Dropped, Finalized, Note};
        assert_eq!(log.events(), [Note("start"), Finalized(0), Dropped(0), Note("stop")]);
    });
}

#[test]
fn a_collection_inside_of_one_is_empty_and_not_told_of() {
    alone(|| {
        let calls = calls();
        let _note = note(&calls, 0);
        let inner = Shared::new(Slot::new(Vec::new()));
        let seen = inner.clone();
        let _hook = gc::on_collect(move |_, _| {
            let report = gc::collect();
            seen.with_mut(|seen| seen.push(report));
        });
        drop(ring(3, &Log::new()));
        assert_eq!(gc::collect().collected, 3);
        assert_eq!(inner.take(), [Report::empty(Old); 2]);
        assert_eq!(order(&calls), BOTH.map(|phase| (0, phase)));
    });
}

#[test]
fn a_panic_goes_to_the_unraisable_hook_and_changes_nothing() {
    alone(|| {
        gc_tests::unraisable::listen();
        let calls = calls();
        let _bad = gc::on_collect(|_, _| bang("in a hook"));
        let _good = note(&calls, 0);
        for _ in 0..2 {
            drop(ring(3, &Log::new()));
            assert_eq!(gc::collect().collected, 3);
            assert_eq!(order(&calls), BOTH.map(|phase| (0, phase)));
            assert_eq!(heard_of(), [UserCode::Hook; 2]);
        }
    });
}

#[test]
fn hooks_come_and_go_inside_of_hooks() {
    alone(|| {
        let calls = calls();
        let hooks = Shared::new(Slot::new(Vec::new()));
        let (later, all) = (calls.clone(), hooks.clone());
        // It takes the one after it away, and enters another.
        let _first = gc::on_collect(move |phase, _| {
            if phase == Phase::Start {
                drop(all.take());
                all.with_mut(|all| all.push(note(&later, 2)));
            }
        });
        hooks.with_mut(|hooks| hooks.push(note(&calls, 1)));
        let _ = gc::collect();
        assert_eq!(order(&calls), [], "one is gone, the other hears of the next");
        let kept = hooks.take();
        let _ = gc::collect();
        assert_eq!(order(&calls), [(2, Phase::Start), (2, Phase::Stop)]);
        drop(kept);
    });
}

#[test]
fn one_that_takes_itself_away_is_dropped_after_it_has_run() {
    alone(|| {
        let log = Log::new();
        let canary = gc::Canary::new(7, &log);
        let me = Shared::new(Slot::new(None));
        let (own, calls) = (me.clone(), calls());
        let seen = calls.clone();
        me.set(Some(gc::on_collect(move |phase, report| {
            drop(own.take());
            seen.with_mut(|seen| seen.push((canary.name(), phase, *report)));
        })));
        assert_eq!(log.dropped(), []);
        let _ = gc::collect();
        assert_eq!((order(&calls), log.dropped()), (vec![(7, Phase::Start)], vec![7]));
    });
}

#[test]
fn what_a_hook_owns_is_held_from_outside_and_goes_with_it() {
    alone(|| {
        let log = Log::new();
        let node = self_loop(0, &log);
        let hook = gc::on_collect(move |_, _| assert_eq!(node.name(), 0));
        assert_eq!((gc::collect().collected, gc::live()), (0, 1));
        drop(hook);
        assert_eq!((gc::collect().collected, gc::live()), (1, 0));
    });
}

#[test]
fn the_destructor_of_a_hook_may_use_the_heap_and_panic() {
    alone(|| {
        gc_tests::unraisable::listen();
        let log = Log::new();
        let (one, other) = (gc::Canary::new(0, &log), gc::Canary::new(1, &log));
        one.on_drop(|| {
            let _ = gc::collect();
            drop(gc::on_collect(|_, _| ()));
        });
        other.on_drop(|| bang("in the destructor of a hook"));
        let one = gc::on_collect(move |_, _| assert_eq!(one.name(), 0));
        let other = gc::on_collect(move |_, _| assert_eq!(other.name(), 1));
        drop((one, other));
        assert_eq!((log.dropped(), heard_of()), (vec![0, 1], vec![UserCode::Drop]));
        assert_eq!(gc::collect().generation, Old);
    });
}

#[test]
fn they_may_make_objects_and_drop_them() {
    alone(|| {
        let log = Log::new();
        let inner = log.clone();
        let _hook = gc::on_collect(move |phase, report| {
            assert_eq!(report.generation, Generation::Old);
            drop(self_loop(phase as usize, &inner));
        });
        assert_eq!(gc::collect().collected, 1, "the garbage of the beginning");
        assert_eq!((gc::live(), log.dropped()), (1, vec![0]));
        assert_eq!(gc::collect().collected, 2);
        assert_eq!(Gc::strong_count(&Gc::new(1)), 1);
    });
}

#[test]
fn freezing_inside_of_one_does_nothing() {
    alone(|| {
        let kept = ring(3, &Log::new());
        let hook = gc::on_collect(|_, _| gc::freeze());
        let _ = gc::collect();
        assert_eq!((gc::frozen_count(), kept.len()), (0, 3));
        drop(hook);
    });
}
