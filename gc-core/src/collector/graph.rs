//! The object graph as numbers, and trial deletion on it: no object is touched here.

use crate::heap::{Node, append};
use std::collections::TryReserveError;

/// There was no memory, or no 32-bit number, for one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exhausted;

impl From<TryReserveError> for Exhausted {
    fn from(_: TryReserveError) -> Self {
        Exhausted
    }
}

/// Edges have numbers of 32 bits.
const MOST_EDGES: usize = u32::MAX as usize;

/// Room is made for no fewer edges than this.
const FEW: usize = 64;

/// From so many edges on it is worth a thought how many will come.
const MANY: usize = 1 << 16;

/// Nodes are numbered in the order they were met, and their edges read in any order. Each node's
/// edges stand together: those of node `i` are `edges[nodes[i].start..nodes[i].end]`.
#[derive(Debug, Default)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    edges: Vec<u32>,
}

impl Graph {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.nodes.clear();
        self.edges.clear();
    }

    /// An empty graph in empty arrays.
    pub(super) fn in_room((nodes, edges): (Vec<Node>, Vec<u32>)) -> Self {
        Graph { nodes, edges }
    }

    /// Its arrays.
    pub(super) fn into_room(self) -> (Vec<Node>, Vec<u32>) {
        (self.nodes, self.edges)
    }

    /// Room for so many nodes in all.
    pub(super) fn reserve_nodes(&mut self, nodes: usize) -> Result<(), Exhausted> {
        Ok(self.nodes.try_reserve_exact(nodes.saturating_sub(self.nodes.len()))?)
    }

    /// How many nodes there are.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The next node, which has so many handles and no edges yet. Room has been reserved.
    #[inline]
    pub(super) fn enter(&mut self, handles: usize) {
        let handles = Self::bounded(handles);
        append(&mut self.nodes, Node { start: 0, end: 0, handles, unexplained: handles });
    }

    /// A node has so many handles now. No edge to it has been entered.
    pub(super) fn recount(&mut self, node: u32, handles: usize) {
        let (node, handles) = (&mut self.nodes[node as usize], Self::bounded(handles));
        (node.handles, node.unexplained) = (handles, handles);
    }

    /// Of each node in turn whether so many handles are as many as were counted.
    pub(super) fn counted(&self) -> impl Iterator<Item = impl Fn(usize) -> bool + '_> + '_ {
        self.nodes.iter().map(|node| |handles| node.handles == Self::bounded(handles))
    }

    /// One that has more than can be counted is not explained by any number of edges.
    #[inline]
    fn bounded(handles: usize) -> u32 {
        u32::try_from(handles).unwrap_or(u32::MAX)
    }

    /// Room for `edges` more edges.
    #[inline]
    pub(super) fn reserve_edges(&mut self, edges: usize) -> Result<(), Exhausted> {
        if self.edges.capacity() - self.edges.len() < edges { self.grow(edges) } else { Ok(()) }
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, edges: usize) -> Result<(), Exhausted> {
        let here = self.edges.len();
        // Where there is room for many more nodes they will have about as many edges.
        let (nodes, room) = (self.nodes.len(), self.nodes.capacity());
        let expected =
            if here < MANY { here } else { (here / nodes.max(1)).saturating_mul(room - nodes) };
        // In any case half as many again, so that all moves together are linear; and not many times as
        // many, as those that come may have fewer.
        let (half, fourfold) = ((here / 2).max(FEW), here.saturating_mul(4).max(FEW));
        let most = MOST_EDGES.checked_sub(here + edges).ok_or(Exhausted)?;
        let reserved =
            self.edges.try_reserve_exact(edges + expected.clamp(half, fourfold).min(most));
        if here >= MANY && reserved.is_err() {
            self.edges.try_reserve_exact(edges + half.min(most))?;
        } else {
            reserved?;
        }
        if self.edges.capacity() <= MOST_EDGES { Ok(()) } else { Err(Exhausted) }
    }

    /// Where the edges begin that are added from here on.
    #[inline]
    pub(super) fn place(&self) -> u32 {
        // See `grow`.
        self.edges.len() as u32
    }

    /// Enters an edge to `target`. Room for it has been reserved.
    #[inline]
    pub(super) fn add_edge(&mut self, target: u32) {
        append(&mut self.edges, target);
        // Counted while edges are entered: in a loop of its own each of several edges
        // to one node would wait for the one before.
        let unexplained = &mut self.nodes[target as usize].unexplained;
        *unexplained = unexplained.wrapping_sub(1);
    }

    /// The edges added since `start` are those of `node`.
    #[inline]
    pub(super) fn assign(&mut self, node: u32, start: u32) {
        let end = self.place();
        let node = &mut self.nodes[node as usize];
        (node.start, node.end) = (start, end);
    }

    /// Of each node in turn whether its handles are not those that recorded edges account for:
    /// more, or (a wrong `Trace`) fewer.
    pub(super) fn unexplained(&self) -> impl Iterator<Item = bool> + '_ {
        self.nodes.iter().map(|node| node.unexplained != 0)
    }

    /// How many edges lead to `node`, for messages.
    pub(super) fn incoming(&self, node: u32) -> usize {
        let all = self.nodes.iter().map(|node| &self.edges[node.span()]);
        all.flatten().filter(|&&target| target == node).count()
    }

    /// Whether fewer handles than edges to `node` were counted.
    pub(super) fn is_overcounted(&self, node: usize) -> bool {
        // (It has wrapped around. No object has so many handles that this means something else.)
        self.nodes[node].unexplained > u32::MAX / 2
    }

    /// Where the edges of `node` lead.
    pub(super) fn targets(&self, node: u32) -> &[u32] {
        &self.edges[self.nodes[node as usize].span()]
    }

    /// Nodes with an edge to `target`, for messages.
    pub(super) fn sources(&self, target: u32) -> impl Iterator<Item = usize> + '_ {
        (0..self.len()).filter(move |&node| {
            u32::try_from(node).is_ok_and(|node| self.targets(node).contains(&target))
        })
    }

    /// Trial deletion: visits what is reachable from the nodes that are live.
    /// `is_live` is asked for each node in turn; `first_visit` for each target of a live one, and
    /// says whether that is new. From then on `is_live` is true of it.
    ///
    /// Nodes are passed in the order of their numbers, and what is met ahead waits
    /// for its turn, so that large graphs are read from one end to the other.
    pub(super) fn mark(
        &self,
        mut is_live: impl FnMut(u32) -> bool,
        mut first_visit: impl FnMut(u32) -> bool,
    ) -> Result<(), Exhausted> {
        let mut work: Vec<u32> = Vec::new();
        let nodes = u32::try_from(self.len()).map_err(|_| Exhausted)?;
        for turn in 0..nodes {
            let mut next = is_live(turn).then_some(turn);
            while let Some(node) = next {
                for &target in self.targets(node) {
                    if first_visit(target) && target < turn {
                        if work.len() == work.capacity() {
                            work.try_reserve(1)?;
                        }
                        work.push(target);
                    }
                }
                next = work.pop();
            }
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests;
