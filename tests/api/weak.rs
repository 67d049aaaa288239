//! `Weak`: identity, counts, what it keeps and what it does not.

use super::gc::{self, Gc, Node, Slot, Weak, alone, ring, self_loop};
use gc_core::Trace;
use gc_tests::{Event, Log};

#[test]
fn a_handle_to_nothing_never_upgrades() {
    alone(|| {
        let nothing: Weak<Node> = Weak::new();
        assert!(nothing.upgrade().is_none());
        assert_eq!((nothing.strong_count(), nothing.weak_count()), (0, 0));
        assert!(nothing.ptr_eq(&Weak::default()) && nothing.ptr_eq(&nothing.clone()));
        let node = Node::new(0, &Log::new());
        assert!(!nothing.ptr_eq(&Gc::downgrade(&node)));
    });
}

#[test]
fn a_handle_to_nothing_is_a_constant() {
    const NOTHING: Weak<u8> = Weak::new();
    assert!(NOTHING.upgrade().is_none());
}

#[test]
fn identity_outlives_the_object() {
    alone(|| {
        let (a, b) = (Gc::new(1), Gc::new(1));
        let (weak_a, weak_b) = (Gc::downgrade(&a), Gc::downgrade(&b));
        let address = Gc::as_ptr(&a);
        assert_eq!(weak_a.as_ptr(), address);
        assert!(weak_a.ptr_eq(&weak_a.clone()) && !weak_a.ptr_eq(&weak_b));
        drop((a, b));
        assert_eq!(weak_a.as_ptr(), address, "as long as there is a weak handle");
        assert!(weak_a.ptr_eq(&weak_a.clone()) && !weak_a.ptr_eq(&weak_b));
        let news: Vec<_> = (0..100).map(Gc::new).collect();
        assert!(news.iter().all(|new| Gc::as_ptr(new) != address), "no other gets its address");
    });
}

#[test]
fn counts_are_exact() {
    alone(|| {
        let a = Gc::new(Slot::new(1));
        assert_eq!((Gc::strong_count(&a), Gc::weak_count(&a)), (1, 0));
        let weak = Gc::downgrade(&a);
        let again = weak.clone();
        assert_eq!((weak.strong_count(), weak.weak_count()), (1, 2));
        let b = weak.upgrade();
        assert_eq!((weak.strong_count(), again.weak_count()), (2, 2));
        drop((again, b));
        assert_eq!((Gc::strong_count(&a), Gc::weak_count(&a)), (1, 1));
        drop(a);
        assert_eq!((weak.strong_count(), weak.weak_count()), (0, 0), "zero when dead, as in std");
    });
}

#[test]
fn counts_stay_exact_while_the_object_is_a_candidate() {
    alone(|| {
        let log = Log::new();
        let node = self_loop(0, &log);
        let weak = Gc::downgrade(&node);
        drop(node.clone());
        assert_eq!(gc::counts()[0], 1);
        assert_eq!((Gc::strong_count(&node), Gc::weak_count(&node)), (2, 1));
        let more = [weak.clone(), weak.clone()];
        assert_eq!(Gc::weak_count(&node), 3);
        let _ = gc::collect();
        assert_eq!((Gc::strong_count(&node), Gc::weak_count(&node)), (2, 3));
        drop((node, more));
        assert_eq!((weak.strong_count(), weak.weak_count()), (1, 1));
        assert_eq!(gc::collect().collected, 1);
        assert_eq!((weak.strong_count(), weak.weak_count()), (0, 0));
    });
}

#[test]
fn counts_are_exact_in_a_finalizer_of_a_collection() {
    alone(|| {
        let log = Log::new();
        let node = self_loop(0, &log);
        let weak = Gc::downgrade(&node);
        let more = weak.clone();
        let seen = log.clone();
        node.on_finalize(move |_, _| {
            let third = more.clone();
            assert_eq!(third.weak_count(), 3);
            drop(third);
            assert_eq!(more.weak_count(), 2);
            seen.note("seen");
        });
        drop(node);
        assert_eq!(gc::collect().collected, 1);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Note("seen"), Event::Dropped(0)]);
        assert_eq!(weak.strong_count(), 0);
    });
}

#[test]
fn a_weak_handle_keeps_the_memory_and_not_the_value() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let weak = Gc::downgrade(&node);
        drop(node);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
        let clones: Vec<_> = (0..10).map(|_| weak.clone()).collect();
        drop(weak);
        assert!(clones.iter().all(|weak| weak.upgrade().is_none()));
    });
}

#[test]
fn an_upgrade_of_garbage_brings_it_back() {
    alone(|| {
        let log = Log::new();
        let nodes = ring(3, &log);
        let weak = Gc::downgrade(&nodes[1]);
        drop(nodes);
        let back = weak.upgrade().expect("it is garbage, but it was not collected");
        assert_eq!(gc::collect().collected, 0);
        assert_eq!((log.take(), back.names()), (vec![], vec![2]));
        drop(back);
        assert_eq!(gc::collect().collected, 3);
        assert!(weak.upgrade().is_none());
    });
}

#[test]
fn weak_handles_between_garbage_are_of_no_account() {
    alone(|| {
        let log = Log::new();
        let nodes = ring(3, &log);
        for node in &nodes {
            let all = nodes.iter().map(Gc::downgrade);
            node.weak.with_mut(|weak| weak.extend(all));
        }
        assert_eq!(Gc::weak_count(&nodes[0]), 3);
        drop(nodes);
        assert_eq!((gc::collect().collected, log.dropped()), (3, vec![0, 1, 2]));
    });
}

#[test]
fn a_parent_link_that_is_weak_makes_no_cycle() {
    alone(|| {
        let log = Log::new();
        let parent = Node::new(0, &log);
        let child = Node::new(1, &log);
        parent.link(&child);
        child.weak.set(vec![Gc::downgrade(&parent)]);
        drop(child);
        drop(parent);
        assert_eq!(log.dropped(), [0, 1]);
        assert_eq!(gc::collect().visited, 0, "the child was a candidate and died by count");
    });
}

#[test]
fn a_weak_handle_to_an_unsized_value() {
    alone(|| {
        trait Named: Trace {
            fn name(&self) -> &str;
        }
        #[derive(Trace)]
        struct Spam;
        impl Named for Spam {
            fn name(&self) -> &str {
                "spam"
            }
        }

        let named: Gc<dyn Named> = gc_core::coerce!(Gc::new(Spam));
        let weak: Weak<dyn Named> = Gc::downgrade(&named);
        assert_eq!(weak.upgrade().expect("alive").name(), "spam");
        drop(named);
        assert!(weak.upgrade().is_none());

        let text = Gc::<str>::from("text");
        let weak = Gc::downgrade(&text);
        assert_eq!(&*weak.upgrade().expect("alive"), "text");
        drop(text);
        assert!(weak.upgrade().is_none());
    });
}
