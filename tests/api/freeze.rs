//! Freezing: what collections pass over, and how it comes back.

use super::gc::{self, Gc, Node, Plain, Shared, Slot, alone, lock, ring, self_loop};
use gc_core::Generation::{Middle, Old, Young};
use gc_core::{Generation, Thresholds, Trace};
use gc_tests::Log;

/// Makes a candidate of it.
fn touch(node: &Gc<Node>) {
    drop(node.clone());
}

/// What a collection of each generation looks at.
fn visited() -> [usize; 3] {
    [Young, Middle, Old].map(|generation| gc::collect_generation(generation).visited)
}

#[test]
fn collections_pass_over_what_is_frozen() {
    alone(|| {
        let log = Log::new();
        let nodes = ring(3, &log);
        touch(&nodes[0]);
        gc::freeze();
        assert_eq!((gc::frozen_count(), gc::live()), (3, 3));
        assert!(nodes.iter().all(|node| Gc::generation(node) == Old));
        assert_eq!(visited(), [0, 0, 0], "what was a candidate");
        touch(&nodes[1]);
        assert_eq!(visited(), [0, 0, 0], "and what becomes one");
        gc::unfreeze();
        assert_eq!((gc::frozen_count(), gc::live()), (0, 3));
        assert_eq!(visited(), [0, 0, 3], "they are old");
        assert_eq!(visited(), [0, 0, 0], "and known to be alive");
    });
}

#[test]
fn what_no_collection_has_ever_met_is_frozen_too() {
    alone(|| {
        let log = Log::new();
        // Handles were only moved and cloned: nothing of this is a candidate.
        let nodes = ring(3, &log);
        gc::freeze();
        assert_eq!((gc::frozen_count(), gc::counts()), (3, [0; 3]));
        drop(nodes);
        assert_eq!((visited(), gc::live()), ([0, 0, 0], 3));
        gc::unfreeze();
        assert_eq!((gc::collect().collected, gc::live()), (3, 0));
        assert_eq!(log.finalized(), [0, 1, 2]);
    });
}

#[test]
fn survivors_of_a_full_collection_are_frozen_too() {
    alone(|| {
        // As programs do before they fork.
        let log = Log::new();
        let nodes = ring(3, &log);
        touch(&nodes[0]);
        assert_eq!(gc::collect().visited, 3);
        gc::freeze();
        assert_eq!(gc::frozen_count(), 3);
        drop(nodes);
        assert_eq!((visited(), gc::live()), ([0, 0, 0], 3));
        gc::unfreeze();
        assert_eq!(gc::collect().collected, 3);
    });
}

#[test]
fn garbage_of_each_generation_waits_for_the_thaw() {
    alone(|| {
        let log = Log::new();
        for (name, survives) in [&[][..], &[Young], &[Young, Middle]].into_iter().enumerate() {
            let node = self_loop(name, &log);
            for &generation in survives {
                touch(&node);
                let _ = gc::collect_generation(generation);
            }
        }
        // (The first two were collected on the way.)
        let (young, middle, old) = (self_loop(3, &log), self_loop(4, &log), self_loop(5, &log));
        touch(&old);
        let _ = gc::collect();
        touch(&middle);
        let _ = gc::collect_generation(Young);
        let ages = [&young, &middle, &old].map(Gc::generation);
        assert_eq!(ages, [Young, Middle, Old]);
        drop((young, middle, old));
        let garbage = gc::live();
        gc::freeze();
        assert_eq!((gc::frozen_count(), visited(), gc::live()), (garbage, [0, 0, 0], garbage));
        gc::unfreeze();
        assert_eq!((gc::collect().collected, gc::live()), (garbage, 0));
    });
}

#[test]
fn new_objects_are_collected_as_ever_meanwhile() {
    alone(|| {
        let log = Log::new();
        let frozen = ring(3, &log);
        gc::freeze();
        let kept = self_loop(3, &log);
        for expected in [Young, Middle, Old] {
            assert_eq!(Gc::generation(&kept), expected);
            touch(&kept);
            drop(self_loop(4, &log));
            let report = gc::collect_generation(expected);
            assert_eq!((report.visited, report.collected), (2, 1));
        }
        drop(kept);
        assert_eq!(visited(), [0, 0, 1]);
        assert_eq!((gc::live(), gc::frozen_count(), frozen.len()), (3, 3, 3));
    });
}

