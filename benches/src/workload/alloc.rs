//! Making objects and dropping the last handles to them.

use super::{Budget, Entry, Runner, Workload, entry};
use crate::measure::{Sample, timed};
use crate::subject::Subject;
use std::hint::black_box;

pub(super) fn entries() -> Vec<Entry> {
    vec![
        entry::<OneNumber>(),
        entry::<OneText>(),
        entry::<OneLeafNode>(),
        entry::<OneNode>(),
        entry::<OneShared>(),
        entry::<Numbers>(),
        entry::<Nodes>(),
        entry::<Chain>(),
    ]
}

const TIMES: usize = 20_000;
const OBJECTS: usize = 1000;
const LAST: Budget = Budget::Ratio(1.1);

/// Makes and drops one object after the other.
fn one_by_one<S: Subject, H>(mut make: impl FnMut() -> H) -> Sample {
    timed(TIMES, || {
        for _ in 0..TIMES {
            drop(black_box(make()));
        }
        S::settle();
    })
}

/// Makes a thousand objects, then drops them.
fn all_at_once<S: Subject, H>(room: &mut Vec<H>, make: impl FnMut(u64) -> H) -> Sample {
    room.reserve(OBJECTS);
    timed(OBJECTS, || {
        room.extend((0..OBJECTS as u64).map(make));
        black_box(&mut *room).clear();
        S::settle();
    })
}

/// A number: nothing to drop, no handles.
struct OneNumber;

impl Workload for OneNumber {
    const BUDGET: Budget = LAST;

    fn name() -> String {
        "new + last drop: number".to_string()
    }

    fn start<S: Subject>() -> Runner {
        Box::new(|| one_by_one::<S, _>(|| S::number(black_box(1))))
    }
}

/// A string: something to drop, no handles.
struct OneText;

impl Workload for OneText {
    const BUDGET: Budget = LAST;

    fn name() -> String {
        "new + last drop: string".to_string()
    }

    fn start<S: Subject>() -> Runner {
        Box::new(|| one_by_one::<S, _>(|| S::text(black_box("spam").to_string())))
    }
}

/// A node with two links, both empty.
struct OneLeafNode;

impl Workload for OneLeafNode {
    const BUDGET: Budget = LAST;

    fn name() -> String {
        "new + last drop: node without links".to_string()
    }

    fn start<S: Subject>() -> Runner {
        Box::new(|| one_by_one::<S, _>(|| S::node(black_box(1), black_box(None))))
    }
}

/// A node with a link to an object that lives on.
struct OneNode;

impl Workload for OneNode {
    const BUDGET: Budget = LAST;

    fn name() -> String {
        "new + last drop: node with a link".to_string()
    }

    fn start<S: Subject>() -> Runner {
        let next = S::node(0, None);
        Box::new(move || one_by_one::<S, _>(|| S::node(black_box(1), Some(next.clone()))))
    }
}

/// A node with a second handle for a while: it becomes a candidate before it dies.
struct OneShared;

impl Workload for OneShared {
    fn name() -> String {
        "new + clone + both drops: node".to_string()
    }

    fn start<S: Subject>() -> Runner {
        Box::new(|| {
            one_by_one::<S, _>(|| {
                let node = S::node(black_box(1), None);
                drop(black_box(node.clone()));
                node
            })
        })
    }
}

/// A thousand numbers that live at the same time.
struct Numbers;

impl Workload for Numbers {
    const BUDGET: Budget = LAST;

    fn name() -> String {
        "new + last drop: 1000 numbers".to_string()
    }

    fn start<S: Subject>() -> Runner {
        let mut room = Vec::new();
        Box::new(move || all_at_once::<S, _>(&mut room, S::number))
    }
}

/// A thousand nodes that live at the same time.
struct Nodes;

impl Workload for Nodes {
    const BUDGET: Budget = LAST;

    fn name() -> String {
        "new + last drop: 1000 nodes".to_string()
    }

    fn start<S: Subject>() -> Runner {
        let mut room = Vec::new();
        Box::new(move || all_at_once::<S, _>(&mut room, |value| S::node(value, None)))
    }
}

/// A list of a thousand: one drop ends them all.
struct Chain;

impl Workload for Chain {
    const UNIT: &'static str = "node";
    const BUDGET: Budget = LAST;

    fn name() -> String {
        "new + last drop: list of 1000".to_string()
    }

    fn start<S: Subject>() -> Runner {
        Box::new(|| {
            timed(OBJECTS, || {
                let mut list = S::cons(0, None);
                for value in 1..OBJECTS as u64 {
                    list = S::cons(value, Some(list));
                }
                drop(black_box(list));
                S::settle();
            })
        })
    }
}
