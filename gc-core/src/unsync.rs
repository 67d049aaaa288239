//! Handles and a collector for one thread: the counts are plain, like [`Rc`](std::rc::Rc)'s.
//!
//! Every thread has a heap of its own, and the functions here are about the
//! calling thread's. What it still holds in cycles is collected, with
//! finalizers, when the thread ends. [The guide](crate::docs) answers questions that are about
//! more than one item, and [one page of it](crate::docs::threads) which of this and
//! [`sync`](crate::sync) to take.

use crate::collector;
use crate::gc_box::Object;
use crate::heap::{Generation, GenerationStats, Heap, LocalStore, Report, Space, Thresholds};
use crate::sharing::Local;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::thread::LocalKey;

/// A counted handle to a value that this thread's collector looks after.
pub type Gc<T> = crate::handle::Gc<T, Local>;

/// A handle that does not keep its object alive.
pub type Weak<T> = crate::handle::Weak<T, Local>;

/// The only handle to an object that is not shared yet.
pub type UniqueGc<T> = crate::handle::UniqueGc<T, Local>;

/// A weak handle that tells when its object is gone.
pub type WeakCallback<T> = crate::handle::WeakCallback<T, Local>;

thread_local! {
    /// Never dropped, so that handles in other thread-locals can be dropped after
    /// the thread has begun to end, in any order.
    static HEAP: ManuallyDrop<Heap<Local>> = const { ManuallyDrop::new(Heap::new(LocalStore::new())) };
}

/// Thread-locals whose destructors collect the heap when its thread ends.
macro_rules! exits {
    ($($name:ident)*) => {
        thread_local! {
            $(static $name: Exit = const { Exit };)*
        }

        /// In the order in which they are used.
        static EXITS: [&LocalKey<Exit>; [$(stringify!($name)),*].len()] = [$(&$name),*];
    };
}

// One is for the end of the thread. Others are for thread-locals that are dropped
// after it and let go of objects: a destructor that is registered inside another
// runs right after it, and each thread-local's runs once.
exits! { FIRST SECOND THIRD FOURTH FIFTH SIXTH SEVENTH EIGHTH }

/// Its destructor is an end of the thread's heap.
struct Exit;

impl Drop for Exit {
    fn drop(&mut self) {
        HEAP.with(|heap| collector::at_exit(heap));
    }
}

impl Space for Local {
    type Store = LocalStore;

    #[inline]
    fn with_heap<R>(f: impl FnOnce(&Heap<Local>) -> R) -> R {
        HEAP.with(|heap| f(heap))
    }

    #[cold]
    fn at_exit() -> bool {
        EXITS.iter().any(|exit| exit.try_with(|_| ()).is_ok())
    }

    fn suspect(object: Object<Local>) {
        collector::suspect(object);
    }
}

/// Collects all generations: Python's `gc.collect()`.
///
/// Inside a collection (a finalizer, a callback, a destructor that it runs) it
/// does nothing and returns an empty report.
///
/// # Panics
///
/// In debug builds, if a [`Trace`](crate::Trace) written by hand has shown an
/// edge that its value does not own.
///
/// # Examples
///
/// ```
/// use gc_core::{Trace, unsync::{self, Gc}};
/// use std::cell::RefCell;
///
/// #[derive(Trace)]
/// struct Loop(RefCell<Option<Gc<Loop>>>);
///
/// let node = Gc::new(Loop(RefCell::new(None)));
/// *node.0.borrow_mut() = Some(node.clone());
/// drop(node);
/// let report = unsync::collect();
/// assert_eq!((report.candidates, report.collected), (1, 1));
/// ```
#[doc(alias = "gc.collect")]
pub fn collect() -> Report {
    collect_generation(Generation::Old)
}

/// Collects the generations up to `generation`: Python's `gc.collect(generation)`.
///
/// # Panics
///
/// As [`collect`].
///
/// # Examples
///
/// ```
/// use gc_core::{Generation, unsync};
///
/// let report = unsync::collect_generation(Generation::Young);
/// assert_eq!(report.generation, Generation::Young);
/// ```
#[doc(alias = "gc.collect")]
pub fn collect_generation(generation: Generation) -> Report {
    Local::with_heap(|heap| collector::collect(heap, generation))
}

/// Lets collections start by themselves, which they do from the beginning: Python's `gc.enable()`.
///
/// It undoes [`disable`], and not a [`pause`].
#[doc(alias = "gc.enable")]
pub fn enable() {
    Local::with_heap(|heap| heap.set_enabled(true));
}

