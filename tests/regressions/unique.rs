//! `UniqueGc` in objects: the collector looks into none, so garbage that one is in
//! is held from outside until it is published or dropped.
//!
//! Seen as a box, it lent its value to a collection, which dropped the neighbours
//! and then ran its finalizer on them.

use super::gc::{self, Canary, Gc, Shared, Slot, UniqueGc, Weak, alone};
use gc_core::{Finalize, Finalizing, Trace};
use gc_tests::{Event, Log};

type Shelf = Shared<Slot<Vec<Gc<Owned>>>>;

#[derive(Trace)]
struct Owner {
    canary: Canary,
    me: Slot<Option<Gc<Owner>>>,
    unique: Slot<Option<UniqueGc<Owned>>>,
    published: Slot<Option<Gc<Owned>>>,
}

impl Owner {
    fn new(log: &Log) -> Gc<Owner> {
        Gc::new(Owner {
            canary: Canary::new(0, log),
            me: Slot::default(),
            unique: Slot::default(),
            published: Slot::default(),
        })
    }
}

#[derive(Trace)]
#[trace(finalize)]
struct Owned {
    canary: Canary,
    owner: Slot<Option<Gc<Owner>>>,
    #[trace(skip)]
    log: Log,
    /// Where its finalizer puts a new handle to it.
    #[trace(skip)]
    shelf: Option<Shelf>,
}

impl Owned {
    fn new(owner: Option<&Gc<Owner>>, shelf: Option<&Shelf>, log: &Log) -> UniqueGc<Owned> {
        UniqueGc::new(Owned {
            canary: Canary::new(1, log),
            owner: Slot::new(owner.cloned()),
            log: log.clone(),
            shelf: shelf.cloned(),
        })
    }
}

impl Finalize for Owned {
    fn finalize(&self, cx: &Finalizing<'_>) {
        if let Some(owner) = self.owner.get() {
            // Panics, and so is missing, if the neighbour has been dropped.
            self.log.push(Event::Finalized(owner.canary.name()));
        }
        self.log.push(Event::Finalized(self.canary.name()));
        if let Some(shelf) = &self.shelf {
            let me = cx.handle::<Owned, _>();
            shelf.with_mut(|shelf| shelf.extend(me));
        }
    }
}

/// A cycle of an object and an unpublished one that it holds, with no handle left.
fn cycle(shelf: Option<&Shelf>, log: &Log) -> Weak<Owner> {
    let owner = Owner::new(log);
    let owned = Owned::new(Some(&owner), shelf, log);
    owner.unique.set(Some(owned));
    Gc::downgrade(&owner)
}

#[test]
fn a_finalizer_in_a_cycle_through_a_unique_handle_read_its_dropped_neighbour() {
    alone(|| {
        let log = Log::new();
        let owner = cycle(None, &log);
        for _ in 0..3 {
            let report = gc::collect();
            assert_eq!((report.total(), log.events()), (0, vec![]), "it is held from outside");
        }
        let owner = owner.upgrade().expect("kept, not dangling");
        let unique = owner.unique.take();
        drop(owner);
        assert_eq!((log.take(), gc::live()), (vec![], 2));
        drop(unique);
        let expected =
            [Event::Finalized(0), Event::Finalized(1), Event::Dropped(1), Event::Dropped(0)];
        assert_eq!((log.take(), gc::live()), (expected.to_vec(), 0));
    });
}

#[test]
fn a_unique_object_that_its_finalizer_brought_back_led_to_a_dropped_one() {
    alone(|| {
        let log = Log::new();
        let shelf = Shelf::default();
        let owner = cycle(Some(&shelf), &log);
        let _ = gc::collect();
        let unique = owner.upgrade().and_then(|owner| owner.unique.take());
        drop(unique);
        let back = shelf.take().pop().expect("brought back");
        let owner = back.owner.get().expect("it was not taken apart");
        assert_eq!((back.canary.name(), owner.canary.name()), (1, 0));
        // Shared now, it is seen.
        owner.published.set(Some(back));
        drop(owner);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Finalized(1)]);
        assert_eq!((gc::collect().collected, log.dropped()), (2, vec![0, 1]));
    });
}

#[test]
fn published_it_is_collected_with_its_cycle() {
    alone(|| {
        let log = Log::new();
        let owner = cycle(None, &log).upgrade().expect("held from outside");
        let unique = owner.unique.take().expect("put in before");
        owner.published.set(Some(UniqueGc::publish(unique)));
        drop(owner);
        assert_eq!(gc::collect().collected, 2);
        assert_eq!((log.finalized(), log.dropped()), (vec![0, 1], vec![0, 1]));
    });
}

#[test]
fn in_garbage_that_it_does_not_lead_back_to_it_ends_with_its_owner() {
    alone(|| {
        let log = Log::new();
        let owner = Owner::new(&log);
        owner.me.set(Some(owner.clone()));
        // It holds another, which is alive when the finalizer runs.
        let other = Owner::new(&log);
        drop(other.clone());
        owner.unique.set(Some(Owned::new(Some(&other), None, &log)));
        drop((owner, other));
        assert_eq!(gc::collect().collected, 1, "the others die by count");
        assert_eq!((log.finalized(), log.dropped()), (vec![0, 1], vec![0, 0, 1]));
        assert_eq!(gc::live(), 0);
    });
}
