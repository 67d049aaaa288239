//! What a collection costs by itself: pyperformance's `gc_collect` and `gc_traversal`.

use super::{Budget, Entry, Runner, Workload, entry};
use crate::measure::timed;
use crate::subject::Subject;

pub(super) fn entries() -> Vec<Entry> {
    vec![entry::<Rings>(), entry::<Levels>()]
}

/// `gc_collect`: a hundred rings of 21 nodes, linked both ways, all garbage.
struct Rings;

const RINGS: usize = 100;
const NODES: usize = 21;

impl Workload for Rings {
    const UNIT: &'static str = "object";
    const BUDGET: Budget = Budget::Figure(31.0);
    const SHARED_BUDGET: Budget = Budget::None;
    const FOR_COUNTED: bool = false;

    fn name() -> String {
        "gc_collect: 100 rings of 21".to_string()
    }

    fn start<S: Subject>() -> Runner {
        Box::new(|| {
            S::collect();
            S::settle();
            S::quietly(|| drop((0..RINGS).map(|_| ring::<S>()).collect::<Vec<_>>()));
            timed(RINGS * NODES, || {
                let swept = S::collect();
                S::settle();
                assert!(!S::REPORTS || swept.collected >= RINGS * NODES, "{swept:?}");
            })
        })
    }
}

fn ring<S: Subject>() -> S::Node {
    let head = S::node(0, None);
    let mut last = head.clone();
    for value in 1..NODES as u64 {
        let node = S::node(value, None);
        link::<S>(&last, &node);
        last = node;
    }
    link::<S>(&last, &head);
    head
}

fn link<S: Subject>(one: &S::Node, next: &S::Node) {
    S::set_next(one, Some(next.clone()));
    S::set_previous(next, Some(one.clone()));
}

/// `gc_traversal`: level n has n edges to level n - 1, and everything is alive.
struct Levels;

const LEVELS: usize = 1000;
const EDGES: usize = LEVELS * (LEVELS - 1) / 2;

impl Workload for Levels {
    const UNIT: &'static str = "edge";
    const BUDGET: Budget = Budget::Figure(2.2);
    const SHARED_BUDGET: Budget = Budget::None;
    const FOR_COUNTED: bool = false;

    fn name() -> String {
        "gc_traversal: 1000 levels, 499500 edges".to_string()
    }

    fn start<S: Subject>() -> Runner {
        let mut top = S::level(Vec::new());
        for edges in 1..LEVELS {
            top = S::level(vec![top; edges]);
        }
        S::collect();
        S::settle();
        Box::new(move || {
            // Only what lost a handle is looked at.
            drop(top.clone());
            timed(EDGES, || {
                let swept = S::collect();
                let all = swept.visited >= LEVELS && swept.collected == 0;
                assert!(!S::REPORTS || all, "{swept:?}");
            })
        })
    }
}
