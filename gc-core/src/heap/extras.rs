//! What only few programs use of a heap: hooks, debugging, garbage that is kept.

use super::attached::Attached;
use super::debug::DebugFlags;
use super::exits::Exits;
use super::hooks::Hooks;
use crate::gc_box::Object;
use crate::sharing::Sharing;
use std::fmt;

/// The rarely used parts of one heap, which no operation of a handle looks at.
pub struct Extras<S: Sharing> {
    /// Unreachable objects that are kept to be looked at, each with a handle of its own.
    pub(crate) garbage: Vec<Object<S>>,
    /// What collections tell of, and whether they keep garbage.
    pub(crate) debug: DebugFlags,
    /// What belongs to objects beside what is in their values.
    pub(super) attached: Attached<S>,
    /// Finalizers that are to run at exit.
    pub(crate) exits: Exits,
    /// Who hears of collections.
    pub(crate) hooks: Hooks,
}

impl<S: Sharing> Extras<S> {
    pub(super) const fn new() -> Self {
        Extras {
            garbage: Vec::new(),
            debug: DebugFlags::empty(),
            attached: Attached::new(),
            exits: Exits::new(),
            hooks: Hooks::new(),
        }
    }
}

impl<S: Sharing> fmt::Debug for Extras<S> {
    /// Only numbers: to show what is in there would run user code.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extras")
            .field("garbage", &self.garbage.len())
            .field("hooks", &self.hooks.len())
            .finish_non_exhaustive()
    }
}
