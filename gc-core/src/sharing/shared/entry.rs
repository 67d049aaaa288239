//! What the collector does to a shared head, and what concerns the lists of candidates.

use super::SharedHead;
use super::word::*;
use crate::primitive::Ordering::{AcqRel, Acquire, Relaxed, Release};
use crate::primitive::{mutated, order};

/// What the collector finds of an entry that it has taken from a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// A candidate; the caller has a handle to it now.
    Pinned,
    /// It is dead, or none any more.
    Gone,
    /// It was the last that was left of the box, which the caller is to free.
    Free,
}

/// What an object that dies by count leaves in the lists of candidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// Nothing.
    Nothing,
    /// An entry.
    Entry,
    /// An entry that was counted towards the next collection.
    Counted,
}

/// What became of a box whose value was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Buried {
    /// Nothing is left: the caller frees it.
    Free,
    /// Weak handles keep it, and who drops the last frees it.
    Kept,
    /// Somebody still has a strong handle, which must have been leaked.
    Leaked,
}

impl SharedHead {
    /// Takes the object from the candidates and gives the caller the only reference to its
    /// value, if the caller's handle is the only one of either kind. Its entry stays in
    /// its list, and says nothing from now on.
    #[inline]
    pub(crate) fn lend(&self) -> bool {
        let no_weak = |word| weak(word) == own_shares(word) || mutated!("lend_with_weak");
        let alone = |word: u64| strong(word) == 1 && no_weak(word);
        let taken = if mutated!("lend_stays_candidate") { 0 } else { BUFFERED };
        // Acquire: pairs with the Release of whoever dropped the last other handle.
        let acquire = order!(Acquire unless "lend_relaxed");
        let lent = self.update(|word| alone(word).then_some(word & !taken), (acquire, acquire));
        lent.is_ok()
    }

    /// The end of an object by count, before its value is dropped: it is not counted towards
    /// the next collection any more.
    #[inline]
    pub(crate) fn uncount(&self) -> Left {
        let word = self.word.load(Relaxed);
        if word & LINKED == 0 {
            Left::Nothing
        } else if word & COUNTED != 0 && self.word.fetch_and(!COUNTED, Relaxed) & COUNTED != 0 {
            Left::Counted
        } else {
            Left::Entry
        }
    }

    /// Takes an entry out of its list, for a collection: gives back its share and, if the object
    /// is alive, takes a handle to it.
    #[inline]
    pub(crate) fn drain(&self) -> Entry {
        let is_candidate = |word: u64| {
            strong(word) > 0 && word & (DEAD | BUFFERED) == BUFFERED || mutated!("drain_unchecked")
        };
        let cleared = if mutated!("buffered_cleared_late") { 0 } else { BUFFERED };
        let next = |word: u64| {
            let rest = without_share(word & !(LINKED | COUNTED | cleared));
            if is_candidate(word) && !is_stuck(word) { rest + ONE_STRONG } else { rest }
        };
        // Acquire: what was done by those who dropped their handles is seen when the value is
        // read; pairs with the Release in `release`. Release: pairs with the
        // fence in `release_share`, as this gives back a share.
        let order = match () {
            () if mutated!("drain_no_acquire") => Release,
            () if mutated!("drain_no_release") => Acquire,
            () => AcqRel,
        };
        let old = self.update(|word| Some(next(word)), (order, Relaxed));
        let old = old.unwrap_or_else(|word| word);
        if is_candidate(old) {
            Entry::Pinned
        } else if weak(next(old)) == 0 {
            // (The exchange has acquired what the others released.)
            Entry::Free
        } else {
            Entry::Gone
        }
    }

    /// Takes an entry out of its list if its object is dead or dying; `None` if it is not.
    ///
    /// One without a handle may be brought back by its finalizer. A later drop enters it again then.
    pub(crate) fn sweep(&self) -> Option<Entry> {
        let is_over = |word: u64| word & DEAD != 0 || strong(word) == 0;
        let next =
            |word: u64| is_over(word).then(|| without_share(word & !(LINKED | COUNTED | BUFFERED)));
        // Acquire and Release: as in `drain`.
        let old = self.update(next, (AcqRel, Relaxed)).ok()?;
        Some(if weak(without_share(old)) == 0 { Entry::Free } else { Entry::Gone })
    }

    /// The entry stays in a list, and is not counted any more.
    #[inline]
    pub(crate) fn keep_entry(&self) {
        self.word.fetch_and(!COUNTED, Relaxed);
    }

    /// Gives back the handle of a snapshot in silence, unless it is the last: then
    /// `None`, and it is still there. With `keep` the object is a candidate afterwards;
    /// `Some(true)` if the caller is to enter it in a list.
    ///
    /// For the collector, under the flag under which the handle was taken.
    #[inline]
    pub(crate) fn let_go(&self, keep: bool) -> Option<bool> {
        let enters = |word: u64| keep && word & (LEAF | DEAD | LINKED) == 0;
        let next = |word: u64| {
            if strong(word) <= 1 {
                return None;
            }
            let word = if mutated!("buffered_cleared_late") { word & !BUFFERED } else { word };
            let rest = if is_stuck(word) { word } else { word - ONE_STRONG } & !SEEN;
            Some(if enters(word) {
                with_share(rest | BUFFERED | LINKED)
            } else if keep && word & (LEAF | DEAD) == 0 {
                rest | BUFFERED
            } else {
                rest
            })
        };
        // Release: the collector's reads come before the end of the value;
        // pairs with the fence in `release`.
        self.update(next, (order!(Release unless "let_go_relaxed"), Relaxed)).ok().map(enters)
    }

    /// Gives back the handle of a snapshot and the share of the value, which has been dropped.
    #[inline]
    pub(crate) fn bury(&self) -> Buried {
        let word = self.word.load(Relaxed);
        if SharedHead::is_alone(word & !(DEAD | SEEN)) {
            if !mutated!("bury_no_fence") {
                // Nobody else knows of the box. Acquire: as in `release_share`.
                self.acquire();
            }
            return Buried::Free;
        }
        let next = |word: u64| (strong(word) == 1).then(|| without_share(word - ONE_STRONG));
        // Release and the fence: as in `release_share`.
        match self.update(next, (order!(Release unless "bury_relaxed"), Relaxed)) {
            Err(_) => Buried::Leaked,
            Ok(old) if weak(without_share(old)) == 0 => {
                if !mutated!("bury_no_fence") {
                    self.acquire();
                }
                Buried::Free
            }
            Ok(_) => Buried::Kept,
        }
    }

    /// The next in the list that the object is in.
    #[inline]
    pub(crate) fn next(&self) -> *mut () {
        // Relaxed: who follows it has taken the list, by an Acquire.
        self.next.load(Relaxed)
    }

    /// Writes the next in the list.
    #[inline]
    pub(crate) fn set_next(&self, next: *mut ()) {
        // Relaxed: it is published together with the list.
        self.next.store(next, Relaxed);
    }
}
