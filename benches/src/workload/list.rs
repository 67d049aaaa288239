//! A long list, linked both ways.

use super::{Entry, Runner, Workload, entry};
use crate::measure::timed;
use crate::subject::Subject;
use std::hint::black_box;

pub(super) fn entries() -> Vec<Entry> {
    vec![entry::<Both<1000>>(), entry::<Both<100_000>>()]
}

/// A list of `N` nodes that know the next and the one before, built and let go.
struct Both<const N: usize>;

impl<const N: usize> Workload for Both<N> {
    const UNIT: &'static str = "node";
    const FOR_BACKGROUND: bool = true;

    fn name() -> String {
        format!("list of {N}, linked both ways: build and reclaim")
    }

    fn start<S: Subject>() -> Runner {
        Box::new(|| {
            timed(N, || {
                drop(black_box(list::<S>(N)));
                S::collect();
                S::settle();
            })
        })
    }
}

/// The last node of a list of so many; or what a subject leaves that cannot collect, taken apart.
fn list<S: Subject>(nodes: usize) -> Option<S::Node> {
    let mut last = S::node(0, None);
    for value in 1..nodes as u64 {
        let node = S::node(value, None);
        S::set_next(&last, Some(node.clone()));
        S::set_previous(&node, Some(last));
        last = node;
    }
    if S::COLLECTS {
        return Some(last);
    }
    // From the end to the beginning: each is let go by the next one first.
    let mut rest = Some(last);
    while let Some(node) = rest {
        rest = S::take_previous(&node);
        if let Some(previous) = &rest {
            S::set_next(previous, None);
        }
    }
    None
}
