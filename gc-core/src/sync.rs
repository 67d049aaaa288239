//! Handles for any number of threads, and one collector beside them: the counts are atomic, like
//! [`Arc`](std::sync::Arc)'s.
//!
//! All threads share one heap, and the functions here are about that. A collection runs on the
//! thread that asks for it, on one whose [`Gc::new`](crate::handle::Gc::new) finds it due, or on a thread of its own
//! ([`background`]), and the others go on meanwhile: none is stopped, and none
//! waits for it to end. [The guide](crate::docs) answers questions that are about more than one item.
//!
//! The functions are those of [`unsync`](crate::unsync), under the same names.

pub mod background;

use crate::collector;
use crate::heap::{
    Generation, GenerationStats, Heap, Leave, Report, SharedStore, Space, Thresholds,
};
use crate::primitive::per_thread_const;
use crate::sharing::Shared;
use std::mem::ManuallyDrop;

/// A counted handle to a value that the collector looks after.
pub type Gc<T> = crate::handle::Gc<T, Shared>;

/// A handle that does not keep its object alive.
pub type Weak<T> = crate::handle::Weak<T, Shared>;

/// The only handle to an object that is not shared yet.
pub type UniqueGc<T> = crate::handle::UniqueGc<T, Shared>;

/// A weak handle that tells when its object is gone.
pub type WeakCallback<T> = crate::handle::WeakCallback<T, Shared>;

pub use crate::handle::{AtomicGc, AtomicOptionGc, CompareExchangeError};

per_thread_const! {
    /// Never dropped, so that handles in other thread-locals can be dropped after
    /// the thread has begun to end, in any order.
    static HEAP: ManuallyDrop<Heap<Shared>> = ManuallyDrop::new(Heap::new(SharedStore::new()));
}

per_thread_const! {
    /// Hands over to all threads, when its thread ends, what the thread has not handed in.
    static LEAVE: Leave = Leave::new(|f| HEAP.with(|heap| f(&heap.store)));
}

/// The end of a thread, as far as the heap is concerned: in model checkers thread-locals have none
/// left to turn to when they are dropped.
#[cfg(all(test, any(loom, shuttle)))]
pub(crate) fn leave_thread() {
    LEAVE.with(Leave::leave);
}

impl Space for Shared {
    type Store = SharedStore;

    #[inline]
    fn with_heap<R>(f: impl FnOnce(&Heap<Shared>) -> R) -> R {
        HEAP.with(|heap| f(heap))
    }

    #[cold]
    fn at_exit() -> bool {
        HEAP.with(|heap| LEAVE.try_with(|leave| heap.store.enter(leave)).is_ok())
    }

    fn delegates() -> bool {
        background::wake_if_running()
    }
}

/// The generation that the schedule says is due, `None` also while automatic collections
/// are switched off.
fn due() -> Option<Generation> {
    Shared::with_heap(Heap::choose)
}

/// Whether automatic collections are allowed: enabled and not paused.
fn is_automatic() -> bool {
    Shared::with_heap(Heap::is_automatic)
}

/// Collects all generations: Python's `gc.collect()`.
///
/// While another thread collects it waits for its turn, which comes before that
/// thread runs finalizers or destructors; it may be called with locks held that these take. What
/// was garbage when it was called, and is not in the hands of another collection, is gone
/// when it returns.
///
/// Inside a collection (a finalizer, a callback, a destructor that it runs) it
/// does nothing and returns an empty report.
///
/// # Examples
///
/// ```
/// use gc_core::{Trace, sync::{self, Gc}};
/// use std::sync::{Mutex, PoisonError};
///
/// #[derive(Trace)]
/// struct Loop(Mutex<Option<Gc<Loop>>>);
///
/// let node = Gc::new(Loop(Mutex::new(None)));
/// *node.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(node.clone());
/// drop(node);
/// assert_eq!(sync::collect().collected, 1);
/// ```
#[doc(alias = "gc.collect")]
pub fn collect() -> Report {
    collect_generation(Generation::Old)
}

/// Collects the generations up to `generation`: Python's `gc.collect(generation)`. As
/// [`collect`] otherwise.
///
/// # Examples
///
/// ```
/// use gc_core::{Generation, sync};
///
/// let report = sync::collect_generation(Generation::Young);
/// assert_eq!(report.generation, Generation::Young);
/// ```
#[doc(alias = "gc.collect")]
pub fn collect_generation(generation: Generation) -> Report {
    Shared::with_heap(|heap| collector::collect(heap, generation))
}

