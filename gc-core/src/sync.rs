//! Handles for any number of threads, and one collector beside them: the counts are atomic, like
//! [`Arc`](std::sync::Arc)'s.
//!
//! All threads share one heap, and the functions here are about that. A collection runs on the
//! thread that asks for it, on one whose [`Gc::new`](crate::handle::Gc::new) finds it due, or on a
//! thread of its own ([`background`]), and the others go on meanwhile: none is stopped, and none
//! waits for it to end but one that asks for a collection itself. Finalizers, weak callbacks and
//! destructors run on the thread that collects, under the locks that it holds, whichever thread the
//! objects come from.
//!
//! The functions are those of [`unsync`](crate::unsync), under the same names. [One page of the
//! guide](crate::docs::threads) is about all that is different beside other threads: which types to
//! use for fields, what may run where, what waits for whom; [the others](crate::docs) are true of
//! both.
//!
//! # Examples
//!
//! A tree whose nodes know their parents, built by several threads at once:
//!
//! ```
//! use gc_core::{Trace, sync::{self, Gc}};
//! use std::{sync::Mutex, thread};
//!
//! #[derive(Trace)]
//! struct Folder {
//!     name: String,
//!     parent: Option<Gc<Folder>>,
//!     children: Mutex<Vec<Gc<Folder>>>,
//! }
//!
//! fn folder(name: String, parent: Option<&Gc<Folder>>) -> Gc<Folder> {
//!     let folder = Gc::new(Folder { name, parent: parent.cloned(), children: Mutex::default() });
//!     if let Some(parent) = parent {
//!         parent.children.lock().unwrap().push(folder.clone());
//!     }
//!     folder
//! }
//!
//! let root = folder("/".into(), None);
//! thread::scope(|scope| {
//!     for name in ["a", "b"] {
//!         let root = &root;
//!         scope.spawn(move || {
//!             let top = folder(name.into(), Some(root));
//!             (0..10).for_each(|number| drop(folder(format!("{name}{number}"), Some(&top))));
//!         });
//!     }
//! });
//! assert_eq!(root.children.lock().unwrap().len(), 2);
//! let last = root.children.lock().unwrap()[0].children.lock().unwrap()[9].clone();
//! assert!(last.name.ends_with('9'));
//!
//! // One handle to a leaf of the tree keeps all of it, as each node holds its parent.
//! drop(root);
//! assert_eq!((sync::collect().collected, sync::live()), (0, 23));
//! drop(last);
//! assert_eq!((sync::collect().collected, sync::live()), (23, 0));
//! ```
//!
//! The same collector, on a thread of its own:
//!
//! ```
//! use gc_core::{Trace, sync::{self, Gc, background}};
//! use std::{sync::OnceLock, thread};
//!
//! #[derive(Trace, Default)]
//! struct Loop(OnceLock<Gc<Loop>>);
//!
//! let background = background::start(Default::default())?;
//! thread::scope(|scope| {
//!     for _ in 0..2 {
//!         scope.spawn(|| {
//!             for _ in 0..5_000 {
//!                 let node = Gc::new(Loop::default());
//!                 let _ = node.0.set(node.clone());
//!             }
//!         });
//!     }
//! });
//! let _ = background.collect_now().wait();
//! assert_eq!((background.stop().collected, sync::live()), (10_000, 0));
//! # Ok::<(), background::StartError>(())
//! ```

pub mod background;

use crate::collector;
use crate::gc_box::Object;
use crate::heap::{
    Generation, GenerationStats, Heap, Leave, Report, SharedStore, Space, Thresholds,
};
use crate::primitive::per_thread_const;
use crate::sharing::Shared;
use std::mem::ManuallyDrop;

/// A counted handle to a value that the collector looks after; it may go to any thread, as
/// [`Arc`](std::sync::Arc) may.
///
/// # Examples
///
/// ```
/// use gc_core::sync::Gc;
/// use std::thread;
///
/// let five = Gc::new(5);
/// let other = five.clone();
/// assert_eq!(thread::spawn(move || *other + 1).join().unwrap(), 6);
/// # drop(five);
/// ```
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
    static LEAVE: Leave = Leave::new(|| HEAP.with(|heap| heap.disarm()));
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

    fn suspect(object: Object<Shared>) {
        collector::suspect(object);
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
/// While another thread collects it waits for its turn. That does not wait for user code: the other
/// lets it have its turn before it runs finalizers or destructors. What was garbage when it was
/// called, and is not in the hands of another collection, is gone when it returns; unless another
/// thread is still inside the `drop` that made it garbage. Then the next collection finds it.
///
/// What it finds it ends on this thread, whoever made it: finalizers, callbacks and destructors of
/// others' objects run under the locks that the caller holds. So does the end of an object that is
/// no garbage, if another thread drops its last handle while the collection looks at it. Whoever
/// holds a lock that one of these takes [waits for himself](crate::docs::threads#locks).
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

/// Keeps collections from starting by themselves on any thread, the [`background`] collector's
/// included: Python's `gc.disable()`.
///
/// [`collect`] works all the same, and so does
/// [`collect_now`](background::Background::collect_now).
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
/// Meanwhile garbage in cycles stays, unless [`collect`] is called. Guards may nest, and one may be
/// dropped on another thread than the one that has made it. A collection that has begun goes on.
///
/// # Examples
///
/// ```
/// use gc_core::sync::{self, Gc};
///
/// let _quiet = sync::pause();
/// let batch: Vec<_> = (0..10_000).map(Gc::new).collect();
/// ```
#[doc(alias = "gc.disable")]
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
/// assert_eq!(sync::thresholds(), Thresholds::PY313);
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
#[doc(alias = "sys.getallocatedblocks")]
#[must_use]
pub fn live() -> usize {
    Shared::with_heap(Heap::live)
}

crate::surface::control!(Shared, "sync");
crate::surface::debug!(Shared, "sync");
crate::surface::finalize!(Shared, "sync");
crate::surface::weakref!(Shared, "sync");
crate::surface::sizes!(Shared, "sync");
crate::surface::profile!(Shared, "sync");
