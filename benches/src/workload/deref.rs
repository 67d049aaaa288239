//! Following handles.

use super::graph::Random;
use super::{Budget, Entry, Runner, Workload, entry};
use crate::measure::timed;
use crate::subject::Subject;
use std::hint::black_box;

pub(super) fn entries() -> Vec<Entry> {
    vec![entry::<Walk>(), entry::<Scattered>()]
}

/// Walks of a list that lies in the cache.
struct Walk;

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
                    black_box(S::sum(black_box(&list)));
                }
            })
        })
    }
}

/// Walks of a thousand lists whose nodes were made in turns, in an order of their own each time: so a
/// node is nowhere near the one before it.
struct Scattered;

const LISTS: usize = 1000;

impl Workload for Scattered {
    const UNIT: &'static str = "node";

    fn name() -> String {
        "deref: walk of 1000 lists of 1000, scattered".to_string()
    }

    fn start<S: Subject>() -> Runner {
        let mut lists: Vec<Option<S::List>> = (0..LISTS).map(|_| None).collect();
        let mut order: Vec<usize> = (0..LISTS).collect();
        let mut random = Random::new();
        for value in 0..NODES as u64 {
            random.shuffle(&mut order);
            for &list in &order {
                lists[list] = Some(S::cons(value, lists[list].take()));
            }
        }
        Box::new(move || {
            timed(NODES * LISTS, || lists.iter().flatten().map(S::sum).fold(0, u64::wrapping_add))
        })
    }
}
