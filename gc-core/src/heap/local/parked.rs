//! The weak shares of an object, and where they are kept while its head has no room for them.

use std::process;

/// What is kept for an object while it stands in a snapshot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parked {
    /// Its weak shares, the snapshot's own included.
    pub(super) shares: u32,
    /// A handle to it was dropped meanwhile.
    pub(super) touched: bool,
}

impl Parked {
    /// For one that has just been captured, and has these shares beside the snapshot's.
    #[inline]
    pub(super) fn new(shares: u32, touched: bool) -> Self {
        // `more` leaves room for this one.
        Parked { shares: shares + 1, touched }
    }
}

/// One more share, if there may be one.
#[inline]
pub(super) fn more(shares: &mut u32) {
    // One number is left for the share of a snapshot.
    if *shares >= u32::MAX - 1 {
        // As std: only leaked handles can get here.
        process::abort();
    }
    *shares += 1;
}
