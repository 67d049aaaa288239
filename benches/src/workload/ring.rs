//! Rings that are built and let go.

use super::{Budget, Entry, Runner, Workload, entry};
use crate::measure::timed;
use crate::subject::Subject;
use std::hint::black_box;

pub(super) fn entries() -> Vec<Entry> {
    vec![entry::<Rings<2>>(), entry::<Rings<10>>(), entry::<Rings<1000>>()]
}

/// Objects in a batch.
const OBJECTS: usize = 20_000;

/// Rings of `N` nodes. What the schedule leaves is collected at the end, and that counts.
struct Rings<const N: usize>;

impl<const N: usize> Workload for Rings<N> {
    const UNIT: &'static str = "node";
    const BUDGET: Budget = if N == 10 { Budget::Ratio(2.0) } else { Budget::None };
    const SHARED_BUDGET: Budget = if N == 10 { Budget::Ratio(3.0) } else { Budget::None };
    const FOR_BACKGROUND: bool = true;

    fn name() -> String {
        format!("rings of {N}: build and reclaim")
    }

    fn start<S: Subject>() -> Runner {
        Box::new(|| {
            timed(OBJECTS, || {
                for _ in 0..OBJECTS / N {
                    let ring = ring::<S>(N);
                    if !S::COLLECTS {
                        S::take_next(&ring);
                    }
                    drop(black_box(ring));
                    S::let_go(N);
                }
                S::collect();
                S::settle();
            })
        })
    }
}

/// A ring of `nodes` nodes, linked one way. Only the last handle to it is a
/// dropped one that leaves others behind.
pub(super) fn ring<S: Subject>(nodes: usize) -> S::Node {
    let last = S::node(0, None);
    let mut first = last.clone();
    for value in 1..nodes as u64 {
        first = S::node(value, Some(first));
    }
    S::set_next(&last, Some(first));
    last
}
