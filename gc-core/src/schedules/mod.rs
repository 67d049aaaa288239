//! Random programs under random schedules: the real code, where other threads may go on at each
//! atomic access.
//!
//! A program is a few objects, and two or three threads that do a dozen random things with them,
//! collections among them. When they have ended what lives must be what can be reached, with the
//! counts that its handles account for. Memory is sequentially consistent here: orderings are for
//! loom to check. `.ci/schedules` runs many; what is wrong with one is said with its number, and
//! `GC_SCHEDULES_SEED` with that and `GC_SCHEDULES=1` runs it again.

mod cells;
mod node;
mod program;
mod rest;
mod symptoms;

use crate::primitive::{guess, lock, schedules, thread};
use crate::sync::{self, Gc};
use crate::{Thresholds, set_unraisable_hook};
use node::{Cells, Known, Node, be_quiet, pools};
use program::Local;
use std::cell::{Cell, RefCell};
use std::env;

std::thread_local! {
    // The threads of a program all run on one of std's.
    static STATE: Cell<u64> = const { Cell::new(1) };
    static FAULTS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// A number below `bound` (xorshift, Marsaglia 2003).
fn below(bound: usize) -> usize {
    let mut x = STATE.get();
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    STATE.set(x);
    usize::try_from((x >> 20) % bound as u64).expect("below a usize")
}

fn one_in(n: usize) -> bool {
    below(n) == 0
}

/// Notes what must not be; panics are caught in what the collector runs.
fn fault(what: String) {
    FAULTS.with_borrow_mut(|faults| faults.push(what));
}

fn number(name: &str, default: u64) -> u64 {
    env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

/// Begins one program: nothing is known of those before it.
fn begin(seed: u64) {
    STATE.set((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    for _ in 0..8 {
        below(2);
    }
    // Else what is small seldom goes the ordinary way.
    guess::SMALL.set(seed % 3 > 0);
    FAULTS.take();
    node::begin();
}

/// Ends it: everything goes, and nothing was wrong.
fn end(seed: u64) {
    be_quiet();
    for _ in 0..100 {
        rest::settle();
        rest::check(&[]);
        let pools = pools();
        let shared = std::mem::take(&mut *lock(&pools.shared));
        let weaks = std::mem::take(&mut *lock(&pools.weaks));
        if shared.is_empty() && weaks.is_empty() {
            break;
        }
        drop((shared, weaks));
    }
    if sync::live() != 0 {
        fault("something is left".into());
    }
    sync::leave_thread();
    let faults = FAULTS.take();
    assert!(faults.is_empty(), "program {seed}: {}", faults.join("; "));
}

/// A random program, from begin to end.
fn program(seed: u64) {
    begin(seed);
    sync::set_thresholds(Thresholds { young: [1, 2, 4, 1000][below(4)], middle: 1, old: 1 });
    if one_in(2) {
        sync::disable();
    }
    let mut first = Local::new(Vec::new());
    (0..2 + below(3)).for_each(|_| first.hands.push(Gc::new(Node::new(Vec::new()))));
    first.run(below(6));
    let (others, steps) = (1 + below(2), 4 + below(10));
    let threads: Vec<_> = (0..others)
        .map(|_| {
            let hands = first.hands.clone();
            let collections = if one_in(3) { 1 + below(3) } else { 0 };
            thread::spawn(move || {
                thread::yield_now();
                let mut local = Local::new(hands);
                if collections > 0 {
                    local.hands.clear();
                    for _ in 0..collections {
                        let _ = sync::collect();
                    }
                } else {
                    local.run(steps);
                }
                sync::leave_thread();
                std::mem::take(&mut local.hands)
            })
        })
        .collect();
    // PCT wants a place where it has a choice.
    thread::yield_now();
    first.run(steps);
    finish(seed, std::mem::take(&mut first.hands), threads);
}

/// One to three objects, of which threads have a handle each and do the few things that deceive,
/// while another collects.
fn duel(seed: u64) {
    begin(seed);
    if one_in(4) {
        sync::disable();
    } else {
        be_quiet();
    }
    let mut first = Local::new(Vec::new());
    for _ in 0..1 + below(3) {
        let fixed = first.hands.iter().filter(|_| one_in(2)).cloned().collect();
        first.hands.push(Gc::new(Node::new(fixed)));
    }
    for from in &first.hands {
        for slot in 0..2 {
            let to = &first.hands[below(first.hands.len())];
            if one_in(2) {
                drop(match &from.cells {
                    Cells::Once(slots) => slots[slot].set(to.clone()).err(),
                    cells => cells.write(|it| it.edges[slot].replace(to.clone())).flatten(),
                });
            }
        }
        if one_in(3) {
            lock(&pools().weaks).push(Known::of(from));
        }
    }
    let threads: Vec<_> = (0..1 + below(2))
        .map(|_| {
            let hands = first.hands.iter().filter(|_| one_in(2)).cloned().collect();
            let steps = 2 + below(4);
            thread::spawn(move || {
                thread::yield_now();
                let mut local = Local::new(hands);
                (0..steps).for_each(|_| local.attack());
                sync::leave_thread();
                std::mem::take(&mut local.hands)
            })
        })
        .collect();
    thread::yield_now();
    first.hands.clear();
    for _ in 0..1 + below(2) {
        let _ = sync::collect();
    }
    finish(seed, Vec::new(), threads);
}

/// Waits for the threads, and looks at what is left.
fn finish(seed: u64, mut hands: Vec<Gc<Node>>, threads: Vec<thread::JoinHandle<Vec<Gc<Node>>>>) {
    for thread in threads {
        match thread.join() {
            Ok(mut more) => hands.append(&mut more),
            Err(_) => fault("a thread has panicked".into()),
        }
    }
    rest::settle();
    rest::check(&hands);
    drop(hands);
    end(seed);
}

/// Hears of the panics that the collector catches.
fn listen() {
    set_unraisable_hook(Some(Box::new(|event| fault(event.to_string()))));
}

#[test]
fn random_programs_under_random_schedules() {
    listen();
    let (first, count) = (number("GC_SCHEDULES_SEED", 1), number("GC_SCHEDULES", 2000));
    for seed in first..first + count {
        schedules(seed, None, 4, move || program(seed));
    }
}

/// With few preemptions at places that are chosen beforehand (PCT, Burckhardt and others 2010).
#[test]
fn random_programs_under_few_preemptions() {
    listen();
    let (first, count) = (number("GC_SCHEDULES_SEED", 1), number("GC_SCHEDULES", 2000));
    for seed in first..first + count {
        schedules(seed, Some(3), 4, move || program(seed));
    }
}

#[test]
fn duels_under_random_schedules() {
    listen();
    let (first, count) = (number("GC_SCHEDULES_SEED", 1), number("GC_SCHEDULES", 2000));
    for seed in first..first + count {
        schedules(seed, None, 10, move || duel(seed));
    }
}

#[test]
fn duels_under_few_preemptions() {
    listen();
    let (first, count) = (number("GC_SCHEDULES_SEED", 1), number("GC_SCHEDULES", 2000));
    for seed in first..first + count {
        schedules(seed, Some(2 + below(2)), 10, move || duel(seed));
    }
}
