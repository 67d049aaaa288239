//! Handles that have left a slot without a lock ([`AtomicGc`](crate::handle::AtomicGc)), until
//! they can be dropped.
//!
//! A load reads the slot's pointer and counts up after that. So whoever takes a handle out of a
//! slot must not count down before every load that may have read it has counted up, which is when
//! all are unpinned that were pinned then. Until that is so the handle waits here:
//!
//! ```text
//!   retire ──▶ pending ──▶ one batch, with its epoch ──▶ dropped by who calls `settle`
//! ```
//!
//! What the epochs run is never the drop itself: they run things wherever somebody pins, which the
//! collector does under the collector flag and with guards in hand, and where a thread's
//! locals are torn down; and a last drop runs a destructor. They only set a batch's flag, which
//! takes no lock and no static. The handles are dropped where user code may run anyway: at the
//! end of a change of a slot, before a collection, never in a load.
//!
//! Nothing of this is a thread's own, so nothing stays behind in a thread that has gone to sleep.
//! There is one batch at a time: while somebody stays pinned, what comes costs a small
//! node, and not a bag of crossbeam's, which has two kilobytes.

use super::{Space, Store, dispose, epoch};
use crate::gc_box::Object;
use crate::primitive::Ordering::{Acquire, Relaxed, Release};
use crate::primitive::{
    ATTEMPTS, AtomicBool, AtomicPtr, TryMutex, TryMutexGuard, aside, const_fn, global, mutated,
};
use crate::sharing::{Head, Released, Shared};
use crate::unraisable::{UserCode, guarded};
use std::ptr;
use std::sync::Arc;

#[derive(Debug)]
struct Retired {
    pending: Stack,
    /// Nobody runs user code, or waits for anything, with it in hand.
    waiting: TryMutex<Waiting>,
}

global! {
    fn retired() -> &'static Retired {
        Retired { pending: Stack::new(), waiting: TryMutex::new(Waiting { ripe: Chain::EMPTY, batch: None }) }
    }
}

/// So often a change tries to bring on the next epoch. Twice is enough where nobody is pinned.
const STEPS: usize = 3;

/// Takes over a count of an object that has just left its slot, to be given back as by an
/// ordinary drop when nobody can be about to count up from what he has read in the slot.
pub(crate) fn retire(object: Object<Shared>) {
    if mutated!("atomic_drop_at_once") {
        return drop_handle(object);
    }
    retired().pending.push(object);
}

/// Drops what can be dropped by now, unless somebody else is looking after that.
///
/// It may run destructors, of objects of whatever type, with what follows from
/// them. Where one of them comes back here, those that die by it wait for the first, as with any drop.
pub(crate) fn settle() {
    drop_ripe(STEPS, TryMutex::try_lock);
}

/// What is to be done before a collection. If the caller does `wait`, everything is dropped that was retired
/// before the call, and what else is deferred has run, unless somebody stays pinned all the while.
pub(super) fn settle_before(wait: bool) {
    if wait {
        aside(epoch::advance);
        drop_ripe(ATTEMPTS, |waiting| Some(waiting.lock()));
    } else {
        settle();
    }
}

