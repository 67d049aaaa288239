//! Random graphs some of whose finalizers resurrect: a collection that runs out of
//! memory loses nothing of them.

use crate::PLANS;
use crate::allocator::with_plan;
use gc_core::unsync::{self, Gc, Weak};
use gc_core::{Finalize, Finalizing, Generation, Trace};
use gc_tests::unsync::alone;
use std::cell::{Cell, RefCell};

#[derive(Trace)]
#[trace(finalize)]
struct Node {
    links: RefCell<Vec<Gc<Node>>>,
    resurrects: bool,
}

thread_local! {
    /// Room for one: a second takes its place.
    static SAVED: Cell<Option<Gc<Node>>> = const { Cell::new(None) };
}

impl Finalize for Node {
    fn finalize(&self, cx: &Finalizing<'_>) {
        if self.resurrects {
            drop(SAVED.replace(cx.handle()));
        }
    }
}

const NODES: usize = 20;

fn graph(seed: usize) -> Vec<Gc<Node>> {
    let node = |n| Gc::new(Node { links: RefCell::default(), resurrects: n % 7 == seed % 7 });
    let nodes: Vec<_> = (0..NODES).map(node).collect();
    for n in 0..3 * NODES {
        let (from, to) = ((n * 7 + seed) % NODES, (n * 11 + n / 3) % NODES);
        nodes[from].links.borrow_mut().push(nodes[to].clone());
    }
    nodes
}

/// Collects with some requests refused; how many were.
fn round(seed: usize, generation: Generation, plan: crate::Plan) -> usize {
    let nodes = graph(seed);
    let weak: Vec<Weak<Node>> = nodes.iter().map(Gc::downgrade).collect();
    if seed.is_multiple_of(3) {
        let _ = unsync::collect_generation(Generation::Young);
    }
    let kept = seed.is_multiple_of(2).then(|| nodes[seed % NODES].clone());
    drop(nodes);
    let (_, refused) = with_plan(plan, || unsync::collect_generation(generation));
    if let Some(kept) = &kept {
        assert!(Gc::ptr_eq(kept, &weak[seed % NODES].upgrade().expect("it is held")));
    }
    drop(kept);
    for _ in 0..4 {
        drop(SAVED.take());
        let _ = unsync::collect();
    }
    assert!(weak.iter().all(|weak| weak.upgrade().is_none()));
    assert_eq!(unsync::live(), 0, "lost after {plan:?} in {generation} of graph {seed}");
    refused
}

#[test]
fn nothing_is_lost_of_random_graphs_with_resurrection() {
    for seed in 0..12 {
        for generation in Generation::ALL {
            for plan in PLANS {
                let all = (0..200).find(|&n| alone(move || round(seed, generation, plan(n))) == 0);
                assert!(all.is_some(), "the collection makes fewer requests");
            }
        }
    }
}
