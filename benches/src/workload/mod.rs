//! What is measured. One file a workload; this one names them all.

mod alloc;
mod churn;
mod clone_drop;
mod collect;
mod deref;
mod ring;
mod stall;
mod threads;
mod tree;
mod weak;

use crate::measure::Sample;
use crate::subject::{Arc, Rc, Subject, Sync, SyncBackground, Unsync};

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
    /// Nanoseconds for one operation.
    Nanoseconds(f64),
}

/// One thing to measure, for every subject.
pub(crate) trait Workload {
    /// What one operation is called.
    const UNIT: &'static str = "operation";
    /// What the figure of the one-thread subject is held against.
    const BUDGET: Budget = Budget::None;
    /// What that of the thread-safe one is.
    const SHARED_BUDGET: Budget = Self::BUDGET;
    /// Whether a subject that cannot collect has a part in it.
    const FOR_COUNTED: bool = true;
    /// Whether a background collector makes a difference.
    const FOR_BACKGROUND: bool = false;
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
    pub(crate) least: bool,
    pub(crate) contenders: Vec<Contender>,
}

/// A subject of a workload.
#[derive(Debug)]
pub(crate) struct Contender {
    pub(crate) subject: &'static str,
    /// Which other it is compared with, by its place.
    pub(crate) baseline: Option<usize>,
    pub(crate) budget: Budget,
    pub(crate) start: fn() -> Runner,
}

/// Prepares a workload whose batches are attended by what the subject wants.
fn start<W: Workload, S: Subject>() -> Runner {
    let mut runner = W::start::<S>();
    Box::new(move || {
        let attended = S::attended();
        let sample = runner();
        drop(attended);
        sample
    })
}

/// A workload for all subjects. Another subject is entered here.
fn entry<W: Workload>() -> Entry {
    let mut contenders = Vec::new();
    let local = enter_baseline::<W, Rc>(&mut contenders);
    enter::<W, Unsync>(&mut contenders, local, W::BUDGET);
    let shared = enter_baseline::<W, Arc>(&mut contenders);
    enter::<W, Sync>(&mut contenders, shared, W::SHARED_BUDGET);
    if W::FOR_BACKGROUND {
        enter::<W, SyncBackground>(&mut contenders, shared, Budget::None);
    }
    Entry { name: W::name(), unit: W::UNIT, least: W::LEAST, contenders }
}

/// Enters a subject that cannot collect, if it has a part in the workload, and gives its place.
fn enter_baseline<W: Workload, S: Subject>(contenders: &mut Vec<Contender>) -> Option<usize> {
    W::FOR_COUNTED.then(|| {
        enter::<W, S>(contenders, None, Budget::None);
        contenders.len() - 1
    })
}

/// Enters one that is compared with the one at `baseline`.
fn enter<W: Workload, S: Subject>(
    contenders: &mut Vec<Contender>,
    baseline: Option<usize>,
    budget: Budget,
) {
    contenders.push(Contender { subject: S::NAME, baseline, budget, start: start::<W, S> });
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
    all.extend(threads::entries());
    all.extend(stall::entries());
    all
}
