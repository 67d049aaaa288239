//! What is known of every object and callback beside the heap: a side table by number.

use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize};
use std::sync::{Mutex, PoisonError};

/// How many objects, and how many callbacks, there may be in one case.
const ROOM: usize = 1 << 19;

const MADE: u8 = 1;
const DROPPED: u8 = 2;
const FINALIZED: u8 = 4;

/// Which case runs.
pub(crate) static SEED: AtomicU64 = AtomicU64::new(0);
static FAULTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// One kind of thing.
pub(crate) struct Ledger {
    count: AtomicUsize,
    states: [AtomicU8; ROOM],
}

pub(crate) static OBJECTS: Ledger = Ledger::new();
/// A callback is finalized when it runs.
pub(crate) static CALLBACKS: Ledger = Ledger::new();

impl Ledger {
    const fn new() -> Self {
        Ledger { count: AtomicUsize::new(0), states: [const { AtomicU8::new(0) }; ROOM] }
    }

    /// Whether there is room for many more.
    pub(crate) fn has_room(&self) -> bool {
        self.count.load(SeqCst) < ROOM / 2
    }

    pub(crate) fn make(&self) -> usize {
        let id = self.count.fetch_add(1, SeqCst);
        self.states[id].store(MADE, SeqCst);
        id
    }

    pub(crate) fn drop(&self, id: usize) {
        let old = self.states[id].fetch_or(DROPPED, SeqCst);
        if old & (MADE | DROPPED) != MADE {
            fault(&format!("{id} is dropped in state {old}"));
        }
    }

    pub(crate) fn finalize(&self, id: usize) {
        let old = self.states[id].fetch_or(FINALIZED, SeqCst);
        if old != MADE {
            fault(&format!("{id} is finalized, or its callback runs, in state {old}"));
        }
    }

    pub(crate) fn is_finalized(&self, id: usize) -> bool {
        self.states[id].load(SeqCst) & FINALIZED != 0
    }

    /// Those that were made and not dropped.
    pub(crate) fn alive(&self) -> impl Iterator<Item = usize> {
        let all = self.states[..self.count.load(SeqCst)].iter().enumerate();
        all.filter(|(_, state)| state.load(SeqCst) & DROPPED == 0).map(|(id, _)| id)
    }

    /// All are dead and forgotten.
    pub(crate) fn reset(&self) {
        self.count.store(0, SeqCst);
    }
}

/// Notes what must not be. Panics are caught in much of what the collector runs.
#[cold]
pub(crate) fn fault(what: &str) {
    let text = format!("seed {}: {what}", SEED.load(SeqCst));
    eprintln!("FAULT: {text}");
    FAULTS.lock().unwrap_or_else(PoisonError::into_inner).push(text);
}

/// Fails if anything was noted.
pub(crate) fn no_faults() {
    let faults = std::mem::take(&mut *FAULTS.lock().unwrap_or_else(PoisonError::into_inner));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
