//! What all threads share: statics, and what stands behind their locks.

use super::super::callbacks::Callbacks;
use super::super::control::Control;
use super::super::era::PLACES;
use super::super::extras::Extras;
use super::super::figures::Generation;
use super::super::registry::Registry;
use super::super::spare::Spare;
use super::entries::sweep_list;
use super::list::List;
use super::record::Record;
use crate::primitive::Ordering::Relaxed;
use crate::primitive::{AtomicBool, AtomicUsize, Mutex, TryMutex, const_fn, global};
use crate::sharing::Shared;

/// What the threads share.
#[derive(Debug)]
pub(super) struct Central {
    /// The collector flag, with what only who has it may touch.
    pub(super) flag: TryMutex<Buffers>,
    pub(super) spare: Mutex<SharedSpare>,
    pub(super) control: Mutex<Control>,
    pub(super) callbacks: Mutex<SharedCallbacks>,
    pub(super) extras: Mutex<SharedExtras>,
    pub(super) registry: Registry<Record>,
    /// For threads that are too far at their end to have one, or whose has been handed over.
    pub(super) orphans: Record,
    /// Candidates since the last collection that records have handed in.
    pub(super) fresh: AtomicUsize,
    /// Entries of dead objects that records have handed in.
    pub(super) dead: AtomicUsize,
    /// Entries in the buffers after the last collection.
    pub(super) kept: AtomicUsize,
    /// Threads that have ended.
    pub(super) left: AtomicUsize,
    /// Entries of old candidates after the last collection.
    pub(super) old: AtomicUsize,
    /// Those of them whose objects have died.
    pub(super) old_dead: AtomicUsize,
    /// More objects than this call for a collection, if there are candidates.
    pub(super) crowd: AtomicUsize,
    /// Bytes that are held outside of the heap.
    pub(super) external: AtomicUsize,
    /// More of them than this call for a collection.
    pub(super) external_limit: AtomicUsize,
    /// How many objects are frozen.
    pub(super) frozen: AtomicUsize,
    pub(super) signs: Signs,
}

/// What every `new` reads and few write, on a cache line of its own.
#[derive(Debug)]
#[repr(align(128))]
pub(super) struct Signs {
    /// A collection is due.
    pub(super) due: AtomicBool,
    /// More candidates than this call for a collection.
    pub(super) trigger: AtomicUsize,
    /// The youngest age of the present era. Written under the collector flag only.
    pub(super) dawn: AtomicUsize,
    /// Objects of other eras are frozen. Written under the collector flag only.
    pub(super) is_frozen: AtomicBool,
}

impl Central {
    const_fn! {
        fn new() -> Self {
            Central {
                flag: TryMutex::new(Buffers { lists: EMPTY }),
                spare: Mutex::new(SharedSpare(Spare::NONE)),
                control: Mutex::new(Control::new()),
                callbacks: Mutex::new(SharedCallbacks(Callbacks::new())),
                extras: Mutex::new(SharedExtras(Extras::new())),
                registry: Registry::new(),
                orphans: Record::new(),
                fresh: AtomicUsize::new(0),
                dead: AtomicUsize::new(0),
                kept: AtomicUsize::new(0),
                left: AtomicUsize::new(0),
                old: AtomicUsize::new(0),
                old_dead: AtomicUsize::new(0),
                external: AtomicUsize::new(0),
                crowd: AtomicUsize::new(Control::new().crowd()),
                external_limit: AtomicUsize::new(Control::new().external_limit()),
                frozen: AtomicUsize::new(0),
                signs: Signs {
                    due: AtomicBool::new(false),
                    trigger: AtomicUsize::new(Control::new().trigger()),
                    dawn: AtomicUsize::new(0),
                    is_frozen: AtomicBool::new(false),
                },
            }
        }
    }
}

global! {
    pub(super) fn central() -> &'static Central { Central::new() }
}

/// Candidates by generation, and those that are frozen.
#[derive(Debug)]
pub(super) struct Buffers {
    pub(super) lists: [List; PLACES],
}

pub(super) const EMPTY: [List; PLACES] = [const { List::new() }; PLACES];

impl Buffers {
    /// Tells how much is in there.
    pub(super) fn count(&mut self) {
        let old = &mut self.lists[Generation::Old as usize];
        // Some of these deaths may have been counted after their entries went. If all seem to be
        // dead it is looked at, which the deaths have paid for: else old garbage might hide there.
        if !old.is_empty() && central().old_dead.load(Relaxed) >= old.len() {
            central().old_dead.store(0, Relaxed);
            sweep_list(std::mem::replace(old, List::new()), old);
        }
        central().kept.store(self.lists.iter().map(List::len).sum(), Relaxed);
        central().old.store(self.lists[Generation::Old as usize].len(), Relaxed);
    }
}

// SAFETY: the pointers in there are to boxes of this heap, whose heads are atomic; to
// their values the collector keeps its own rules.
unsafe impl Send for Buffers {}

/// The room of the last snapshot.
#[derive(Debug)]
pub(super) struct SharedSpare(pub(super) Spare<Shared>);

// SAFETY: the arrays are empty.
unsafe impl Send for SharedSpare {}

#[derive(Debug)]
pub(super) struct SharedCallbacks(pub(super) Callbacks);

// SAFETY: `Shared: Carries<F>` lets only such callbacks in as are `Send`.
unsafe impl Send for SharedCallbacks {}

#[derive(Debug)]
pub(super) struct SharedExtras(pub(super) Extras<Shared>);

// SAFETY: the objects in there are of this heap, whose values are `Send` and `Sync` (`Admits`), and
// what else is kept for the user is let in only if it is (`Admits`, `Carries`).
unsafe impl Send for SharedExtras {}
