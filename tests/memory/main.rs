//! Where memory comes from and goes to. Here: collections that run out of it give
//! up, leave the heap as it was, and find everything when there is some again.

mod allocator;
mod graphs;
mod scenario;
mod sync;
mod threads;

use allocator::{Plan, with_plan};
use gc_core::unsync::{self, Gc};
use gc_core::{DebugFlags, Generation, Thresholds};
use gc_tests::unsync::alone;
use scenario::{Finalized, Member, Plain, Scenario, finalized, ring};

/// What refusals are tried: one, and all from there on.
const PLANS: [fn(usize) -> Plan; 2] = [Plan::RefuseOneAfter, Plan::RefuseAllAfter];

/// Tries a collection with every request in turn refused, until it makes fewer
/// requests than that.
fn refuse_each<T: Member>(generation: Generation) {
    for plan in PLANS {
        let requests = (0..1000).find(|&request| {
            let refused = alone(move || {
                let scenario = Scenario::<T>::new();
                let before = scenario.picture();
                let (report, refused) =
                    with_plan(plan(request), || unsync::collect_generation(generation));
                if refused == 0 {
                    assert_eq!(report.collected, scenario.garbage_up_to(generation));
                } else {
                    scenario.check_after_failure(&before, report);
                }
                let _ = unsync::collect();
                scenario.check_all_collected();
                refused
            });
            refused == 0
        });
        let requests = requests.expect("the collection makes fewer requests");
        assert!(requests >= 5, "only {requests} requests were there to refuse");
    }
}

#[test]
fn a_full_collection_survives_the_refusal_of_any_request() {
    refuse_each::<Plain>(Generation::Old);
}

#[test]
fn a_young_collection_survives_the_refusal_of_any_request() {
    refuse_each::<Plain>(Generation::Young);
}

#[test]
fn a_full_collection_with_finalizers_survives_the_refusal_of_any_request() {
    refuse_each::<Finalized>(Generation::Old);
}

#[test]
fn a_young_collection_with_finalizers_survives_the_refusal_of_any_request() {
    refuse_each::<Finalized>(Generation::Young);
}

#[test]
fn tables_that_are_too_large_are_given_up_and_tried_again() {
    alone(|| {
        const N: usize = 20_000;
        let nodes = ring::<Plain>(N);
        let weak: Vec<_> = nodes.iter().map(Gc::downgrade).collect();
        drop(nodes);
        for limit in [1 << 10, 1 << 12, 1 << 14, 1 << 16] {
            let (report, refused) = with_plan(Plan::RefuseAbove(limit), unsync::collect);
            assert!(refused > 0);
            assert_eq!((report.collected, report.candidates, unsync::live()), (0, 0, N));
            assert!(weak.iter().all(|weak| (weak.strong_count(), weak.weak_count()) == (1, 1)));
        }
        let report = unsync::collect();
        assert_eq!((report.candidates, report.visited, report.collected), (N, N, N));
        assert_eq!(unsync::live(), 0);
        assert!(weak.iter().all(|weak| weak.upgrade().is_none()));
    });
}

#[test]
fn what_trace_cannot_note_down_is_not_lost() {
    alone(|| {
        // One object with many edges: the tracer's own list is the one that grows.
        const EDGES: usize = 10_000;
        let hub = Gc::<Plain>::default();
        (0..EDGES).for_each(|_| hub.link(&hub));
        let weak = Gc::downgrade(&hub);
        drop(hub);
        let (report, refused) = with_plan(Plan::RefuseAbove(1 << 12), unsync::collect);
        assert!(refused > 0);
        assert_eq!((report.collected, weak.strong_count()), (0, EDGES));
        assert_eq!(unsync::collect().collected, 1);
    });
}

/// It was asked for as many objects as one had edges, and then for as many edges of each of them.
#[test]
fn an_object_with_many_edges_to_few_asked_for_gigabytes() {
    alone(|| {
        const EDGES: usize = 100_000;
        let (hub, other) = (Gc::<Plain>::default(), Gc::<Plain>::default());
        (0..EDGES).for_each(|_| hub.link(&other));
        hub.link(&hub);
        other.link(&ring::<Plain>(200)[0]);
        drop((hub, other));
        let (report, refused) = with_plan(Plan::RefuseAbove(4 << 20), unsync::collect);
        assert_eq!((refused, report.collected, unsync::live()), (0, 202, 0));
    });
}

