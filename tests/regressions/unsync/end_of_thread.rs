//! Thread-locals that are dropped after the heap's own end: what they leave behind is
//! collected right after each, for seven of them; after that dropped handles collect,
//! but not each, which would be quadratic.
//!
//! Thread-locals end in the reverse order of their first use (on the platforms
//! these tests run on), and the heap registers with its first candidate.

use gc_core::unsync::{self, Gc};
use gc_core::{Finalize, Finalizing, Trace, Tracer};
use gc_tests::unsync::{Node, ring, self_loop};
use gc_tests::{Event, Log};
use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

thread_local! {
    static ROOTS: RefCell<Vec<Gc<Node>>> = const { RefCell::new(Vec::new()) };
    static MEMBERS: RefCell<Vec<Gc<Member>>> = const { RefCell::new(Vec::new()) };
}

/// Makes the heap register, if it has not.
fn touch_heap() {
    drop(Node::new(usize::MAX, &Log::new()).clone());
}

/// Runs `make` on a thread that keeps the nodes to its end, in a thread-local that goes
/// before the heap or after it. Gives back what was logged.
fn left_by_thread(
    after_heap: bool,
    make: impl FnOnce(&Log) -> Vec<Gc<Node>> + Send + 'static,
) -> Log {
    let log = Log::new();
    let inner = log.clone();
    let run = move || {
        if after_heap {
            ROOTS.with_borrow_mut(|roots| roots.reserve(1));
        }
        touch_heap();
        let nodes = make(&inner);
        ROOTS.with_borrow_mut(|roots| roots.extend(nodes));
    };
    thread::spawn(run).join().expect("no panic");
    log
}

#[test]
fn a_cycle_in_a_thread_local_was_not_finalized() {
    for after_heap in [false, true] {
        let log = left_by_thread(after_heap, |log| vec![self_loop(0, log)]);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)], "after: {after_heap}");
    }
}

#[test]
fn cycles_in_a_thread_local_of_which_each_has_one_handle() {
    const RINGS: usize = if cfg!(miri) { 10 } else { 100 };
    for after_heap in [false, true] {
        let log = left_by_thread(after_heap, |log| {
            (0..RINGS).map(|_| ring(10, log).swap_remove(3)).collect()
        });
        let names: Vec<_> = (0..10).flat_map(|name| [name; RINGS]).collect();
        assert_eq!((log.finalized(), log.dropped()), (names.clone(), names));
    }
}

/// The last of several handles to a cycle goes when the others have been looked at.
#[test]
fn a_ring_in_a_thread_local_that_has_a_handle_to_each_of_its_nodes() {
    for after_heap in [false, true] {
        for n in (1..40).step_by(if cfg!(miri) { 10 } else { 1 }) {
            let log = left_by_thread(after_heap, move |log| ring(n, log));
            let names: Vec<_> = (0..n).collect();
            assert_eq!(log.finalized(), names, "a ring of {n}, after the heap: {after_heap}");
            assert_eq!(log.dropped(), names);
        }
    }
}

#[test]
fn a_ring_in_a_thread_local_that_was_dropped_and_is_used_again() {
    for after_heap in [false, true] {
        let log = left_by_thread(after_heap, |log| {
            let nodes = ring(2, log);
            // A finalizer that leaves another cycle behind.
            let more = log.clone();
            nodes[1].on_finalize(move |_, _| drop(self_loop(2, &more)));
            nodes
        });
        assert_eq!((log.finalized(), log.dropped()), (vec![0, 1, 2], vec![0, 1, 2]));
    }
}

/// Each of them ends after the heap, one after another.
#[test]
fn cycles_in_several_thread_locals() {
    thread_local! {
        static FIRST: RefCell<Vec<Gc<Node>>> = const { RefCell::new(Vec::new()) };
        static SECOND: RefCell<Vec<Gc<Node>>> = const { RefCell::new(Vec::new()) };
        static THIRD: RefCell<Vec<Gc<Node>>> = const { RefCell::new(Vec::new()) };
    }

    let log = Log::new();
    let inner = log.clone();
    let run = move || {
        for (place, nodes) in [&FIRST, &SECOND, &THIRD].into_iter().enumerate() {
            nodes.with_borrow_mut(|nodes| nodes.extend(ring(5 + place, &inner)));
        }
        touch_heap();
    };
    thread::spawn(run).join().expect("no panic");
    assert_eq!((log.finalized().len(), log.dropped().len()), (5 + 6 + 7, 5 + 6 + 7));
}

