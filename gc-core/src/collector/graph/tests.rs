//! Trial deletion against an oracle that is slow and obvious.

use super::*;
use std::cell::Cell;

fn fill(graph: &mut Graph, edges: &[Vec<u32>], handles: &[usize]) {
    graph.reserve_nodes(edges.len()).unwrap();
    handles.iter().for_each(|&handles| graph.enter(handles));
    // The last first: the order is up to who reads them.
    for (node, targets) in edges.iter().enumerate().rev() {
        graph.reserve_edges(targets.len()).unwrap();
        let start = graph.place();
        targets.iter().for_each(|&target| graph.add_edge(target));
        graph.assign(u32::try_from(node).unwrap(), start);
    }
}

/// The graph with these edges.
pub(in crate::collector) fn graph_of(edges: &[Vec<u32>]) -> Graph {
    let mut graph = Graph::default();
    fill(&mut graph, edges, &vec![0; edges.len()]);
    graph
}

/// A graph and the number of handles to each node.
struct Case {
    edges: Vec<Vec<u32>>,
    handles: Vec<usize>,
}

impl Case {
    /// What the collector does.
    fn live(&self) -> Vec<bool> {
        let mut graph = Graph::default();
        fill(&mut graph, &self.edges, &self.handles);
        let live: Vec<Cell<bool>> = graph.unexplained().map(Cell::new).collect();
        let is_live = |node: u32| live[node as usize].get();
        graph.mark(is_live, |node| !live[node as usize].replace(true)).unwrap();
        live.into_iter().map(Cell::into_inner).collect()
    }

    /// The oracle: count edges one by one, and spread until nothing changes.
    fn expected(&self) -> Vec<bool> {
        let nodes = self.edges.len();
        let edges_into = |node: usize| {
            self.edges.iter().flatten().filter(|&&target| target as usize == node).count()
        };
        let mut live: Vec<bool> =
            (0..nodes).map(|node| edges_into(node) != self.handles[node]).collect();
        for _ in 0..nodes {
            for node in 0..nodes {
                if live[node] {
                    for &target in &self.edges[node] {
                        live[target as usize] = true;
                    }
                }
            }
        }
        live
    }
}

/// A generator that is good enough to make graphs (xorshift, Marsaglia 2003).
pub(in crate::collector) struct Random(u64);

impl Random {
    pub(in crate::collector) fn new() -> Self {
        Random(0x9e37_79b9_7f4a_7c15)
    }

    pub(in crate::collector) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}

#[test]
fn random_graphs_agree_with_the_oracle() {
    let mut random = Random::new();
    let (mut some_live, mut some_dead) = (0, 0);
    let rounds = if cfg!(miri) { 200 } else { 20_000 };
    for _ in 0..rounds {
        let nodes = 1 + random.below(9);
        let mut edges = vec![Vec::new(); nodes];
        let mut handles = vec![0; nodes];
        for _ in 0..random.below(3 * nodes) {
            let target = random.below(nodes);
            edges[random.below(nodes)].push(u32::try_from(target).unwrap());
            handles[target] += 1;
        }
        for _ in 0..random.below(3) {
            handles[random.below(nodes)] += 1;
        }
        let case = Case { edges, handles };
        let live = case.live();
        assert_eq!(live, case.expected(), "{:?} {:?}", case.edges, case.handles);
        some_live += usize::from(live.contains(&true));
        some_dead += usize::from(live.contains(&false));
    }
    assert!(some_live > rounds / 20 && some_dead > rounds / 20, "{some_live} {some_dead}");
}

#[test]
fn a_node_with_more_edges_than_handles_is_kept() {
    let case = Case { edges: vec![vec![1, 1], vec![]], handles: vec![0, 1] };
    assert_eq!(case.live(), [false, true]);
    let mut graph = Graph::default();
    fill(&mut graph, &case.edges, &case.handles);
    assert!(graph.is_overcounted(1) && !graph.is_overcounted(0));
    assert_eq!(graph.incoming(1), 2);
}

#[test]
fn sources_names_the_nodes_that_point_to_one() {
    let graph = graph_of(&[vec![2, 2], vec![], vec![2]]);
    assert_eq!(graph.sources(2).collect::<Vec<_>>(), [0, 2]);
}
