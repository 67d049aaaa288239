//! Small cycles that come and go beside a large live structure.

use super::{Budget, Entry, Kind, Runner, Workload, entry};
use crate::measure::{Sample, timed};
use crate::subject::Subject;
use std::hint::black_box;
use std::time::Duration;

pub(super) fn entries() -> Vec<Entry> {
    vec![
        entry::<Beside<10_000>>(),
        entry::<Beside<100_000>>(),
        entry::<Beside<1_000_000>>(),
        entry::<Into<10_000, SHORT>>(),
        entry::<Into<100_000, SHORT>>(),
        entry::<Into<1_000_000, SHORT>>(),
        entry::<Into<10_000, 10_000>>(),
        entry::<Into<1_000_000, 1_000_000>>(),
        entry::<Pause<10_000>>(),
        entry::<Pause<1_000_000>>(),
        entry::<Grow>(),
    ]
}

/// Nodes in each of the lists that live ones are in: most crates go through a list by recursion, and a long
/// one would end them.
pub(super) const SHORT: usize = 100;

/// Pairs in a batch.
const PAIRS: usize = 100_000;

/// Nodes in lists that are linked both ways and stay alive.
pub(super) struct Live<S: Subject> {
    nodes: Vec<S::Node>,
}

impl<S: Subject> Live<S> {
    /// So many in all, and so many in each list.
    pub(super) fn new(count: usize, list: usize) -> Self {
        let nodes: Vec<S::Node> = (0..count as u64).map(|value| S::node(value, None)).collect();
        for pair in nodes.chunks(list).flat_map(|list| list.windows(2)) {
            S::set_next(&pair[0], Some(pair[1].clone()));
            S::set_previous(&pair[1], Some(pair[0].clone()));
        }
        Live { nodes }
    }

    /// The node that pair number `index` is about.
    pub(super) fn pick(&self, index: usize) -> &S::Node {
        &self.nodes[index.wrapping_mul(7919) % self.nodes.len()]
    }
}

impl<S: Subject> Drop for Live<S> {
    fn drop(&mut self) {
        // Taken apart, so that neither a recursive drop overflows the stack nor
        // the cycles stay with a subject that cannot collect.
        for node in &self.nodes {
            S::set_next(node, None);
            S::set_previous(node, None);
        }
        self.nodes.clear();
        S::collect();
        S::settle();
    }
}

/// A 2-cycle made and let go.
#[inline]
pub(super) fn pair<S: Subject>(link: Option<&S::Node>) {
    let one = S::node(1, None);
    let other = S::node(2, Some(one.clone()));
    if let Some(live) = link {
        S::set_previous(&one, Some(live.clone()));
    }
    S::set_next(&one, Some(other));
    if !S::COLLECTS {
        S::take_next(&one);
    }
    drop(black_box(one));
    S::let_go(2);
}

/// 2-cycles beside `N` live objects that they do not touch.
struct Beside<const N: usize>;

impl<const N: usize> Workload for Beside<N> {
    const UNIT: &'static str = "2-cycle";
    const FOR_BACKGROUND: bool = true;

    fn name() -> String {
        format!("churn beside {N} live")
    }

    fn start<S: Subject>() -> Runner {
        let live = Live::<S>::new(N, SHORT);
        Box::new(move || {
            let _live = &live;
            timed(PAIRS, || {
                for _ in 0..PAIRS {
                    pair::<S>(None);
                }
                S::collect();
                S::settle();
            })
        })
    }
}

/// 2-cycles each of which holds one of `N` live objects in lists of `LIST`.
struct Into<const N: usize, const LIST: usize>;

impl<const N: usize, const LIST: usize> Workload for Into<N, LIST> {
    const UNIT: &'static str = "2-cycle";
    const FOR_BACKGROUND: bool = true;
    const BUDGET: Budget = if N == 1_000_000 { Budget::Ratio(2.0) } else { Budget::None };
    const SHARED_BUDGET: Budget = if N == 1_000_000 { Budget::Ratio(3.0) } else { Budget::None };
    // Most of them overflow the stack in a list of a million: see `depth`.
    const FOR_PEERS: bool = LIST < 1_000_000;

    fn name() -> String {
        if N == LIST {
            format!("churn that holds some of a list of {N} live")
        } else {
            format!("churn that holds some of {N} live")
        }
    }

    fn start<S: Subject>() -> Runner {
        let live = Live::<S>::new(N, LIST);
        Box::new(move || {
            timed(PAIRS, || {
                for index in 0..PAIRS {
                    pair::<S>(Some(live.pick(index)));
                }
                S::collect();
                S::settle();
            })
        })
    }
}

/// The longest automatic collection of such a churn: the worst that a `new` takes.
struct Pause<const N: usize>;

impl<const N: usize> Workload for Pause<N> {
    const UNIT: &'static str = "longest";
    const KIND: Kind = Kind::Least;
    const FOR_COUNTED: bool = false;
    // They do not tell how long their collections take.
    const FOR_PEERS: bool = false;

    fn name() -> String {
        format!("pause in churn that holds some of a list of {N} live")
    }

    fn start<S: Subject>() -> Runner {
        let live = Live::<S>::new(N, N);
        Box::new(move || {
            let mut longest = Duration::ZERO;
            let mut before = S::collections();
            for index in 0..PAIRS {
                pair::<S>(Some(live.pick(index)));
                let now = S::collections();
                if now.count == before.count + 1 {
                    longest = longest.max(now.time - before.time);
                }
                before = now;
            }
            S::collect();
            Sample::of_time(longest, 1)
        })
    }
}

/// A large structure that is built and lives: every node is a candidate for a while,
/// and what collections look for in vain is counted, but not its end.
struct Grow;

const GROWN: usize = 100_000;

impl Workload for Grow {
    const UNIT: &'static str = "node";
    // Its end is not part of the figure, and most would overflow.
    const FOR_PEERS: bool = false;

    fn name() -> String {
        "live list of 100000, linked both ways: build".to_string()
    }

    fn start<S: Subject>() -> Runner {
        Box::new(|| {
            let mut live = Live::<S> { nodes: Vec::with_capacity(GROWN) };
            let built = timed(GROWN, || {
                for value in 0..GROWN as u64 {
                    let node = S::node(value, None);
                    if let Some(last) = live.nodes.last() {
                        let last = last.clone();
                        S::set_next(&last, Some(node.clone()));
                        S::set_previous(&node, Some(last));
                    }
                    let also = node.clone();
                    live.nodes.push(node);
                    drop(black_box(also));
                }
            });
            drop(live);
            built
        })
    }
}