/// Counts how often it is traced, by whatever thread.
struct Counted(&'static AtomicUsize);

// SAFETY: shows nothing.
unsafe impl Trace for Counted {
    fn trace(&self, _: &mut Tracer<'_>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[derive(Trace)]
#[trace(finalize)]
struct Member {
    traced: Counted,
    #[trace(skip)]
    finalized: &'static AtomicUsize,
    next: RefCell<Vec<Gc<Member>>>,
}

impl Finalize for Member {
    fn finalize(&self, _: &Finalizing<'_>) {
        self.finalized.fetch_add(1, Ordering::Relaxed);
    }
}

/// How often members were traced and finalized.
struct Counters {
    traced: AtomicUsize,
    finalized: AtomicUsize,
}

impl Counters {
    const fn new() -> Counters {
        Counters { traced: AtomicUsize::new(0), finalized: AtomicUsize::new(0) }
    }

    fn member(&'static self) -> Gc<Member> {
        let (traced, finalized) = (Counted(&self.traced), &self.finalized);
        Gc::new(Member { traced, finalized, next: RefCell::default() })
    }

    fn get(&self) -> [usize; 2] {
        [&self.traced, &self.finalized].map(|counter| counter.load(Ordering::Relaxed))
    }
}

const MANY: usize = if cfg!(miri) { 300 } else { 10_000 };

/// Runs `make` on a thread that drops what it gives one by one, after the heap's end.
fn dropped_one_by_one(make: impl FnOnce() -> Vec<Gc<Member>> + Send + 'static) {
    let run = move || {
        MEMBERS.with_borrow_mut(|members| members.reserve(1));
        touch_heap();
        unsync::disable();
        let members = make();
        MEMBERS.with_borrow_mut(|all| all.extend(members));
    };
    thread::spawn(run).join().expect("no panic");
}

#[test]
fn many_cycles_that_go_one_by_one_are_not_looked_at_over_and_over() {
    static COUNTERS: Counters = Counters::new();
    dropped_one_by_one(|| {
        let make = |_| {
            let member = COUNTERS.member();
            member.next.borrow_mut().push(member.clone());
            member
        };
        (0..MANY).map(make).collect()
    });
    let [traced, finalized] = COUNTERS.get();
    assert_eq!(finalized, MANY);
    assert!(traced <= 10 * MANY, "{traced} looks at {MANY} objects");
}

/// One cycle of many, with a handle to each: every collection would go through all of it.
fn one_large_cycle(counters: &'static Counters) -> Vec<Gc<Member>> {
    let members: Vec<_> = (0..MANY).map(|_| counters.member()).collect();
    for (index, member) in members.iter().enumerate() {
        member.next.borrow_mut().push(members[(index + 1) % MANY].clone());
    }
    members
}

/// Many cycles that each lead to something large, which stays alive to the last.
fn cycles_that_share(counters: &'static Counters) -> Vec<Gc<Member>> {
    let shared: Vec<_> = (0..MANY).map(|_| counters.member()).collect();
    for pair in shared.windows(2) {
        pair[0].next.borrow_mut().push(pair[1].clone());
    }
    let make = |_| {
        let member = counters.member();
        member.next.borrow_mut().extend([member.clone(), shared[0].clone()]);
        member
    };
    (0..MANY).map(make).chain([shared[0].clone()]).collect()
}

#[test]
fn many_handles_to_large_cycles_that_go_one_by_one_are_not_all_followed() {
    static ONE: Counters = Counters::new();
    dropped_one_by_one(|| one_large_cycle(&ONE));
    let [traced, _] = ONE.get();
    assert!(traced <= 20 * MANY, "{traced} looks at {MANY} objects");

    static SHARED: Counters = Counters::new();
    dropped_one_by_one(|| cycles_that_share(&SHARED));
    let [traced, _] = SHARED.get();
    assert!(traced <= 40 * MANY, "{traced} looks at {} objects", 2 * MANY);
}

#[test]
fn large_cycles_of_which_the_handles_go_one_by_one_are_finalized() {
    static ONE: Counters = Counters::new();
    dropped_one_by_one(|| one_large_cycle(&ONE));
    assert_eq!(ONE.get()[1], MANY);

    static SHARED: Counters = Counters::new();
    dropped_one_by_one(|| cycles_that_share(&SHARED));
    assert_eq!(SHARED.get()[1], 2 * MANY);
}
