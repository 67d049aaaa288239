//! An allocator that fails on demand, for the calling thread only.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Which requests fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// None.
    Grant,
    /// Those for more than so many bytes.
    RefuseAbove(usize),
    /// After so many that are granted: one.
    RefuseOneAfter(usize),
    /// After so many that are granted: all.
    RefuseAllAfter(usize),
    /// None, but the first for more than so many bytes is answered when [`paused_above`]'s closure
    /// has returned.
    PauseAbove(usize),
}

thread_local! {
    static PLAN: Cell<Plan> = const { Cell::new(Plan::Grant) };
    static REFUSED: Cell<usize> = const { Cell::new(0) };
    static PAUSE: Cell<Option<Box<dyn FnOnce()>>> = const { Cell::new(None) };
}

/// Bytes that were granted to any thread and not given back.
static HELD: AtomicUsize = AtomicUsize::new(0);

/// How many bytes the whole process holds.
pub(crate) fn held() -> usize {
    HELD.load(Ordering::Relaxed)
}

/// Runs `f` by the plan. Gives back its result and how many requests were refused.
pub(crate) fn with_plan<R>(plan: Plan, f: impl FnOnce() -> R) -> (R, usize) {
    struct Reset;
    impl Drop for Reset {
        fn drop(&mut self) {
            PLAN.set(Plan::Grant);
        }
    }
    REFUSED.set(0);
    let reset = Reset;
    PLAN.set(plan);
    let result = f();
    drop(reset);
    (result, REFUSED.get())
}

/// Runs `f`, and `pause` within the first request for more than `size` bytes: there no code of a
/// test's own runs otherwise. Gives back the result, and whether there was such a request.
pub(crate) fn paused_above<R>(
    size: usize,
    pause: impl FnOnce() + 'static,
    f: impl FnOnce() -> R,
) -> (R, bool) {
    PAUSE.set(Some(Box::new(pause)));
    let (result, _) = with_plan(Plan::PauseAbove(size), f);
    (result, PAUSE.take().is_none())
}

/// Whether a request for `size` bytes is to be granted.
fn grants(size: usize) -> bool {
    let (granted, next) = match PLAN.get() {
        Plan::Grant => return true,
        Plan::PauseAbove(limit) if size > limit => {
            // From here on as ever: the closure asks for memory itself.
            PLAN.set(Plan::Grant);
            if let Some(pause) = PAUSE.take() {
                pause();
            }
            return true;
        }
        Plan::PauseAbove(_) => return true,
        plan @ Plan::RefuseAbove(limit) => (size <= limit, plan),
        Plan::RefuseOneAfter(0) => (false, Plan::Grant),
        Plan::RefuseOneAfter(left) => (true, Plan::RefuseOneAfter(left - 1)),
        plan @ Plan::RefuseAllAfter(0) => (false, plan),
        Plan::RefuseAllAfter(left) => (true, Plan::RefuseAllAfter(left - 1)),
    };
    PLAN.set(next);
    if !granted {
        REFUSED.set(REFUSED.get() + 1);
    }
    granted
}

/// The system's allocator, but for what the plan refuses.
struct Planned;

// SAFETY: every call is handed on to `System` as it is, or answered with null,
// which is how an allocator says that it has no memory.
unsafe impl GlobalAlloc for Planned {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !grants(layout.size()) {
            return std::ptr::null_mut();
        }
        HELD.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promises are those that `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !grants(size) {
            return std::ptr::null_mut();
        }
        HELD.fetch_add(size, Ordering::Relaxed);
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) };
    }
}

#[global_allocator]
static ALLOCATOR: Planned = Planned;
