//! What the code of the user does when the collector calls it.

use super::{CALLBACKS, REGISTERS, SLOTS, WEAKS, generation};
use gc_core::Generation;

/// What a finalizer, a callback or a destructor does. "Itself" is the object whose
/// finalizer runs; where there is none, such an action does nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are places: at, from, to, and which slot")]
pub enum Action {
    /// Nothing.
    #[default]
    Nothing,
    /// Panics.
    Panic,
    /// Puts a handle to itself among the roots.
    Resurrect { to: usize },
    /// Puts a clone of one of its edges among the roots.
    ResurrectEdge { slot: usize, to: usize },
    /// Drops one of its edges.
    Cut { slot: usize },
    /// Makes one of its edges point to what a root points to.
    Tie { slot: usize, to: usize },
    /// Gives a root's object an edge to itself.
    Adopt { by: usize, slot: usize },
    /// Makes a new object that owns it and that it owns, and moves the handles in.
    Nest { slot: usize },
    /// Makes a weak handle to itself.
    Downgrade { to: usize },
    /// Makes a weak callback to itself, which does nothing more.
    Watch { to: usize },
    /// A new object.
    New { to: usize },
    /// A new object that is a cycle, and garbage at once.
    NewGarbage,
    /// Drops a root.
    Clear { at: usize },
    /// Drops a root and panics.
    ClearAndPanic { at: usize },
    /// A handle from a weak one.
    Upgrade { from: usize, to: usize },
    /// Drops a weak callback.
    Cancel { at: usize },
    /// A collection, which is empty inside of another.
    Collect(Generation),
}

impl Action {
    /// The action that three bytes stand for.
    #[must_use]
    pub(super) fn decode([kind, x, y]: [u8; 3]) -> Action {
        let place = |byte: u8, places: usize| usize::from(byte) % places;
        let (at, to) = (place(x, REGISTERS), place(y, REGISTERS));
        let slot = place(x, SLOTS);
        match kind % 24 {
            0 => Action::Nothing,
            1 => Action::Panic,
            2..=4 => Action::Resurrect { to: at },
            5 => Action::ResurrectEdge { slot, to },
            6..=8 => Action::Cut { slot },
            9 => Action::Tie { slot, to },
            10 => Action::Adopt { by: to, slot },
            11 => Action::Nest { slot },
            12 => Action::Downgrade { to: place(x, WEAKS) },
            13 => Action::Watch { to: place(x, CALLBACKS) },
            14 => Action::New { to: at },
            15 => Action::NewGarbage,
            16..=17 => Action::Clear { at },
            18 => Action::ClearAndPanic { at },
            19 => Action::Upgrade { from: place(x, WEAKS), to },
            20 => Action::Cancel { at: place(x, CALLBACKS) },
            _ => Action::Collect(generation(x)),
        }
    }

    /// Whether it ends in a panic.
    pub(crate) fn panics(self) -> bool {
        matches!(self, Action::Panic | Action::ClearAndPanic { .. })
    }
}
