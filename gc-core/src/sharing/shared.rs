//! Counts in one atomic word, for objects that any thread may hold.
//!
//! Both counts stand in one [`word`], so that they are read at one moment: who finds one strong
//! handle and one weak share is alone, and a drop that makes a candidate takes the share of its
//! entry in the same step in which it counts down. (With two words, each of these needs a lock
//! or an order of steps that others can come in between.)
//!
//! A count that comes near its limit stays there for good, as Linux's `refcount_t` does: the object
//! is never freed.

mod entry;
mod word;

pub(crate) use entry::{Buried, Entry, Left};

use super::sealed::Sealed;
use super::{Flags, Head, Kind, Released, Sharing, Sight};
use crate::primitive::Ordering::{Acquire, Relaxed, Release};
use crate::primitive::{AtomicPtr, AtomicU32, AtomicU64, Mutex};
use crate::primitive::{fence, global, lock, mutated, order};
use std::ptr::{self, NonNull};
use word::*;

/// Objects of all threads: counts are atomic.
#[derive(Debug)]
pub enum Shared {}

impl Sealed for Shared {}

impl Sharing for Shared {
    const KIND: Kind = Kind::Shared;
    type Head = SharedHead;
    type Guarded<T: std::fmt::Debug> = crate::primitive::TryMutex<T>;
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
    /// CAPTURED, the generation and the era. Written under the collector flag only, once the object
    /// is known to others.
    age: AtomicU32,
}

#[cfg(not(any(loom, shuttle)))]
const _: () = assert!(size_of::<SharedHead>() <= 32);

