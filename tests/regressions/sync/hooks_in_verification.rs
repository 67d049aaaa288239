//! Panic hooks that run while the collector makes sure that a cycle is garbage: they are user code
//! on the thread that holds the cycle's locks, and a reentrant one lets them in.

use super::gc::{self, Canary, Gc, Shared, Slot, alone};
use crate::hooks::{Which, heard};
use gc_core::{Trace, Tracer, UserCode};
use gc_tests::Log;
use parking_lot::ReentrantMutex;
use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Panics when it is looked at for the second time, if it is set.
struct Trap(Option<AtomicUsize>);

// SAFETY: shows nothing; it may panic (rule 2).
unsafe impl Trace for Trap {
    fn trace(&self, _: &mut Tracer<'_>) {
        let looks = self.0.as_ref().map(|looks| looks.fetch_add(1, Ordering::Relaxed));
        assert_ne!(looks, Some(1), "the second look");
    }
}

#[derive(Trace)]
struct Node {
    canary: Canary,
    edges: ReentrantMutex<RefCell<Vec<Gc<Node>>>>,
    trap: Trap,
}

impl Node {
    fn with<R>(&self, f: impl FnOnce(&mut Vec<Gc<Node>>) -> R) -> R {
        f(&mut self.edges.lock().borrow_mut())
    }
}

fn node(name: usize, log: &Log, trap: Option<AtomicUsize>) -> Gc<Node> {
    let edges = ReentrantMutex::default();
    Gc::new(Node { canary: Canary::new(name, log), edges, trap: Trap(trap) })
}

/// Node 0 leads to itself, to 1, whose trace panics, and to 2, and both lead back. The hook runs
/// when 0 has been read anew and 2 has not: it moves 0's handle to itself, and one more, over to 2,
/// which so shows as many handles to 0 as there are, and takes 2 for itself.
#[test]
fn handles_that_a_panic_hook_moved_between_two_reads_were_counted_where_they_had_been() {
    alone(|| {
        let log = Log::new();
        let (first, bad) = (node(0, &log, None), node(1, &log, Some(AtomicUsize::new(0))));
        let taken = node(2, &log, None);
        let (weak, shelf) = (Gc::downgrade(&first), Shared::new(Slot::new(None)));
        bad.with(|edges| edges.push(first.clone()));
        taken.with(|edges| edges.push(first.clone()));
        let itself = first.clone();
        // Moved in, so that only the first is a candidate.
        first.with(|edges| edges.extend([itself, bad, taken]));
        let (mut once, onto) = (Some(weak.clone()), shelf.clone());
        Which::Panic.calls(move || {
            let Some(weak) = once.take() else { return };
            let first = weak.upgrade().expect("nothing is decided");
            let (taken, itself) =
                first.with(|edges| (edges.pop().expect("three"), edges.remove(0)));
            taken.with(|edges| edges.extend([itself, first]));
            onto.set(Some(taken));
        });
        drop(first);

        let report = gc::collect();
        assert_eq!(heard(), [UserCode::Trace]);
        let taken = shelf.take().expect("the hook has run");
        if !log.events().is_empty() {
            // Its memory may be gone.
            std::mem::forget(taken);
            panic!("what the hook has taken was collected: {report:?}, {:?}", log.events());
        }
        assert_eq!((report.collected, taken.canary.name(), gc::live()), (0, 2, 3));
        taken.with(|edges| assert!(edges.iter().all(|edge| edge.canary.name() == 0)));
        drop((taken, weak));
        assert_eq!((gc::collect().collected, log.dropped(), gc::live()), (2, vec![0, 1, 2], 0));
    });
}
