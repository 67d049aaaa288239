//! Objects that have died inside of others and wait for their turn: they are alive
//! until it comes, and there are few of them.

use super::gc::{self, Canary, Gc, Hook, Node, Shared, Slot, Weak, alone};
use gc_core::{Finalize, Finalizing, Trace};
use gc_tests::{Event, Log};

#[test]
fn what_a_finalizer_dropped_was_kept_until_its_end() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let most = Shared::new(Slot::new(0));
        let seen = most.clone();
        node.on_finalize(move |_, _| {
            for _ in 0..if cfg!(miri) { 100 } else { 10_000 } {
                drop(Gc::new(vec![0_u8; 100]));
                seen.set(seen.get().max(gc::live()));
            }
        });
        drop(node);
        assert!(most.get() < 10, "{} objects at once", most.get());
    });
}

/// A link of a chain. The next one is dropped first, and then `after` runs.
#[derive(Trace)]
#[trace(finalize)]
struct Link {
    canary: Canary,
    next: Slot<Option<Gc<Link>>>,
    after: After,
    #[trace(skip)]
    log: Log,
}

#[derive(Trace)]
#[trace(leaf)]
struct After(Slot<Option<gc::OnDrop>>);

impl Drop for After {
    fn drop(&mut self) {
        if let Some(after) = self.0.take() {
            after();
        }
    }
}

impl Finalize for Link {
    fn finalize(&self, _: &Finalizing<'_>) {
        self.log.push(Event::Finalized(self.canary.name()));
    }
}

/// More than end inside each other.
const LENGTH: usize = 30;

/// A chain whose links are named from 0; the first is given back, and weak handles to all.
fn chain(log: &Log) -> (Gc<Link>, Vec<Weak<Link>>) {
    let mut next: Option<Gc<Link>> = None;
    let mut weak = Vec::new();
    for name in (0..LENGTH).rev() {
        let link = Gc::new(Link {
            canary: Canary::new(name, log),
            next: Slot::new(next),
            after: After(Slot::new(None)),
            log: log.clone(),
        });
        weak.insert(0, Gc::downgrade(&link));
        next = Some(link);
    }
    (next.expect("there are some"), weak)
}

/// Runs `f` with the weak handle to each link right after that has lost its last handle.
fn after_each(weak: &[Weak<Link>], f: impl Fn(&Weak<Link>) + Clone + Hook) {
    for pair in weak.windows(2) {
        let (link, next) = (pair[0].upgrade().expect("alive"), pair[1].clone());
        let f = f.clone();
        link.after.0.set(Some(Box::new(move || f(&next))));
    }
}

#[test]
fn a_weak_handle_to_one_that_waits_was_dead_and_came_back() {
    alone(|| {
        let log = Log::new();
        let (head, weak) = chain(&log);
        let waiting = Shared::new(Slot::new(0));
        let (count, inner) = (waiting.clone(), log.clone());
        after_each(&weak, move |next| {
            if let Some(next) = next.upgrade() {
                // Not finalized: it has its end before it.
                assert!(!inner.events().contains(&Event::Finalized(next.canary.name())));
                assert_eq!((Gc::strong_count(&next), Gc::weak_count(&next)), (2, 2));
                assert!(Gc::try_unwrap(next).is_err(), "who lets it wait has a handle too");
                count.set(count.get() + 1);
            }
        });
        drop(head);
        assert!(waiting.get() > 0, "some did wait");
        let each = (0..LENGTH).collect::<Vec<_>>();
        assert_eq!((log.finalized(), log.dropped()), (each.clone(), each), "each once");
        assert!(weak.iter().all(|weak| weak.upgrade().is_none()));
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn one_that_waits_may_be_kept() {
    alone(|| {
        let log = Log::new();
        let (head, weak) = chain(&log);
        let shelf = Shared::new(Slot::new(Vec::new()));
        let onto = shelf.clone();
        after_each(&weak, move |next| onto.with_mut(|shelf| shelf.extend(next.upgrade())));
        drop(head);
        let kept = shelf.take();
        let first = kept.first().expect("some did wait").canary.name();
        assert_eq!(log.finalized(), (0..first).collect::<Vec<_>>(), "the rest hangs on it");
        assert_eq!(gc::live(), LENGTH - first);
        let _ = gc::collect();
        assert!(weak[first..].iter().all(|weak| weak.upgrade().is_some()));
        drop(kept);
        let _ = gc::collect();
        drop(shelf.take());
        while let Some(link) = weak.iter().find_map(Weak::upgrade) {
            drop(link.after.0.take());
            drop(link);
            drop(shelf.take());
        }
        let each = (0..LENGTH).collect::<Vec<_>>();
        assert_eq!((log.finalized(), log.dropped()), (each.clone(), each), "each once");
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn a_collection_lets_those_be_that_wait() {
    alone(|| {
        let log = Log::new();
        let (head, weak) = chain(&log);
        // Candidates, all of them.
        drop(weak.iter().map(Weak::upgrade).collect::<Vec<_>>());
        after_each(&weak, |next| {
            drop(next.upgrade());
            assert_eq!(gc::collect().total(), 0);
        });
        drop(head);
        let each = (0..LENGTH).collect::<Vec<_>>();
        assert_eq!((log.finalized(), log.dropped()), (each.clone(), each), "each once");
        assert_eq!(gc::live(), 0);
    });
}
