//! What is measured. One file a workload; this one names them all.

mod alloc;
mod churn;
mod clone_drop;
mod collect;
mod depth;
mod deref;
mod graph;
mod list;
mod memory;
mod ring;
mod stall;
mod threads;
mod tree;
mod weak;

use crate::measure::Sample;
use crate::subject::{Arc, Rc, Subject, Sync, SyncBackground, Unsync, Weakly};

#[cfg(feature = "peers")]
pub(crate) use depth::{LARGEST_ALIVE, LARGEST_CYCLE, LARGEST_LIST};
#[cfg(feature = "peers")]
pub(crate) use graph::Random;
#[cfg(feature = "peers")]
pub(crate) use stall::Stopwatch;
pub(crate) use stall::causes;

/// Runs one batch.
pub(crate) type Runner = Box<dyn FnMut() -> Sample>;

/// What a figure is held against.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Budget {
    /// Nothing.
    None,
    /// A ratio to the subject's baseline.
    Ratio(f64),
    /// A figure.
    Figure(f64),
}

/// What is measured of a workload.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    /// CPU time; the median.
    Time,
    /// Wall time of single operations; the median.
    Wall,
    /// Wall time to which other processes can only add; the least.
    Least,
    /// Bytes, by an allocator that counts.
    Memory,
    /// The largest structure that does not overflow the stack.
    Depth,
}

/// One thing to measure, for every subject.
pub(crate) trait Workload {
    /// What one operation is called.
    const UNIT: &'static str = "operation";
    /// What the figure of the one-thread subject is held against.
    const BUDGET: Budget = Budget::None;
    /// What that of the thread-safe one is.
    const SHARED_BUDGET: Budget = Self::BUDGET;
    /// What that of the one with a background collector is.
    const BACKGROUND_BUDGET: Budget = Budget::None;
    /// Whether a subject that cannot collect has a part in it.
    const FOR_COUNTED: bool = true;
    /// Whether a background collector makes a difference.
    const FOR_BACKGROUND: bool = false;
    /// Whether other crates have a part in it.
    #[cfg_attr(not(feature = "peers"), allow(dead_code, reason = "there are no others"))]
    const FOR_PEERS: bool = true;
    const KIND: Kind = Kind::Time;
    /// Whether it sees to what has to be there while a batch runs.
    const ATTENDS: bool = false;

    /// Its name in the table.
    fn name() -> String;

    /// Prepares it for one subject.
    fn start<S: Subject>() -> Runner;
}

/// A workload that is listed.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    pub(crate) kind: Kind,
    pub(crate) contenders: Vec<Contender>,
}

/// A subject of a workload.
#[derive(Debug)]
pub(crate) struct Contender {
    pub(crate) subject: &'static str,
    /// Which other it is compared with.
    pub(crate) baseline: Option<&'static str>,
    pub(crate) budget: Budget,
    pub(crate) start: Start,
}

/// How a subject begins a workload.
#[derive(Debug)]
#[cfg_attr(not(feature = "peers"), allow(dead_code, reason = "what gc-core and std need not"))]
pub(crate) enum Start {
    /// In a process of this program. `settle` is called when all batches are over and something is to be
    /// collected yet.
    Here { start: fn() -> Runner, settle: fn() },
    /// The same for one structure of some size.
    Depth(fn(usize)),
    /// In CPython.
    Python,
    /// Not at all, for this reason.
    Cannot(&'static str),
}

impl Entry {
    fn new(name: String, unit: &'static str, kind: Kind) -> Self {
        Entry { name, unit, kind, contenders: Vec::new() }
    }

