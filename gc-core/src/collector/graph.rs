//! The object graph as numbers, and trial deletion on it: no object is touched here.

use std::collections::TryReserveError;

/// There was no memory, or no 32-bit number, for one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exhausted;

impl From<TryReserveError> for Exhausted {
    fn from(_: TryReserveError) -> Self {
        Exhausted
    }
}

/// Nodes are numbered in the order they were met. Each node's edges stand
/// together, in the order of the nodes: those of node `i` are
/// `edges[starts[i]..starts[i + 1]]`.
#[derive(Debug, Default)]
pub(super) struct Graph {
    starts: Vec<u32>,
    edges: Vec<u32>,
    /// How many recorded edges lead to each node; longer than there are nodes.
    incoming: Vec<u32>,
}

impl Graph {
    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.starts.clear();
        self.edges.clear();
        self.incoming.clear();
    }

    /// An empty graph in empty arrays.
    pub(super) fn in_room([starts, edges, incoming]: [Vec<u32>; 3]) -> Self {
        Graph { starts, edges, incoming }
    }

    /// Its arrays.
    pub(super) fn into_room(self) -> [Vec<u32>; 3] {
        [self.starts, self.edges, self.incoming]
    }

    /// Room for so many nodes in all.
    pub(super) fn reserve_nodes(&mut self, nodes: usize) -> Result<(), Exhausted> {
        self.incoming.try_reserve(nodes.saturating_sub(self.incoming.len()))?;
        // One more, for where the edges of the last node end.
        self.starts.try_reserve((nodes + 1).saturating_sub(self.starts.len()))?;
        // Counted while edges are entered: in a loop of its own each of several edges
        // to one node would wait for the one before.
        self.incoming.resize(nodes, 0);
        Ok(())
    }

    /// How many nodes have been begun.
    #[inline]
    pub(super) fn begun(&self) -> usize {
        self.starts.len()
    }

    /// The edges added from here on are those of the next node. Room has been reserved.
    #[inline]
    pub(super) fn begin_node(&mut self) -> Result<(), Exhausted> {
        let start = u32::try_from(self.edges.len()).map_err(|_| Exhausted)?;
        self.starts.push(start);
        Ok(())
    }

    /// Room for `edges` more edges.
    #[inline]
    pub(super) fn reserve_edges(&mut self, edges: usize) -> Result<(), Exhausted> {
        if self.edges.capacity() - self.edges.len() < edges {
            self.edges.try_reserve(edges)?;
        }
        Ok(())
    }

    /// Enters an edge of the node that was begun last, maybe to one that is yet to
    /// be begun. Room for it has been reserved.
    #[inline]
    pub(super) fn add_edge(&mut self, target: u32) {
        self.edges.push(target);
        self.incoming[target as usize] += 1;
    }

    /// No more nodes and no more edges.
    pub(super) fn finish(&mut self) -> Result<(), Exhausted> {
        self.begin_node()
    }

    /// How many edges lead to `node`.
    #[inline]
    pub(super) fn incoming(&self, node: usize) -> usize {
        self.incoming[node] as usize
    }

    /// Where the edges of `node` lead.
    pub(super) fn targets(&self, node: u32) -> &[u32] {
        let node = node as usize;
        &self.edges[self.starts[node] as usize..self.starts[node + 1] as usize]
    }

    /// Nodes with an edge to `target`, for messages.
    pub(super) fn sources(&self, target: u32) -> impl Iterator<Item = usize> + '_ {
        (0..self.begun().saturating_sub(1)).filter(move |&node| {
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
        let nodes = u32::try_from(self.begun().saturating_sub(1)).map_err(|_| Exhausted)?;
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
