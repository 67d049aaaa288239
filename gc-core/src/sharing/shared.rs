//! Counts in one atomic word, for objects that any thread may hold.
//!
//! ```text
//!   63          36 35         10 9        0
//!   ┌─────────────┬─────────────┬──────────┐
//!   │ strong (28) │ weak   (26) │ flags    │
//!   └─────────────┴─────────────┴──────────┘
//! ```
//!
//! Both counts stand in one word, so that they are read at one moment: who finds one strong
//! handle and one weak share is alone, and a drop that makes a candidate takes the share of its
//! entry in the same step in which it counts down. (With two words, each of these needs a lock
//! or an order of steps that others can come in between.)
//!
//! A count that comes near its limit stays there for good, as Linux's `refcount_t` does: the object
//! is never freed.

use super::sealed::Sealed;
use super::{Flags, Head, Kind, Released, Sharing, Sight};
use crate::primitive::Ordering::{AcqRel, Acquire, Relaxed, Release};
use crate::primitive::{AtomicPtr, AtomicU32, AtomicU64, Mutex};
use crate::primitive::{fence, global, lock, mutated, order};
use std::ptr::{self, NonNull};

/// Objects of all threads: counts are atomic.
#[derive(Debug)]
pub enum Shared {}

impl Sealed for Shared {}

impl Sharing for Shared {
    const KIND: Kind = Kind::Shared;
    type Head = SharedHead;
}

global! {
    /// Held while there are claimed objects; who wants to upgrade a weak handle to one waits here.
    pub(crate) fn claims() -> &'static Mutex<()> { Mutex::new(()) }
}

/// Thirty-two bytes.
#[derive(Debug)]
#[repr(C)]
pub struct SharedHead {
    table: NonNull<()>,
    word: AtomicU64,
    /// The next in the list of candidates, while LINKED.
    next: AtomicPtr<()>,
    /// The object's number in the snapshot. Written under the collector flag only.
    slot: AtomicU32,
    /// CAPTURED and the generation. Written under the collector flag only.
    age: AtomicU32,
}

#[cfg(not(any(loom, shuttle)))]
const _: () = assert!(size_of::<SharedHead>() <= 32);

// SAFETY: the table is a static of functions, and everything else is atomic.
unsafe impl Send for SharedHead {}
// SAFETY: as above.
unsafe impl Sync for SharedHead {}

/// The flags of [`Flags`] that stand in `age`.
const AGE: u32 = flag(Flags::CAPTURED.with(Flags::ANY_GENERATION)) as u32;
/// The flags of [`Flags`] that stand in the word.
const IN_WORD: u64 = LEAF | BUFFERED | DEAD | FINALIZED | flag(Flags::WATCHED) | PINNED;

const LEAF: u64 = flag(Flags::LEAF);
const BUFFERED: u64 = flag(Flags::BUFFERED);
const DEAD: u64 = flag(Flags::DEAD);
const FINALIZED: u64 = flag(Flags::FINALIZED);
const PINNED: u64 = flag(Flags::PINNED);
// The rest stand where `Flags` has those of `age`.
/// A collection has seen the count, and no handle was dropped since.
const SEEN: u64 = 1 << 2;
/// A collection is about to decide: weak handles wait.
const CLAIMED: u64 = 1 << 7;
/// The object stands in a list of candidates, which has a weak share. (It is a
/// candidate only if it is BUFFERED as well.)
const LINKED: u64 = 1 << 8;
/// It has been counted towards the next collection.
const COUNTED: u64 = 1 << 9;

const ONE_WEAK: u64 = 1 << 10;
const ONE_STRONG: u64 = 1 << 36;
const FLAGS: u64 = ONE_WEAK - 1;
const WEAK: u64 = ONE_STRONG - ONE_WEAK;
/// From here on a count is not changed any more.
const WEAK_LIMIT: u64 = 1 << 25;
const STRONG_LIMIT: u64 = 1 << 27;
/// Where a count that has reached its limit is put: as far from both ends.
const WEAK_STUCK: u64 = 3 << 24;
const STRONG_STUCK: u64 = 3 << 26;

const fn flag(flags: Flags) -> u64 {
    flags.bits() as u64
}

const fn strong(word: u64) -> u64 {
    word / ONE_STRONG
}

const fn weak(word: u64) -> u64 {
    (word & WEAK) / ONE_WEAK
}

/// Whether the object lives for ever.
const fn is_stuck(word: u64) -> bool {
    strong(word) >= STRONG_LIMIT
}

