//! Random operations of several threads on shared objects, beside the collector.
//!
//! Each case is a few phases. In a phase all threads do random things, begin others and end; then
//! everything is at rest, and what lives must be what can be reached, with the counts that the
//! handles account for. What is in use in between tells by its canary whether it was dropped, and
//! each object counts how often it was finalized and dropped; races on plain memory are for
//! ThreadSanitizer to see.
//!
//! `GC_TESTS_SEED` begins with that case, `GC_TESTS_CASES` says how many there are,
//! `GC_TESTS_SECONDS` how long a test may take (whichever comes first), `GC_TESTS_THREADS` how many
//! threads there are. Threads take turns as they like, so a seed may need several tries.

mod ledger;
mod node;
mod pools;
mod program;
mod random;
mod rest;

use gc_core::sync::background::{self, Background, Config};
use gc_core::sync::{self, Gc};
use gc_core::{DebugFlags, Thresholds, set_unraisable_hook};
use ledger::{CALLBACKS, OBJECTS, SEED, fault, no_faults};
use node::Node;
use pools::{POOLS, lock, take_all};
use program::{Local, Mail};
use random::{below, seed};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{env, thread};

/// Who collects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Collector {
    /// A thread of its own, when it is due and all the time in between.
    Background,
    /// Whoever makes the object that makes it due.
    Foreground,
    /// A thread that does nothing else.
    Spare,
    /// Nobody, but when the operations say so.
    Nobody,
}

fn number(name: &str, default: u64) -> u64 {
    env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// One test at a time: there is one heap.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs cases until there were enough or the time is over, but one at least.
fn run(collector: Collector) {
    let _alone = alone();
    set_unraisable_hook(Some(Box::new(|what| fault(&format!("a panic was caught: {what:?}")))));
    let (first, cases) = (number("GC_TESTS_SEED", 1), number("GC_TESTS_CASES", 30));
    let limit = Duration::from_secs(number("GC_TESTS_SECONDS", 3600));
    let begun = Instant::now();
    for case in first..first + cases {
        SEED.store(case, SeqCst);
        let outcome = thread::spawn(move || one_case(case, collector)).join();
        no_faults();
        assert!(outcome.is_ok(), "seed {case} has panicked");
        if begun.elapsed() > limit {
            break;
        }
    }
}

/// Steps of a thread in one phase.
const STEPS: usize = if cfg!(miri) { 40 } else { 400 };

fn one_case(case: u64, collector: Collector) {
    seed(case);
    let young = [1, 3, 10, 40, 200][below(5)];
    sync::set_thresholds(Thresholds { young, middle: 1 + below(4), old: 1 + below(4) });
    if matches!(collector, Collector::Spare | Collector::Nobody) {
        sync::disable();
    } else {
        sync::enable();
    }
    let background = (collector == Collector::Background).then(start);
    let threads = usize::try_from(number("GC_TESTS_THREADS", 4)).expect("a small number");
    let mail = Mail::new();
    let mut hands: Vec<Vec<Gc<Node>>> = (0..threads).map(|_| Vec::new()).collect();
    for phase in 0..3 {
        hands = one_phase(hands, &mail, case * 1000 + phase * 100, collector);
        while let Some(gc) = mail.receive() {
            hands[0].push(gc);
        }
        at_rest(background.as_ref(), &hands);
    }
    drop(hands);
    the_end(background.as_ref());
}

fn start() -> Background {
    // It never sleeps for long.
    let often = Config::default().interval(Duration::from_micros(300));
    background::start(often).expect("nothing else runs")
}

/// All threads run; gives back what they hold in the end.
fn one_phase(
    hands: Vec<Vec<Gc<Node>>>,
    mail: &Mail,
    number: u64,
    collector: Collector,
) -> Vec<Vec<Gc<Node>>> {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let spare = (collector == Collector::Spare).then(|| {
            scope.spawn(|| {
                seed(number + 99);
                while !over.load(SeqCst) {
                    let _ = sync::collect();
                    thread::yield_now();
                }
            })
        });
        let threads: Vec<_> = (number..)
            .zip(hands)
            .map(|(number, hands)| {
                scope.spawn(move || {
                    seed(number);
                    let mut local = Local::new(hands, mail);
                    local.run(STEPS);
                    std::mem::take(&mut local.hands)
                })
            })
            .collect();
        // Joined one by one: a scope does not wait for thread-locals.
        let joined: Vec<_> = threads.into_iter().map(|thread| thread.join()).collect();
        over.store(true, SeqCst);
        if let Some(spare) = spare {
            spare.join().expect("a collection does not panic");
        }
        joined.into_iter().map(|hands| hands.expect("a thread does not panic")).collect()
    })
}

/// No other thread runs: looks whether all is as it must be.
fn at_rest(background: Option<&Background>, hands: &[Vec<Gc<Node>>]) {
    let _pause = background.map(|background| {
        let pause = background.pause();
        // What had begun before the pause is over when this is.
        let _ = background.collect_now().wait();
        pause
    });
    sync::set_debug(DebugFlags::empty());
    sync::garbage().clear();
    rest::settle();
    rest::check(hands.iter().flatten());
}

/// Lets everything go, until finalizers bring nothing back any more.
fn the_end(background: Option<&Background>) {
    for _ in 0..10_000 {
        at_rest(background, &[]);
        let (shared, uniques) = (take_all(&POOLS.shared), take_all(&POOLS.uniques));
        let none = shared.is_empty() && uniques.is_empty();
        drop((shared, uniques, take_all(&POOLS.weaks), take_all(&POOLS.watches)));
        if none && lock(&POOLS.shared).is_empty() && lock(&POOLS.watches).is_empty() {
            break;
        }
    }
    if sync::live() != 0 || OBJECTS.alive().next().is_some() {
        fault("something is left when nothing can be reached");
    }
    OBJECTS.reset();
    CALLBACKS.reset();
}

#[test]
fn beside_a_background_collector() {
    run(Collector::Background);
}

#[test]
fn with_automatic_collections() {
    run(Collector::Foreground);
}

#[test]
fn beside_a_thread_that_collects_all_the_time() {
    run(Collector::Spare);
}

#[test]
fn with_a_few_collections_by_anybody() {
    run(Collector::Nobody);
}
