//! `gc_core::sync` and the tools around it.
//!
//! What stands here is what differs between the kinds of heap; `scenario.rs`, `slot.rs`
//! and `ops/machine.rs` are the same text for each. There is one heap for the process,
//! so all that looks at it runs in [`alone`], and counts from its beginning.

pub use gc_core::sync::*;
pub use machine::{run, try_run};
pub use scenario::{Canary, Node, Plain, heard_of, ring, self_loop};
pub use slot::Slot;
pub use std::sync::{Mutex as Lock, MutexGuard as Guard};

use crate::{process, unraisable};
use gc_core::{DebugFlags, Finalizing, GenerationStats, Thresholds, sync};
use std::sync::{Arc, PoisonError, TryLockError};

/// A value that several owners share without a `Gc`.
pub type Shared<T> = Arc<T>;
/// What a test may hang on a node: what any thread may call.
pub trait Hook: Send + 'static {}
impl<T: Send + 'static> Hook for T {}
/// What a trait asks for whose objects go behind a `Gc<dyn …>`.
pub trait Value: Send + Sync {}
impl<T: Send + Sync + ?Sized> Value for T {}

type OnFinalize = Box<dyn FnOnce(&Node, &Finalizing<'_>) + Send>;
type OnTrace = Box<dyn FnMut() + Send>;
/// A hook that runs at the end of something.
pub type OnDrop = Box<dyn FnOnce() + Send>;

/// Beside other threads an edge may be seen twice because it moved: nobody is told.
pub const REPORTS_BAD_TRACES: bool = false;
/// The unraisable hook hears of a panic in `trace` when the collection is over: it
/// is not called with locks held.
pub const TELLS_OF_TRACE_AT_ONCE: bool = false;
/// Which look at an object is the first after the finalizers: before they run it is made
/// sure that they are right to.
pub const LOOK_AFTER_FINALIZERS: usize = 3;
/// How many bytes stand in front of a small value.
pub const HEADER: usize = 32;

/// Takes the lock, whatever a panic has left in it.
pub fn lock<T>(lock: &Lock<T>) -> Guard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The lock, if nobody has it.
pub fn try_lock<T>(lock: &Lock<T>) -> Option<Guard<'_, T>> {
    match lock.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(error)) => Some(error.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// What is behind the lock, which is nobody else's.
pub fn into_inner<T>(lock: Lock<T>) -> T {
    lock.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// What a new heap starts with.
const DEFAULT_EXTERNAL: usize = 16 << 20;

/// What the heap had done before somebody was [`alone`] with it, while somebody is.
static BEFORE: Lock<Option<(usize, [GenerationStats; 3])>> = Lock::new(None);

/// Runs `f` on a new thread with nothing beside it that is [`alone`] too, on a heap that is
/// as good as new.
///
/// # Panics
///
/// Panics as `f` does. Inside of itself it does not return.
pub fn alone<R: Send + 'static>(f: impl FnOnce() -> R + Send + 'static) -> R {
    on_stack(None, f)
}

/// [`alone`], on a stack of so many bytes.
///
/// # Panics
///
/// Panics as `f` does, or if there can be no more threads.
pub fn on_stack<R: Send + 'static>(
    bytes: impl Into<Option<usize>>,
    f: impl FnOnce() -> R + Send + 'static,
) -> R {
    static ONE: Lock<()> = Lock::new(());
    let _one = lock(&ONE);
    let run = move || {
        let _alone = Alone::begin();
        f()
    };
    let thread = crate::thread(bytes.into()).spawn(run).expect("a thread");
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Runs `f`, after which no finalizer runs any more, in a process of its own: a child that runs
/// the test of that name.
///
/// # Panics
///
/// Panics if the child does.
pub fn at_exit(module: &str, test: &str, f: impl FnOnce() + Send + 'static) {
    if process::is_child() {
        return alone(f);
    }
    // (The name of the binary goes: the tests' names begin with the module.)
    let (_binary, module) = module.split_once("::").expect("no test stands at the root");
    let output = process::respawn(&format!("{module}::{test}"));
    let words = String::from_utf8_lossy(&output.stdout);
    let ran_one = words.contains("1 passed");
    assert!(
        output.status.success() && ran_one,
        "{words}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Somebody is alone with the heap.
struct Alone;

impl Alone {
    /// Makes the heap as new as it can be.
    fn begin() -> Alone {
        sync::enable();
        sync::unfreeze();
        sync::set_external_threshold(DEFAULT_EXTERNAL);
        sync::set_thresholds(Thresholds::default());
        sync::set_debug(DebugFlags::empty());
        sync::garbage().clear();
        // A test that failed may have left anything.
        let _empty = (0..100).find(|_| sync::collect().total() == 0);
        let _ = unraisable::heard();
        *lock(&BEFORE) = Some((sync::live(), sync::stats()));
        Alone
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        *lock(&BEFORE) = None;
    }
}

fn before() -> (usize, [GenerationStats; 3]) {
    lock(&BEFORE).expect("who looks at the heap is alone with it")
}

/// Panics unless somebody is [`alone`]: the counts of objects are not theirs otherwise.
pub(crate) fn assert_alone() {
    before();
}

/// [`sync::live`], less what is left from before.
#[must_use]
pub fn live() -> usize {
    sync::live() - before().0
}

/// [`sync::stats`], less what was done before.
#[must_use]
pub fn stats() -> [GenerationStats; 3] {
    let (now, before) = (sync::stats(), before().1);
    std::array::from_fn(|at| now[at] - before[at])
}

#[path = "ops/machine.rs"]
mod machine;
#[path = "scenario.rs"]
mod scenario;
#[path = "slot.rs"]
mod slot;