/// One weak share more.
const fn with_share(word: u64) -> u64 {
    if weak(word) >= WEAK_LIMIT { word } else { word + ONE_WEAK }
}

/// One weak share less.
const fn without_share(word: u64) -> u64 {
    if weak(word) >= WEAK_LIMIT { word } else { word - ONE_WEAK }
}

/// The weak shares that are no `Weak`'s: the value's, and that of an entry in a list.
const fn own_shares(word: u64) -> u64 {
    1 + (word & LINKED != 0) as u64
}

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
    /// The word, to begin with what changes it.
    ///
    /// A change of nothing under loom, which knows of each atomic only who had it last: who loads
    /// it before he changes it hides from loom that others loaded it as well, so that they would
    /// never see what he writes.
    #[inline]
    fn guess(&self, order: crate::primitive::Ordering) -> u64 {
        #[cfg(all(test, loom))]
        if let Err(word) = self.word.compare_exchange(u64::MAX, u64::MAX, order, order) {
            return word;
        }
        self.word.load(order)
    }

    /// The one who changes the word from what `next` is given to what it says.
    #[inline]
    fn update(&self, mut next: impl FnMut(u64) -> Option<u64>, order: Ord2) -> Result<u64, u64> {
        let mut word = self.guess(order.1);
        while let Some(new) = next(word) {
            match self.word.compare_exchange_weak(word, new, order.0, order.1) {
                Ok(old) => return Ok(old),
                Err(now) => word = now,
            }
        }
        Err(word)
    }

    /// Whether the word says that nobody but the asker, who has a handle, knows of the object.
    #[inline]
    const fn is_alone(word: u64) -> bool {
        word & !(LEAF | FINALIZED | PINNED) == ONE_STRONG + ONE_WEAK
    }

    /// A weak share more, for a new `Weak`.
    #[inline]
    pub(crate) fn retain_share(&self) {
        // Relaxed: as for a strong handle, the new one comes from one that exists.
        let old = self.word.fetch_add(ONE_WEAK, Relaxed);
        if weak(old) >= WEAK_LIMIT {
            self.stick(|word| word & !WEAK | WEAK_STUCK * ONE_WEAK);
        }
    }

    /// A weak share less; `true` if it was the last of the box.
    #[inline]
    pub(crate) fn release_share(&self) -> bool {
        let word = self.guess(Relaxed);
        if weak(word) >= WEAK_LIMIT {
            return false;
        }
        // Release: what was done with the box comes before its end; pairs with
        // the fence of whoever gives back the last share.
        let release = order!(Release unless "share_relaxed");
        let last = weak(self.word.fetch_sub(ONE_WEAK, release)) == 1;
        if last && !mutated!("share_no_fence") {
            // Acquire: pairs with the Release of the others, here and in `bury` and `drain`.
            fence(Acquire);
        }
        last
    }

    /// How many `Weak`s there are, given that the value is not dropped.
    pub(crate) fn weak_count(&self) -> usize {
        let word = self.word.load(Relaxed);
        weak(word).saturating_sub(own_shares(word)) as usize
    }

    /// Puts a count that has come too far where it is not changed any more.
    #[cold]
    fn stick(&self, put: impl Fn(u64) -> u64) {
        let _ = self.update(|word| Some(put(word)), (Relaxed, Relaxed));
    }

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

    /// The end of an object by count, before its value is dropped: whether it was
    /// counted towards the next collection, and is not any more.
    pub(crate) fn uncount(&self) -> bool {
        self.word.load(Relaxed) & COUNTED != 0
            && self.word.fetch_and(!COUNTED, Relaxed) & COUNTED != 0
    }

    /// Takes an entry out of its list, for a collection: gives back its share and, if the object
    /// is alive, takes a handle to it.
    pub(crate) fn drain(&self) -> Entry {
        let is_candidate = |word: u64| {
            strong(word) > 0 && word & (DEAD | BUFFERED) == BUFFERED || mutated!("drain_unchecked")
        };
        let cleared = if mutated!("buffered_cleared_late") { 0 } else { BUFFERED };
        let next = |word: u64| {
            let rest = without_share(word & !(LINKED | COUNTED | cleared));
            if is_candidate(word) { rest + ONE_STRONG } else { rest }
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
            // Acquire: as in `release_share`.
            fence(Acquire);
            Entry::Free
        } else {
            Entry::Gone
        }
    }

    /// The entry stays in a list, and is not counted any more.
    pub(crate) fn keep_entry(&self) {
        self.word.fetch_and(!COUNTED, Relaxed);
    }

    /// Gives back the handle of a snapshot in silence, unless it is the last: then
    /// `None`, and it is still there. With `keep` the object is a candidate afterwards;
    /// `Some(true)` if the caller is to enter it in a list.
    ///
    /// For the collector, under the flag under which the handle was taken.
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
    pub(crate) fn bury(&self) -> Buried {
        let next = |word: u64| (strong(word) == 1).then(|| without_share(word - ONE_STRONG));
        // Release and the fence: as in `release_share`.
        match self.update(next, (order!(Release unless "bury_relaxed"), Relaxed)) {
            Err(_) => Buried::Leaked,
            Ok(old) if weak(without_share(old)) == 0 => {
                if !mutated!("bury_no_fence") {
                    fence(Acquire);
                }
                Buried::Free
            }
            Ok(_) => Buried::Kept,
        }
    }

    /// The next in the list that the object is in.
    pub(crate) fn next(&self) -> *mut () {
        // Relaxed: who follows it has taken the list, by an Acquire.
        self.next.load(Relaxed)
    }

    /// Writes the next in the list.
    pub(crate) fn set_next(&self, next: *mut ()) {
        // Relaxed: it is published together with the list.
        self.next.store(next, Relaxed);
    }
}

