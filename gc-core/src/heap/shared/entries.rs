//! The ends of entries in the lists of candidates: captured by a collection, or swept.

use super::super::store::Room;
use super::central::central;
use super::list::List;
use super::{SharedTurn, list_of};
use crate::gc_box::Object;
use crate::primitive::Ordering::Relaxed;
use crate::primitive::mutated;
use crate::sharing::{Entry, Flags, Head, Shared};

/// Moves the living entries of a list to another.
pub(super) fn sweep_list(mut list: List, kept: &mut List) {
    while let Some(object) = list.pop() {
        // (It may be the very object whose end has brought the sweep about.)
        match object.head().sweep() {
            Some(entry) => drop_entry(object, entry),
            None => kept.push(object),
        }
    }
}

/// Moves the living entries of a list to that of the frozen. They are not counted any more.
pub(super) fn freeze_list(mut list: List, frozen: &mut List) {
    while let Some(object) = list.pop() {
        if let Some(entry) = object.head().sweep() {
            drop_entry(object, entry);
        } else if !mutated!("freeze_forgets_candidates") {
            object.head().keep_entry();
            frozen.push(object);
        }
    }
}

/// Frees the box if its entry was the last that was left of it.
#[inline]
fn drop_entry(object: Object<Shared>, entry: Entry) {
    if entry == Entry::Free {
        // SAFETY: no share is left, so the value's is not.
        unsafe { object.free() };
    }
}

/// Ends the entry of a candidate that the caller has taken out of its list; `true` if it is one
/// and the caller has a handle to it now.
#[inline]
fn unlink(object: Object<Shared>) -> bool {
    let entry = object.head().drain();
    drop_entry(object, entry);
    entry == Entry::Pinned
}

/// Captures the candidates of a list; `false` where there is no room for all of them.
pub(super) fn capture_list(
    turn: &mut SharedTurn,
    list: &mut List,
    snapshot: &mut impl Room<Shared>,
) -> bool {
    let mut gone = 0;
    while snapshot.make(1) {
        let Some(object) = list.pop() else {
            // Most of these had died.
            let less = |dead: usize| Some(dead.saturating_sub(gone));
            let _ = central().dead.fetch_update(Relaxed, Relaxed, less);
            return true;
        };
        let head = object.head();
        let flags = head.flags();
        if !turn.reach.takes(flags) && !flags.any(Flags::DEAD) {
            head.keep_entry();
            turn.buffers().lists[list_of(flags)].push(object);
        } else if !unlink(object) {
            // It is dead, or nobody's candidate any more.
            gone += 1;
        } else if flags.any(Flags::CAPTURED) {
            // Another thread has made a candidate of it again since it was captured out of another
            // list. It is in the snapshot once, or its two numbers would hold each other; and that
            // has a handle of its own, so this one is not the last.
            let _not_the_last = head.let_go(false);
        } else if let Some(entries) = snapshot.ends(object, turn.reach) {
            // Of the dead as well, which are taken off below when they come up.
            if entries > 0 {
                central().dead.fetch_add(entries, Relaxed);
            }
        } else {
            if mutated!("small_forgets") && head.let_go(false).is_some() {
                continue;
            }
            head.set_slot(snapshot.next_number());
            head.set(Flags::CAPTURED);
            snapshot.enter(object);
        }
    }
    false
}
