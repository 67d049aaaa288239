//! Trees, with and without cycles.

use super::{Budget, Entry, Runner, Workload, entry};
use crate::measure::timed;
use crate::subject::Subject;
use std::hint::black_box;

pub(super) fn entries() -> Vec<Entry> {
    vec![entry::<Binary>(), entry::<Family>()]
}

/// A binary tree that is built, walked and dropped: no cycles, no candidates.
struct Binary;

const DEPTH: u32 = 12;

impl Workload for Binary {
    const UNIT: &'static str = "node";
    const BUDGET: Budget = Budget::Ratio(1.2);

    fn name() -> String {
        "binary tree of 8191: build, walk, drop".to_string()
    }

    fn start<S: Subject>() -> Runner {
        let nodes = (2 << DEPTH) - 1;
        Box::new(move || {
            timed(nodes, || {
                let tree = binary::<S>(DEPTH);
                assert_eq!(S::size(&tree), nodes);
                drop(black_box(tree));
                S::settle();
            })
        })
    }
}

fn binary<S: Subject>(depth: u32) -> S::Branch {
    S::branch((depth > 0).then(|| (binary::<S>(depth - 1), binary::<S>(depth - 1))))
}

/// A tree of four levels, ten children each, that know their parents. With `Rc`
/// these handles are weak.
struct Family;

const CHILDREN: usize = 10;
const LEVELS: usize = 4;
const MEMBERS: usize = 1 + 10 + 100 + 1000;

impl Workload for Family {
    const UNIT: &'static str = "node";
    const BUDGET: Budget = Budget::Ratio(1.2);
    const SHARED_BUDGET: Budget = Budget::Ratio(2.0);
    const FOR_BACKGROUND: bool = true;

    fn name() -> String {
        "tree of 1111 with parents: build and reclaim".to_string()
    }

    fn start<S: Subject>() -> Runner {
        Box::new(|| {
            timed(MEMBERS, || {
                let root = S::member(None);
                grow::<S>(&root, LEVELS - 1);
                drop(black_box(root));
                S::collect();
                S::settle();
            })
        })
    }
}

fn grow<S: Subject>(parent: &S::Member, levels: usize) {
    if levels > 0 {
        for _ in 0..CHILDREN {
            grow::<S>(&S::member(Some(parent)), levels - 1);
        }
    }
}
