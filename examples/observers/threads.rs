//! A set of weak handles is all that it takes where observers have one type: here on several
//! threads, with the other heap.

use gc_core::Trace;
use gc_core::sync::{self, Gc, WeakSet};
use gc_core::weakref::ByIdentity;
use gc_examples::program::{Error, check};
use gc_examples::report::say;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

/// Counts what it is told.
#[derive(Trace, Default)]
struct Counter(AtomicU32);

const THREADS: usize = 4;
const ROUNDS: u32 = 100;

/// Each thread has an observer in the set for as long as it runs. The subject does not know when
/// one comes or goes, and tells who is there.
pub(crate) fn run() -> Result<(), Error> {
    let observers: WeakSet<Counter, ByIdentity> = WeakSet::new();
    let (there, told) = (Barrier::new(THREADS + 1), Barrier::new(THREADS + 1));
    let totals: Vec<u32> = thread::scope(|scope| {
        let observe = || {
            let counter = Gc::new(Counter::default());
            observers.insert(&counter);
            there.wait();
            told.wait();
            counter.0.load(Ordering::Relaxed)
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(observe)).collect();
        there.wait();
        say(format_args!("{} observers, one on each thread", observers.len()));
        for _ in 0..ROUNDS {
            for observer in &observers {
                observer.0.fetch_add(1, Ordering::Relaxed);
            }
        }
        told.wait();
        threads.into_iter().map(|thread| thread.join().unwrap_or(0)).collect()
    });
    say(format_args!("each was told {totals:?} times; {} are left in the set", observers.len()));
    let _ = sync::collect();
    let left = sync::live();
    check(left == 0 && totals == [ROUNDS; THREADS], || format!("{left} objects are left"))
}
