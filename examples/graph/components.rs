//! Strongly connected components, by a library's algorithm.
//!
//! `petgraph` asks a graph only who its nodes are and what their neighbours are. So it walks the
//! nodes as they are, along the handles in both directions. Of its two algorithms for this one is
//! recursive, and would need as much stack as the graph is deep; this is the other one.

use crate::model::Graph;
use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::visit::{
    Bfs, GraphBase, IntoNeighbors, IntoNeighborsDirected, IntoNodeIdentifiers, Visitable,
};
use std::collections::HashSet;
use std::ops::Range;

/// The strongly connected components of a graph, the largest first.
#[derive(Debug)]
pub(crate) struct Components {
    all: Vec<Vec<usize>>,
    /// Nodes that point to themselves.
    loops: HashSet<usize>,
}

impl Components {
    pub(crate) fn find(graph: &Graph) -> Components {
        let mut all = kosaraju_scc(graph);
        all.iter_mut().for_each(|component| component.sort_unstable());
        all.sort_by_key(|component| (usize::MAX - component.len(), component[0]));
        let nodes = graph.nodes().iter().enumerate();
        let loops = nodes.filter(|(id, node)| node.successors().any(|to| to == *id));
        Components { all, loops: loops.map(|(id, _)| id).collect() }
    }

    pub(crate) fn all(&self) -> &[Vec<usize>] {
        &self.all
    }

    /// Those that a cycle goes through.
    pub(crate) fn cyclic(&self) -> impl Iterator<Item = &Vec<usize>> {
        self.all.iter().filter(|nodes| nodes.len() > 1 || self.loops.contains(&nodes[0]))
    }

    /// How many nodes are on a cycle or can be reached from one.
    pub(crate) fn kept_by_cycles(&self, graph: &Graph) -> usize {
        let on_cycles = self.cyclic().flatten().copied();
        let mut walk = Bfs { stack: on_cycles.collect(), discovered: HashSet::new() };
        walk.discovered.extend(&walk.stack);
        while walk.next(graph).is_some() {}
        walk.discovered.len()
    }
}

impl GraphBase for Graph {
    type NodeId = usize;
    type EdgeId = usize;
}

impl IntoNodeIdentifiers for &Graph {
    type NodeIdentifiers = Range<usize>;

    fn node_identifiers(self) -> Range<usize> {
        0..self.nodes().len()
    }
}

impl IntoNeighbors for &Graph {
    type Neighbors = std::vec::IntoIter<usize>;

    fn neighbors(self, node: usize) -> Self::Neighbors {
        self.neighbors_directed(node, Direction::Outgoing)
    }
}

impl IntoNeighborsDirected for &Graph {
    type NeighborsDirected = std::vec::IntoIter<usize>;

    fn neighbors_directed(self, node: usize, direction: Direction) -> Self::NeighborsDirected {
        let node = &self.nodes()[node];
        let neighbours: Vec<_> = match direction {
            Direction::Outgoing => node.successors().collect(),
            Direction::Incoming => node.predecessors().collect(),
        };
        neighbours.into_iter()
    }
}

impl Visitable for Graph {
    type Map = HashSet<usize>;

    fn visit_map(&self) -> HashSet<usize> {
        HashSet::with_capacity(self.nodes().len())
    }

    fn reset_map(&self, map: &mut HashSet<usize>) {
        map.clear();
    }
}
