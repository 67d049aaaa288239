//! Following handles.

use super::{Budget, Runner, Workload};
use crate::measure::timed;
use crate::subject::Subject;
use std::hint::black_box;

/// Walks of a list that lies in the cache.
pub(super) struct Walk;

const NODES: usize = 1000;
const WALKS: usize = 50;

impl Workload for Walk {
    const UNIT: &'static str = "node";
    const BUDGET: Budget = Budget::Ratio(1.0);

    fn name() -> String {
        "deref: walk of a list of 1000".to_string()
    }

    fn start<S: Subject>() -> Runner {
        let mut list = S::cons(0, None);
        for value in 1..NODES as u64 {
            list = S::cons(value, Some(list));
        }
        Box::new(move || {
            timed(NODES * WALKS, || {
                for _ in 0..WALKS {
                    black_box(sum::<S>(black_box(&list)));
                }
            })
        })
    }
}

pub(super) fn sum<S: Subject>(list: &S::List) -> u64 {
    let mut sum = 0_u64;
    let mut rest = Some(list);
    while let Some(list) = rest {
        sum = sum.wrapping_add(S::head(list));
        rest = S::tail(list);
    }
    sum
}
