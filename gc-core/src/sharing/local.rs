//! Counts in plain cells, for objects that stay on their thread.

use super::sealed::Sealed;
use super::{Flags, Head, Kind, Released, Sharing, Sight};
use std::cell::Cell;
use std::process;
use std::ptr::NonNull;

/// One thread's objects: no count is atomic.
#[derive(Debug)]
pub enum Local {}

impl Sealed for Local {}

impl Sharing for Local {
    const KIND: Kind = Kind::Local;
    type Head = LocalHead;
    type Guarded<T: std::fmt::Debug> = std::cell::RefCell<T>;
}

/// Sixteen bytes: the table's address with the flags in its low bits, and two counters.
///
/// The cells also make whatever holds one of these `!Sync`.
#[derive(Debug)]
#[repr(C)]
pub struct LocalHead {
    table_and_flags: Cell<NonNull<()>>,
    strong: Cell<u32>,
    slot: Cell<u32>,
}

const _: () = assert!(size_of::<LocalHead>() <= 16);

impl LocalHead {
    /// Clears some flags and sets others.
    #[inline]
    pub(crate) fn change(&self, clear: Flags, set: Flags) {
        self.put(self.flags().without(clear).with(set).bits());
    }

    /// Replaces the flags, keeping the table.
    #[inline]
    fn put(&self, bits: usize) {
        let word = self.table_and_flags.get().as_ptr();
        let word = word.map_addr(|addr| (addr & !Flags::ALL) | bits);
        // SAFETY: the table's address has bits above the flags, as `new` checks.
        self.table_and_flags.set(unsafe { NonNull::new_unchecked(word) });
    }
}

impl Head for LocalHead {
    #[inline]
    fn new(table: NonNull<()>, flags: Flags, strong: u32) -> Self {
        debug_assert!(table.addr().get().is_multiple_of(Flags::TABLE_ALIGN));
        LocalHead {
            table_and_flags: Cell::new(table.map_addr(|addr| addr | flags.bits())),
            strong: Cell::new(strong),
            slot: Cell::new(1),
        }
    }

    #[inline]
    fn table(&self) -> NonNull<()> {
        let word = self.table_and_flags.get().as_ptr();
        // SAFETY: the table's address has bits above the flags, as `new` checks.
        unsafe { NonNull::new_unchecked(word.map_addr(|addr| addr & !Flags::ALL)) }
    }

    #[inline]
    fn flags(&self) -> Flags {
        Flags::of_address(self.table_and_flags.get().addr().get())
    }

    #[inline]
    fn set(&self, flags: Flags) {
        self.put(self.flags().with(flags).bits());
    }

    #[inline]
    fn clear(&self, flags: Flags) {
        self.put(self.flags().bits() & !flags.bits());
    }

    #[inline]
    fn strong(&self) -> usize {
        self.strong.get() as usize
    }

    #[inline]
    fn count(&self) -> usize {
        self.strong()
    }

    #[inline]
    fn retain(&self) {
        let strong = self.strong.get().wrapping_add(1);
        self.strong.set(strong);
        if strong == 0 {
            // As std: only leaked handles can get here, and going on would free
            // an object in use.
            process::abort();
        }
    }

    #[inline]
    fn release(&self) -> Released {
        let strong = self.strong.get().wrapping_sub(1);
        self.strong.set(strong);
        if strong == 0 {
            Released::Last
        } else if self.flags().any(Flags::QUIET) {
            Released::Alive
        } else {
            Released::Candidate
        }
    }

    #[inline]
    fn unpin(&self) -> bool {
        let strong = self.strong.get().wrapping_sub(1);
        self.strong.set(strong);
        strong == 0
    }

    #[inline]
    fn try_retain(&self) -> bool {
        let usable = self.strong.get() != 0 && !self.flags().any(Flags::DEAD);
        if usable {
            self.retain();
        }
        usable
    }

    #[inline]
    fn revive(&self) {
        self.strong.set(1);
    }

    #[inline]
    fn take_only(&self) -> bool {
        let only = self.strong.get() == 1;
        if only {
            self.strong.set(0);
        }
        only
    }

    #[inline]
    fn is_lonely(&self) -> bool {
        self.slot.get() == 1
    }

    #[inline]
    fn slot(&self) -> u32 {
        self.slot.get()
    }

    #[inline]
    fn set_slot(&self, slot: u32) {
        self.slot.set(slot);
    }

    #[inline]
    fn handles(&self) -> usize {
        self.strong()
    }

    // One thread needs no second look: nothing has happened since the first.

    #[inline]
    fn see(&self) -> Sight {
        Sight(u64::from(self.strong.get()))
    }

    #[inline]
    fn handles_seen(&self, Sight(strong): Sight) -> Option<usize> {
        usize::try_from(strong).ok()
    }

    #[inline]
    fn claim(&self, _: Sight, _: impl FnMut() -> bool) -> Option<bool> {
        Some(false)
    }

    #[inline]
    fn unclaim(&self) {}

    #[inline]
    fn meet(&self) {
        self.set(Flags::CAPTURED);
    }

    #[inline]
    fn is_listed(&self) -> bool {
        false
    }

    #[inline]
    fn kill(&self, _: bool, pin: bool) {
        self.set(Flags::DEAD);
        if pin {
            self.retain();
        }
    }
}
