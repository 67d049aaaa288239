//! What is measured. One file a workload; this one names them all.

mod alloc;
mod churn;
mod clone_drop;
mod collect;
mod deref;
mod ring;
mod tree;
mod weak;

use crate::measure::Sample;
use crate::subject::{Rc, Subject, Unsync};

/// Runs one batch.
pub(crate) type Runner = Box<dyn FnMut() -> Sample>;

/// What a figure is held against.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Budget {
    /// Nothing.
    None,
    /// A ratio to the first subject.
    Ratio(f64),
    /// Nanoseconds for one operation.
    Nanoseconds(f64),
}

/// One thing to measure, for every subject.
pub(crate) trait Workload {
    /// What one operation is called.
    const UNIT: &'static str = "operation";
    /// What the figure is held against.
    const BUDGET: Budget = Budget::None;
    /// Whether a subject that cannot collect has a part in it.
    const FOR_COUNTED: bool = true;
    /// Whether to report the least figure of all rounds instead of the median:
    /// for wall time, to which other processes can only add.
    const LEAST: bool = false;

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
    pub(crate) budget: Budget,
    pub(crate) least: bool,
    /// The first is the one that the others are compared with.
    pub(crate) contenders: Vec<Contender>,
}

/// A subject of a workload.
#[derive(Debug)]
pub(crate) struct Contender {
    pub(crate) subject: &'static str,
    pub(crate) start: fn() -> Runner,
}

/// One subject's part in a workload, if it has one.
fn contender<W: Workload, S: Subject>() -> Option<Contender> {
    let takes_part = S::COLLECTS || W::FOR_COUNTED;
    takes_part.then_some(Contender { subject: S::NAME, start: W::start::<S> })
}

/// A workload for all subjects. Another subject is entered here.
fn entry<W: Workload>() -> Entry {
    let contenders = [contender::<W, Rc>(), contender::<W, Unsync>()];
    Entry {
        name: W::name(),
        unit: W::UNIT,
        budget: W::BUDGET,
        least: W::LEAST,
        contenders: contenders.into_iter().flatten().collect(),
    }
}

/// Everything there is to measure, in the order of the table.
pub(crate) fn all() -> Vec<Entry> {
    let mut all = Vec::new();
    all.push(entry::<deref::Walk>());
    all.extend(clone_drop::entries());
    all.extend(alloc::entries());
    all.extend(weak::entries());
    all.extend(ring::entries());
    all.extend(tree::entries());
    all.extend(churn::entries());
    all.extend(collect::entries());
    all
}
