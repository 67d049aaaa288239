//! The node, and a graph of them.

use crate::input::EdgeList;
use gc_core::Trace;
use gc_core::unsync::{Gc, Weak};
use std::cell::OnceCell;

/// A node knows what it points to and what points to it.
///
/// The edges are set once, when all nodes are there. Until then, and for a node without edges,
/// nothing is in the cells.
#[derive(Trace)]
pub(crate) struct Node {
    id: usize,
    name: String,
    successors: OnceCell<Vec<Gc<Node>>>,
    predecessors: OnceCell<Vec<Handle>>,
}

/// A handle to a predecessor. The collector sees the strong ones.
#[derive(Trace)]
enum Handle {
    Strong(Gc<Node>),
    Weak(Weak<Node>),
}

/// Which handles the nodes keep to their predecessors.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Back {
    Strong,
    Weak,
}

impl Node {
    fn new(id: usize, name: &str) -> Self {
        Node { id, name: name.into(), successors: OnceCell::new(), predecessors: OnceCell::new() }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn successors(&self) -> impl Iterator<Item = usize> {
        self.successors.get().into_iter().flatten().map(|node| node.id)
    }

    pub(crate) fn predecessors(&self) -> impl Iterator<Item = usize> {
        self.predecessors.get().into_iter().flatten().filter_map(|handle| match handle {
            Handle::Strong(node) => Some(node.id),
            Handle::Weak(node) => Some(node.upgrade()?.id),
        })
    }
}

/// A handle to each node, in the order of their ids.
pub(crate) struct Graph(Vec<Gc<Node>>);

impl Graph {
    pub(crate) fn build(edges: &EdgeList, back: Back) -> Graph {
        let node = |(id, name): (usize, &String)| Gc::new(Node::new(id, name));
        let nodes: Vec<Gc<Node>> = edges.names.iter().enumerate().map(node).collect();
        let mut successors: Vec<Vec<_>> = nodes.iter().map(|_| Vec::new()).collect();
        let mut predecessors: Vec<Vec<_>> = nodes.iter().map(|_| Vec::new()).collect();
        for &(from, to) in &edges.arrows {
            successors[from].push(nodes[to].clone());
            predecessors[to].push(match back {
                Back::Strong => Handle::Strong(nodes[from].clone()),
                Back::Weak => Handle::Weak(Gc::downgrade(&nodes[from])),
            });
        }
        for ((node, successors), predecessors) in nodes.iter().zip(successors).zip(predecessors) {
            // Each is set here and nowhere else, so it is empty.
            let _ = node.successors.set(successors);
            let _ = node.predecessors.set(predecessors);
        }
        Graph(nodes)
    }

    pub(crate) fn nodes(&self) -> &[Gc<Node>] {
        &self.0
    }

    pub(crate) fn into_nodes(self) -> Vec<Gc<Node>> {
        self.0
    }
}
