//! Models of the worker, for the checkers of [`primitive`](crate::primitive): every order in
//! which a few threads can wake, pause, ask and stop it. A lost wake-up and a ticket without an
//! answer both show as a deadlock.

use super::worker::{Collects, Owner, Worker, start};
use super::{Config, Figures, Ticket};
use crate::heap::{Generation, Report};
use crate::primitive::Ordering::Relaxed;
use crate::primitive::{AtomicUsize, Condvar, Mutex, lock, model, thread, wait_until};
use std::mem::ManuallyDrop;
use std::sync::Arc;

/// Stands for the heap. A collection takes all garbage, but for one of the middle generation,
/// which takes nothing: a request that shows only that the thread came by.
struct Heap {
    garbage: AtomicUsize,
    collected: Mutex<usize>,
    changed: Condvar,
}

impl Heap {
    fn new() -> Arc<Heap> {
        Arc::new(Heap {
            garbage: AtomicUsize::new(0),
            collected: Mutex::new(0),
            changed: Condvar::new(),
        })
    }

    /// Relaxed, as the counts of the real heap may be: the worker has to order it.
    fn make_garbage(&self) {
        self.garbage.fetch_add(1, Relaxed);
    }

    fn wait_until_collected(&self, number: usize) {
        let mut collected = lock(&self.collected);
        while *collected < number {
            collected = wait_until(&self.changed, collected, None);
        }
    }
}

impl Collects for Arc<Heap> {
    fn due(&mut self) -> Option<Generation> {
        (self.garbage.load(Relaxed) > 0).then_some(Generation::Young)
    }

    fn is_automatic(&mut self) -> bool {
        true
    }

    fn collect(&mut self, generation: Generation) -> Report {
        if generation == Generation::Middle {
            return Report::empty(generation);
        }
        let collected = self.garbage.swap(0, Relaxed);
        *lock(&self.collected) += collected;
        self.changed.notify_all();
        Report { collected, ..Report::empty(generation) }
    }
}

/// An owner that is not dropped where a model fails: to wait for a thread is more than a checker
/// stands while it unwinds.
struct Kept(ManuallyDrop<Owner<Arc<Worker>>>);

impl Kept {
    fn end(self) -> Figures {
        ManuallyDrop::into_inner(self.0).stop()
    }
}

fn start_on(worker: &Arc<Worker>, heap: &Arc<Heap>) -> Kept {
    let owner = start(Arc::clone(worker), &Config::default(), Arc::clone(heap));
    Kept(ManuallyDrop::new(owner.expect("nothing else runs")))
}

/// A heap and its worker, started.
fn started() -> (Arc<Heap>, Arc<Worker>, Kept) {
    let heap = Heap::new();
    let worker = Arc::new(Worker::new());
    let owner = start_on(&worker, &heap);
    (heap, worker, owner)
}

/// A thread that makes garbage and says so, as `new` does.
fn mutator(heap: &Arc<Heap>, worker: &Arc<Worker>) -> thread::JoinHandle<()> {
    let (heap, worker) = (Arc::clone(heap), Arc::clone(worker));
    thread::spawn(move || {
        heap.make_garbage();
        assert!(worker.wake());
    })
}

#[test]
fn it_stops_whatever_it_is_doing_and_starts_again() {
    model(3, || {
        let (heap, worker, owner) = started();
        let _ = owner.end();
        assert!(!worker.is_running());
        assert!(!worker.wake());

        let _ = start_on(&worker, &heap).end();
        assert!(!worker.is_running());
    });
}

#[test]
fn no_wake_up_is_lost_while_it_goes_to_sleep() {
    model(3, || {
        let (heap, worker, owner) = started();
        let mutator = mutator(&heap, &worker);
        heap.wait_until_collected(1);
        mutator.join().unwrap();
        let _ = owner.end();
    });
}

#[test]
fn what_two_mutators_wake_it_for_is_collected() {
    model(2, || {
        let (heap, worker, owner) = started();
        let mutator = mutator(&heap, &worker);
        heap.make_garbage();
        assert!(worker.wake());
        heap.wait_until_collected(2);
        mutator.join().unwrap();
        let _ = owner.end();
    });
}

#[test]
fn a_request_is_answered_though_it_stops() {
    model(3, || {
        let (_heap, worker, owner) = started();
        let asker = thread::spawn(move || worker.request(Generation::Old).wait());
        let figures = owner.end();
        let _ = asker.join().unwrap();
        assert!(figures.collections <= 1);
    });
}

#[test]
fn a_request_that_came_before_the_stop_is_served() {
    model(3, || {
        let (heap, worker, owner) = started();
        heap.make_garbage();
        let ticket: Ticket = worker.request(Generation::Old);
        let _ = owner.end();
        let _ = ticket.wait();
        assert_eq!(*lock(&heap.collected), 1);
    });
}

#[test]
fn a_request_is_served_by_a_collection_that_begins_after_it() {
    model(2, || {
        let (heap, worker, owner) = started();
        let its = Arc::clone(&worker);
        let other = thread::spawn(move || its.request(Generation::Old).wait());
        heap.make_garbage();
        let _ = worker.request(Generation::Old).wait();
        assert_eq!(*lock(&heap.collected), 1);
        let _ = other.join().unwrap();
        let _ = owner.end();
    });
}

#[test]
fn a_pause_lets_no_wake_up_through_and_its_end_makes_up_for_it() {
    model(2, || {
        let (heap, worker, owner) = started();
        worker.pause();
        // What had begun before the pause is over when this is.
        let _ = worker.request(Generation::Middle).wait();
        mutator(&heap, &worker).join().unwrap();
        let _ = worker.request(Generation::Middle).wait();
        assert_eq!(*lock(&heap.collected), 0);
        worker.resume();
        heap.wait_until_collected(1);
        let _ = owner.end();
    });
}

#[test]
fn no_wake_up_is_lost_at_the_end_of_a_pause() {
    model(3, || {
        let (heap, worker, owner) = started();
        worker.pause();
        let mutator = mutator(&heap, &worker);
        worker.resume();
        heap.wait_until_collected(1);
        mutator.join().unwrap();
        let _ = owner.end();
    });
}
