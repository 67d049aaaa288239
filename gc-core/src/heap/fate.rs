//! What a collection finds out about an object. It stands here, and not with the
//! collector, because the heap keeps the room for it between collections.

use crate::sharing::Sight;

/// What is known of one of those that a look for small garbage has met, which begins with a candidate.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Known {
    /// What was seen of its count.
    pub(crate) sight: Sight,
    /// The edges into it, less the one that it was met by. For the candidate these are all: the
    /// handle that is not among them is the one that the drain has taken.
    pub(crate) edges: u32,
    /// Weak handles to it wait.
    pub(crate) claimed: bool,
}

/// What is known of an object in a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Nothing from outside is known to reach it.
    Suspect,
    /// Held from outside; what it reaches has yet to be marked.
    Root,
    /// Reachable from outside.
    Live,
    /// Let go: no longer captured, and maybe freed.
    Gone,
    /// Let go, but for a handle that is to be dropped when all is over.
    Last,
}
