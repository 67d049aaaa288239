//! The box: one allocation with the head and the value. The only place that
//! casts, allocates and frees.
//!
//! ```text
//!   Gc<T>, Weak<T>, Object                       the value, aligned to 16 at least
//!        │                                       │
//!        ▼                                       ▼
//!        ┌──────────────────┬─────────┬─────────┬────────────┐
//!        │ VTable of T│flags│ strong  │ slot    │ value: T   │
//!        └──────────────────┴─────────┴─────────┴────────────┘
//!        0                  8         12        16
//! ```
//!
//! A box that was made from an unsized value (`Gc<[T]>` from a `Vec`, `Gc<dyn Shape>`
//! from a `Box`) has sixteen bytes more in front of the head: the wide
//! pointer to itself, since an [`Object`] is thin and could not get back to the value
//! otherwise. A handle that was made wide by coercion has a box of the
//! sized kind.

mod alloc;
mod object;
mod pool;
#[cfg(all(test, loom))]
pub(crate) mod quarantine;
mod value;
mod vtable;

pub(crate) use alloc::from_box;
pub(crate) use object::Object;
pub(crate) use pool::Pool;
pub(crate) use vtable::VTable;

use crate::sharing::Sharing;

/// What boxes ask of the heap that they are in.
pub(crate) trait Ledger: Sharing {
    /// Counts the bytes of a wide box that ends, whose size is not that of all of its type.
    fn count_wide(size: usize);

    /// Runs `f` on the boxes that the calling thread keeps for the next objects.
    fn with_pool<R>(f: impl FnOnce(&Pool) -> R) -> R;

    /// Sees to it that they are given back when the thread ends; `false` if that is not possible.
    fn attend_pool() -> bool;
}

/// One object: the head, then the value.
///
/// Public for the coercion macro, which casts a pointer to it, and for nothing else.
#[derive(Debug)]
#[repr(C)]
pub struct GcBox<T: ?Sized, S: Sharing> {
    head: S::Head,
    value: T,
}

/// Boxes are aligned to this at least, and so are their values.
pub(crate) const MIN_ALIGN: usize = 16;

/// No value is aligned to more than this.
pub(crate) const MAX_ALIGN: usize = 1 << 16;
