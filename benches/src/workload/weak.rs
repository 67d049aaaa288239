//! Weak handles.

use super::{Entry, Runner, WeakWorkload, weak_entry};
use crate::measure::timed;
use crate::subject::Weakly;
use std::hint::black_box;

pub(super) fn entries() -> Vec<Entry> {
    vec![
        weak_entry::<Downgrade>(),
        weak_entry::<DowngradeCandidate>(),
        weak_entry::<Upgrade>(),
        weak_entry::<UpgradeCandidate>(),
        weak_entry::<UpgradeDead>(),
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

impl WeakWorkload for Downgrade {
    const NAME: &'static str = "weak: downgrade + drop, number";

    fn start<S: Weakly>() -> Runner {
        let number = S::number(1);
        repeat(move || S::downgrade_number(black_box(&number)))
    }
}

/// The same for an object that is a candidate.
struct DowngradeCandidate;

impl WeakWorkload for DowngradeCandidate {
    const NAME: &'static str = "weak: downgrade + drop, candidate";

    fn start<S: Weakly>() -> Runner {
        let node = S::node(1, None);
        drop(node.clone());
        repeat(move || S::downgrade_node(black_box(&node)))
    }
}

/// An upgrade whose handle is dropped.
struct Upgrade;

impl WeakWorkload for Upgrade {
    const NAME: &'static str = "weak: upgrade + drop, number";

    fn start<S: Weakly>() -> Runner {
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

impl WeakWorkload for UpgradeCandidate {
    const NAME: &'static str = "weak: upgrade + drop, candidate";

    fn start<S: Weakly>() -> Runner {
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

impl WeakWorkload for UpgradeDead {
    const NAME: &'static str = "weak: upgrade, dead";

    fn start<S: Weakly>() -> Runner {
        let weak = S::downgrade_number(&S::number(1));
        repeat(move || S::upgrade_number(black_box(&weak)).is_some())
    }
}
