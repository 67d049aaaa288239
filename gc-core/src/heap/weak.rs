//! Weak shares: what keeps a box from being freed.
//!
//! A box has a share for each `Weak`, one for its value while that is not
//! dropped, and one for the snapshot that it stands in. Who gives back the last
//! one frees it. The number stands in the head, or, while the head's slot is
//! taken by an index, beside the object in the table that the index leads to.

use super::{Heap, Space};
use crate::gc_box::Object;
use crate::sharing::{Flags, Head, Sharing};
use std::process;

impl<S: Sharing> Heap<S> {
    /// Runs `f` on the number of shares of an object, wherever it stands.
    fn with_shares<R>(&self, object: Object<S>, f: impl FnOnce(&mut u32) -> R) -> R {
        let flags = object.head().flags();
        if flags.any(Flags::CAPTURED) {
            f(&mut self.parked.borrow_mut()[object.head().slot() as usize].shares)
        } else if flags.any(Flags::BUFFERED) {
            f(self.candidates.borrow_mut().shares(object))
        } else {
            let mut shares = object.head().slot();
            let result = f(&mut shares);
            object.head().set_slot(shares);
            result
        }
    }

    /// Gives back one share; `true` if it was the last and the box is to be freed.
    pub(super) fn release_share(&self, object: Object<S>) -> bool {
        self.with_shares(object, |shares| {
            *shares -= 1;
            *shares == 0
        })
    }
}

/// Takes a share for a new `Weak`. Aborts on overflow, as std does.
#[inline]
pub(crate) fn retain<S: Space>(object: Object<S>) {
    let head = object.head();
    let more = |shares: &mut u32| {
        // One number is left for the share of a snapshot.
        if *shares >= u32::MAX - 1 {
            process::abort();
        }
        *shares += 1;
    };
    if head.flags().any(Flags::PARKED) {
        S::with_heap(|heap| heap.with_shares(object, more));
    } else {
        let mut shares = head.slot();
        more(&mut shares);
        head.set_slot(shares);
    }
}

/// Gives back the share of a `Weak`, and frees the box if it was the last.
#[inline]
pub(crate) fn release<S: Space>(object: Object<S>) {
    let head = object.head();
    let last = if head.flags().any(Flags::PARKED) {
        S::with_heap(|heap| heap.release_share(object))
    } else {
        head.set_slot(head.slot() - 1);
        head.slot() == 0
    };
    if last {
        // SAFETY: the value's share is among those given back, so it is dropped,
        // and no other is left.
        unsafe { object.free() };
    }
}

/// How many `Weak`s there are, given that the value is not dropped.
pub(crate) fn count<S: Space>(object: Object<S>) -> usize {
    let flags = object.head().flags();
    let shares = S::with_heap(|heap| heap.with_shares(object, |shares| *shares));
    let others = if flags.any(Flags::DEAD) { 0 } else { 1 } + u32::from(flags.any(Flags::CAPTURED));
    shares.saturating_sub(others) as usize
}
