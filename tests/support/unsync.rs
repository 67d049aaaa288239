//! `gc_core::unsync` and the tools around it.
//!
//! What stands here is what differs between the kinds of heap; `scenario.rs` is the
//! same text for each.

pub use crate::slot::LocalSlot as Slot;
pub use gc_core::unsync::*;
pub use scenario::{Canary, Node, Plain, heard_of, ring, self_loop};

use gc_core::Finalizing;
use std::rc::Rc;

/// A value that several owners share without a `Gc`.
pub type Shared<T> = Rc<T>;
/// What a test may hang on a node: here anything.
pub trait Hook: 'static {}
impl<T: 'static> Hook for T {}

type OnFinalize = Box<dyn FnOnce(&Node, &Finalizing<'_>)>;
type OnTrace = Box<dyn FnMut()>;
type OnDrop = Box<dyn FnOnce()>;

/// Runs `f` on a heap that nobody else uses: that of a new thread.
pub fn alone<R: Send + 'static>(f: impl FnOnce() -> R + Send + 'static) -> R {
    std::thread::spawn(f).join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[path = "scenario.rs"]
mod scenario;
