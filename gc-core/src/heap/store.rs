//! What differs between the heap of one thread and the heap of all: where counters and
//! candidates stand, and how a collection takes hold of an object.

use super::callbacks::Callbacks;
use super::control::Control;
use super::era::Reach;
use super::extras::Extras;
use super::figures::{Generation, Tally};
use super::spare::Spare;
use crate::gc_box::Object;
use crate::sharing::{Flags, Sharing};
use std::collections::TryReserveError;
use std::fmt::Debug;

/// What became of an object that a snapshot has let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Let {
    /// It lives on.
    Go,
    /// It has died by count meanwhile, and its box may be freed.
    Dead,
    /// The snapshot still has its handle to it, which is to be dropped, as any handle,
    /// when the collection is over: it may be the last.
    Last,
}

/// What became of the box of a value that a collection has dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Freed, or kept only by weak handles.
    Done,
    /// A handle to it was leaked, so it is kept for good.
    Leaked,
}

/// So many candidates are worth sorting by their addresses: the caches do not hold all that is looked
/// at, and then what is looked at together should lie together.
pub(crate) const MANY: usize = 1 << 13;

/// A snapshot that objects are entered in.
pub trait Room<S: Sharing> {
    /// Makes room for so many more; `false` where there is no memory for them.
    fn make(&mut self, more: usize) -> bool;
    /// The number that the next one gets.
    fn next_number(&self) -> u32;
    /// Gives it to an object that the snapshot has taken hold of. Room was made.
    fn enter(&mut self, object: Object<S>);
    /// These are all candidates: counts their handles anew, and if they are [many](MANY) gives them
    /// their numbers anew, in the order of their addresses.
    fn complete(&mut self);
    /// Ends a candidate at once, if it can, with all that this reaches within `reach`, and tells how
    /// many of these have entries in lists. The caller's handle to it is the snapshot's then.
    fn ends(&mut self, candidate: Object<S>, reach: Reach) -> Option<usize>;
}

/// One heap's counters and candidates.
pub trait Store<S: Sharing>: Debug {
    /// The right to collect: one collection has it at a time.
    type Turn: Debug;
    /// Candidates that a collection has taken out of their buffers.
    type Drained: Debug;

    /// Whether a snapshot holds a handle to each of its objects, because others may
    /// drop theirs, and must verify what it has found before it acts on it.
    const BESIDE: bool;

    // What handles do.

    /// Whether `new` is to start a collection.
    fn is_due(&self) -> bool;
    /// Whether so many bytes are held outside of the heap that a collection is due.
    fn is_external_due(&self) -> bool;
    /// Changes how many bytes are held outside of the heap, which wraps around.
    fn count_external(&self, change: usize);
    /// How many bytes are held outside of the heap.
    fn external(&self) -> usize;
    /// There is nothing to do for whom [`is_due`](Store::is_due) told to collect.
    fn put_off(&self) {}
    /// Counts an object that is made with `flags`, and the bytes of its box, and gives the flags that
    /// say when.
    fn born(&self, flags: Flags, size: usize) -> Flags;
    /// Counts an object of these flags whose value was dropped or moved out, and those bytes.
    fn died(&self, flags: Flags, size: usize);
    /// The same, with nothing done and `false` if it is old or of an earlier era.
    fn young_died(&self, flags: Flags, size: usize) -> bool;
    /// Counts bytes only.
    fn count_ended(&self, size: usize);
    /// What has been counted so far.
    fn tally(&self) -> Tally;
    /// The generation of an object of these flags, or one place further if it is of an earlier era.
    fn place_of(&self, flags: Flags) -> usize;
    /// Enters a new candidate; `false` if that takes more, see [`suspect`](Store::suspect).
    fn suspect_simply(&self, object: Object<S>) -> bool;
    /// The same, with all that may come up.
    fn suspect(&self, object: Object<S>);
    /// Takes an object from the candidates, because it dies.
    fn forget(&self, object: Object<S>);
    /// Takes it from the candidates because a unique reference to its value is given out.
    /// `false` if somebody else may look at it.
    fn lend(&self, object: Object<S>) -> bool;
    /// Sees to it that the heap is ended in order when its thread ends.
    fn arm(&self);

    /// One more weak share. Aborts on overflow, or keeps the box for ever.
    fn retain_share(object: Object<S>);
    /// One weak share less; `true` if it was the last and the box is to be freed.
    fn release_share(object: Object<S>) -> bool;
    /// How many `Weak`s there are, given that the value is not dropped.
    fn weak_count(object: Object<S>) -> usize;

