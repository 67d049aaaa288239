//! Graphs: the weights of their nodes and edges.

use crate::trace::Trace;
use crate::trace::memory::{array, indexed};
use crate::trace::visit::{Visit as _, leaf, owner};
use petgraph::graph::{Edge, EdgeIndex, Graph, IndexType, Node, NodeIndex};
use petgraph::graphmap::{GraphMap, NodeTrait};
use petgraph::stable_graph::StableGraph;
use petgraph::{Directed, Direction, EdgeType, Undirected};
use std::hash::BuildHasher;

// `EdgeType` and `IndexType` may be implemented by anyone, but the arrays of weights are walked
// without them (obligations 1 and 2).
owner! {
    {N: Trace, E: Trace, Ty: EdgeType, Ix: IndexType} Graph<N, E, Ty, Ix> => [N, E],
        |this, visit| {
            visit.all(this.node_weights());
            visit.all(this.edge_weights());
        }, owns arrays::<Node<N, Ix>, Edge<E, Ix>>(this.capacity());
    {N: Trace, E: Trace, Ty: EdgeType, Ix: IndexType} StableGraph<N, E, Ty, Ix> => [N, E],
        |this, visit| {
            visit.all(this.node_weights());
            visit.all(this.edge_weights());
        }, owns arrays::<Node<Option<N>, Ix>, Edge<Option<E>, Ix>>(this.capacity());
    /// The nodes are `Copy`, so they own no handle and are not traced. The
    /// hasher may be of any type and is not traced either. The lists of neighbours count by their
    /// least length, two places for an edge.
    {N: NodeTrait, E: Trace, Ty: EdgeType, S: BuildHasher} GraphMap<N, E, Ty, S> => [E],
        |this, visit| visit.all(this.all_edges().map(|(_, _, weight)| weight)),
        owns indexed::<(usize, N, Vec<N>)>(this.capacity().0)
            + indexed::<(usize, N, N, E)>(this.capacity().1)
            + array::<(N, bool)>(2 * this.edge_count());
}

leaf! { {Ix} NodeIndex<Ix>, {Ix} EdgeIndex<Ix>, Direction, Directed, Undirected }

/// Bytes of an array for nodes and one for edges.
fn arrays<N, E>((nodes, edges): (usize, usize)) -> usize {
    array::<N>(nodes).saturating_add(array::<E>(edges))
}
