//! What the collector does meanwhile.

use gc_core::sync;

/// Counts collections, and what they find, from its making on.
pub(crate) struct Watch {
    /// The sums at its making.
    before: [usize; 2],
}

impl Watch {
    pub(crate) fn start() -> Watch {
        Watch { before: sums() }
    }

    /// How many collections there were.
    pub(crate) fn runs(&self) -> usize {
        sums()[0] - self.before[0]
    }

    /// How many objects they have found.
    pub(crate) fn collected(&self) -> usize {
        sums()[1] - self.before[1]
    }
}

fn sums() -> [usize; 2] {
    let stats = sync::stats();
    [stats.iter().map(|it| it.collections).sum(), stats.iter().map(|it| it.collected).sum()]
}
