//! The heap of all threads, as one of them sees it.

use crate::{FEW, HELD, MANY};
use gc_core::{Generation, Trace};
use gc_tests::sync::{self, Gc, Slot, alone};

#[derive(Default, Trace)]
struct Leaf(Slot<Option<Gc<Leaf>>>);

#[derive(Trace)]
struct Large(Slot<Option<Gc<Large>>>, [u8; 4096]);

impl Default for Large {
    fn default() -> Self {
        Large(Slot::default(), [0; 4096])
    }
}

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

/// Dead entries of large objects beside small garbage, which is ended at once: what that killed was taken
/// off the number of dead entries, which it was not in.
#[test]
fn the_boxes_of_dead_candidates_beside_small_garbage() {
    const DEAD: usize = 3000;
    alone(|| {
        sync::disable();
        let all: Vec<Gc<Large>> = (0..DEAD + 500).map(|_| Gc::default()).collect();
        drop(all.clone());
        while sync::collect().candidates > 0 {}
        // Old ones, whose entries a young collection passes over.
        drop(all.clone());
        let _ = sync::collect_generation(Generation::Young);
        let (before, mut all) = (HELD.get(), all);
        while all.len() > 500 {
            all.truncate(all.len() - 100);
            for _ in 0..100 {
                let ring: Vec<Gc<Leaf>> = (0..10).map(|_| Gc::default()).collect();
                ring.iter().zip(ring.iter().cycle().skip(1)).for_each(|(one, next)| {
                    one.0.set(Some(next.clone()));
                });
            }
            let _ = sync::collect_generation(Generation::Young);
        }
        let given = before - HELD.get();
        let dead = isize::try_from(DEAD * size_of::<Large>()).expect("it fits");
        assert!(given > dead / 2, "{given} bytes of {dead} were given back");
        drop(all);
        let _ = sync::collect();
    });
}