/// Lets collections start by themselves, which they do from the beginning: Python's `gc.enable()`.
///
/// It undoes [`disable`], and not a [`pause`].
#[doc(alias = "gc.enable")]
pub fn enable() {
    Shared::with_heap(|heap| heap.set_enabled(true));
}

/// Keeps collections from starting by themselves on any thread: Python's `gc.disable()`.
///
/// [`collect`] works all the same.
///
/// # Examples
///
/// ```
/// use gc_core::sync;
///
/// sync::disable();
/// assert!(!sync::is_enabled());
/// sync::enable();
/// assert!(sync::is_enabled());
/// ```
#[doc(alias = "gc.disable")]
pub fn disable() {
    Shared::with_heap(|heap| heap.set_enabled(false));
}

/// Whether [`enable`] was called last, and not [`disable`]: Python's `gc.isenabled()`.
///
/// A [`pause`] does not change it.
#[doc(alias = "gc.isenabled")]
#[must_use]
pub fn is_enabled() -> bool {
    Shared::with_heap(Heap::is_enabled)
}

/// Keeps collections from starting by themselves, on any thread, for as long as the guard lives.
///
/// Meanwhile garbage in cycles stays, unless [`collect`] is called. Guards may nest.
///
/// # Examples
///
/// ```
/// use gc_core::sync::{self, Gc};
///
/// let _quiet = sync::pause();
/// let batch: Vec<_> = (0..10_000).map(Gc::new).collect();
/// ```
#[must_use = "collections go on when the guard is dropped"]
pub fn pause() -> PauseGuard {
    Shared::with_heap(|heap| heap.pause(true));
    PauseGuard(())
}

/// Keeps collections from starting by themselves, see [`pause`].
#[derive(Debug)]
pub struct PauseGuard(());

impl Drop for PauseGuard {
    fn drop(&mut self) {
        Shared::with_heap(|heap| heap.pause(false));
    }
}

/// When collections start by themselves: Python's `gc.get_threshold()`.
///
/// Threads tell each other of their candidates in steps of 32: a collection may be that late
/// for each thread but the one that brings it about.
///
/// # Examples
///
/// ```
/// use gc_core::{Thresholds, sync};
///
/// assert_eq!(sync::thresholds(), Thresholds { young: 1000, middle: 10, old: 10 });
/// ```
#[doc(alias = "gc.get_threshold")]
#[must_use]
pub fn thresholds() -> Thresholds {
    Shared::with_heap(Heap::thresholds)
}

/// Sets when collections start by themselves: Python's `gc.set_threshold()`.
///
/// # Examples
///
/// ```
/// use gc_core::{Thresholds, sync};
///
/// sync::set_thresholds(Thresholds::PY311);
/// assert_eq!(sync::thresholds(), Thresholds { young: 700, middle: 10, old: 10 });
/// ```
#[doc(alias = "gc.set_threshold")]
pub fn set_thresholds(thresholds: Thresholds) {
    Shared::with_heap(|heap| heap.set_thresholds(thresholds));
}

/// Where the schedule stands: Python's `gc.get_count()`.
///
/// These are the candidates since the last collection, less those that died by
/// count; the young collections since the last of the middle generation; and
/// the middle ones since the last full one. Exact when no other thread uses the heap.
///
/// # Examples
///
/// ```
/// use gc_core::{Generation, sync::{self, Gc}};
///
/// let a = Gc::new(vec![Gc::new(1)]);
/// drop(a.clone());
/// assert_eq!(sync::counts(), [1, 0, 0]);
/// let _ = sync::collect_generation(Generation::Young);
/// assert_eq!(sync::counts(), [0, 1, 0]);
/// ```
#[doc(alias = "gc.get_count")]
#[must_use]
pub fn counts() -> [usize; 3] {
    Shared::with_heap(Heap::counts)
}

/// What the collections of each generation did since the process began: Python's `gc.get_stats()`.
///
/// # Examples
///
/// ```
/// use gc_core::sync;
///
/// let before = sync::stats()[2].collections;
/// let _ = sync::collect();
/// assert_eq!(sync::stats()[2].collections, before + 1);
/// ```
#[doc(alias = "gc.get_stats")]
#[must_use]
pub fn stats() -> [GenerationStats; 3] {
    Shared::with_heap(Heap::stats)
}

/// How many objects are alive: made, and neither dropped nor unwrapped. Exact when no other thread
/// uses the heap; it looks at one counter for each thread that does.
///
/// # Examples
///
/// ```
/// use gc_core::sync::{self, Gc};
///
/// let before = sync::live();
/// let five = Gc::new(5);
/// assert_eq!(sync::live(), before + 1);
/// # drop(five);
/// ```
#[must_use]
pub fn live() -> usize {
    Shared::with_heap(Heap::live)
}