    /// Enters a subject that is compared with `baseline`.
    fn enter<S: Subject>(&mut self, baseline: Option<&'static str>, budget: Budget, start: Start) {
        let reason = S::CANNOT.iter().find(|(word, _)| self.name.contains(word));
        let start = reason.map_or(start, |(_, reason)| Start::Cannot(reason));
        self.contenders.push(Contender { subject: S::NAME, baseline, budget, start });
    }
}

/// Prepares a workload whose batches are attended by what the subject wants.
fn start<W: Workload, S: Subject>() -> Runner {
    let mut runner = W::start::<S>();
    if W::ATTENDS {
        return runner;
    }
    Box::new(move || {
        let attended = S::attended();
        let sample = runner();
        drop(attended);
        sample
    })
}

fn here<S: Subject>(start: fn() -> Runner) -> Start {
    fn settle<S: Subject>() {
        S::collect();
        S::settle();
    }
    Start::Here { start, settle: settle::<S> }
}

const RC: Option<&str> = Some(Rc::NAME);
const ARC: Option<&str> = Some(Arc::NAME);

/// A workload for all subjects. Another one of gc-core's is entered here, another crate in `subject::peers`.
fn entry<W: Workload>() -> Entry {
    let mut entry = Entry::new(W::name(), W::UNIT, W::KIND);
    if W::FOR_COUNTED {
        enter::<W, Rc>(&mut entry, None, Budget::None);
    }
    enter::<W, Unsync>(&mut entry, RC.filter(|_| W::FOR_COUNTED), W::BUDGET);
    #[cfg(feature = "peers")]
    if W::FOR_PEERS {
        enter_peers::<W>(&mut entry);
    }
    if W::FOR_COUNTED {
        enter::<W, Arc>(&mut entry, None, Budget::None);
    }
    let shared = ARC.filter(|_| W::FOR_COUNTED);
    enter::<W, Sync>(&mut entry, shared, W::SHARED_BUDGET);
    if W::FOR_BACKGROUND {
        enter::<W, SyncBackground>(&mut entry, shared, W::BACKGROUND_BUDGET);
    }
    #[cfg(feature = "peers")]
    if W::FOR_PEERS {
        enter_shared_peers::<W>(&mut entry);
    }
    entry
}

fn enter<W: Workload, S: Subject>(
    entry: &mut Entry,
    baseline: Option<&'static str>,
    budget: Budget,
) {
    entry.enter::<S>(baseline, budget, here::<S>(start::<W, S>));
}

#[cfg(feature = "peers")]
use crate::subject::peers;

#[cfg(feature = "peers")]
fn enter_peers<W: Workload>(entry: &mut Entry) {
    let rc = RC.filter(|_| W::FOR_COUNTED);
    enter::<W, peers::Dumpster>(entry, rc, Budget::None);
    enter::<W, peers::RustCc>(entry, rc, Budget::None);
    enter::<W, peers::Gcmodule>(entry, rc, Budget::None);
    enter::<W, peers::Bacon>(entry, rc, Budget::None);
    enter::<W, peers::RustGc>(entry, rc, Budget::None);
    enter::<W, peers::BoaGc>(entry, rc, Budget::None);
    // These two have workloads of their own under the same names.
    for (subject, start) in [
        ("gc-arena", peers::arena::start(&entry.name)),
        ("CPython", peers::python::start(&entry.name)),
    ] {
        entry.contenders.push(Contender { subject, baseline: rc, budget: Budget::None, start });
    }
}

#[cfg(feature = "peers")]
fn enter_shared_peers<W: Workload>(entry: &mut Entry) {
    let arc = ARC.filter(|_| W::FOR_COUNTED);
    enter::<W, peers::DumpsterSync>(entry, arc, Budget::None);
    enter::<W, peers::GcmoduleSync>(entry, arc, Budget::None);
    enter::<W, peers::Shredder>(entry, arc, Budget::None);
}

/// One thing to measure for every subject that has weak handles.
trait WeakWorkload {
    const NAME: &'static str;
    fn start<S: Weakly>() -> Runner;
}

fn weak_entry<W: WeakWorkload>() -> Entry {
    let mut entry = Entry::new(W::NAME.to_string(), "operation", Kind::Time);
    entry.enter::<Rc>(None, Budget::None, here::<Rc>(W::start::<Rc>));
    entry.enter::<Unsync>(RC, Budget::None, here::<Unsync>(W::start::<Unsync>));
    #[cfg(feature = "peers")]
    {
        entry.enter::<peers::RustCc>(
            RC,
            Budget::None,
            here::<peers::RustCc>(W::start::<peers::RustCc>),
        );
        entry.enter::<peers::Bacon>(
            RC,
            Budget::None,
            here::<peers::Bacon>(W::start::<peers::Bacon>),
        );
        entry.enter::<peers::BoaGc>(
            RC,
            Budget::None,
            here::<peers::BoaGc>(W::start::<peers::BoaGc>),
        );
    }
    entry.enter::<Arc>(None, Budget::None, here::<Arc>(W::start::<Arc>));
    entry.enter::<Sync>(ARC, Budget::None, here::<Sync>(W::start::<Sync>));
    entry
}

/// Everything there is to measure, in the order of the table.
pub(crate) fn all() -> Vec<Entry> {
    let mut all = Vec::new();
    all.extend(deref::entries());
    all.extend(clone_drop::entries());
    all.extend(alloc::entries());
    all.extend(weak::entries());
    all.extend(ring::entries());
    all.extend(list::entries());
    all.extend(tree::entries());
    all.extend(graph::entries());
    all.extend(churn::entries());
    all.extend(stall::entries());
    all.extend(collect::entries());
    all.extend(threads::entries());
    all.extend(memory::entries());
    all.extend(depth::entries());
    all
}
