//! Freezing, as far as it is about one thread.

use gc_core::unsync;
use gc_tests::Log;
use gc_tests::unsync::{alone, ring, self_loop};

#[test]
fn what_is_frozen_when_the_thread_ends_is_collected_then() {
    let log = Log::new();
    let inner = log.clone();
    alone(move || {
        drop(ring(3, &inner));
        unsync::freeze();
        assert_eq!(unsync::collect().visited, 0);
    });
    assert_eq!((log.finalized(), log.dropped()), (vec![0, 1, 2], vec![0, 1, 2]));
}

#[test]
fn a_heap_is_frozen_for_itself() {
    alone(|| {
        let kept = ring(3, &Log::new());
        unsync::freeze();
        alone(|| assert_eq!(unsync::frozen_count(), 0));
        assert_eq!(unsync::frozen_count(), kept.len());
    });
}

#[test]
fn a_fourth_freeze_adds_nothing_while_all_eras_have_objects() {
    alone(|| {
        let log = Log::new();
        let mut kept = Vec::new();
        for name in 0..3 {
            kept.push(self_loop(name, &log));
            unsync::freeze();
        }
        let young = self_loop(3, &log);
        drop(young.clone());
        unsync::freeze();
        assert_eq!((unsync::frozen_count(), unsync::counts()), (3, [0; 3]));
        assert_eq!(unsync::collect().visited, 1, "it is not frozen");
        assert_eq!(unsync::collect().visited, 1, "nor forgotten: what is frozen may hold it");
        // One of the eras dies out, and is there to be had again.
        kept.remove(1).unlink();
        assert_eq!(unsync::frozen_count(), 2);
        unsync::freeze();
        assert_eq!(unsync::frozen_count(), 3);
        drop((kept, young));
        assert_eq!(unsync::collect().visited, 0);
        unsync::unfreeze();
        assert_eq!((unsync::collect().collected, unsync::live()), (3, 0));
    });
}

#[test]
fn a_full_collection_after_a_thaw_brings_what_it_meets_into_the_present() {
    alone(|| {
        let log = Log::new();
        let mut kept = Vec::new();
        for round in 1..=10 {
            kept.push(self_loop(round, &log));
            unsync::freeze();
            assert_eq!(unsync::frozen_count(), round);
            unsync::unfreeze();
            kept.iter().for_each(|node| drop(node.clone()));
            assert_eq!(unsync::collect().visited, round);
        }
    });
}
