//! The figures that say when to collect and when to sweep: an object that died by count was
//! counted twice, and one that its finalizer had brought back not at all.

use super::gc::{self, Gc, Slot, alone};
use gc_core::{Finalize, Finalizing, Generation, Thresholds, Trace, sync};

#[derive(Default, Trace)]
struct Node(Slot<Option<Gc<Node>>>);

fn ring() -> Gc<Node> {
    let node = Gc::<Node>::default();
    node.0.set(Some(node.clone()));
    node
}

/// Runs `f` with low thresholds.
fn often<R>(f: impl FnOnce() -> R) -> R {
    let before = gc::thresholds();
    gc::set_thresholds(Thresholds { young: 50, middle: 2, old: 2 });
    let result = f();
    gc::set_thresholds(before);
    result
}

/// An old candidate died by count, was counted as two that had died, and the old garbage beside it
/// was taken for the other.
#[test]
fn old_garbage_hid_behind_a_death_by_count() {
    for late in [false, true] {
        alone(move || {
            gc::disable();
            let (garbage, dies) = (ring(), Gc::<Node>::default());
            let held: Vec<_> = (0..10).map(|_| Gc::<Node>::default()).collect();
            held.iter().chain([&garbage, &dies]).for_each(|node| drop(node.clone()));
            let _ = gc::collect();
            assert_eq!(Gc::generation(&garbage), Generation::Old);
            drop(garbage.clone());
            let touch = |now: bool| now.then(|| drop(dies.clone()));
            touch(!late);
            let _ = gc::collect_generation(Generation::Young);
            touch(late);
            let weak = Gc::downgrade(&garbage);
            drop((garbage, dies));
            gc::enable();
            let found = often(|| {
                (0..20_000).any(|_| {
                    drop(ring());
                    weak.strong_count() == 0
                })
            });
            assert!(found, "{:?}", gc::counts());
            drop(held);
        });
    }
}

#[derive(Trace)]
#[trace(finalize)]
struct Phoenix(Slot<Option<Gc<Phoenix>>>);

impl Finalize for Phoenix {
    fn finalize(&self, cx: &Finalizing<'_>) {
        self.0.set(cx.handle::<Phoenix, _>());
    }
}

/// A candidate that died by count and was resurrected had left the count, and was not entered again.
#[test]
fn resurrected_candidates_brought_no_collection_about() {
    alone(|| {
        often(|| {
            for _ in 0..2000 {
                let phoenix = Gc::new(Phoenix(Slot::default()));
                drop(phoenix.clone());
                drop(phoenix);
            }
        });
        assert!(sync::live() < 500, "{} live, {:?}", sync::live(), gc::counts());
    });
}
