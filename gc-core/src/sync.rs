//! STUB, to be replaced by the real `sync`: what `background` takes from it.

pub mod background;

use crate::heap::{Generation, Report};

/// STUB. The generation that the schedule says is due, `None` also while automatic collections
/// are switched off.
pub(crate) fn due() -> Option<Generation> {
    None
}

/// STUB. Whether automatic collections are allowed: enabled and not paused.
pub(crate) fn is_automatic() -> bool {
    true
}

/// STUB. Collects; waits for a collection of another thread's to end, and then runs its own.
pub(crate) fn collect_patiently(generation: Generation) -> Report {
    Report::empty(generation)
}
