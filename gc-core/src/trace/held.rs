//! Guards that are kept for the collector until it has no more use for them.

use std::fmt;
use std::marker::PhantomData;
use std::mem::MaybeUninit;

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
    /// # Safety
    ///
    /// There is an `F` at `room`, which the caller gives away.
    unsafe fn call<F: FnOnce() -> bool>(room: *mut ()) -> bool {
        // SAFETY: as the caller promises.
        let release = unsafe { room.cast::<F>().read() };
        release()
    }

    /// # Safety
    ///
    /// There is one at `place`, and this is called once for it.
    unsafe fn empty(place: *mut Held) -> bool {
        // SAFETY: as the caller promises.
        let room = unsafe { &raw mut (*place).room };
        // SAFETY: the same.
        let release = unsafe { (*place).release };
        // SAFETY: `write` has written there what `release` takes, which is taken once, as the
        // caller promises.
        unsafe { release(room.cast()) }
    }
}

const fn fits<F>() -> bool {
    size_of::<F>() <= size_of::<Room>() && align_of::<F>() <= align_of::<Room>()
}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: what is dropped was not released, and is dropped once.
        unsafe { Held::empty(self) };
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
    #[inline]
    pub(super) unsafe fn keep<F: FnOnce() -> bool>(&mut self, release: F) -> bool {
        if self.0.len() == self.0.capacity() && !self.grow() {
            return false;
        }
        if fits::<F>() {
            self.write(release);
            return true;
        }
        let mut boxed = Vec::new();
        if boxed.try_reserve_exact(1).is_err() {
            return false;
        }
        boxed.push(release);
        self.write(move || boxed.pop().is_none_or(|release| release()));
        true
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) -> bool {
        self.0.try_reserve(1).is_ok()
    }

    /// Writes `release`, which fits, where there is room. Not by way of a `Held` of our own: to read
    /// several small fields as one large one, just after they were written, takes longer than all
    /// the rest.
    #[inline]
    fn write<F: FnOnce() -> bool>(&mut self, release: F) {
        assert!(fits::<F>());
        let place = self.0.spare_capacity_mut()[0].as_mut_ptr();
        // SAFETY: the place is inside the table.
        let room = unsafe { &raw mut (*place).room };
        // SAFETY: the room is ours, and as large and as aligned as was asserted.
        unsafe { room.cast::<F>().write(release) };
        // SAFETY: as for the room.
        let call = unsafe { &raw mut (*place).release };
        // SAFETY: the place is ours to write.
        unsafe { call.write(Held::call::<F>) };
        let count = self.0.len() + 1;
        // SAFETY: there was room for one more, and both fields that are not empty have been
        // written.
        unsafe { self.0.set_len(count) };
    }

    /// Releases all but the first `count`: was nothing changed under them?
    #[inline]
    pub(crate) fn release_after(&mut self, count: usize) -> bool {
        let mut unchanged = true;
        while self.0.len() > count {
            let last = self.0.len() - 1;
            // SAFETY: it is less than there are, and what is there is not looked at again
            // but in the next line.
            unsafe { self.0.set_len(last) };
            let place = self.0.spare_capacity_mut()[0].as_mut_ptr();
            // SAFETY: it was the last of the table, and is released this once.
            unchanged &= unsafe { Held::empty(place) };
        }
        unchanged
    }
}

impl Drop for Guards {
    fn drop(&mut self) {
        self.release_after(0);
    }
}