    /// Runs `f` on the callbacks. It runs no user code.
    fn with_callbacks<R>(&self, f: impl FnOnce(&mut Callbacks) -> R) -> R;
    /// Runs `f` on the switches and figures, which may change the trigger. It runs no user code.
    fn with_control<R>(&self, f: impl FnOnce(&mut Control) -> R) -> R;
    /// Runs `f` on what is rarely used. It runs no user code.
    fn with_extras<R>(&self, f: impl FnOnce(&mut Extras<S>) -> R) -> R;
    /// Candidates since the last collection, less those that died by count.
    fn fresh(&self) -> usize;
    /// Brings the schedule's figures up to date.
    fn settle(&self) {}
    /// Whether there are candidates in the old generation.
    fn has_old_candidates(&self) -> bool;

    // What the collector does.

    /// What is to be done before that; all of it if the caller does `wait`. It may run user code.
    fn prepare(&self, wait: bool) {
        let _ = wait;
    }
    /// Whether the right to collect is free just now.
    fn is_turn_free(&self) -> bool {
        true
    }
    /// The right to collect; with `wait` when its turn comes, otherwise if it is free.
    fn turn(&self, wait: bool) -> Option<Self::Turn>;
    /// Gives the right to others while user code runs. What is captured says so no longer.
    fn step_out(&self, turn: &mut Self::Turn, objects: &mut dyn Iterator<Item = (u32, Object<S>)>);
    /// Takes it again: what was captured says so again, with the number it has in `objects`.
    fn step_in(&self, turn: &mut Self::Turn, objects: &mut dyn Iterator<Item = (u32, Object<S>)>);
    /// Which objects a collection of `generation` takes; for who has the turn.
    fn reach(&self, turn: &Self::Turn, generation: Generation) -> Reach;
    /// All objects that there are belong to the past from here on, and collections pass over them.
    /// `false` where there is no memory for that; nothing has changed then.
    fn freeze(&self, turn: &mut Self::Turn) -> bool;
    /// The objects of the past are old ones from here on.
    fn unfreeze(&self, turn: &mut Self::Turn);
    /// How many objects of the past there are while they are frozen, leaves left out.
    fn frozen(&self) -> usize;
    /// The counter of candidates starts anew; gives what it was.
    fn reset_fresh(&self) -> usize;
    /// Takes the candidates up to `generation` out of their buffers.
    fn drain(&self, turn: &mut Self::Turn, generation: Generation) -> Self::Drained;
    /// Captures the candidates for a snapshot that is empty; `false` where there is no room for
    /// all of them.
    fn capture_candidates(
        &self,
        turn: &mut Self::Turn,
        drained: &mut Self::Drained,
        snapshot: &mut impl Room<S>,
    ) -> bool;
    /// Gives back what was drained, because there is no memory to go on. `captured`: not
    /// before it was captured.
    fn undo_drain(&self, turn: &mut Self::Turn, drained: Self::Drained, captured: bool);
    /// Keeps the memory of drained buffers.
    fn recycle(&self, drained: Self::Drained);
    /// Room for so many captured objects in all.
    ///
    /// # Errors
    ///
    /// Where there is no memory for that.
    fn reserve(&self, all: usize) -> Result<(), TryReserveError>;
    /// Captures an object that an edge has led to, which is still there.
    fn capture(&self, object: Object<S>, number: u32);
    /// Lets a captured object go, which lives on in generation `next`, or the one it is in. It is
    /// a candidate afterwards if it was touched meanwhile, or with `keep`.
    fn let_go(
        &self,
        turn: &mut Self::Turn,
        object: Object<S>,
        next: Option<Generation>,
        keep: bool,
    ) -> Let;
    /// The end of a captured box whose value has been dropped.
    fn bury(&self, object: Object<S>) -> End;
    /// The room that was kept for a snapshot.
    fn take_spare(&self) -> Spare<S>;
    /// Keeps the room of a snapshot that is over.
    fn keep_spare(&self, spare: Spare<S>);
    /// The collection is over.
    fn end(&self, turn: Self::Turn);
    /// Gives back the memory of empty tables.
    fn give_back_memory(&self, kept: usize);

    // The end of a heap's thread.

    /// Whether the heap is ending and one more collection is worth its work.
    fn is_due_at_end(&self) -> bool;
    /// Notes how many objects a collection at the end has looked at.
    fn looked_at_end(&self, visited: usize);
    /// Notes that the thread's end has been attended to.
    fn disarm(&self);
    /// Whether the heap's thread is ending.
    fn is_ending(&self) -> bool;
}
