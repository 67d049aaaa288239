//! Two threads at a time: what they pay for each other.

use super::graph::SharedGraph;
#[cfg(feature = "peers")]
use super::peers;
use super::{ARC, Budget, Entry, Kind, Runner, here};
use crate::measure::{Sample, timed_here};
use crate::subject::{Arc, Parallel, Sync};
use std::hint::{black_box, spin_loop};
use std::marker;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

pub(super) fn entries() -> Vec<Entry> {
    vec![
        entry::<ReadOne>(),
        entry::<ReadList>(),
        entry::<CloneOneNumber>(),
        entry::<CloneOneNode>(),
        entry::<CloneOwn>(),
        entry::<MakeNumbers>(),
        entry::<MakeNodes>(),
        entry::<Graph>(),
    ]
}

/// What each of two threads does at the same time.
trait Both {
    const UNIT: &'static str = "operation";
    const BUDGET: Budget;
    const NAME: &'static str;
    /// Operations of each thread in a batch.
    const OPERATIONS: usize = 50_000;

    /// What both threads share.
    type Shared<S: Parallel>: marker::Sync + 'static;

    fn prepare<S: Parallel>() -> Self::Shared<S>;

    /// One thread's part.
    fn run<S: Parallel>(shared: &Self::Shared<S>);
}

fn entry<B: Both>() -> Entry {
    let mut entry = Entry::new(format!("two threads, {}", B::NAME), B::UNIT, Kind::Time);
    entry.enter::<Arc>(None, Budget::None, here::<Arc>(start::<B, Arc>));
    entry.enter::<Sync>(ARC, B::BUDGET, here::<Sync>(start::<B, Sync>));
    #[cfg(feature = "peers")]
    {
        enter_peer::<B, peers::DumpsterSync>(&mut entry);
        enter_peer::<B, peers::GcmoduleSync>(&mut entry);
        enter_peer::<B, peers::Shredder>(&mut entry);
    }
    entry
}

#[cfg(feature = "peers")]
fn enter_peer<B: Both, S: Parallel>(entry: &mut Entry) {
    entry.enter::<S>(ARC, Budget::None, here::<S>(start::<B, S>));
}

fn start<B: Both, S: Parallel>() -> Runner {
    let shared = B::prepare::<S>();
    Box::new(move || {
        let meeting = Meeting::new();
        let part = |first: bool| {
            meeting.meet(first);
            timed_here(B::OPERATIONS, || B::run::<S>(black_box(&shared)))
        };
        // The other's thread is new for each batch: it has nothing in its caches.
        let (here, there) = thread::scope(|scope| {
            let there = scope.spawn(|| part(false));
            (part(true), there.join().expect("it does not panic"))
        });
        Sample {
            figure: (here.figure + there.figure) / 2.0,
            operations: here.operations + there.operations,
        }
    })
}

/// Where two threads wait until both are running at that very moment: on a busy machine one may be
/// waiting for a processor while the other has its turn.
struct Meeting {
    started: Instant,
    /// How often it was passed on; the first thread's turn while even.
    passed: AtomicUsize,
    over: AtomicBool,
}

/// Both come when a tick is over. (Who has slept is soon given a processor; who has spun is not.)
const TICK: Duration = Duration::from_millis(2);
/// Passes in a row, and how long they may take if both are running.
const PASSES: usize = 100;
const RUNNING: Duration = Duration::from_micros(200);
/// When others take the processors for this long, the two begin nevertheless.
const PATIENCE: Duration = Duration::from_millis(500);

impl Meeting {
    fn new() -> Self {
        Meeting {
            started: Instant::now(),
            passed: AtomicUsize::new(0),
            over: AtomicBool::new(false),
        }
    }

    fn meet(&self, first: bool) {
        while !self.over.load(Ordering::Acquire) {
            let ticks = self.started.elapsed().as_nanos() / TICK.as_nanos() + 1;
            let next = self.started + TICK * u32::try_from(ticks).unwrap_or(u32::MAX);
            thread::sleep(next.saturating_duration_since(Instant::now()));
            let deadline = Instant::now() + RUNNING;
            let met = (0..PASSES).all(|_| self.pass(first, deadline));
            if first && (met || self.started.elapsed() > PATIENCE) {
                self.over.store(true, Ordering::Release);
            }
        }
    }

    /// Waits for its turn and passes it on; `false` if that does not come soon, or it is over.
    fn pass(&self, first: bool, deadline: Instant) -> bool {
        while self.passed.load(Ordering::Acquire).is_multiple_of(2) != first {
            if self.over.load(Ordering::Acquire) || Instant::now() > deadline {
                return false;
            }
            spin_loop();
        }
        self.passed.fetch_add(1, Ordering::Release);
        true
    }
}

