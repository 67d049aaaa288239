//! An allocator that counts, for the program that tells bytes and what is not reclaimed. The other one, which
//! takes times, does without.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The system's allocator, counted.
#[derive(Clone, Copy, Debug)]
pub struct Counting;

// Relaxed throughout: the figures are read when the threads that changed them have been joined, or
// by the only thread.
static COUNTED: AtomicBool = AtomicBool::new(false);
static LIVE: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

fn grow(bytes: usize) {
    let live = LIVE.fetch_add(bytes, Ordering::Relaxed) + bytes;
    PEAK.fetch_max(live, Ordering::Relaxed);
}

fn shrink(bytes: usize) {
    LIVE.fetch_sub(bytes, Ordering::Relaxed);
}

// SAFETY: every call is handed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: the caller keeps `alloc`'s contract, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: the caller keeps `alloc_zeroed`'s contract, which is the same.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        shrink(layout.size());
        // SAFETY: the caller has the place from this allocator, which has it from the system's.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        shrink(layout.size());
        grow(size);
        // SAFETY: the caller has the place from this allocator, which has it from the system's.
        unsafe { System.realloc(place, layout, size) }
    }
}

/// Says that the program's allocator is `Counting`.
pub fn count() {
    COUNTED.store(true, Ordering::Relaxed);
}

/// Whether the figures below mean anything.
pub(crate) fn counts() -> bool {
    COUNTED.load(Ordering::Relaxed)
}

/// Bytes that are allocated now.
pub(crate) fn live() -> usize {
    LIVE.load(Ordering::Relaxed)
}

/// Runs `f` and gives the most bytes that were allocated meanwhile.
pub(crate) fn peak_of(f: impl FnOnce()) -> usize {
    PEAK.store(live(), Ordering::Relaxed);
    f();
    PEAK.load(Ordering::Relaxed)
}
