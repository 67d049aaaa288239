//! Guards that are kept for the collector until it has no more use for them.

use std::fmt;
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit};

/// Room for the guards of the usual locks: two words, with a function and one more.
type Room = [MaybeUninit<usize>; 4];

/// A guard whose type is forgotten.
struct Held {
    room: Room,
    /// Releases what is in the room, once: was it still as it had been?
    release: unsafe fn(*mut ()) -> bool,
    /// Guards are released by the thread that took them.
    thread: PhantomData<*const ()>,
}

impl Held {
    /// Keeps `release`, which owns a guard, until it is called. Where there is no memory for
    /// that it is dropped at once, and `None` comes back.
    ///
    /// # Safety
    ///
    /// For as long as the answer is kept, what `release` borrows exists.
    unsafe fn new<F: FnOnce() -> bool>(release: F) -> Option<Self> {
        if fits::<F>() {
            return Some(Held::in_place(release));
        }
        let mut boxed = Vec::new();
        boxed.try_reserve_exact(1).ok()?;
        boxed.push(release);
        Some(Held::in_place(move || boxed.pop().is_none_or(|release| release())))
    }

    fn in_place<F: FnOnce() -> bool>(release: F) -> Self {
        assert!(fits::<F>());
        let mut room: Room = [MaybeUninit::uninit(); 4];
        // SAFETY: the room is ours, and as large and as aligned as was asserted.
        unsafe { room.as_mut_ptr().cast::<F>().write(release) };
        Held { room, release: Held::call::<F>, thread: PhantomData }
    }

    /// # Safety
    ///
    /// There is an `F` at `room`, which the caller gives away.
    unsafe fn call<F: FnOnce() -> bool>(room: *mut ()) -> bool {
        // SAFETY: as the caller promises.
        let release = unsafe { room.cast::<F>().read() };
        release()
    }

    fn release(self) -> bool {
        // SAFETY: it is not dropped, so this is the only time.
        unsafe { ManuallyDrop::new(self).empty() }
    }

    /// # Safety
    ///
    /// Called once only.
    unsafe fn empty(&mut self) -> bool {
        let room = self.room.as_mut_ptr().cast();
        // SAFETY: `in_place` has written there what `release` takes, which is taken once, as the
        // caller promises.
        unsafe { (self.release)(room) }
    }
}

const fn fits<F>() -> bool {
    size_of::<F>() <= size_of::<Room>() && align_of::<F>() <= align_of::<Room>()
}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: what is dropped was not released, and is dropped once.
        unsafe { self.empty() };
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").finish_non_exhaustive()
    }
}

/// The guards that are kept, in the order they were taken.
///
/// They are released the other way round, when dropped too: what is behind a lock may be a
/// lock, or a borrow flag, that only the outer lock keeps others from.
#[derive(Debug, Default)]
pub(crate) struct Guards(Vec<Held>);

impl Guards {
    /// How many there are.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Keeps `release`, which owns a guard and says when it is called whether nothing has changed
    /// under it. Where there is no memory for that it is dropped, and `false` comes back.
    ///
    /// # Safety
    ///
    /// Until it is released, what `release` borrows exists; it runs no user code, neither
    /// when it is called nor when it is dropped.
    pub(super) unsafe fn keep<F: FnOnce() -> bool>(&mut self, release: F) -> bool {
        if self.0.try_reserve(1).is_err() {
            return false;
        }
        // SAFETY: as the caller promises.
        let held = unsafe { Held::new(release) };
        let kept = held.is_some();
        self.0.extend(held);
        kept
    }

    /// Releases all but the first `count`: was nothing changed under them?
    pub(crate) fn release_after(&mut self, count: usize) -> bool {
        let mut unchanged = true;
        while self.0.len() > count
            && let Some(held) = self.0.pop()
        {
            unchanged &= held.release();
        }
        unchanged
    }
}

impl Drop for Guards {
    fn drop(&mut self) {
        self.release_after(0);
    }
}