#[test]
fn automatic_collections_go_on_meanwhile() {
    alone(|| {
        gc::set_thresholds(Thresholds { young: 10, middle: 2, old: 2 });
        let log = Log::new();
        let frozen = ring(3, &log);
        gc::freeze();
        (0..100).for_each(|name| drop(self_loop(name, &log)));
        assert!(gc::live() <= 3 + 11, "{} objects", gc::live());
        assert_eq!(gc::frozen_count(), frozen.len());
    });
}

#[test]
fn they_die_by_count_as_ever() {
    alone(|| {
        let log = Log::new();
        let held = Node::new(0, &log);
        held.give(Node::new(1, &log));
        let candidate = Node::new(2, &log);
        touch(&candidate);
        gc::freeze();
        assert_eq!(gc::frozen_count(), 3);
        drop(held);
        assert_eq!((gc::frozen_count(), log.dropped()), (1, vec![0, 1]));
        drop(candidate);
        assert_eq!((gc::frozen_count(), gc::live(), log.finalized()), (0, 0, vec![0, 1, 2]));
        gc::unfreeze();
        assert_eq!(gc::collect().visited, 0);
    });
}

#[test]
fn leaves_are_counted() {
    alone(|| {
        let leaf = Gc::new(5);
        let list = Gc::new(vec![leaf.clone(), leaf.clone()]);
        gc::freeze();
        assert_eq!((gc::frozen_count(), gc::live()), (2, 2));
        drop(leaf);
        assert_eq!((gc::frozen_count(), gc::live()), (2, 2));
        let younger = Gc::new(6);
        drop(list);
        assert_eq!((gc::frozen_count(), gc::live()), (0, 1));
        drop(younger);
        assert_eq!((gc::frozen_count(), gc::live()), (0, 0));
    });
}

#[test]
fn a_second_freeze_adds_what_was_made_meanwhile() {
    alone(|| {
        let log = Log::new();
        let first = ring(3, &log);
        gc::freeze();
        let second = ring(2, &log);
        gc::freeze();
        assert_eq!(gc::frozen_count(), 5);
        let third = self_loop(5, &log);
        gc::freeze();
        gc::freeze();
        assert_eq!(gc::frozen_count(), 6);
        drop((first, second, third));
        assert_eq!((visited(), gc::live()), ([0, 0, 0], 6));
        drop(self_loop(6, &log));
        assert_eq!(gc::collect_generation(Young).collected, 1);
        gc::unfreeze();
        assert_eq!((gc::collect().collected, gc::live()), (6, 0));
    });
}

#[test]
fn a_freeze_after_a_thaw_freezes_everything_again() {
    alone(|| {
        let log = Log::new();
        let mut kept = Vec::new();
        for round in 1..=3 {
            kept.extend(ring(2, &log));
            gc::freeze();
            assert_eq!((gc::frozen_count(), visited()), (2 * round, [0, 0, 0]));
            gc::unfreeze();
            assert_eq!(gc::frozen_count(), 0);
        }
        drop(kept);
        assert_eq!((gc::collect().collected, gc::live()), (6, 0));
    });
}

#[test]
fn it_may_be_done_over_and_over() {
    alone(|| {
        let log = Log::new();
        for _ in 0..100 {
            let nodes = ring(3, &log);
            gc::freeze();
            drop(nodes);
            assert_eq!((gc::frozen_count(), gc::collect().visited), (3, 0));
            gc::unfreeze();
            assert_eq!((gc::collect().collected, gc::live()), (3, 0));
        }
    });
}