fn drop_ripe(
    steps: usize,
    lock: fn(&'static TryMutex<Waiting>) -> Option<TryMutexGuard<'static, Waiting>>,
) {
    // The first may be for what was pending before.
    let mut turns = 2;
    while let Some(mut waiting) = lock(&retired().waiting) {
        if waiting.ripe.is_empty() {
            if turns == 0 {
                return;
            }
            turns -= 1;
            waiting.turn(&retired().pending, steps);
        }
        // One by one: while a destructor takes its time, others can go on with the rest.
        let object = waiting.ripe.next();
        drop(waiting);
        if let Some(object) = object {
            drop_handle(object);
        }
    }
}

/// Drops a handle. Whose destructor panics has nothing to do with who happens to be
/// here, so the hook is told.
fn drop_handle(object: Object<Shared>) {
    match object.head().release() {
        Released::Alive => {}
        Released::Candidate => Shared::with_heap(|heap| heap.store.suspect(object)),
        Released::Last => {
            guarded(UserCode::Drop, object.type_namer(), || dispose(object));
        }
    }
}

/// Handles that wait for an epoch.
#[derive(Debug)]
struct Batch {
    handles: Chain,
    /// Nobody is pinned any more who was when the last of them was retired.
    ripe: Arc<AtomicBool>,
}

impl Batch {
    fn new(handles: Chain) -> Self {
        let ripe = Arc::new(AtomicBool::new(false));
        let theirs = Arc::clone(&ripe);
        let guard = epoch::pin();
        // Release: what the loaders did while they were pinned comes before; pairs with `is_ripe`.
        guard.defer(move || theirs.store(true, Release));
        // So that it is not left in this thread's bag, where nobody else could get at it.
        guard.flush();
        Batch { handles, ripe }
    }

    fn is_ripe(&self) -> bool {
        // Acquire: the count that a loader has added is seen by who drops the handle; pairs with the
        // Release in `new`.
        self.ripe.load(Acquire)
    }
}

#[derive(Debug)]
struct Waiting {
    /// Can be dropped.
    ripe: Chain,
    batch: Option<Batch>,
}

impl Waiting {
    /// Goes on with what waits, or else with what is pending. Nothing is ripe.
    fn turn(&mut self, pending: &Stack, steps: usize) {
        if self.batch.is_none() {
            let handles = pending.take();
            if handles.is_empty() {
                return;
            }
            self.batch = Some(Batch::new(handles));
        }
        for _ in 0..steps {
            if self.batch.as_ref().is_some_and(Batch::is_ripe) {
                break;
            }
            epoch::pin().flush();
        }
        if let Some(batch) = self.batch.take_if(|batch| batch.is_ripe()) {
            self.ripe = batch.handles;
        }
    }
}

#[derive(Debug)]
struct Node {
    object: Object<Shared>,
    next: *mut Node,
}

/// A list that any thread may add to, and that is taken as a whole.
#[derive(Debug)]
struct Stack {
    first: AtomicPtr<Node>,
}

impl Stack {
    const_fn! {
        fn new() -> Self {
            Stack { first: AtomicPtr::new(ptr::null_mut()) }
        }
    }

    fn push(&self, object: Object<Shared>) {
        let mut first = self.first.load(Relaxed);
        let node = Box::into_raw(Box::new(Node { object, next: first }));
        // Release: that the handle has left its slot is seen by who takes the list and defers its
        // end; pairs with the Acquire in `take`.
        while let Err(now) = self.first.compare_exchange_weak(first, node, Release, Relaxed) {
            first = now;
            // SAFETY: the node was made just now, and nobody else knows of it yet.
            unsafe { (*node).next = first };
        }
    }

    fn take(&self) -> Chain {
        if self.first.load(Relaxed).is_null() {
            return Chain::EMPTY;
        }
        // Acquire: pairs with the Release in `push`, also of those before the last: each
        // exchange continues the release sequence of the one before.
        Chain(self.first.swap(ptr::null_mut(), Acquire))
    }
}

/// A list that was taken. What is not taken out of it is leaked.
#[derive(Debug)]
struct Chain(*mut Node);

// SAFETY: it owns its nodes, and what they point to may be dropped by any thread.
unsafe impl Send for Chain {}

impl Chain {
    const EMPTY: Chain = Chain(ptr::null_mut());

    fn is_empty(&self) -> bool {
        self.0.is_null()
    }
}

impl Iterator for Chain {
    type Item = Object<Shared>;

    fn next(&mut self) -> Option<Object<Shared>> {
        if self.0.is_null() {
            return None;
        }
        // SAFETY: `push` has made it from a box, and it is taken out once.
        let node = unsafe { Box::from_raw(self.0) };
        self.0 = node.next;
        Some(node.object)
    }
}