/// Reads of one number.
struct ReadOne;

impl Both for ReadOne {
    const BUDGET: Budget = Budget::Ratio(1.0);
    const NAME: &'static str = "deref: one number";
    const OPERATIONS: usize = 1_000_000;
    type Shared<S: Parallel> = S::Number;

    fn prepare<S: Parallel>() -> S::Number {
        S::number(1)
    }

    fn run<S: Parallel>(number: &S::Number) {
        for _ in 0..Self::OPERATIONS {
            black_box(S::read(black_box(number)));
        }
    }
}

/// Walks of one list.
struct ReadList;

const NODES: usize = 1000;

impl Both for ReadList {
    const UNIT: &'static str = "node";
    const BUDGET: Budget = Budget::Ratio(1.0);
    const NAME: &'static str = "deref: walk of a list of 1000";
    const OPERATIONS: usize = 1_000_000;
    type Shared<S: Parallel> = S::List;

    fn prepare<S: Parallel>() -> S::List {
        (1..NODES as u64).fold(S::cons(0, None), |list, value| S::cons(value, Some(list)))
    }

    fn run<S: Parallel>(list: &S::List) {
        for _ in 0..Self::OPERATIONS / NODES {
            black_box(S::sum(black_box(list)));
        }
    }
}

fn clone_and_drop<H: Clone>(handle: &H, times: usize) {
    for _ in 0..times {
        drop(black_box(black_box(handle).clone()));
    }
}

/// Clones and drops of handles to one number.
struct CloneOneNumber;

impl Both for CloneOneNumber {
    const BUDGET: Budget = Budget::Ratio(1.1);
    const NAME: &'static str = "clone + drop: one number";
    type Shared<S: Parallel> = S::Number;

    fn prepare<S: Parallel>() -> S::Number {
        S::number(1)
    }

    fn run<S: Parallel>(number: &S::Number) {
        clone_and_drop(number, Self::OPERATIONS);
    }
}

/// Clones and drops of handles to one node.
struct CloneOneNode;

impl Both for CloneOneNode {
    const BUDGET: Budget = Budget::Ratio(1.1);
    const NAME: &'static str = "clone + drop: one node";
    type Shared<S: Parallel> = S::Node;

    fn prepare<S: Parallel>() -> S::Node {
        S::node(1, None)
    }

    fn run<S: Parallel>(node: &S::Node) {
        clone_and_drop(node, Self::OPERATIONS);
    }
}

/// The same, each its own node.
struct CloneOwn;

impl Both for CloneOwn {
    const BUDGET: Budget = Budget::Ratio(1.1);
    const NAME: &'static str = "clone + drop: a node each";
    type Shared<S: Parallel> = ();

    fn prepare<S: Parallel>() {}

    fn run<S: Parallel>((): &()) {
        clone_and_drop(&S::node(1, None), Self::OPERATIONS);
    }
}

/// Numbers made and dropped.
struct MakeNumbers;

impl Both for MakeNumbers {
    const BUDGET: Budget = Budget::Ratio(1.2);
    const NAME: &'static str = "new + last drop: number";
    type Shared<S: Parallel> = ();

    fn prepare<S: Parallel>() {}

    fn run<S: Parallel>((): &()) {
        for _ in 0..Self::OPERATIONS {
            drop(black_box(S::number(black_box(1))));
        }
    }
}

/// Nodes made, a hundred of them alive at a time.
struct MakeNodes;

const ALIVE: usize = 100;

impl Both for MakeNodes {
    const BUDGET: Budget = Budget::Ratio(1.2);
    const NAME: &'static str = "new + last drop: 100 nodes";
    type Shared<S: Parallel> = ();

    fn prepare<S: Parallel>() {}

    fn run<S: Parallel>((): &()) {
        let mut nodes = Vec::with_capacity(ALIVE);
        for _ in 0..Self::OPERATIONS / ALIVE {
            nodes.extend((0..ALIVE as u64).map(|value| S::node(value, None)));
            black_box(&mut nodes).clear();
        }
    }
}

/// The mutations of `graph`, both threads on one graph.
struct Graph;

impl Both for Graph {
    const UNIT: &'static str = "change";
    const BUDGET: Budget = Budget::None;
    const NAME: &'static str = "random graph of 1000";
    const OPERATIONS: usize = 20_000;
    type Shared<S: Parallel> = SharedGraph<S>;

    fn prepare<S: Parallel>() -> SharedGraph<S> {
        SharedGraph::new()
    }

    fn run<S: Parallel>(graph: &SharedGraph<S>) {
        graph.change(Self::OPERATIONS);
    }
}
