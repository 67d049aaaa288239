//! The vectors that CPython 3.11 to 3.13 gave when run (shared/python.md, 2.1).

use super::*;

/// What a workload did to the schedule.
#[derive(Debug, PartialEq, Eq)]
struct Ran {
    /// Young, middle, full collections.
    collections: [usize; 3],
    /// The indices of the full ones in the sequence of all, from zero.
    full_at: Vec<usize>,
}

/// A million allocations, each of which enters the count, where a share of what
/// a collection meets survives: all or nothing.
fn run(thresholds: Thresholds, live_before: usize, survive: bool) -> Ran {
    let mut schedule = Schedule::new(thresholds);
    // Two full collections before the start have put everything into the old generation.
    schedule.finish(Generation::Old, live_before);
    let mut generations = [0_usize; 2];
    let mut fresh = 0;
    let mut ran = Ran { collections: [0; 3], full_at: Vec::new() };
    for _ in 0..1_000_000 {
        fresh += 1;
        if fresh <= schedule.trigger() {
            continue;
        }
        let generation = schedule.choose(fresh, false, 0).expect("the count is over its threshold");
        schedule.begin(generation, fresh);
        let young = if survive { fresh } else { 0 };
        fresh = 0;
        let promoted = match generation {
            Generation::Young => {
                generations[1] += young;
                0
            }
            Generation::Middle | Generation::Old => std::mem::take(&mut generations[1]) + young,
        };
        schedule.finish(generation, promoted);
        ran.collections[generation as usize] += 1;
        if generation == Generation::Old {
            ran.full_at.push(ran.collections.iter().sum::<usize>() - 1);
        }
    }
    ran
}

#[test]
#[cfg_attr(miri, ignore = "a million steps of arithmetic")]
fn all_survive_as_in_python_3_11() {
    let ran = run(Thresholds::PY311, 11_096, true);
    assert_eq!(ran.collections, [1300, 118, 8]);
    assert_eq!(ran.full_at[..6], [132, 265, 398, 531, 676, 857]);
}

#[test]
#[cfg_attr(miri, ignore = "a million steps of arithmetic")]
fn all_survive_as_in_python_3_12() {
    let ran = run(Thresholds::PY311, 4_979, true);
    assert_eq!(ran.collections, [1300, 118, 8]);
    assert_eq!(ran.full_at[..6], [132, 265, 398, 531, 676, 857]);
}

#[test]
#[cfg_attr(miri, ignore = "a million steps of arithmetic")]
fn all_survive_as_in_python_3_13() {
    let ran = run(Thresholds::PY313, 5_070, true);
    assert_eq!(ran.collections, [455, 41, 3]);
    assert_eq!(ran.full_at, [132, 265, 398]);
}

#[test]
#[cfg_attr(miri, ignore = "a million steps of arithmetic")]
fn none_survive_as_in_python_without_free_lists() {
    assert_eq!(run(Thresholds::PY311, 11_096, false).collections, [1308, 118, 0]);
    assert_eq!(run(Thresholds::PY313, 5_070, false).collections, [458, 41, 0]);
}

#[test]
fn a_threshold_of_zero_never_triggers() {
    let schedule = Schedule::new(Thresholds { young: 0, ..Thresholds::PY311 });
    assert_eq!(schedule.trigger(), usize::MAX);
    assert_eq!(schedule.choose(usize::MAX, true, 0), None);
}

/// GH-122569: promoted objects that died by count do not call for a full collection.
#[test]
fn old_objects_that_died_by_count_do_not_pend() {
    let mut schedule = Schedule::new(Thresholds { young: 1, middle: 0, old: 0 });
    schedule.finish(Generation::Old, 1000);
    schedule.begin(Generation::Middle, 2);
    schedule.finish(Generation::Middle, 250);
    assert_eq!(schedule.choose(2, false, 0), Some(Generation::Old), "grown by a quarter");
    schedule.old_died(1);
    assert_eq!(
        schedule.choose(2, false, 0),
        Some(Generation::Young),
        "and by less than that again"
    );
}

#[test]
fn an_old_generation_that_shrinks_lowers_the_brake() {
    let mut schedule = Schedule::new(Thresholds { young: 1, middle: 0, old: 0 });
    schedule.finish(Generation::Old, 1000);
    (0..992).for_each(|_| schedule.old_died(1));
    schedule.begin(Generation::Middle, 2);
    schedule.finish(Generation::Middle, 1);
    assert_eq!(schedule.choose(2, false, 0), Some(Generation::Young), "one of eight");
    schedule.finish(Generation::Middle, 1);
    assert_eq!(schedule.choose(2, false, 0), Some(Generation::Old), "two of eight");
}

#[test]
fn an_empty_old_generation_is_not_collected() {
    let mut schedule = Schedule::new(Thresholds { young: 1, middle: 0, old: 0 });
    schedule.begin(Generation::Middle, 2);
    assert_eq!(schedule.choose(2, true, 0), Some(Generation::Young));
}

/// In CPython, a large structure that became garbage when it was old stays for
/// as long as the program makes nothing but temporaries.
#[test]
fn old_garbage_is_looked_for_in_the_end_though_nothing_grows() {
    let mut schedule = Schedule::new(Thresholds { young: 9, middle: 0, old: 0 });
    schedule.finish(Generation::Old, 1000);
    for _ in 0..399 {
        schedule.begin(Generation::Middle, 10);
        assert_ne!(schedule.choose(10, true, 0), Some(Generation::Old));
    }
    schedule.begin(Generation::Middle, 10);
    assert_ne!(schedule.choose(10, false, 0), Some(Generation::Old), "nothing old is suspected");
    assert_eq!(schedule.choose(10, true, 0), Some(Generation::Old));
}

#[test]
fn what_is_frozen_is_not_old_and_no_growth_when_it_is_again() {
    let mut schedule = Schedule::new(Thresholds { young: 10, middle: 1, old: 1 });
    schedule.finish(Generation::Old, 1000);
    schedule.begin(Generation::Young, 500);
    schedule.begin(Generation::Middle, 500);
    schedule.begin(Generation::Middle, 500);
    assert_eq!(schedule.choose(0, true, 0), None, "1000 old ones are too many for that");
    schedule.freeze(usize::MAX);
    assert_eq!(schedule.counts(0), [0; 3]);
    schedule.begin(Generation::Middle, 1);
    schedule.begin(Generation::Middle, 1);
    assert_eq!(schedule.choose(0, true, 0), None, "there is nothing old");
    schedule.finish(Generation::Middle, 3);
    assert_eq!(schedule.choose(0, false, 0), Some(Generation::Old), "three are growth now");
    schedule.unfreeze(900);
    assert_eq!(schedule.choose(0, false, 0), None, "and are not beside 900");
    schedule.finish(Generation::Middle, 300);
    assert_eq!(schedule.choose(0, false, 0), Some(Generation::Old));
}

#[test]
fn many_objects_call_for_a_collection_if_there_is_a_candidate() {
    let mut schedule = Schedule::new(Thresholds { young: 100, middle: 10, old: 10 });
    schedule.leave(1000);
    assert_eq!(schedule.choose(1, false, 1500), None, "five for each candidate of the threshold");
    assert_eq!(schedule.choose(1, false, 1501), Some(Generation::Young));
    assert_eq!(schedule.choose(0, false, 1501), None, "nothing is suspected");
    schedule.set_thresholds(Thresholds { young: 0, ..schedule.thresholds() });
    assert_eq!(schedule.choose(1, false, usize::MAX), None, "switched off");
}
