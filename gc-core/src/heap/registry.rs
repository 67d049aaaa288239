//! The list of all threads' records, which nobody ever waits for.
//!
//! New nodes go to the front; nodes are retired by a mark in their own link, and
//! unlinked by whoever passes. So the order of those that are linked never changes, and a
//! link of a node that is not linked any more still leads into the list or to where the list
//! was: following links passes over none that is not retired. This is Harris's list (*A
//! Pragmatic Implementation of Non-Blocking Linked-Lists*, 2001) without a search.

use super::epoch;
use crate::primitive::{Ordering, const_fn, mutated};
use Ordering::{AcqRel, Acquire, Relaxed, Release};
use crossbeam_epoch::{Atomic, Guard, Owned, Shared, unprotected};
use std::fmt;
use std::ops::Deref;
use std::ptr::NonNull;

/// Marks in a node's link. They are set once and never cleared, and a link with a mark leads
/// where it leads for ever.
mod mark {
    /// The node's entry is gone: whoever passes may unlink it.
    pub(super) const RETIRED: usize = 1;
    /// The node's list is gone: the entry frees it.
    pub(super) const ORPHANED: usize = 2;
}

/// One record for each thread.
pub(crate) struct Registry<R> {
    head: Atomic<Node<R>>,
}

/// Freed once, by one of three:
/// 1. `Entry::drop`, if it finds it ORPHANED;
/// 2. `Registry::drop`, if it finds it RETIRED and linked;
/// 3. the epochs, if a traversal has unlinked it, which it does only if it is RETIRED.
struct Node<R> {
    next: Atomic<Node<R>>,
    record: R,
}

/// A record in the list, for the thread that put it there. It is retired when this is dropped.
pub(crate) struct Entry<R> {
    node: NonNull<Node<R>>,
}

// SAFETY: an entry gives out `&R`, and its end may drop the record: R is Sync and Send.
unsafe impl<R: Send + Sync> Send for Entry<R> {}

// SAFETY: a shared entry gives out `&R`, and R is Sync.
unsafe impl<R: Send + Sync> Sync for Entry<R> {}

impl<R> Registry<R> {
    const_fn! {
        /// An empty list.
        pub(crate) fn new() -> Self {
            Registry { head: Atomic::null() }
        }
    }
}

impl<R: Send + Sync + 'static> Registry<R> {
    /// Puts a record into the list.
    ///
    /// What is destroyed later, on whatever thread, is dropped there; see [`Entry::retire`].
    pub(crate) fn insert(&self, record: R) -> Entry<R> {
        // SAFETY: of what is loaded below nothing is dereferenced. If the first node
        // is freed and its address used again, then for the node that is first now.
        let guard = unsafe { unprotected() };
        let node = Owned::new(Node { next: Atomic::null(), record }).into_shared(guard);
        // SAFETY: it was allocated just now, and nobody else knows it.
        let inserted = unsafe { node.deref() };
        let mut first = self.head.load(Relaxed, guard);
        loop {
            inserted.next.store(first, Relaxed);
            if mutated!("registry_insert_by_store") {
                self.head.store(node, Release);
                break;
            }
            let success = if mutated!("registry_insert_relaxed") { Relaxed } else { Release };
            // Release: pairs with the Acquire loads in `for_each`. All changes of `head` are
            // read-modify-writes, so those who find a later node there acquire this one too.
            match self.head.compare_exchange_weak(first, node, success, Relaxed, guard) {
                Ok(_) => break,
                Err(error) => first = error.current,
            }
        }
        let node = NonNull::new(node.as_raw().cast_mut());
        Entry { node: node.expect("nothing is allocated at the null address") }
    }

    /// Visits every record that was inserted before the call and is not retired before its
    /// end, once each; of the others some.
    ///
    /// A record may be retired while it is visited, and is there until the guard is
    /// dropped. On its way it unlinks what is retired, and leaves it to the epochs.
    ///
    /// # Panics
    ///
    /// If the guard is not from [`epoch::pin`].
    pub(crate) fn for_each(&self, guard: &Guard, mut f: impl FnMut(&R)) {
        assert!(epoch::is_ours(guard), "a guard of other epochs keeps nothing here");
        let acquire = if mutated!("registry_traverse_relaxed") { Relaxed } else { Acquire };
        // The link that leads to `node`. None behind a retired node that is still linked:
        // its link cannot be changed any more, and others will unlink what follows.
        let mut link = Some(&self.head);
        // Acquire: pairs with the Release in `insert`.
        let mut node = self.head.load(acquire, guard);
        // SAFETY: it was linked after the guard was made: `head` led to it then, or the link of a
        // node of which that holds. Whoever unlinks it leaves it to our epochs.
        while let Some(current) = unsafe { node.as_ref() } {
            // Acquire: for the mark, pairs with the AcqRel in `Entry::drop`; for the node
            // it leads to, with what has been acquired at `head` already.
            let next = current.next.load(acquire, guard);
            let successor = next.with_tag(0);
            if next.tag() & mark::RETIRED == 0 {
                f(&current.record);
                link = Some(&current.next);
            } else if !link.is_some_and(|link| unlink(link, node, successor, guard)) {
                link = None;
            }
            node = successor;
        }
    }
}

