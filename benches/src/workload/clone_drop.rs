//! Cloning handles, and dropping those that are not the last.

use super::{Budget, Entry, Runner, Workload, entry};
use crate::measure::{Sample, timed};
use crate::subject::Subject;
use std::hint::black_box;

pub(super) fn entries() -> Vec<Entry> {
    vec![
        entry::<OneNumber>(),
        entry::<OneNode>(),
        entry::<CloneNumbers>(),
        entry::<CloneNodes>(),
        entry::<DropNumbers>(),
        entry::<DropNodes>(),
        entry::<FirstDropNodes>(),
    ]
}

const TIMES: usize = 50_000;
const OBJECTS: usize = 1000;

/// Clone and drop of one handle to a number.
struct OneNumber;

impl Workload for OneNumber {
    const BUDGET: Budget = Budget::Ratio(1.15);
    const SHARED_BUDGET: Budget = Budget::Ratio(1.1);

    fn name() -> String {
        "clone + drop: one number".to_string()
    }

    fn start<S: Subject>() -> Runner {
        one(S::number(1))
    }
}

/// Clone and drop of one handle to a node, which may become a candidate.
struct OneNode;

impl Workload for OneNode {
    const BUDGET: Budget = Budget::Ratio(1.15);
    const SHARED_BUDGET: Budget = Budget::Ratio(1.1);

    fn name() -> String {
        "clone + drop: one node".to_string()
    }

    fn start<S: Subject>() -> Runner {
        one(S::node(1, None))
    }
}

fn one<H: Clone + 'static>(handle: H) -> Runner {
    Box::new(move || {
        timed(TIMES, || {
            for _ in 0..TIMES {
                drop(black_box(black_box(&handle).clone()));
            }
        })
    })
}

/// Handles to a thousand objects, and room for as many more.
struct Many<H> {
    handles: Vec<H>,
    clones: Vec<H>,
}

impl<H: Clone> Many<H> {
    fn new(make: impl FnMut(u64) -> H) -> Self {
        Many { handles: (0..OBJECTS as u64).map(make).collect(), clones: Vec::new() }
    }

    /// Measures the clones. The first clone of each in a batch finds no other.
    fn clone_all(&mut self) -> Sample {
        self.clones.clear();
        self.clones.reserve(OBJECTS);
        timed(OBJECTS, || self.clones.extend(black_box(&self.handles).iter().cloned()))
    }

    /// Measures the drops of as many clones.
    fn drop_clones(&mut self) -> Sample {
        self.clones.extend(self.handles.iter().cloned());
        timed(OBJECTS, || black_box(&mut self.clones).clear())
    }
}

/// Clones of handles to a thousand numbers.
struct CloneNumbers;

impl Workload for CloneNumbers {
    const BUDGET: Budget = Budget::Ratio(1.0);
    const SHARED_BUDGET: Budget = Budget::Ratio(1.05);

    fn name() -> String {
        "clone: 1000 numbers".to_string()
    }

    fn start<S: Subject>() -> Runner {
        let mut many = Many::new(S::number);
        Box::new(move || many.clone_all())
    }
}

/// Clones of handles to a thousand nodes.
struct CloneNodes;

impl Workload for CloneNodes {
    const BUDGET: Budget = Budget::Ratio(1.0);
    const SHARED_BUDGET: Budget = Budget::Ratio(1.05);

    fn name() -> String {
        "clone: 1000 nodes".to_string()
    }

    fn start<S: Subject>() -> Runner {
        let mut many = Many::new(|value| S::node(value, None));
        Box::new(move || many.clone_all())
    }
}

/// Drops of handles to a thousand numbers, which live on.
struct DropNumbers;

impl Workload for DropNumbers {
    const BUDGET: Budget = Budget::Ratio(1.15);
    const SHARED_BUDGET: Budget = Budget::Ratio(1.1);

    fn name() -> String {
        "drop, not the last: 1000 numbers".to_string()
    }

    fn start<S: Subject>() -> Runner {
        let mut many = Many::new(S::number);
        Box::new(move || many.drop_clones())
    }
}

/// Drops of handles to a thousand nodes, which live on and are candidates already.
struct DropNodes;

impl Workload for DropNodes {
    const BUDGET: Budget = Budget::Ratio(1.15);
    const SHARED_BUDGET: Budget = Budget::Ratio(1.1);

    fn name() -> String {
        "drop, not the last: 1000 nodes".to_string()
    }

    fn start<S: Subject>() -> Runner {
        let mut many = Many::new(|value| S::node(value, None));
        Box::new(move || many.drop_clones())
    }
}

/// The same, each the first drop since a collection: the node becomes a candidate.
struct FirstDropNodes;

impl Workload for FirstDropNodes {
    fn name() -> String {
        "drop, not the last: first since a collection".to_string()
    }

    fn start<S: Subject>() -> Runner {
        let mut many = Many::new(|value| S::node(value, None));
        Box::new(move || {
            S::collect();
            many.drop_clones()
        })
    }
}