// SAFETY: the table is a static of functions, and everything else is atomic.
unsafe impl Send for SharedHead {}
// SAFETY: as above.
unsafe impl Sync for SharedHead {}

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

    /// What comes after sees what came before those changes of the word that the caller has read.
    #[inline]
    fn acquire(&self) {
        if cfg!(gc_tsan) {
            // ThreadSanitizer knows no fences; `Arc` does the same under it. The box is the
            // caller's wherever this is called.
            self.word.load(Acquire);
        } else {
            fence(Acquire);
        }
    }

    /// A weak share more, for a new `Weak`.
    #[inline]
    pub(crate) fn retain_share(&self) {
        // Relaxed: as for a strong handle, the new one comes from one that exists.
        let old = self.word.fetch_add(ONE_WEAK, Relaxed);
        if weak(old) >= WEAK_LIMIT {
            self.stick(|word| (word & !WEAK) | (WEAK_STUCK * ONE_WEAK));
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
            self.acquire();
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
}

/// The orderings of success and of failure.
type Ord2 = (crate::primitive::Ordering, crate::primitive::Ordering);

impl Head for SharedHead {
    #[inline]
    fn new(table: NonNull<()>, flags: Flags, strong: u32) -> Self {
        SharedHead {
            table,
            word: AtomicU64::new(
                u64::from(strong) * ONE_STRONG + ONE_WEAK + (flag(flags) & IN_WORD),
            ),
            next: AtomicPtr::new(ptr::null_mut()),
            slot: AtomicU32::new(0),
            age: AtomicU32::new(flag(flags) as u32 & AGE),
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

    #[inline]
    fn set(&self, flags: Flags) {
        let (word, age) = (flag(flags) & IN_WORD, flag(flags) as u32 & AGE);
        if word != 0 {
            self.word.fetch_or(word, Relaxed);
        }
        if age != 0 {
            self.age.store(self.age.load(Relaxed) | age, Relaxed);
        }
    }

    #[inline]
    fn clear(&self, flags: Flags) {
        let (word, age) = (flag(flags) & IN_WORD, flag(flags) as u32 & AGE);
        if word != 0 {
            self.word.fetch_and(!word, Relaxed);
        }
        if age != 0 {
            let unpinned = if flags.any(Flags::CAPTURED) { UNPINNED } else { 0 };
            self.age.store(self.age.load(Relaxed) & !(age | unpinned), Relaxed);
        }
    }

    #[inline]
    fn strong(&self) -> usize {
        strong(self.word.load(Relaxed)) as usize
    }

    fn count(&self) -> usize {
        const PINNED: u32 = flag(Flags::CAPTURED) as u32;
        let pinned = self.age.load(Relaxed) & (PINNED | UNPINNED) == PINNED;
        self.strong().saturating_sub(usize::from(pinned))
    }

    #[inline]
    fn retain(&self) {
        // Relaxed: the new handle comes from one that exists, as in `Arc`.
        let old = self.word.fetch_add(ONE_STRONG, Relaxed);
        if is_stuck(old) {
            self.stick(|word| (word & (WEAK | FLAGS)) | (STRONG_STUCK * ONE_STRONG));
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
                self.acquire();
            }
            return Released::Last;
        }
        // In line only what most such drops do: others have handles, and the object is a candidate
        // already, or a leaf. (An exchange for a leaf as well: it ceases to be one when something
        // is attached to it, and then its drops tell of it.) Release: as in `release_shared`.
        let quiet = word & (LEAF | BUFFERED | DEAD) != 0;
        if quiet && (2..STRONG_LIMIT).contains(&strong(word)) {
            let seen = if mutated!("drop_keeps_seen") { 0 } else { SEEN };
            let next = (word - ONE_STRONG) & !seen;
            let release = order!(Release unless "drop_relaxed");
            if mutated!("leaf_by_a_stale_look") && word & LEAF != 0 {
                self.word.fetch_sub(ONE_STRONG, release);
                return Released::Alive;
            }
            if self.word.compare_exchange(word, next, release, Relaxed).is_ok() {
                return Released::Alive;
            }
        }
        self.release_shared(self.word.load(Relaxed))
    }

    #[inline]
    fn unpin(&self) -> bool {
        let word = self.guess(Relaxed);
        if SharedHead::is_alone(word) {
            self.word.store(word - ONE_STRONG, Relaxed);
            if !mutated!("unpin_no_fence") {
                // Acquire: as in `release`.
                self.acquire();
            }
            return true;
        }
        if word & LEAF == 0 { self.unpin_shared() } else { self.unpin_leaf(word) }
    }

    #[inline]
    fn try_retain(&self) -> bool {
        let mut word = self.word.load(Relaxed);
        // One that is stuck is held for ever, and its count may not come near the end.
        while strong(word) > 0 && word & (DEAD | CLAIMED) == 0 && !is_stuck(word) {
            // Acquire: pairs with the Release of `revive`, which published the value.
            let acquire = order!(Acquire unless "upgrade_relaxed");
            match self.word.compare_exchange_weak(word, word + ONE_STRONG, acquire, Relaxed) {
                Ok(_) => return true,
                Err(now) => word = now,
            }
        }
        strong(word) > 0 && word & DEAD == 0 && self.try_retain_later()
    }

    #[inline]
    fn revive(&self) {
        // Release: publishes the value to whoever upgrades a weak handle.
        self.word.fetch_add(ONE_STRONG, order!(Release unless "publish_relaxed"));
    }

    #[inline]
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
        let word = self.word.load(Relaxed);
        // One that is stuck is held for ever: no number of edges accounts for that.
        if is_stuck(word) { usize::MAX } else { strong(word) as usize - 1 }
    }

    #[inline]
    fn see(&self) -> Sight {
        // Acquire: pairs with the Release of every drop that is counted in here, so that what
        // its thread did before (a clone) is seen by `claim`, and comes before the end of the value.
        Sight(self.word.fetch_or(SEEN, Acquire) | SEEN)
    }

    #[inline]
    fn handles_seen(&self, Sight(word): Sight) -> Option<usize> {
        (word & (DEAD | CLAIMED) == 0 && !is_stuck(word)).then(|| strong(word) as usize - 1)
    }

    #[inline]
    fn claim(&self, Sight(seen): Sight, mut before: impl FnMut() -> bool) -> Option<bool> {
        const SAME: u64 = !(WEAK | FLAGS) | SEEN | DEAD | CLAIMED;
        let mut word = self.guess(Relaxed);
        loop {
            if (word ^ seen) & SAME != 0 && !mutated!("no_second_pass") {
                return None;
            }
            if mutated!("weak_after_word") {
                word = self.guess(Relaxed);
            }
            if mutated!("no_claim") {
                return Some(false);
            }
            if weak(word) == own_shares(word) {
                return Some(false);
            }
            if !before() {
                return None;
            }
            // Relaxed: all that must come before was acquired by `see`.
            match self.word.compare_exchange_weak(word, word | CLAIMED, Relaxed, Relaxed) {
                Ok(_) => return Some(true),
                Err(now) => word = now,
            }
        }
    }

    #[inline]
    fn unclaim(&self) {
        if mutated!("unclaim_by_store") {
            return self.word.store(self.word.load(Relaxed) & !CLAIMED, Relaxed);
        }
        // Not a store, which would lose a clone.
        self.word.fetch_and(!CLAIMED, Relaxed);
    }

    #[inline]
    fn meet(&self) {
        const MET: u32 = flag(Flags::CAPTURED) as u32 | UNPINNED;
        self.age.store(self.age.load(Relaxed) | MET, Relaxed);
    }

    #[inline]
    fn is_listed(&self) -> bool {
        self.word.load(Relaxed) & LINKED != 0
    }

    #[inline]
    fn kill(&self, claimed: bool, pin: bool) {
        let more = DEAD + if pin { ONE_STRONG } else { 0 };
        if claimed && !mutated!("kill_by_store") {
            // Not a store, which would lose what others do with weak handles. DEAD was not set.
            self.word.fetch_add(more, Relaxed);
            return;
        }
        // By a store, as nobody else knows of the object. Acquire: pairs with the Release of those who
        // dropped the last weak handles, which who frees the box can't find behind this store. (No
        // model tells, as there are fences in every collection.)
        let word = self.guess(Acquire);
        self.word.store((word & !SEEN) + more, Relaxed);
    }
}

impl SharedHead {
    /// [`unpin`](Head::unpin) of a leaf, of which others may know. No collection looks at a leaf, so it
    /// is never SEEN, and its drop says nothing but that.
    ///
    /// It may be none any more, if something has been attached to it since. Then the drop says too
    /// little; but who drops like that has taken nothing from it, or would have seen it.
    #[inline]
    fn unpin_leaf(&self, word: u64) -> bool {
        if is_stuck(word) {
            return false;
        }
        // Release, and the fence: as in `release_shared`. (If it got stuck just now, it stays so:
        // there are not as many threads as that would take.)
        let release = order!(Release unless "unpin_relaxed");
        let last = strong(self.word.fetch_sub(ONE_STRONG, release)) == 1;
        if last && !mutated!("unpin_no_fence") {
            self.acquire();
        }
        last
    }

    /// [`unpin`](Head::unpin) where others may know of the object, and it is no leaf.
    fn unpin_shared(&self) -> bool {
        let next = |word| (!is_stuck(word)).then(|| (word - ONE_STRONG) & !SEEN);
        // Release, and the fence: as in `release_shared`.
        let release = order!(Release unless "unpin_relaxed");
        let last = self.update(next, (release, Relaxed)).is_ok_and(|old| strong(old) == 1);
        if last && !mutated!("unpin_no_fence") {
            self.acquire();
        }
        last
    }

    /// [`try_retain`](Head::try_retain) where it does not succeed at once.
    #[cold]
    #[inline(never)]
    fn try_retain_later(&self) -> bool {
        loop {
            let usable = |word: u64| strong(word) > 0 && word & (DEAD | CLAIMED) == 0;
            let more = |word: u64| if is_stuck(word) { word } else { word + ONE_STRONG };
            // Acquire: as in `try_retain`.
            let next = |word: u64| usable(word).then(|| more(word));
            let acquire = order!(Acquire unless "upgrade_relaxed");
            let Err(word) = self.update(next, (acquire, Relaxed)) else { return true };
            if word & DEAD != 0 || strong(word) == 0 {
                return false;
            }
            // Claimed: it is decided by the time the mutex is free, which nobody holds long.
            drop(lock(claims()));
        }
    }

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
                        self.acquire();
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

#[cfg(all(test, not(any(loom, shuttle))))]
mod tests;
