//! Objects that know themselves from the start: `new_cyclic` and `UniqueGc`.

use super::gc::{self, Gc, Node, Shared, Slot, UniqueGc, Weak, alone, self_loop};
use gc_core::Trace;
use gc_tests::{Event, Log, bang, caught};

#[test]
fn the_weak_handle_works_from_the_moment_the_object_is_there() {
    alone(|| {
        let log = Log::new();
        let node = Gc::new_cyclic(|me| {
            assert!(me.upgrade().is_none());
            assert_eq!((me.strong_count(), me.weak_count()), (0, 0));
            let value = Node::value(0, &log);
            value.weak.set(vec![me.clone(), me.clone()]);
            value
        });
        assert_eq!((Gc::strong_count(&node), Gc::weak_count(&node), gc::live()), (1, 2, 1));
        let me = node.weak.with(|weak| weak[0].upgrade()).expect("it is there now");
        assert!(Gc::ptr_eq(&me, &node));
        drop((me, node));
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn a_panic_in_the_closure_leaves_nothing() {
    alone(|| {
        let log = Log::new();
        let kept: Shared<Slot<Option<Weak<Node>>>> = Shared::new(Slot::new(None));
        let word = caught(|| {
            let _ = Gc::new_cyclic(|me| {
                kept.set(Some(me.clone()));
                let _half_made = Node::value(0, &log);
                bang("in the closure")
            });
        });
        assert_eq!(word, Some("in the closure"));
        assert_eq!(log.take(), [Event::Dropped(0)], "the value never became an object");
        assert_eq!(gc::live(), 0);
        let weak = kept.take().expect("it was given out");
        assert!(weak.upgrade().is_none());
        assert_eq!((weak.strong_count(), weak.weak_count()), (0, 0));
        assert_eq!(gc::collect().visited, 0);
        drop(weak);
    });
}

#[test]
fn the_closure_may_collect_and_make_objects() {
    alone(|| {
        let log = Log::new();
        drop(self_loop(1, &log));
        let node = Gc::new_cyclic(|me| {
            assert_eq!(gc::collect().collected, 1);
            let value = Node::value(0, &log);
            let child = Node::new(2, &log);
            child.weak.set(vec![me.clone()]);
            value.link(&child);
            drop(child);
            assert_eq!(gc::collect().collected, 0);
            value
        });
        assert_eq!((gc::live(), node.names()), (2, vec![2]));
        let up = node.edge(0).weak.with(|weak| weak[0].upgrade()).expect("it is there");
        assert!(Gc::ptr_eq(&up, &node));
    });
}

#[test]
fn a_cycle_within_a_cycle_of_new_cyclic() {
    alone(|| {
        #[derive(Trace)]
        struct Gadget {
            me: Weak<Gadget>,
            other: Slot<Option<Gc<Gadget>>>,
        }

        let outer = Gc::new_cyclic(|outer: &Weak<Gadget>| {
            let inner = Gc::new_cyclic(|inner| Gadget { me: inner.clone(), other: Slot::new(None) });
            assert!(outer.upgrade().is_none() && inner.me.upgrade().is_some());
            Gadget { me: outer.clone(), other: Slot::new(Some(inner)) }
        });
        outer.other.with(|inner| {
            let inner = inner.as_ref().expect("just put there");
            inner.other.set(outer.me.upgrade());
        });
        drop(outer);
        assert_eq!(gc::live(), 2);
        assert_eq!(gc::collect().collected, 2);
    });
}

#[test]
fn a_unique_handle_can_be_filled_and_then_published() {
    alone(|| {
        let log = Log::new();
        let mut unique = UniqueGc::new(Node::value(0, &log));
        let weak = UniqueGc::downgrade(&unique);
        assert!(weak.upgrade().is_none(), "not before it is published");
        let child = Node::new(1, &log);
        child.weak.set(vec![weak.clone()]);
        unique.link(&child);
        unique.weak = Slot::new(vec![weak.clone()]);
        drop(child);
        assert_eq!(gc::collect().collected, 0);
        let node = UniqueGc::publish(unique);
        assert_eq!((Gc::strong_count(&node), Gc::weak_count(&node)), (1, 3));
        assert!(Gc::ptr_eq(&weak.upgrade().expect("now"), &node));
        assert_eq!(node.names(), [1]);
    });
}

#[test]
fn a_unique_handle_that_is_never_published_ends_as_any_object() {
    alone(|| {
        let log = Log::new();
        let unique = UniqueGc::new(Node::value(0, &log));
        let weak = UniqueGc::downgrade(&unique);
        assert_eq!(gc::live(), 1);
        drop(unique);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
        assert!(weak.upgrade().is_none());
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn a_unique_handle_that_its_finalizer_brings_back_is_shared_then() {
    alone(|| {
        let log = Log::new();
        let shelf = Shared::new(Slot::new(Vec::new()));
        let unique = UniqueGc::new(Node::value(0, &log));
        let weak = UniqueGc::downgrade(&unique);
        unique.resurrect_to(&shelf);
        drop(unique);
        assert_eq!(log.take(), [Event::Finalized(0)]);
        let back = shelf.with_mut(Vec::pop).expect("it is back");
        assert!(Gc::ptr_eq(&weak.upgrade().expect("it is alive"), &back));
        drop((back, shelf));
        assert_eq!(log.take(), [Event::Dropped(0)]);
    });
}

#[test]
fn what_a_unique_handle_owns_is_held_until_it_is_published() {
    alone(|| {
        type Back = Slot<Option<Gc<Owner>>>;
        #[derive(Trace)]
        struct Owner {
            inside: Slot<Option<UniqueGc<Back>>>,
            outside: Slot<Option<Gc<Back>>>,
        }

        let owner = Gc::new(Owner { inside: Slot::new(None), outside: Slot::new(None) });
        owner.inside.set(Some(UniqueGc::new(Slot::new(Some(owner.clone())))));
        let weak = Gc::downgrade(&owner);
        drop(owner);
        // Its value may be written to at any time, so no collection looks at it.
        assert_eq!((gc::collect().collected, gc::live()), (0, 2));
        let owner = weak.upgrade().expect("it is held");
        let published = owner.inside.take().map(UniqueGc::publish);
        owner.outside.set(published);
        drop(owner);
        assert_eq!((gc::collect().collected, gc::live()), (2, 0));
    });
}

#[test]
fn mutation_through_a_unique_handle() {
    alone(|| {
        let mut unique = UniqueGc::new(vec![1]);
        unique.push(2);
        assert_eq!(*unique, [1, 2]);
        assert_eq!(*Gc::<Vec<i32>>::from(unique), [1, 2]);
    });
}