/// Keeps collections from starting by themselves: Python's `gc.disable()`.
///
/// [`collect`] works all the same, and so does the collection when the thread ends.
///
/// # Examples
///
/// ```
/// use gc_core::unsync;
///
/// unsync::disable();
/// assert!(!unsync::is_enabled());
/// unsync::enable();
/// assert!(unsync::is_enabled());
/// ```
#[doc(alias = "gc.disable")]
pub fn disable() {
    Local::with_heap(|heap| heap.set_enabled(false));
}

/// Whether [`enable`] was called last, and not [`disable`]: Python's `gc.isenabled()`.
///
/// A [`pause`] does not change it.
#[doc(alias = "gc.isenabled")]
#[must_use]
pub fn is_enabled() -> bool {
    Local::with_heap(Heap::is_enabled)
}

/// Keeps collections from starting by themselves for as long as the guard lives.
///
/// Meanwhile garbage in cycles stays, unless [`collect`] is called. Guards may nest.
///
/// # Examples
///
/// ```
/// use gc_core::unsync::{self, Gc};
///
/// let _quiet = unsync::pause();
/// let batch: Vec<_> = (0..10_000).map(Gc::new).collect();
/// ```
#[doc(alias = "gc.disable")]
#[must_use = "collections go on when the guard is dropped"]
pub fn pause() -> PauseGuard {
    Local::with_heap(|heap| heap.pause(true));
    PauseGuard { thread: PhantomData }
}

/// Keeps this thread's collections from starting by themselves, see [`pause`].
#[derive(Debug)]
pub struct PauseGuard {
    /// It belongs to its thread's heap.
    thread: PhantomData<*const ()>,
}

impl Drop for PauseGuard {
    fn drop(&mut self) {
        Local::with_heap(|heap| heap.pause(false));
    }
}

/// When collections start by themselves: Python's `gc.get_threshold()`.
///
/// # Examples
///
/// ```
/// use gc_core::{Thresholds, unsync};
///
/// assert_eq!(unsync::thresholds(), Thresholds::PY313);
/// ```
#[doc(alias = "gc.get_threshold")]
#[must_use]
pub fn thresholds() -> Thresholds {
    Local::with_heap(Heap::thresholds)
}

/// Sets when collections start by themselves: Python's `gc.set_threshold()`.
///
/// # Examples
///
/// ```
/// use gc_core::{Thresholds, unsync};
///
/// unsync::set_thresholds(Thresholds::PY311);
/// assert_eq!(unsync::thresholds(), Thresholds { young: 700, middle: 10, old: 10 });
/// ```
#[doc(alias = "gc.set_threshold")]
pub fn set_thresholds(thresholds: Thresholds) {
    Local::with_heap(|heap| heap.set_thresholds(thresholds));
}

/// Where the schedule stands: Python's `gc.get_count()`.
///
/// These are the candidates since the last collection, less those that died by
/// count; the young collections since the last of the middle generation; and
/// the middle ones since the last full one.
///
/// # Examples
///
/// ```
/// use gc_core::{Generation, unsync::{self, Gc}};
///
/// let a = Gc::new(vec![Gc::new(1)]);
/// drop(a.clone());
/// assert_eq!(unsync::counts(), [1, 0, 0]);
/// let _ = unsync::collect_generation(Generation::Young);
/// assert_eq!(unsync::counts(), [0, 1, 0]);
/// ```
#[doc(alias = "gc.get_count")]
#[must_use]
pub fn counts() -> [usize; 3] {
    Local::with_heap(Heap::counts)
}

/// What the collections of each generation did since the thread began: Python's `gc.get_stats()`.
///
/// # Examples
///
/// ```
/// use gc_core::unsync;
///
/// let before = unsync::stats()[2].collections;
/// let _ = unsync::collect();
/// assert_eq!(unsync::stats()[2].collections, before + 1);
/// ```
#[doc(alias = "gc.get_stats")]
#[must_use]
pub fn stats() -> [GenerationStats; 3] {
    Local::with_heap(Heap::stats)
}

/// How many objects of this thread's heap are alive: made, and neither dropped nor unwrapped.
///
/// # Examples
///
/// ```
/// use gc_core::unsync::{self, Gc};
///
/// let before = unsync::live();
/// let five = Gc::new(5);
/// assert_eq!(unsync::live(), before + 1);
/// # drop(five);
/// ```
#[doc(alias = "sys.getallocatedblocks")]
#[must_use]
pub fn live() -> usize {
    Local::with_heap(Heap::live)
}

crate::surface::control!(Local, "unsync");
crate::surface::debug!(Local, "unsync");
crate::surface::finalize!(Local, "unsync");
crate::surface::weakref!(Local, "unsync");
crate::surface::sizes!(Local, "unsync");
crate::surface::profile!(Local, "unsync");