#[test]
fn what_frozen_objects_refer_to_is_held() {
    alone(|| {
        let log = Log::new();
        let frozen = ring(1, &log);
        gc::freeze();
        let young = self_loop(1, &log);
        frozen[0].link(&young);
        drop(young);
        assert_eq!((gc::collect().collected, gc::live()), (0, 2));
        // Garbage and frozen, it holds on to what is not.
        drop(frozen);
        assert_eq!((gc::collect().collected, gc::live()), (0, 2));
        gc::unfreeze();
        assert_eq!((gc::collect().collected, gc::live()), (2, 0));
    });
}

#[test]
fn what_was_moved_out_of_a_frozen_object_is_found_after_the_thaw() {
    alone(|| {
        let log = Log::new();
        let (holder, inner) = (Plain::new(0, &log), Plain::new(1, &log));
        inner.link(&inner);
        holder.edges.with_mut(|edges| edges.push(inner));
        gc::freeze();
        let edges = holder.edges.take();
        assert_eq!(edges.len(), 1);
        drop(edges);
        assert_eq!((gc::collect().collected, gc::live()), (0, 2));
        gc::unfreeze();
        assert_eq!((gc::collect().collected, log.dropped()), (1, vec![1]));
        drop(holder);
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn a_cycle_of_frozen_and_new_objects_takes_the_thaw() {
    alone(|| {
        let log = Log::new();
        let old = Node::new(0, &log);
        gc::freeze();
        let new = Node::new(1, &log);
        old.link(&new);
        new.link(&old);
        drop((old, new));
        assert_eq!((gc::collect().collected, gc::frozen_count()), (0, 1));
        gc::unfreeze();
        assert_eq!((gc::collect().collected, gc::live()), (2, 0));
    });
}

#[test]
fn counts_begin_at_zero() {
    alone(|| {
        let log = Log::new();
        let nodes = ring(3, &log);
        for generation in [Young, Young, Middle, Young] {
            touch(&nodes[0]);
            let _ = gc::collect_generation(generation);
        }
        touch(&nodes[1]);
        assert_eq!(gc::counts()[1..], [1, 1]);
        assert!(gc::counts()[0] > 0);
        gc::freeze();
        assert_eq!(gc::counts(), [0; 3]);
        // A candidate that is frozen counts towards nothing when it dies.
        drop(self_loop(3, &log));
        drop(nodes);
        assert_eq!(gc::counts()[1..], [0, 0]);
        gc::unfreeze();
        assert_eq!(gc::collect().collected, 4);
    });
}

#[test]
fn weak_handles_and_unique_references_work_as_ever() {
    alone(|| {
        let log = Log::new();
        let mut candidate = Plain::new(0, &log);
        drop(candidate.clone());
        let weak = Gc::downgrade(&candidate);
        let other = Plain::new(1, &log);
        drop(other.clone());
        gc::freeze();
        assert_eq!((weak.strong_count(), weak.weak_count(), Gc::weak_count(&other)), (1, 1, 0));
        let more = [Gc::downgrade(&candidate), Gc::downgrade(&other)];
        assert_eq!((Gc::weak_count(&candidate), Gc::weak_count(&other)), (2, 1));
        assert!(weak.upgrade().is_some());
        drop((weak, more));
        assert!(Gc::get_mut(&mut candidate).is_some());
        drop(candidate);
        let log_of_other = Gc::try_unwrap(other).expect("the only handle");
        drop(log_of_other);
        assert_eq!((gc::frozen_count(), gc::live(), log.dropped()), (0, 0, vec![0, 1]));
    });
}

#[test]
fn finalizers_and_callbacks_run_for_what_dies_frozen() {
    alone(|| {
        let log = Log::new();
        let shelf = Shared::new(Slot::new(Vec::new()));
        let node = Node::new(0, &log);
        node.resurrect_to(&shelf);
        gc::freeze();
        drop(node);
        assert_eq!((gc::frozen_count(), log.finalized()), (1, vec![0]), "it came back");
        drop(shelf.take());
        assert_eq!((gc::frozen_count(), log.dropped()), (0, vec![0]));
    });
}

#[test]
fn inside_a_collection_it_does_nothing() {
    alone(|| {
        let log = Log::new();
        let kept = ring(2, &log);
        let counts = Shared::new(Slot::new(Vec::new()));
        let seen = counts.clone();
        let node = self_loop(2, &log);
        node.on_finalize(move |_, _| {
            gc::freeze();
            seen.with_mut(|seen| seen.push(gc::frozen_count()));
        });
        drop(node);
        assert_eq!(gc::collect().collected, 1);
        assert_eq!((counts.take(), gc::frozen_count()), (vec![0], 0));
        gc::freeze();
        let node = self_loop(3, &log);
        node.on_finalize(|_, _| gc::unfreeze());
        drop(node);
        assert_eq!((gc::collect().collected, gc::frozen_count()), (1, 2));
        drop(kept);
    });
}

#[test]
fn in_a_finalizer_that_no_collection_runs_it_freezes() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let counts = Shared::new(Slot::new(Vec::new()));
        let seen = counts.clone();
        node.on_finalize(move |_, _| {
            gc::freeze();
            seen.with_mut(|seen| seen.push(gc::frozen_count()));
        });
        let nodes = ring(2, &log);
        drop(node);
        assert_eq!((counts.take(), gc::frozen_count()), (vec![3], 2));
        drop(nodes);
    });
}

