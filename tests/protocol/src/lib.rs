//! The protocol of the thread-safe collector (section 6 of the design, which also has the
//! proof) as a model, ahead of its code: states, steps between them, and what
//! must hold. [`explore()`] visits every state of a [`Setting`] and finds the
//! shortest way to one that should not be. `tests/sound.rs` demands that there
//! is none, `tests/broken.rs` that there is one when a single thing is left out.
//!
//! # How to read it
//!
//! | file | of the protocol |
//! |---|---|
//! | [`state`] | box, cells, threads with registers and guards, the collection under way |
//! | `mutator` | what a program does: clone, move, lock, allocate, upgrade, drop |
//! | `drops` | the box: drop, its candidate entry, the end of a value and of its memory |
//! | `collector` | steps 0 to 3, 9 and 10 |
//! | `verify` | steps 4 to 7 |
//! | `finalizers` | step 8 |
//! | [`check`] | the invariants |
//! | [`setting`] | what there is of everything, and [`Variant`]: what is left out |
//! | [`explore`](mod@explore) | the search |
//!
//! One step of the model is one atomic operation of the code, on a word, a weak
//! count, a lock, a buffer or a cell under its lock, and whatever only the thread
//! itself can see until its next one. Memory is sequentially consistent. **Memory
//! orders are loom's**: the row "`Relaxed` drop, or `Relaxed` pass 1" is the one of the
//! table that cannot be expressed here.
//!
//! # What must hold
//!
//! - In every state: no register, guard or intact object leads to an object whose
//!   value has been dropped, or weakly to memory that is freed.
//! - In every step: no count goes up from zero or below it, no value is dropped twice
//!   or freed unless dropped, no freed box is touched.
//! - What is garbage when the suspects are chosen, and no newer candidate leads
//!   to, stays suspected to the end unless it is upgraded: whatever fails beside it.
//! - Whenever all threads are between two operations, holding locks or not: every
//!   count, weak count and BUFFERED is right, nothing is claimed, and one
//!   collection from there, with nobody beside it, leaves nothing unreachable.
//! - Who holds the collector's flag has a step to take. Who waits for a user's lock
//!   in a destructor or finalizer waits for nobody that can wait for it in turn.
//!
//! # What is assumed, so as to be exhaustive
//!
//! - *Step 3 is a guess.* Trial deletion reads counts one by one beside mutators. The
//!   model tries every set of pinned objects that contains what trial deletion
//!   finds at this moment and no newer candidate leads to. So verification is
//!   shown to be sound whatever it is given; components one after another
//!   are guesses, too.
//! - *Objects are looked at by number*, in all phases alike. `tests/sound.rs` explores
//!   every numbering where objects differ.
//! - *Borrows are not states.* See `mutator`.
//! - *Merged into one step* are: pinning a target with the lock of its cell; all locks
//!   of step 4, and all unlocks of step 6; undoing several claims; and, where
//!   nothing reads the weak count, taking and giving back a share with the
//!   change of the word next to it. A lock taken early or let go late only
//!   delays others. [`Setting::small_steps`] splits the locks and the shares
//!   again, and `tests/sound.rs` has settings with it.
//! - *States are canonical*: registers of a thread and threads of a kind have no order,
//!   and SEEN, the words of pass 1 and edges are forgotten outside G, where nobody
//!   asks for them.
//! - Destructors and finalizers do one thing each: [`Destructor`], and `finalizers`.
//!   Memory is not given to another object. A finalizer is not combined with
//!   generations or with death by count. Panics, weak callbacks, `get_mut`,
//!   `AtomicGc` and the cheaper forms are left out, and an upgrade waits.
//!
//! # What the model says about the design
//!
//! With a single collecting thread at a time, up to the end of its step 10, the
//! protocol holds to the letter. The flag is free before steps 8, 9 and 10 run, though,
//! so another thread can collect meanwhile, and then it leaks
//! ([`Variant::PinsOutliveFlag`]): the second collection drains a candidate that the
//! first has still pinned, clears BUFFERED and takes the pin for a handle; the pin
//! goes without setting BUFFERED, and a cycle that was dropped meanwhile is never
//! looked at again. One object is enough. The rule that is modelled as sound:
//!
//! 1. A pin that is not the last (compare-exchange from `n > 1`) is given back without
//!    BUFFERED and **with the flag still held**; no user code can run.
//! 2. Every other pin, the last one of an object ([`Variant::SilentLastPin`]) or one
//!    held over finalizers ([`Variant::SilentAfterFinalizers`]), is given back after
//!    the flag by an **ordinary drop**, which sets BUFFERED.
//!
//! Step 9 must not give back the value's weak share of an object before the values of
//! *all* of G have been dropped: a sibling's handle counts down in the box still
//! ([`Variant::FreeOneByOne`]). And two things are said twice: in pass 1, counting anew
//! and removing what a failure reaches come to the same, so either is enough
//! ([`Variant::ClosureOnly`], [`Variant::RecountOnly`]).
//!
//! `collect` under a user's lock deadlocks if it waits for the *end* of another
//! collection ([`Variant::CollectWaits`]). Waiting for the flag alone deadlocks only if
//! somebody runs user code with it ([`Variant::FlagOverFinalizer`]).
//!
//! # Why not stateright
//!
//! Measured on the two read-write locks of `tests/sound.rs` in release: stateright
//! 0.31 finds the same 737 341 states breadth-first in 2.2 s, this search in 1.1 s,
//! and without the 47 packages that it would add to the lock file. Like it, the search
//! keeps a fingerprint of 64 bits a state: with 3·10⁷ states, the odds that two
//! differ and look alike, so that one is left out, are 1 in 40 000.
#![forbid(unsafe_code)]

pub mod check;
mod collector;
mod drops;
pub mod explore;
mod finalizers;
mod mutator;
pub mod set;
pub mod setting;
pub mod state;
pub mod steps;
mod verify;

pub use check::Violation;
pub use explore::{Outcome, explore};
pub use set::Set;
pub use setting::{Destructor, Kind, Setting, Variant};
pub use state::Handle;