/// Takes the retired `node` from the list, and leaves it to the epochs. `false` if `link`
/// does not lead to it any more.
fn unlink<'g, R: Send + Sync + 'static>(
    link: &Atomic<Node<R>>,
    node: Shared<'g, Node<R>>,
    successor: Shared<'g, Node<R>>,
    guard: &'g Guard,
) -> bool {
    // Without marks in the expected value: the node before it has not been retired, so it
    // is linked, and nobody else takes `node` from the list. Relaxed: whoever reads what is
    // written here has acquired the successor at `head`.
    let done = match link.compare_exchange(node, successor, Relaxed, Relaxed, guard) {
        Err(error)
            if mutated!("registry_unlink_behind_retired") && error.current.with_tag(0) == node =>
        {
            let successor = successor.with_tag(error.current.tag());
            link.compare_exchange(error.current, successor, Relaxed, Relaxed, guard).is_ok()
        }
        result => result.is_ok(),
    };
    if done && mutated!("registry_destroy_at_once") {
        // SAFETY: none, this is a mutation.
        drop(unsafe { node.into_owned() });
    } else if done && !mutated!("registry_never_destroy") {
        // SAFETY: it is not linked any more, so who is pinned from now on does not find it;
        // its entry is gone; R is Send and 'static. One thread unlinks it, and frees it (3).
        unsafe { guard.defer_destroy(node) };
    }
    done
}

impl<R> Drop for Registry<R> {
    /// Frees what is retired. Entries that are left stay good, and free their own nodes.
    /// (Statics end only under model checkers, and some thread-locals after them.)
    fn drop(&mut self) {
        // SAFETY: nobody else has the list, so nobody unlinks a node.
        let guard = unsafe { unprotected() };
        let mut node = self.head.load(Relaxed, guard);
        // SAFETY: it is linked, and not freed but below. An entry leaves it to us.
        while let Some(current) = unsafe { node.as_ref() } {
            // AcqRel: pairs with the same in `Entry::drop`, whichever comes second frees.
            let next = current.next.fetch_or(mark::ORPHANED, AcqRel, guard);
            let is_retired = next.tag() & mark::RETIRED != 0;
            if is_retired || mutated!("registry_drop_frees_all") {
                // SAFETY: RETIRED came first, so its entry is gone and leaves it to us (2).
                drop(unsafe { node.into_owned() });
            }
            node = next.with_tag(0);
        }
    }
}

impl<R> fmt::Debug for Registry<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").finish_non_exhaustive()
    }
}

impl<R> Entry<R> {
    /// Takes the record from the list. It is dropped when nobody can be visiting it any
    /// more: on whatever thread a guard is made, or epochs advance, and maybe much later.
    pub(crate) fn retire(self) {
        drop(self);
    }

    /// Gives the entry to the record itself, to be retired by whoever visits it. The caller is
    /// pinned: as soon as the record has it, it may go.
    pub(crate) fn bequeath(self, f: impl FnOnce(&R, Entry<R>)) {
        // SAFETY: it is not RETIRED while it has its entry; and when somebody else retires it,
        // the caller's guard keeps it from being freed.
        let node = unsafe { self.node.as_ref() };
        f(&node.record, self);
    }
}

impl<R> Deref for Entry<R> {
    type Target = R;

    fn deref(&self) -> &R {
        // SAFETY: it is not RETIRED while it has its entry, so nobody frees it.
        let node = unsafe { self.node.as_ref() };
        &node.record
    }
}

impl<R> Drop for Entry<R> {
    fn drop(&mut self) {
        let ordering = if mutated!("registry_retire_relaxed") { Relaxed } else { AcqRel };
        // SAFETY: what is loaded below is not dereferenced. No guard, since an entry may be
        // the last that is left of its thread, and of the epochs.
        let guard = unsafe { unprotected() };
        // Only of the link, since the node may be freed before the change of it has returned.
        // SAFETY: it is not RETIRED yet, so nobody frees it.
        let link = unsafe { &(*self.node.as_ptr()).next };
        // AcqRel: Release pairs with the Acquire of who finds it RETIRED and has it destroyed: what
        // this thread did with the record comes before. Acquire, if the list is gone, pairs
        // with the AcqRel in `Registry::drop`: what others did with it there comes before.
        let before = link.fetch_or(mark::RETIRED, ordering, guard);
        if before.tag() & mark::ORPHANED != 0 {
            // SAFETY: ORPHANED came first, so the list leaves it to us (1). It was allocated
            // as an `Owned`.
            drop(unsafe { Owned::from_raw(self.node.as_ptr()) });
        }
    }
}

impl<R: fmt::Debug> fmt::Debug for Entry<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entry").field(&**self).finish()
    }
}

#[cfg(all(loom, test))]
mod models;

#[cfg(test)]
mod tests;
