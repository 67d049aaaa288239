//! What dies by count, and what the collector finds.

use crate::components::Components;
use crate::model::{Graph, Node};
use gc_core::unsync::{self, Gc};
use gc_examples::program::{Error, check};
use gc_examples::report::{Report, counted};
use petgraph::unionfind::UnionFind;
use std::collections::BTreeMap;

/// How many islands have a row of their own.
const ROWS: usize = 8;

/// How some objects died.
#[derive(Clone, Copy, Debug, Default)]
struct Deaths {
    by_count: usize,
    collected: usize,
}

/// Drops handles, collects, and says which of the two ended how many objects.
fn end(nodes: Vec<Gc<Node>>) -> Deaths {
    let before = unsync::live();
    drop(nodes);
    let by_count = before - unsync::live();
    Deaths { by_count, collected: unsync::collect().collected }
}

/// Drops a graph whose handles go both ways, one after another of the islands that it consists of.
///
/// Any two nodes with an edge between them are a cycle then: an island dies in one piece.
pub(crate) fn by_island(report: &mut Report, graph: Graph) -> Result<(), Error> {
    report.heading("strong handles both ways, one island after another")?;
    let islands = islands(graph);
    let mut rows = Vec::new();
    let mut rest = Deaths::default();
    for (number, nodes) in islands.into_iter().enumerate() {
        let size = nodes.len();
        let lonely = size == 1 && nodes[0].successors().next().is_none();
        let deaths = end(nodes);
        let expected = if lonely { (1, 0) } else { (0, size) };
        let (by_count, collected) = (deaths.by_count, deaths.collected);
        check((by_count, collected) == expected, || {
            format!("an island of {size} dies as {expected:?}, not {deaths:?}")
        })?;
        if number < ROWS {
            rows.push([size, by_count, collected].map(|figure| figure.to_string()));
        } else {
            rest.by_count += by_count;
            rest.collected += collected;
        }
    }
    report.table(["nodes", "by count", "collected"], &rows)?;
    if rest.by_count + rest.collected > 0 {
        let Deaths { by_count, collected } = rest;
        report.fact("the others", format_args!("{by_count} by count, {collected} collected"))?;
    }
    Ok(())
}

/// The nodes, by island, the largest first: what hangs together, whichever way the edges point.
fn islands(graph: Graph) -> Vec<Vec<Gc<Node>>> {
    let mut sets = UnionFind::new(graph.nodes().len());
    for (from, node) in graph.nodes().iter().enumerate() {
        for to in node.successors() {
            sets.union(from, to);
        }
    }
    let mut islands: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    for (node, island) in graph.into_nodes().into_iter().zip(sets.into_labeling()) {
        islands.entry(island).or_default().push(node);
    }
    let mut islands: Vec<_> = islands.into_values().collect();
    islands.sort_by_key(|nodes| usize::MAX - nodes.len());
    islands
}

/// Drops a graph whose nodes know their predecessors weakly, all at once.
///
/// The cycles are those of the graph then. They keep what can be reached from them.
pub(crate) fn by_cycle(
    report: &mut Report,
    graph: Graph,
    components: &Components,
) -> Result<(), Error> {
    report.heading("weak handles to predecessors, all at once")?;
    let kept = components.kept_by_cycles(&graph);
    let free = graph.nodes().len() - kept;
    let deaths = end(graph.into_nodes());
    report.fact("by count", format_args!("{}, as no cycle leads there", deaths.by_count))?;
    let objects = counted(deaths.collected, "object", "objects");
    report.fact("collected", format_args!("{objects} on cycles or reached from one"))?;
    check((deaths.by_count, deaths.collected) == (free, kept), || {
        format!("{free} die by count and {kept} are collected, not {deaths:?}")
    })
}
