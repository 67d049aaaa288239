//! Numbers, characters and what is counted atomically.

use super::visit::leaf;
use std::num;
use std::sync::atomic;

leaf! {
    bool, char, f32, f64,
    i8, i16, i32, i64, i128, isize,
    u8, u16, u32, u64, u128, usize,
}

leaf! {
    num::NonZeroI8, num::NonZeroI16, num::NonZeroI32,
    num::NonZeroI64, num::NonZeroI128, num::NonZeroIsize,
    num::NonZeroU8, num::NonZeroU16, num::NonZeroU32,
    num::NonZeroU64, num::NonZeroU128, num::NonZeroUsize,
}

leaf! {
    #[cfg(target_has_atomic = "8")] atomic::AtomicBool,
    #[cfg(target_has_atomic = "8")] atomic::AtomicI8,
    #[cfg(target_has_atomic = "8")] atomic::AtomicU8,
    #[cfg(target_has_atomic = "16")] atomic::AtomicI16,
    #[cfg(target_has_atomic = "16")] atomic::AtomicU16,
    #[cfg(target_has_atomic = "32")] atomic::AtomicI32,
    #[cfg(target_has_atomic = "32")] atomic::AtomicU32,
    #[cfg(target_has_atomic = "64")] atomic::AtomicI64,
    #[cfg(target_has_atomic = "64")] atomic::AtomicU64,
    #[cfg(target_has_atomic = "ptr")] atomic::AtomicIsize,
    #[cfg(target_has_atomic = "ptr")] atomic::AtomicUsize,
    /// A leaf: the pointer owns nothing that the collector could know of.
    #[cfg(target_has_atomic = "ptr")] {T} atomic::AtomicPtr<T>,
    atomic::Ordering,
}
