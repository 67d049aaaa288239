//! Strongly connected components, sources first: Tarjan's search, on arrays.

use super::graph::{Exhausted, Graph};

/// `low` of a node that the search has not met.
const UNSEEN: u32 = 0;
/// `low` of a node whose component is complete. Above every other, so that it lowers none.
const DONE: u32 = u32::MAX;

/// The strongly connected components of some nodes of a graph.
///
/// A component stands before everything that it reaches, its members in ascending
/// order: component `i` is `order[starts[i]..starts[i + 1]]`.
#[derive(Debug)]
pub(super) struct Components {
    order: Vec<u32>,
    starts: Vec<u32>,
}

impl Components {
    /// The components of the nodes that are members, as if there were no others. Of a node
    /// `is_member` must always say the same.
    pub(super) fn find(graph: &Graph, is_member: impl Fn(u32) -> bool) -> Result<Self, Exhausted> {
        let nodes = u32::try_from(graph.len()).map_err(|_| Exhausted)?;
        let mut search = Search::new(graph, is_member, nodes)?;
        for root in 0..nodes {
            if (search.is_member)(root) && search.low[root as usize] == UNSEEN {
                search.run(root)?;
            }
        }
        search.finish()
    }

    /// All members of one graph as if they were one component.
    pub(super) fn one(graph: &Graph, is_member: impl Fn(u32) -> bool) -> Result<Self, Exhausted> {
        let nodes = u32::try_from(graph.len()).map_err(|_| Exhausted)?;
        let (mut order, mut starts) = (Vec::new(), Vec::new());
        order.try_reserve_exact((0..nodes).filter(|&node| is_member(node)).count())?;
        order.extend((0..nodes).filter(|&node| is_member(node)));
        push(&mut starts, 0)?;
        push(&mut starts, u32::try_from(order.len()).map_err(|_| Exhausted)?)?;
        Ok(Components { order, starts })
    }

    /// The members of each component, sources first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.starts.windows(2).map(|bounds| &self.order[bounds[0] as usize..bounds[1] as usize])
    }
}

/// A node whose edges are being followed.
struct Frame {
    node: u32,
    /// One more than its place on the stack: its number in the order of discovery
    /// among all that stand there.
    index: u32,
    /// How many of its edges have been followed.
    followed: usize,
}

struct Search<'a, F> {
    graph: &'a Graph,
    is_member: F,
    /// The lowest index that each node is known to reach within the stack.
    low: Vec<u32>,
    /// One place for each member. Below `top` stand the members on Tarjan's stack; from
    /// `bottom` on those whose component is complete, sinks last, as they are found first.
    order: Vec<u32>,
    top: usize,
    bottom: usize,
    /// Where the components begin, the last one first.
    starts: Vec<u32>,
    frames: Vec<Frame>,
}

impl<'a, F: Fn(u32) -> bool> Search<'a, F> {
    fn new(graph: &'a Graph, is_member: F, nodes: u32) -> Result<Self, Exhausted> {
        let members = (0..nodes).filter(|&node| is_member(node)).count();
        // The last index is below `DONE`.
        let end = u32::try_from(members).ok().filter(|&end| end < DONE).ok_or(Exhausted)?;
        let mut starts = Vec::new();
        push(&mut starts, end)?;
        Ok(Search {
            graph,
            is_member,
            low: filled(UNSEEN, nodes as usize)?,
            order: filled(0, members)?,
            top: 0,
            bottom: members,
            starts,
            frames: Vec::new(),
        })
    }

    /// Completes the components of all that is reachable from `root`.
    fn run(&mut self, root: u32) -> Result<(), Exhausted> {
        self.enter(root)?;
        while let Some(frame) = self.frames.last_mut() {
            let Frame { node, index, followed } = *frame;
            let Some(&target) = self.graph.targets(node).get(followed) else {
                self.frames.pop();
                if self.low[node as usize] == index {
                    self.complete(index)?;
                }
                continue;
            };
            if !(self.is_member)(target) {
                frame.followed += 1;
            } else if self.low[target as usize] == UNSEEN {
                // The edge is followed once more when the target has been left.
                self.enter(target)?;
            } else {
                frame.followed += 1;
                let reached = self.low[target as usize];
                let low = &mut self.low[node as usize];
                *low = reached.min(*low);
            }
        }
        Ok(())
    }

    fn enter(&mut self, node: u32) -> Result<(), Exhausted> {
        self.order[self.top] = node;
        self.top += 1;
        // There are fewer members than `DONE`.
        let index = u32::try_from(self.top).map_err(|_| Exhausted)?;
        self.low[node as usize] = index;
        push(&mut self.frames, Frame { node, index, followed: 0 })
    }

    /// The member with `index` reaches nothing below it, and all above it reaches it.
    fn complete(&mut self, index: u32) -> Result<(), Exhausted> {
        let members = index as usize - 1..self.top;
        self.top = members.start;
        // What is on the stack and what is complete are different members, so the room
        // between them is never less than nothing.
        self.bottom -= members.len();
        self.order[members.clone()].sort_unstable();
        for &node in &self.order[members.clone()] {
            self.low[node as usize] = DONE;
        }
        self.order.copy_within(members, self.bottom);
        let start = u32::try_from(self.bottom).map_err(|_| Exhausted)?;
        push(&mut self.starts, start)
    }

    fn finish(mut self) -> Result<Components, Exhausted> {
        debug_assert_eq!((self.top, self.bottom), (0, 0), "each member has its component");
        self.starts.reverse();
        Ok(Components { order: self.order, starts: self.starts })
    }
}

fn push<T>(table: &mut Vec<T>, item: T) -> Result<(), Exhausted> {
    if table.len() == table.capacity() {
        table.try_reserve(1)?;
    }
    table.push(item);
    Ok(())
}

fn filled(value: u32, len: usize) -> Result<Vec<u32>, Exhausted> {
    let mut table = Vec::new();
    table.try_reserve_exact(len)?;
    table.resize(len, value);
    Ok(table)
}

#[cfg(test)]
mod tests;
