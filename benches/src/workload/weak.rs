//! Weak handles.

use super::{Entry, Runner, Workload, entry};
use crate::measure::timed;
use crate::subject::Subject;
use std::hint::black_box;

pub(super) fn entries() -> Vec<Entry> {
    vec![
        entry::<Downgrade>(),
        entry::<DowngradeCandidate>(),
        entry::<Upgrade>(),
        entry::<UpgradeCandidate>(),
        entry::<UpgradeDead>(),
    ]
}

const TIMES: usize = 50_000;

fn repeat<R>(mut f: impl FnMut() -> R + 'static) -> Runner {
    Box::new(move || {
        timed(TIMES, || {
            for _ in 0..TIMES {
                drop(black_box(f()));
            }
        })
    })
}

/// A weak handle made and dropped.
struct Downgrade;

impl Workload for Downgrade {
    fn name() -> String {
        "weak: downgrade + drop, number".to_string()
    }

    fn start<S: Subject>() -> Runner {
        let number = S::number(1);
        repeat(move || S::downgrade_number(black_box(&number)))
    }
}

/// The same for an object that is a candidate.
struct DowngradeCandidate;

impl Workload for DowngradeCandidate {
    fn name() -> String {
        "weak: downgrade + drop, candidate".to_string()
    }

    fn start<S: Subject>() -> Runner {
        let node = S::node(1, None);
        drop(node.clone());
        repeat(move || S::downgrade_node(black_box(&node)))
    }
}

/// An upgrade whose handle is dropped.
struct Upgrade;

impl Workload for Upgrade {
    fn name() -> String {
        "weak: upgrade + drop, number".to_string()
    }

    fn start<S: Subject>() -> Runner {
        let number = S::number(1);
        let weak = S::downgrade_number(&number);
        repeat(move || {
            let _held = &number;
            S::upgrade_number(black_box(&weak))
        })
    }
}

/// The same for an object that is a candidate.
struct UpgradeCandidate;

impl Workload for UpgradeCandidate {
    fn name() -> String {
        "weak: upgrade + drop, candidate".to_string()
    }

    fn start<S: Subject>() -> Runner {
        let node = S::node(1, None);
        let weak = S::downgrade_node(&node);
        drop(node.clone());
        repeat(move || {
            let _held = &node;
            S::upgrade_node(black_box(&weak))
        })
    }
}

/// An upgrade that comes too late.
struct UpgradeDead;

impl Workload for UpgradeDead {
    fn name() -> String {
        "weak: upgrade, dead".to_string()
    }

    fn start<S: Subject>() -> Runner {
        let weak = S::downgrade_number(&S::number(1));
        repeat(move || S::upgrade_number(black_box(&weak)).is_some())
    }
}
