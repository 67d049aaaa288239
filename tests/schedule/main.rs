//! CPython's schedule, end to end: how many collections a million objects take.
//!
//! The numbers are those of CPython's rule (3.11 to 3.13) where every object is a
//! cycle of its own and nothing else is alive; here they are counted in candidates,
//! which for such objects come one by one.

use gc_core::unsync::{self, Gc};
use gc_core::{GenerationStats, Thresholds, Trace};
use gc_tests::unsync::alone;
use std::cell::RefCell;

const MILLION: usize = 1_000_000;

#[derive(Trace)]
struct Node(RefCell<Option<Gc<Node>>>);

fn node() -> Gc<Node> {
    Gc::new(Node(RefCell::new(None)))
}

fn runs(stats: [GenerationStats; 3]) -> [usize; 3] {
    stats.map(|generation| generation.collections)
}

/// Makes a million self-cycles and drops each at once. Gives the collections of
/// each generation.
fn self_cycles(thresholds: Thresholds) -> [usize; 3] {
    alone(move || {
        unsync::set_thresholds(thresholds);
        for _ in 0..MILLION {
            let node = node();
            *node.0.borrow_mut() = Some(node.clone());
        }
        let stats = unsync::stats();
        let collected: usize = stats.iter().map(|generation| generation.collected).sum();
        assert_eq!(collected + unsync::live(), MILLION);
        assert_eq!(unsync::live(), unsync::counts()[0], "all that is left are candidates");
        for generation in stats {
            assert_eq!(generation.candidates, generation.visited);
            assert_eq!(generation.visited, generation.collected);
        }
        runs(stats)
    })
}

#[test]
fn a_million_self_cycles_at_the_thresholds_of_3_11() {
    let runs = self_cycles(Thresholds { young: 700, middle: 10, old: 10 });
    assert_eq!(runs.iter().sum::<usize>(), 1426);
    assert_eq!(runs, [1308, 118, 0], "nothing is ever old");
}

#[test]
fn a_million_self_cycles_at_the_thresholds_of_3_13() {
    let runs = self_cycles(Thresholds { young: 2000, middle: 10, old: 10 });
    assert_eq!(runs.iter().sum::<usize>(), 499);
    assert_eq!(runs, [458, 41, 0], "nothing is ever old");
}

#[test]
fn a_million_temporaries_start_no_collection() {
    alone(|| {
        unsync::set_thresholds(Thresholds { young: 700, middle: 10, old: 10 });
        let before = unsync::stats();
        for _ in 0..MILLION {
            let node = node();
            let second = node.clone();
            drop(node);
            assert_eq!(unsync::counts()[0], 1, "it lost a handle");
            drop(second);
        }
        assert_eq!(unsync::stats(), before);
        assert_eq!((unsync::counts(), unsync::live()), ([0; 3], 0));
    });
}

#[test]
fn a_million_temporaries_in_waves_start_no_collection_either() {
    alone(|| {
        // As many alive at a time as the threshold lets be.
        unsync::set_thresholds(Thresholds { young: 700, middle: 10, old: 10 });
        for _ in 0..MILLION / 700 {
            let wave: Vec<_> = (0..700).map(|_| node()).collect();
            drop(wave.clone());
            assert_eq!(unsync::counts()[0], 700);
        }
        assert_eq!(runs(unsync::stats()), [0; 3]);
        assert_eq!((unsync::counts(), unsync::live()), ([0; 3], 0));
    });
}

#[test]
fn leaves_start_no_collection() {
    alone(|| {
        let kept: Vec<_> = (0..MILLION).map(Gc::new).collect();
        drop(kept.clone());
        drop(kept);
        assert_eq!((runs(unsync::stats()), unsync::counts()), ([0; 3], [0; 3]));
    });
}

/// What the rule says, step by step: the collections of each generation, and at
/// which of them the full ones come, for objects that all survive. `base` of them
/// were there before, and old.
fn model(objects: usize, base: usize, thresholds: Thresholds) -> ([usize; 3], Vec<usize>) {
    let (mut runs, mut full) = ([0; 3], Vec::new());
    let (mut count, mut total, mut pending) = ([0; 3], base, 0);
    let mut young = [0_usize; 2];
    for _ in 0..objects {
        // `new` looks at the candidates that are there, and its own comes after.
        if count[0] > thresholds.young {
            let generation = if count[2] > thresholds.old && pending >= total / 4 {
                2
            } else {
                usize::from(count[1] > thresholds.middle)
            };
            if generation < 2 {
                count[generation + 1] += 1;
            } else {
                full.push(runs.iter().sum());
            }
            count[..=generation].fill(0);
            runs[generation] += 1;
            match generation {
                0 => young = [0, young[1] + young[0]],
                1 => (pending, young) = (pending + young[0] + young[1], [0, 0]),
                _ => (total, pending, young) = (total + pending + young[0] + young[1], 0, [0, 0]),
            }
        }
        count[0] += 1;
        young[0] += 1;
    }
    (runs, full)
}

/// The model is CPython's: these are the numbers measured on 3.11 and 3.13, where an
/// allocation counts before it looks.
#[test]
fn the_model_is_cpythons() {
    let (runs, full) = model(MILLION + 1, 11_096, Thresholds::PY311);
    assert_eq!(runs, [1300, 118, 8]);
    assert_eq!(full[..6], [132, 265, 398, 531, 676, 857]);
    let (runs, full) = model(MILLION + 1, 5_070, Thresholds::PY313);
    assert_eq!((runs, &full[..]), ([455, 41, 3], &[132, 265, 398][..]));
}

/// Objects that survive are scheduled as in CPython.
#[test]
fn a_million_survivors_are_collected_at_the_same_points() {
    alone(|| {
        unsync::set_thresholds(Thresholds { young: 0, middle: 10, old: 10 });
        let keep = |kept: &mut Vec<Gc<Node>>| {
            let node = node();
            kept.push(node.clone());
        };
        let mut kept = Vec::with_capacity(MILLION + 11_096);
        (0..11_096).for_each(|_| keep(&mut kept));
        let _ = unsync::collect();
        assert_eq!(unsync::counts(), [0; 3]);
        let base = runs(unsync::stats());
        unsync::set_thresholds(Thresholds::PY311);
        let mut full = Vec::new();
        let mut before = base;
        for _ in 0..MILLION {
            keep(&mut kept);
            let after = runs(unsync::stats());
            if after[2] > before[2] {
                full.push(after.iter().sum::<usize>() - 1 - base.iter().sum::<usize>());
            }
            before = after;
        }
        let (expected, at) = model(MILLION, 11_096, Thresholds::PY311);
        let ran: Vec<usize> = before.iter().zip(base).map(|(after, base)| after - base).collect();
        assert_eq!((ran, full), (expected.to_vec(), at));
    });
}
