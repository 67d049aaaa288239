//! The heap of all threads, as one of them sees it.

use crate::{FEW, HELD, MANY};
use gc_core::{Generation, Trace};
use gc_tests::sync::{self, Gc, Slot, alone};

#[derive(Default, Trace)]
struct Leaf(Slot<Option<Gc<Leaf>>>);

/// Runs `f`, which leaves nothing alive, ten times, and checks that little is kept.
fn keeps_little(f: fn()) {
    alone(move || {
        sync::disable();
        let before = HELD.get();
        for _ in 0..10 {
            f();
            assert_eq!(sync::live(), 0);
        }
        let kept = HELD.get() - before;
        assert!(kept < FEW, "{kept} bytes are kept while nothing is alive");
    });
}

/// That many objects, each a candidate.
fn candidates() -> Vec<Gc<Leaf>> {
    let leaves: Vec<Gc<Leaf>> = (0..MANY / 10).map(|_| Gc::default()).collect();
    drop(leaves.clone());
    leaves
}

#[test]
fn the_boxes_of_candidates_that_died_before_any_collection() {
    keeps_little(|| drop(candidates()));
}

#[test]
fn the_boxes_of_candidates_that_died_in_the_middle_generation() {
    keeps_little(|| {
        let leaves = candidates();
        let _ = sync::collect_generation(Generation::Young);
        drop(leaves);
    });
}

#[test]
fn the_boxes_of_candidates_that_died_in_the_old_generation() {
    keeps_little(|| {
        let leaves = candidates();
        let _ = sync::collect_generation(Generation::Young);
        let _ = sync::collect_generation(Generation::Middle);
        drop(leaves);
    });
}