/// The orderings of success and of failure.
type Ord2 = (crate::primitive::Ordering, crate::primitive::Ordering);

impl Head for SharedHead {
    fn new(table: NonNull<()>, flags: Flags, strong: u32) -> Self {
        SharedHead {
            table,
            word: AtomicU64::new(u64::from(strong) * ONE_STRONG + ONE_WEAK + flag(flags)),
            next: AtomicPtr::new(ptr::null_mut()),
            slot: AtomicU32::new(0),
            age: AtomicU32::new(0),
        }
    }

    #[inline]
    fn table(&self) -> NonNull<()> {
        self.table
    }

    #[inline]
    fn flags(&self) -> Flags {
        let age = self.age.load(Relaxed) & AGE;
        Flags::of_bits((self.word.load(Relaxed) & IN_WORD) as usize | age as usize)
    }

    fn set(&self, flags: Flags) {
        let (word, age) = (flag(flags) & IN_WORD, flag(flags) as u32 & AGE);
        if word != 0 {
            self.word.fetch_or(word, Relaxed);
        }
        if age != 0 {
            self.age.store(self.age.load(Relaxed) | age, Relaxed);
        }
    }

    fn clear(&self, flags: Flags) {
        let (word, age) = (flag(flags) & IN_WORD, flag(flags) as u32 & AGE);
        if word != 0 {
            self.word.fetch_and(!word, Relaxed);
        }
        if age != 0 {
            self.age.store(self.age.load(Relaxed) & !age, Relaxed);
        }
    }

    #[inline]
    fn strong(&self) -> usize {
        strong(self.word.load(Relaxed)) as usize
    }

    #[inline]
    fn retain(&self) {
        // Relaxed: the new handle comes from one that exists, as in `Arc`.
        let old = self.word.fetch_add(ONE_STRONG, Relaxed);
        if is_stuck(old) {
            self.stick(|word| word & (WEAK | FLAGS) | STRONG_STUCK * ONE_STRONG);
        }
    }

    #[inline]
    fn release(&self) -> Released {
        let word = self.guess(Relaxed);
        if SharedHead::is_alone(word) {
            // Relaxed: nobody else knows of the object.
            self.word.store(word - ONE_STRONG, Relaxed);
            if !mutated!("alone_no_fence") {
                // Acquire: pairs with the Release of those who dropped theirs before.
                fence(Acquire);
            }
            return Released::Last;
        }
        self.release_shared(word)
    }

    #[inline]
    fn unpin(&self) -> bool {
        let word = self.guess(Relaxed);
        if SharedHead::is_alone(word) {
            self.word.store(word - ONE_STRONG, Relaxed);
        } else {
            let next = |word| (!is_stuck(word)).then(|| (word - ONE_STRONG) & !SEEN);
            // Release, and the fence below: as in `release`.
            match self.update(next, (order!(Release unless "unpin_relaxed"), Relaxed)) {
                Ok(old) if strong(old) == 1 => {}
                _ => return false,
            }
        }
        if !mutated!("unpin_no_fence") {
            fence(Acquire);
        }
        true
    }

    fn try_retain(&self) -> bool {
        loop {
            let usable = |word: u64| strong(word) > 0 && word & (DEAD | CLAIMED) == 0;
            // Acquire: pairs with the Release of `revive`, which published the value.
            let next = |word: u64| usable(word).then(|| word + ONE_STRONG);
            let acquire = order!(Acquire unless "upgrade_relaxed");
            let Err(word) = self.update(next, (acquire, Relaxed)) else { return true };
            if word & DEAD != 0 || strong(word) == 0 {
                return false;
            }
            // Claimed: it is decided by the time the mutex is free, which nobody holds long.
            drop(lock(claims()));
        }
    }

