//! Panics in destructors: out of `drop` for a death by count, after everything
//! else has been dropped; to the hook in a collection.

use super::gc::{self, Gc, Node, alone, heard_of, ring, self_loop};
use gc_core::{Thresholds, UserCode};
use gc_tests::{Event, Log, bang, caught, unraisable};

fn check(f: impl FnOnce(&Log) + Send + 'static) {
    unraisable::listen();
    alone(move || {
        let log = Log::new();
        f(&log);
        let _ = log.take();
        drop(ring(3, &log));
        assert_eq!(gc::collect().collected, 3, "the collector still works");
        assert_eq!((log.dropped(), gc::live()), (vec![0, 1, 2], 0));
        assert_eq!(heard_of(), [], "nothing more was swallowed");
    });
}

/// A chain of that length; the first is given back. Node 0 is its tail.
fn chain(n: usize, log: &Log) -> Gc<Node> {
    let mut head = Node::new(0, log);
    for name in 1..n {
        let node = Node::new(name, log);
        node.link(&head);
        head = node;
    }
    head
}

#[test]
fn by_count_it_comes_out_of_drop_after_the_rest_is_dropped() {
    check(|log| {
        let head = chain(5, log);
        let weak = Gc::downgrade(&head);
        head.on_drop(|| bang("the head"));
        assert_eq!(caught(|| drop(head)), Some("the head"));
        assert_eq!((log.dropped(), heard_of()), (vec![0, 1, 2, 3, 4], vec![]));
        assert!(weak.upgrade().is_none());
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn by_count_in_the_middle_of_a_chain() {
    check(|log| {
        let head = chain(5, log);
        head.edge(0).edge(0).on_drop(|| bang("the middle"));
        let _ = gc::collect();
        assert_eq!(caught(|| drop(head)), Some("the middle"));
        assert_eq!((log.dropped(), heard_of()), (vec![0, 1, 2, 3, 4], vec![]));
    });
}

#[test]
fn by_count_the_first_comes_out_and_no_other_is_lost() {
    check(|log| {
        let head = Node::new(0, log);
        for name in 1..4 {
            let child = Node::new(name, log);
            child.on_drop(|| bang("a child"));
            head.link(&child);
        }
        head.on_drop(|| bang("the head"));
        assert_eq!(caught(|| drop(head)), Some("the head"));
        assert_eq!((log.dropped(), heard_of()), (vec![0, 1, 2, 3], vec![UserCode::Drop; 3]));
    });
}

#[test]
fn in_a_collection_it_goes_to_the_hook() {
    check(|log| {
        let nodes = ring(4, log);
        nodes[0].on_drop(|| bang("0"));
        nodes[2].on_drop(|| bang("2"));
        drop(nodes);
        assert_eq!(caught(|| assert_eq!(gc::collect().collected, 4)), None);
        assert_eq!((log.dropped(), heard_of()), (vec![0, 1, 2, 3], vec![UserCode::Drop; 2]));
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn of_what_a_collection_lets_die_by_count_it_goes_to_the_hook() {
    check(|log| {
        let cycle = self_loop(9, log);
        let tail = chain(3, log);
        tail.on_drop(|| bang("the tail"));
        cycle.hidden.with_mut(|hidden| hidden.push(tail));
        drop(cycle);
        assert_eq!(caught(|| assert_eq!(gc::collect().collected, 1)), None);
        assert_eq!((log.dropped(), heard_of()), (vec![0, 1, 2, 9], vec![UserCode::Drop]));
    });
}

/// A finalizer that cuts its own cycle makes the object die by count, inside of
/// the collection.
#[test]
fn of_what_a_finalizer_lets_die_in_a_collection_it_goes_to_the_hook() {
    check(|log| {
        let node = self_loop(0, log);
        node.on_finalize(|node, _| node.unlink());
        node.on_drop(|| bang("the suicide"));
        drop(node);
        assert_eq!(caught(|| assert_eq!(gc::collect().total(), 1)), None);
        assert_eq!((log.dropped(), heard_of()), (vec![0], vec![UserCode::Drop]));
    });
}

#[test]
fn of_what_a_finalizer_lets_die_in_an_automatic_collection_new_does_not_panic() {
    check(|log| {
        for name in 0..2 {
            let node = self_loop(name, log);
            node.on_finalize(|node, _| node.unlink());
            node.on_drop(|| bang("the suicide"));
        }
        gc::set_thresholds(Thresholds { young: 1, middle: 9, old: 9 });
        assert_eq!(caught(|| drop(Node::new(2, log))), None);
        assert_eq!((log.dropped(), heard_of()), (vec![0, 1, 2], vec![UserCode::Drop; 2]));
    });
}

#[test]
fn while_unwinding_it_does_not_abort() {
    check(|log| {
        let node = Node::new(0, log);
        node.on_drop(|| bang("the destructor"));
        let child = Node::new(1, log);
        child.on_drop(|| bang("the child's"));
        node.link(&child);
        drop(child);
        let word = caught(|| {
            let _dropped_by_the_panic = node;
            bang("the first");
        });
        assert_eq!((word, log.dropped()), (Some("the first"), vec![0, 1]));
        assert_eq!(heard_of(), [UserCode::Drop; 2], "there was nowhere else to go");
    });
}

#[test]
fn collect_while_unwinding_works() {
    struct Collects;
    impl Drop for Collects {
        fn drop(&mut self) {
            assert_eq!(gc::collect().collected, 1);
        }
    }

    check(|log| {
        let cycle = self_loop(0, log);
        cycle.on_drop(|| bang("in the cycle"));
        cycle.on_finalize(|_, _| bang("in the finalizer"));
        let word = caught(|| {
            let _last = Collects;
            let _first = cycle;
            bang("the first");
        });
        assert_eq!((word, log.dropped()), (Some("the first"), vec![0]));
        assert_eq!(heard_of(), [UserCode::Finalize, UserCode::Drop]);
    });
}

#[test]
fn a_drop_within_a_destructor_raises_there() {
    check(|log| {
        let inner = Node::new(1, log);
        inner.on_drop(|| bang("inner"));
        let outer = Node::new(0, log);
        let after = log.clone();
        outer.on_drop(move || {
            assert_eq!(caught(|| drop(inner)), Some("inner"));
            after.note("went on");
        });
        assert_eq!(caught(|| drop(outer)), None);
        let expected = [
            Event::Finalized(0),
            Event::Dropped(0),
            Event::Finalized(1),
            Event::Dropped(1),
            Event::Note("went on"),
        ];
        assert_eq!((log.take(), heard_of()), (expected.to_vec(), vec![]));
    });
}

#[test]
fn in_the_destructor_of_an_unwrapped_value_it_is_the_callers() {
    check(|log| {
        let node = Node::new(0, log);
        node.on_drop(|| bang("unwrapped"));
        let value = Gc::try_unwrap(node).expect("one handle");
        assert_eq!(caught(|| drop(value)), Some("unwrapped"));
        assert_eq!((log.dropped(), heard_of()), (vec![0], vec![]));
    });
}