#[test]
fn frozen_objects_do_not_count_as_old_ones_for_the_brake() {
    alone(|| {
        gc::set_thresholds(Thresholds { young: 10, middle: 1, old: 1 });
        let log = Log::new();
        let frozen: Vec<_> = (0..1000).map(|name| Node::new(name, &log)).collect();
        frozen.iter().for_each(touch);
        let _ = gc::collect();
        gc::freeze();
        let full = gc::stats()[2].collections;
        let mut kept = Vec::new();
        for name in 0..400 {
            let node = Node::new(name, &log);
            touch(&node);
            kept.push(node);
        }
        // A heap of a thousand that grows by less than a quarter would not have been looked at.
        assert!(gc::stats()[2].collections > full);
        assert_eq!((gc::frozen_count(), gc::stats()[2].collected), (1000, 0));
    });
}

#[test]
fn every_way_to_make_an_object_makes_one_of_the_present() {
    #[derive(Trace)]
    struct Slots(gc::Lock<Vec<Gc<Slots>>>);
    let new = || Slots(gc::Lock::new(Vec::new()));
    alone(move || {
        let past = Gc::new(new());
        gc::freeze();
        let cyclic = Gc::new_cyclic(|_| new());
        let unique = gc::UniqueGc::publish(gc::UniqueGc::new(new()));
        let boxed: Gc<Slots> = Gc::from(Box::new(new()));
        for object in [&cyclic, &unique, &boxed] {
            assert_eq!(Gc::generation(object), Young);
            lock(&object.0).push(object.clone());
        }
        drop((cyclic, unique, boxed));
        assert_eq!(gc::collect_generation(Young).collected, 3);
        assert_eq!((Gc::generation(&past), gc::frozen_count()), (Old, 1));
        let slice: Gc<[Gc<Slots>]> = [past].into_iter().collect();
        assert_eq!((Gc::generation(&slice), gc::frozen_count()), (Generation::Young, 1));
    });
}

#[test]
fn a_leaf_that_something_is_attached_to_is_of_the_era_that_it_was_made_in() {
    alone(|| {
        let key = Gc::new(5);
        let value = Gc::new(6);
        gc::freeze();
        assert_eq!(gc::frozen_count(), 2);
        let map = gc::WeakKeyMap::new();
        drop(map.insert(&key, value));
        assert_eq!((gc::frozen_count(), Gc::generation(&key)), (2, Old));
        let young = Gc::new(7);
        drop(map.insert(&young, Gc::new(8)));
        assert_eq!(Gc::generation(&young), Young);
        // No collection looks at it, and each at the other and its value: both stay candidates.
        assert_eq!((gc::collect().visited, gc::collect().visited), (2, 2));
        drop((key, young));
        assert_eq!((gc::frozen_count(), map.len()), (0, 0));
        gc::unfreeze();
        drop(map);
        assert_eq!(gc::live(), 0);
    });
}
