//! What a collection finds out about an object. It stands here, and not with the
//! collector, because the heap keeps the room for it between collections.

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
