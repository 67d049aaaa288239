//! A graph that changes at random: new nodes in the place of old ones, links made and cut.

use super::{Entry, Runner, Workload, entry};
use crate::measure::timed;
use crate::subject::{Parallel, Subject};
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

pub(super) fn entries() -> Vec<Entry> {
    vec![entry::<Changes>()]
}

/// Nodes that are held from outside. What they let go of may be held by others yet.
const HELD: usize = 1000;
/// Changes in a batch.
const CHANGES: usize = 20_000;

/// The same numbers in every run (xorshift).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new() -> Self {
        Random(0x9e37_79b9_7f4a_7c15)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The upper half: below 2^32, which is a usize on what this runs on.
        (self.0 >> 32) as usize % end
    }

    pub(crate) fn shuffle<T>(&mut self, values: &mut [T]) {
        for place in (1..values.len()).rev() {
            values.swap(place, self.below(place + 1));
        }
    }
}

/// What is done to the graph.
enum Change {
    /// A new node takes the place of a held one.
    Replace(usize),
    /// The first gets a link to the second: its next or its previous one.
    Link(usize, usize, bool),
    /// One loses a link.
    Cut(usize, bool),
}

fn next_change(random: &mut Random) -> Change {
    let one = random.below(HELD);
    match random.below(8) {
        0..2 => Change::Replace(one),
        2..6 => Change::Link(one, random.below(HELD), random.below(2) == 0),
        _ => Change::Cut(one, random.below(2) == 0),
    }
}

fn set<S: Subject>(node: &S::Node, link: Option<S::Node>, next: bool) {
    if next { S::set_next(node, link) } else { S::set_previous(node, link) }
}

/// A node that is held no more. Who cannot collect takes it apart, so no cycle is left.
fn let_go<S: Subject>(old: S::Node) {
    if !S::COLLECTS {
        S::set_next(&old, None);
        S::set_previous(&old, None);
    }
    drop(old);
    S::let_go(1);
}

/// One thread changes the graph.
struct Changes;

impl Workload for Changes {
    const UNIT: &'static str = "change";
    const FOR_BACKGROUND: bool = true;

    fn name() -> String {
        format!("random graph of {HELD}")
    }

    fn start<S: Subject>() -> Runner {
        let mut random = Random::new();
        let mut held: Vec<S::Node> = (0..HELD as u64).map(|value| S::node(value, None)).collect();
        Box::new(move || {
            timed(CHANGES, || {
                for _ in 0..CHANGES {
                    match next_change(&mut random) {
                        Change::Replace(place) => {
                            let_go::<S>(mem::replace(&mut held[place], S::node(1, None)));
                        }
                        Change::Link(from, to, next) => {
                            set::<S>(&held[from], Some(held[to].clone()), next);
                        }
                        Change::Cut(from, next) => set::<S>(&held[from], None, next),
                    }
                }
                S::collect();
                S::settle();
            })
        })
    }
}

/// A graph for two threads: each handle from outside has a lock.
pub(super) struct SharedGraph<S: Parallel> {
    held: Vec<Mutex<S::Node>>,
    seeds: AtomicU64,
}

impl<S: Parallel> SharedGraph<S> {
    pub(super) fn new() -> Self {
        let held = (0..HELD as u64).map(|value| Mutex::new(S::node(value, None))).collect();
        SharedGraph { held, seeds: AtomicU64::new(1) }
    }

    fn get(&self, place: usize) -> S::Node {
        self.held[place].lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Some changes, others than the last time; and a collection at the end.
    pub(super) fn change(&self, changes: usize) {
        let mut random = Random::new();
        // Relaxed: any number will do.
        random.0 ^= self.seeds.fetch_add(1, Ordering::Relaxed) << 20;
        for _ in 0..changes {
            match next_change(&mut random) {
                Change::Replace(place) => {
                    let new = S::node(1, None);
                    let mut held = self.held[place].lock().unwrap_or_else(PoisonError::into_inner);
                    let old = mem::replace(&mut *held, new);
                    drop(held);
                    let_go::<S>(old);
                }
                Change::Link(from, to, next) => {
                    set::<S>(&self.get(from), Some(self.get(to)), next);
                }
                Change::Cut(from, next) => set::<S>(&self.get(from), None, next),
            }
        }
        S::collect();
        S::settle();
    }
}
