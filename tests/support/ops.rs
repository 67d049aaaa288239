//! Random operations on a heap, and the oracle that says what they must do.
//!
//! An [`Op`] is six bytes, so that proptest and the fuzzer make them alike and
//! both can shrink them. `machine` is what carries them out, once for each kind of heap
//! ([`unsync::try_run`](crate::unsync::try_run)): `mutator` does each to the real handles in `world` and tells `oracle`, a heap of
//! indices that works everything out anew whenever it is asked. What the
//! collector calls (a finalizer, a callback, a destructor, `trace`: `hooks`) asks
//! the oracle whether it may be called now, so the order that the collector
//! chooses is followed, not predicted, and each step of it is judged. After each
//! operation `check` compares everything that can be seen.

mod action;
pub(crate) mod oracle;

pub use action::Action;

use gc_core::Generation;

/// How many handles the roots hold.
pub(crate) const REGISTERS: usize = 4;
/// How many weak handles the roots hold.
pub(crate) const WEAKS: usize = 4;
/// How many weak callbacks the roots hold.
pub(crate) const CALLBACKS: usize = 3;
/// How many borrows may be open at a time.
pub(crate) const HOLDS: usize = 2;
/// How many edges an object has.
pub(crate) const SLOTS: usize = 3;
/// How often everything is frozen, at most: one thread's heap tells no more eras apart.
pub(crate) const FREEZES: usize = 3;
/// How many bytes make one operation.
pub const OP_BYTES: usize = 6;

/// One operation. Numbers are places in the arrays of the roots or slots of an
/// object; an operation on an empty place does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are places: at, from, to, and which slot")]
pub enum Op {
    /// A new object.
    New { to: usize },
    /// A new object with a weak handle to itself.
    NewCyclic { to: usize },
    /// A chain of new objects, longer than deaths end inside each other, with a weak
    /// handle to what hangs on its last.
    NewChain { to: usize, weak: usize },
    /// A clone of a handle.
    Copy { from: usize, to: usize },
    /// Drops a handle.
    Clear { at: usize },
    /// An edge from one object to another.
    Link { from: usize, slot: usize, to: usize },
    /// Drops an edge.
    Unlink { at: usize, slot: usize },
    /// A clone of an edge.
    Follow { from: usize, slot: usize, to: usize },
    /// An edge that is not traced, or none.
    Hide { from: usize, to: usize },
    /// Drops the edge that is not traced.
    Reveal { at: usize },
    /// A weak handle.
    Downgrade { from: usize, to: usize },
    /// Drops a weak handle.
    ForgetWeak { at: usize },
    /// A handle from a weak one.
    Upgrade { from: usize, to: usize },
    /// A clone of a weak handle, kept by an object.
    StoreWeak { weak: usize, at: usize },
    /// A weak callback.
    Watch { at: usize, to: usize, action: Action },
    /// Gives a weak callback to an object to keep.
    Entrust { callback: usize, at: usize },
    /// Drops a weak callback.
    Cancel { at: usize },
    /// Opens a mutable borrow and keeps it, with a handle.
    Hold { at: usize, to: usize },
    /// Closes a borrow.
    Release { at: usize },
    /// What the object's finalizer does.
    OnFinalize { at: usize, action: Action },
    /// What the object's destructor does.
    OnDrop { at: usize, action: Action },
    /// Makes tracing the object panic.
    Arm { at: usize },
    /// Makes tracing panic no longer.
    Disarm,
    /// A collection.
    Collect(Generation),
    /// Freezes everything, for as often as a heap can in any case.
    Freeze,
    /// Unfreezes it.
    Unfreeze,
    /// Thresholds of so many candidates, two and two.
    Thresholds { young: usize },
    /// `try_unwrap`, and the value is dropped.
    Unwrap { at: usize },
    /// `get_mut`.
    GetMut { at: usize },
    /// `into_raw` and `from_raw`.
    Raw { at: usize },
}

/// The generation of that number, counted in a circle.
pub(crate) fn generation(number: u8) -> Generation {
    match number % 4 {
        0 | 3 => Generation::Old,
        1 => Generation::Young,
        _ => Generation::Middle,
    }
}

/// The number of a generation.
pub(crate) fn index(generation: Generation) -> usize {
    match generation {
        Generation::Young => 0,
        Generation::Middle => 1,
        Generation::Old => 2,
    }
}

impl Op {
    /// The operation that six bytes stand for. Any six do; zeros are the plainest.
    #[must_use]
    pub fn decode(bytes: [u8; OP_BYTES]) -> Op {
        let [kind, a, b, c, x, y] = bytes;
        let register = |byte: u8| usize::from(byte) % REGISTERS;
        let slot = usize::from(c) % SLOTS;
        let weak = |byte: u8| usize::from(byte) % WEAKS;
        let callback = |byte: u8| usize::from(byte) % CALLBACKS;
        let hold = |byte: u8| usize::from(byte) % HOLDS;
        let action = Action::decode([c, x, y]);
        let (at, other) = (register(a), register(b));
        match kind % 50 {
            0..=6 => Op::New { to: at },
            7 if c % 2 == 0 => Op::NewCyclic { to: at },
            7 => Op::NewChain { to: at, weak: weak(b) },
            8..=9 => Op::Copy { from: at, to: other },
            10..=14 => Op::Clear { at },
            15..=21 => Op::Link { from: at, slot, to: other },
            22..=23 => Op::Unlink { at, slot },
            24 => Op::Follow { from: at, slot, to: other },
            25 => Op::Hide { from: at, to: other },
            26 => Op::Reveal { at },
            27..=28 => Op::Downgrade { from: at, to: weak(b) },
            29 => Op::ForgetWeak { at: weak(a) },
            30 => Op::Upgrade { from: weak(a), to: other },
            31 => Op::StoreWeak { weak: weak(b), at },
            32 => Op::Watch { at, to: callback(b), action },
            33 => Op::Entrust { callback: callback(b), at },
            34 => Op::Cancel { at: callback(a) },
            35 => Op::Hold { at, to: hold(b) },
            36 => Op::Release { at: hold(a) },
            37..=39 => Op::OnFinalize { at, action },
            40 => Op::OnDrop { at, action },
            41 => Op::Arm { at },
            42 => Op::Disarm,
            43..=44 => Op::Collect(generation(a)),
            45 => Op::Thresholds { young: usize::from(a) % 6 },
            46 => Op::Unwrap { at },
            47 if b % 2 == 0 => Op::GetMut { at },
            47 => Op::Raw { at },
            48 => Op::Freeze,
            _ => Op::Unfreeze,
        }
    }

    /// The operations that a string of bytes stands for, as the fuzzer has it.
    #[must_use]
    pub fn decode_all(bytes: &[u8]) -> Vec<Op> {
        let (chunks, _) = bytes.as_chunks::<OP_BYTES>();
        chunks.iter().map(|chunk| Op::decode(*chunk)).collect()
    }
}
