//! `gc_core::unsync` and the tools around it.
//!
//! What stands here is what differs between the kinds of heap; `scenario.rs`, `slot.rs`
//! and `ops/machine.rs` are the same text for each.

pub use gc_core::unsync::*;
pub use machine::{run, try_run};
pub use scenario::{Canary, Node, Plain, heard_of, ring, self_loop};
pub use slot::Slot;
pub use std::cell::{RefCell as Lock, RefMut as Guard};

use gc_core::Finalizing;
use std::rc::Rc;

/// A value that several owners share without a `Gc`.
pub type Shared<T> = Rc<T>;
/// What a test may hang on a node: here anything.
pub trait Hook: 'static {}
impl<T: 'static> Hook for T {}
/// What a trait asks for whose objects go behind a `Gc<dyn …>`: here nothing.
pub trait Value {}
impl<T: ?Sized> Value for T {}

type OnFinalize = Box<dyn FnOnce(&Node, &Finalizing<'_>)>;
type OnTrace = Box<dyn FnMut()>;
/// A hook that runs at the end of something.
pub type OnDrop = Box<dyn FnOnce()>;

/// Debug builds report a `Trace` that shows an edge twice.
pub const REPORTS_BAD_TRACES: bool = cfg!(debug_assertions);
/// The unraisable hook hears of a panic in `trace` when it happens.
pub const TELLS_OF_TRACE_AT_ONCE: bool = true;
/// Which look at an object is the first after the finalizers.
pub const LOOK_AFTER_FINALIZERS: usize = 2;
/// How many bytes stand in front of a small value.
pub const HEADER: usize = 16;

/// Takes the lock, which nobody else has.
///
/// # Panics
///
/// Panics if somebody has.
pub fn lock<T>(lock: &Lock<T>) -> Guard<'_, T> {
    lock.borrow_mut()
}

/// The lock, if nobody has it.
pub fn try_lock<T>(lock: &Lock<T>) -> Option<Guard<'_, T>> {
    lock.try_borrow_mut().ok()
}

/// What is behind the lock, which is nobody else's.
pub fn into_inner<T>(lock: Lock<T>) -> T {
    lock.into_inner()
}

/// Runs `f` on a heap that nobody else uses: that of a new thread.
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
    let thread = crate::thread(bytes.into()).spawn(f).expect("a thread");
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Runs `f`, after which no finalizer runs any more: that is of its own thread.
pub fn at_exit(_module: &str, _test: &str, f: impl FnOnce() + Send + 'static) {
    alone(f);
}

/// Panics unless [`alone`] was called: here nobody else ever looks at the heap.
pub(crate) fn assert_alone() {}

#[path = "ops/machine.rs"]
mod machine;
#[path = "scenario.rs"]
mod scenario;
#[path = "slot.rs"]
mod slot;
