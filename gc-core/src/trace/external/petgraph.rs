//! Graphs: the weights of their nodes and edges.

use crate::trace::Trace;
use crate::trace::visit::{Visit as _, leaf, owner};
use petgraph::graph::{EdgeIndex, Graph, IndexType, NodeIndex};
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
        };
    {N: Trace, E: Trace, Ty: EdgeType, Ix: IndexType} StableGraph<N, E, Ty, Ix> => [N, E],
        |this, visit| {
            visit.all(this.node_weights());
            visit.all(this.edge_weights());
        };
    /// The nodes are `Copy`, so they own no handle and are not traced. The
    /// hasher may be of any type and is not traced either.
    {N: NodeTrait, E: Trace, Ty: EdgeType, S: BuildHasher} GraphMap<N, E, Ty, S> => [E],
        |this, visit| visit.all(this.all_edges().map(|(_, _, weight)| weight));
}

leaf! { {Ix} NodeIndex<Ix>, {Ix} EdgeIndex<Ix>, Direction, Directed, Undirected }
