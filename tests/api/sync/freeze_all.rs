//! Freezing, as far as it is about several threads.

use super::elsewhere;
use gc_core::sync::{self, Gc};
use gc_tests::Log;
use gc_tests::sync::{Node, Shared, Slot, alone, live, ring, self_loop};

#[test]
fn objects_of_all_threads_are_frozen() {
    alone(|| {
        let log = Log::new();
        let kept = elsewhere(|| {
            let kept = ring(3, &log);
            drop(kept.clone());
            drop(self_loop(3, &log));
            kept
        });
        let here = self_loop(4, &log);
        elsewhere(sync::freeze);
        assert_eq!(sync::frozen_count(), 5);
        elsewhere(|| drop(kept));
        drop(here);
        assert_eq!((sync::collect().visited, live()), (0, 5));
        elsewhere(sync::unfreeze);
        assert_eq!((sync::collect().collected, live()), (5, 0));
    });
}

#[test]
fn a_candidate_of_another_thread_that_goes_on_is_frozen() {
    alone(|| {
        let log = Log::new();
        let (to, from) = std::sync::mpsc::channel();
        let (done, wait) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            let log = &log;
            scope.spawn(move || {
                drop(self_loop(0, log));
                to.send(()).expect("somebody waits");
                wait.recv().expect("somebody tells");
                assert_eq!((sync::collect().collected, live()), (0, 1));
                sync::unfreeze();
                assert_eq!((sync::collect().collected, live()), (1, 0));
            });
            from.recv().expect("it has made a candidate");
            sync::freeze();
            done.send(()).expect("it waits");
        });
    });
}

#[test]
fn what_is_frozen_while_a_finalizer_brings_it_back_stays_frozen() {
    alone(|| {
        let log = Log::new();
        let shelf = Shared::new(Slot::new(Vec::<Gc<Node>>::new()));
        let (node, back) = (self_loop(0, &log), shelf.clone());
        node.on_finalize(move |_, cx| {
            back.with_mut(|back| back.push(cx.handle().expect("a Node")));
            elsewhere(sync::freeze);
        });
        drop(node);
        assert_eq!(sync::collect().resurrected, 1);
        assert_eq!(sync::frozen_count(), 1);
        drop(shelf.take());
        assert_eq!((sync::collect().visited, sync::frozen_count(), live()), (0, 1, 1));
        sync::unfreeze();
        assert_eq!((sync::collect().collected, live()), (1, 0));
    });
}

#[test]
fn what_is_frozen_while_a_finalizer_runs_may_die_of_that_collection() {
    alone(|| {
        let log = Log::new();
        let node = self_loop(0, &log);
        node.on_finalize(|_, _| elsewhere(sync::freeze));
        drop(node);
        let kept = self_loop(1, &log);
        assert_eq!(sync::collect().collected, 1);
        assert_eq!((sync::frozen_count(), live()), (1, 1));
        drop(kept);
    });
}

#[test]
fn more_freezes_than_one_thread_could_tell_apart() {
    alone(|| {
        let log = Log::new();
        let mut kept = Vec::new();
        for round in 1..=20 {
            kept.push(self_loop(round, &log));
            sync::freeze();
            assert_eq!(sync::frozen_count(), round);
        }
        assert!(kept.iter().all(|node| Gc::generation(node) == gc_core::Generation::Old));
        drop(kept);
        assert_eq!(sync::collect().visited, 0);
        sync::unfreeze();
        assert_eq!((sync::collect().collected, live()), (20, 0));
    });
}