    fn revive(&self) {
        // Release: publishes the value to whoever upgrades a weak handle.
        self.word.fetch_add(ONE_STRONG, order!(Release unless "publish_relaxed"));
    }

    fn take_only(&self) -> bool {
        let next = |word: u64| (strong(word) == 1).then(|| (word - ONE_STRONG) & !SEEN);
        // Acquire: pairs with the Release of those who dropped theirs before.
        self.update(next, (order!(Acquire unless "take_only_relaxed"), Relaxed)).is_ok()
    }

    #[inline]
    fn is_lonely(&self) -> bool {
        // Acquire: pairs with the Release of those who dropped the last `Weak`.
        weak(self.word.load(order!(Acquire unless "lonely_relaxed"))) == 1
    }

    #[inline]
    fn slot(&self) -> u32 {
        self.slot.load(Relaxed)
    }

    #[inline]
    fn set_slot(&self, slot: u32) {
        self.slot.store(slot, Relaxed);
    }

    #[inline]
    fn handles(&self) -> usize {
        self.strong() - 1
    }

    fn see(&self) -> Sight {
        // Acquire: pairs with the Release of every drop that is counted in here, so that what
        // its thread did before (a clone) is seen by `claim`, and comes before the end of the value.
        Sight(self.word.fetch_or(SEEN, order!(Acquire unless "see_relaxed")) | SEEN)
    }

    fn handles_seen(&self, Sight(word): Sight) -> Option<usize> {
        (word & (DEAD | CLAIMED) == 0).then(|| strong(word) as usize - 1)
    }

    fn claim(&self, Sight(seen): Sight) -> Option<bool> {
        const SAME: u64 = !(WEAK | FLAGS) | SEEN | DEAD | CLAIMED;
        let mut word = self.word.load(Relaxed);
        loop {
            if (word ^ seen) & SAME != 0 && !mutated!("no_second_pass") {
                return None;
            }
            if mutated!("weak_after_word") {
                word = self.word.load(Relaxed);
            }
            if mutated!("no_claim") {
                return Some(false);
            }
            if weak(word) == own_shares(word) {
                return Some(false);
            }
            // Relaxed: all that must come before was acquired by `see`.
            match self.word.compare_exchange_weak(word, word | CLAIMED, Relaxed, Relaxed) {
                Ok(_) => return Some(true),
                Err(now) => word = now,
            }
        }
    }

    fn unclaim(&self) {
        if mutated!("unclaim_by_store") {
            return self.word.store(self.word.load(Relaxed) & !CLAIMED, Relaxed);
        }
        // Not a store, which would lose a clone.
        self.word.fetch_and(!CLAIMED, Relaxed);
    }
}

impl SharedHead {
    /// [`release`](Head::release) where others may know of the object.
    fn release_shared(&self, mut word: u64) -> Released {
        const QUIET: u64 = LEAF | BUFFERED | DEAD;
        loop {
            if is_stuck(word) {
                return Released::Alive;
            }
            let last = strong(word) == 1;
            let seen = if mutated!("drop_keeps_seen") { 0 } else { SEEN };
            let rest = (word - ONE_STRONG) & !seen;
            let (next, enters) = if last || word & QUIET != 0 {
                (rest, false)
            } else if word & LINKED != 0 {
                (rest | BUFFERED, false)
            } else {
                // The share of the entry is taken in the same step: afterwards
                // the box may be gone.
                (with_share(rest | BUFFERED | LINKED | COUNTED), true)
            };
            let late = enters && mutated!("share_after_drop");
            let next = if late { without_share(next) } else { next };
            // Release: what was done with the handle comes before the end of the value (pairs with
            // the fence below), and before a collection that sees this (with `see`).
            let release = order!(Release unless "drop_relaxed");
            match self.word.compare_exchange_weak(word, next, release, Relaxed) {
                Err(now) => word = now,
                Ok(_) if last => {
                    if !mutated!("drop_no_fence") {
                        // Acquire: pairs with the Release of those who dropped theirs before.
                        fence(Acquire);
                    }
                    return Released::Last;
                }
                Ok(_) if late => {
                    self.retain_share();
                    return Released::Candidate;
                }
                Ok(_) if enters => return Released::Candidate,
                Ok(_) => return Released::Alive,
            }
        }
    }
}