/// What cannot be entered in the list lives on as a candidate, and is kept when there is memory.
#[test]
fn without_memory_for_the_list_garbage_is_neither_kept_nor_lost() {
    let requests = (0..100).find(|&request| {
        alone(move || {
            unsync::set_debug(DebugFlags::SAVE_ALL);
            // More than the tables of an earlier collection would have room for.
            drop(ring::<Plain>(100));
            let (report, refused) = with_plan(Plan::RefuseOneAfter(request), unsync::collect);
            let kept = if refused == 0 { 100 } else { 0 };
            assert_eq!((report.total(), unsync::garbage().len()), (kept, kept));
            assert_eq!((unsync::live(), unsync::collect().total()), (100, 100 - kept));
            assert_eq!(unsync::garbage().len(), 100);
            unsync::set_debug(DebugFlags::empty());
            unsync::garbage().clear();
            assert_eq!((unsync::collect().total(), unsync::live()), (100, 0));
            refused == 0
        })
    });
    assert!(requests.expect("the collection makes fewer requests") >= 5);
}

#[test]
fn an_automatic_collection_that_fails_does_not_disturb_new() {
    alone(|| {
        let scenario = Scenario::<Plain>::new();
        let before = scenario.picture();
        unsync::set_thresholds(Thresholds { young: 1, middle: 9, old: 9 });
        unsync::enable();
        // The object itself is small enough; the tables are not.
        let (object, refused) = with_plan(Plan::RefuseAbove(64), || Gc::new(5_u8));
        assert!(refused > 0);
        assert_eq!((*object, unsync::live()), (5, before.live + 1));
        drop(object);
        unsync::disable();
        assert_eq!(scenario.picture(), before);
        let _ = unsync::collect();
        scenario.check_all_collected();
    });
}

#[test]
fn without_memory_for_candidates_a_drop_is_a_drop() {
    alone(|| {
        let node = Gc::<Plain>::default();
        let (_, refused) = with_plan(Plan::RefuseAllAfter(0), || drop(node.clone()));
        assert!(refused > 0);
        assert_eq!((Gc::strong_count(&node), unsync::counts()[0]), (1, 0), "not a candidate");
        drop(node.clone());
        assert_eq!(unsync::counts()[0], 1, "but it can become one at the next drop");
        node.link(&node);
        drop(node);
        assert_eq!(unsync::collect().collected, 1);
    });
}

#[test]
fn without_memory_to_wait_in_objects_die_at_once() {
    alone(|| {
        // Short: without a list to wait in, it is the stack that grows.
        let mut head = Gc::<Finalized>::default();
        for _ in 1..100 {
            let node = Gc::<Finalized>::default();
            node.link(&head);
            head = node;
        }
        let before = finalized();
        let ((), refused) = with_plan(Plan::RefuseAllAfter(0), || drop(head));
        assert!(refused > 0);
        assert_eq!((unsync::live(), finalized() - before), (0, 100));
    });
}

#[test]
fn a_freeze_without_memory_changes_nothing() {
    alone(|| {
        let scenario = Scenario::<Finalized>::new();
        let before = scenario.picture();
        let counts = unsync::counts();
        let ((), refused) = with_plan(Plan::RefuseAllAfter(0), unsync::freeze);
        assert!(refused > 0);
        assert_eq!((unsync::frozen_count(), unsync::counts()), (0, counts));
        assert_eq!(scenario.picture(), before);
        // What was frozen before stays so.
        unsync::freeze();
        let frozen = unsync::frozen_count();
        assert_eq!(frozen, before.live);
        let more = ring::<Plain>(2000);
        drop(more.clone());
        let ((), refused) = with_plan(Plan::RefuseAllAfter(0), unsync::freeze);
        assert!(refused > 0);
        assert_eq!((unsync::frozen_count(), unsync::collect().visited), (frozen, 2000));
        unsync::unfreeze();
        drop(more);
        let _ = unsync::collect();
        scenario.check_all_collected();
    });
}
