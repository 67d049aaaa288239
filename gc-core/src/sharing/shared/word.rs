//! The word of a shared head, as a number: where its parts stand, and arithmetic on them.
//!
//! ```text
//!   63          36 35         10 9        0
//!   ┌─────────────┬─────────────┬──────────┐
//!   │ strong (28) │ weak   (26) │ flags    │
//!   └─────────────┴─────────────┴──────────┘
//! ```

use super::super::Flags;

/// The flags of [`Flags`] that stand in `age`.
/// Beside CAPTURED in the age: the collector has no handle of its own to the object.
pub(super) const UNPINNED: u32 = 1;
pub(super) const AGE: u32 = flag(Flags::CAPTURED.with(Flags::ANY_AGE)) as u32;
/// The flags of [`Flags`] that stand in the word.
pub(super) const IN_WORD: u64 = LEAF | BUFFERED | DEAD | FINALIZED | flag(Flags::WATCHED) | PINNED;

pub(super) const LEAF: u64 = flag(Flags::LEAF);
pub(super) const BUFFERED: u64 = flag(Flags::BUFFERED);
pub(super) const DEAD: u64 = flag(Flags::DEAD);
pub(super) const FINALIZED: u64 = flag(Flags::FINALIZED);
pub(super) const PINNED: u64 = flag(Flags::PINNED);
// The rest stand where `Flags` has those of `age`.
/// A collection has seen the count, and no handle was dropped since.
pub(super) const SEEN: u64 = 1 << 2;
/// A collection is about to decide: weak handles wait.
pub(super) const CLAIMED: u64 = 1 << 7;
/// The object stands in a list of candidates, which has a weak share. (It is a
/// candidate only if it is BUFFERED as well.)
pub(super) const LINKED: u64 = 1 << 8;
/// It has been counted towards the next collection.
pub(super) const COUNTED: u64 = 1 << 9;

pub(super) const ONE_WEAK: u64 = 1 << 10;
pub(super) const ONE_STRONG: u64 = 1 << 36;
pub(super) const FLAGS: u64 = ONE_WEAK - 1;
pub(super) const WEAK: u64 = ONE_STRONG - ONE_WEAK;
/// From here on a count is not changed any more.
pub(super) const WEAK_LIMIT: u64 = 1 << 25;
pub(super) const STRONG_LIMIT: u64 = 1 << 27;
/// Where a count that has reached its limit is put: as far from both ends.
pub(super) const WEAK_STUCK: u64 = 3 << 24;
pub(super) const STRONG_STUCK: u64 = 3 << 26;

pub(super) const fn flag(flags: Flags) -> u64 {
    flags.bits() as u64
}

pub(super) const fn strong(word: u64) -> u64 {
    word / ONE_STRONG
}

pub(super) const fn weak(word: u64) -> u64 {
    (word & WEAK) / ONE_WEAK
}

/// Whether the object lives for ever.
pub(super) const fn is_stuck(word: u64) -> bool {
    strong(word) >= STRONG_LIMIT
}

/// One weak share more.
pub(super) const fn with_share(word: u64) -> u64 {
    if weak(word) >= WEAK_LIMIT { word } else { word + ONE_WEAK }
}

/// One weak share less.
pub(super) const fn without_share(word: u64) -> u64 {
    if weak(word) >= WEAK_LIMIT { word } else { word - ONE_WEAK }
}

/// The weak shares that are no `Weak`'s: the value's, and that of an entry in a list.
pub(super) const fn own_shares(word: u64) -> u64 {
    1 + (word & LINKED != 0) as u64
}
