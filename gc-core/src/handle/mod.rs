//! The handles, generic over how counts are kept. Use them through the aliases
//! in [`sync`](crate::sync) and [`unsync`](crate::unsync).

mod access;
mod atomic;
mod attached;
mod coerce;
mod collect_hook;
mod compare;
mod convert;
mod cyclic;
mod external_memory;
mod gc;
mod raw;
mod unique;
mod weak;
mod weak_callback;

pub use atomic::{AtomicGc, AtomicOptionGc, CompareExchangeError};
#[doc(hidden)]
pub use coerce::{Coerce, Kind, Whole, put_together, take_apart};
pub use collect_hook::CollectHook;
pub use external_memory::ExternalMemory;
pub use gc::Gc;
pub use unique::UniqueGc;
pub use weak::Weak;
pub use weak_callback::WeakCallback;

/// The axis `S` of the handles: how counts are kept, and where the heap stands.
pub use crate::heap::Space;
pub use crate::sharing::{Admits, Carries, Local, Shared, Sharing};
