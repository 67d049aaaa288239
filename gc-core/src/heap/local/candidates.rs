//! The objects that may be garbage: those that lost a handle and live on.

use super::super::era::PLACES;
use super::super::store::MANY;
use super::give_back;
use crate::gc_box::Object;
use crate::sharing::{Flags, Head, Sharing};

/// A buffer with fewer holes than this is not packed.
const FEW_HOLES: usize = 32;

/// What stands for one candidate.
#[derive(Debug)]
struct Entry<S: Sharing> {
    /// `None` where the candidate has died.
    object: Option<Object<S>>,
    /// Its weak shares; their place in the head holds the index of this entry.
    shares: u32,
    /// The run of the counter that it is counted in, see [`Candidates::epoch`].
    epoch: u32,
}

/// The candidates of one generation, or of earlier eras. An object's slot is its index in here.
#[derive(Debug)]
struct Buffer<S: Sharing> {
    entries: Vec<Entry<S>>,
    holes: usize,
}

impl<S: Sharing> Buffer<S> {
    const fn new() -> Self {
        Buffer { entries: Vec::new(), holes: 0 }
    }

    /// Enters `object`; `false` if there is no room for it.
    #[inline]
    fn push(&mut self, object: Object<S>, epoch: u32) -> bool {
        let Ok(index) = u32::try_from(self.entries.len()) else {
            return false;
        };
        // Nothing is called here: what it takes to make room is up to the caller.
        if self.entries.len() == self.entries.capacity() {
            return false;
        }
        let shares = object.head().slot();
        self.entries.push(Entry { object: Some(object), shares, epoch });
        object.head().set_slot(index);
        object.head().set(Flags::BUFFERED);
        true
    }

    /// The same, with room made first. Where there is no memory for it, `object` at worst leaks.
    fn push_growing(&mut self, object: Object<S>, epoch: u32) -> bool {
        self.entries.try_reserve(1).is_ok() && self.push(object, epoch)
    }

    /// Takes `object` out and gives back the entry's epoch.
    #[inline]
    fn remove(&mut self, object: Object<S>) -> u32 {
        let index = object.head().slot() as usize;
        let entry = &mut self.entries[index];
        debug_assert_eq!(entry.object, Some(object));
        let epoch = entry.epoch;
        entry.object = None;
        object.head().set_slot(entry.shares);
        object.head().clear(Flags::BUFFERED);
        self.holes += 1;
        self.close_holes();
        epoch
    }

    /// Drops the holes at the end, and packs the rest where half of it is holes:
    /// a constant number of steps for each removal.
    #[inline]
    fn close_holes(&mut self) {
        while let Some(Entry { object: None, .. }) = self.entries.last() {
            self.entries.pop();
            self.holes -= 1;
        }
        if self.holes > FEW_HOLES && self.holes * 2 > self.entries.len() {
            self.pack();
        }
    }

    #[cold]
    #[inline(never)]
    fn pack(&mut self) {
        self.entries.retain(|entry| entry.object.is_some());
        self.holes = 0;
        for (index, entry) in (0..).zip(&self.entries) {
            if let Some(object) = entry.object {
                object.head().set_slot(index);
            }
        }
    }
}

/// The candidates by generation, and those of earlier eras: by their [place](super::place).
#[derive(Debug)]
pub(super) struct Candidates<S: Sharing> {
    buffers: [Buffer<S>; PLACES],
    /// Counts the resets of `LocalStore::fresh`: a candidate that dies
    /// by count leaves that count only if it is still in it.
    epoch: u32,
}

impl<S: Sharing> Candidates<S> {
    pub(super) const fn new() -> Self {
        Candidates { buffers: [const { Buffer::new() }; PLACES], epoch: 1 }
    }

    /// Whether there is a candidate in this place.
    pub(super) fn has_any(&self, place: usize) -> bool {
        let buffer = &self.buffers[place];
        buffer.entries.len() > buffer.holes
    }

    /// Enters a new candidate, whose place this is. `false` if there is no room.
    #[inline]
    pub(super) fn push(&mut self, object: Object<S>, place: usize) -> bool {
        self.buffers[place].push(object, self.epoch)
    }

    /// The same, with room made first. `false` if there is no memory.
    pub(super) fn push_growing(&mut self, object: Object<S>, place: usize) -> bool {
        self.buffers[place].push_growing(object, self.epoch)
    }

    /// Enters one that was a candidate before and has been counted as such.
    pub(super) fn push_counted_before(&mut self, object: Object<S>, place: usize) {
        self.buffers[place].push_growing(object, 0);
    }

    /// Takes one out; whether it is still in the count.
    #[inline]
    pub(super) fn remove(&mut self, object: Object<S>, place: usize) -> bool {
        self.buffers[place].remove(object) == self.epoch
    }

    /// All of them are of an earlier era from now on. `false` if there is no memory, and
    /// nothing has changed.
    pub(super) fn age(&mut self) -> bool {
        let [buffers @ .., past] = &mut self.buffers;
        let more = buffers.iter().map(|buffer| buffer.entries.len()).sum();
        let all = past.entries.len().checked_add(more).map(u32::try_from);
        if !matches!(all, Some(Ok(_))) || past.entries.try_reserve(more).is_err() {
            return false;
        }
        for buffer in buffers {
            buffer.holes = 0;
            for entry in buffer.entries.drain(..) {
                let Some(object) = entry.object else { continue };
                object.head().set_slot(entry.shares);
                past.push(object, 0);
            }
        }
        true
    }

    /// The counter starts anew.
    pub(super) fn forget_counts(&mut self) {
        self.epoch = self.epoch.checked_add(1).unwrap_or(1);
    }

    /// The weak shares of an object that stands in a buffer.
    #[inline]
    pub(super) fn shares(&mut self, object: Object<S>, place: usize) -> &mut u32 {
        let index = object.head().slot() as usize;
        &mut self.buffers[place].entries[index].shares
    }

    /// Takes the buffers up to place `last` away, entries and all. Their objects
    /// still say that they are buffered; the caller captures each of them.
    pub(super) fn drain(&mut self, last: usize) -> Drained<S> {
        let mut drained = Drained { buffers: [const { Buffer::new() }; PLACES] };
        for index in 0..=last {
            std::mem::swap(&mut drained.buffers[index], &mut self.buffers[index]);
        }
        drained
    }

    /// Puts drained buffers back as they were. What came in meanwhile goes to
    /// their end, or, where there is no memory, is a candidate no longer.
    pub(super) fn undo_drain(&mut self, drained: Drained<S>) {
        for (mine, old) in self.buffers.iter_mut().zip(drained.buffers) {
            if old.entries.is_empty() {
                continue;
            }
            let new = std::mem::replace(mine, old);
            for entry in new.entries {
                let Some(object) = entry.object else { continue };
                object.head().clear(Flags::BUFFERED);
                object.head().set_slot(entry.shares);
                mine.push_growing(object, entry.epoch);
            }
        }
    }

    /// See `Store::give_back_memory`.
    pub(super) fn give_back_memory(&mut self, kept: usize) {
        for buffer in &mut self.buffers {
            give_back(&mut buffer.entries, kept);
        }
    }

    /// Takes the memory of drained buffers for those that hold none.
    pub(super) fn recycle(&mut self, drained: Drained<S>) {
        for (mine, mut old) in self.buffers.iter_mut().zip(drained.buffers) {
            if mine.entries.capacity() == 0 {
                old.entries.clear();
                mine.entries = old.entries;
            }
        }
    }
}

/// Buffers that a collection has taken away from the heap.
#[derive(Debug)]
pub struct Drained<S: Sharing> {
    buffers: [Buffer<S>; PLACES],
}

impl<S: Sharing> Drained<S> {
    /// How many candidates there are.
    pub(crate) fn len(&self) -> usize {
        self.buffers.iter().map(|buffer| buffer.entries.len() - buffer.holes).sum()
    }

    /// Puts [many](MANY) candidates in the order of their addresses. The objects do not know of it;
    /// each is either captured or [restored](Drained::restore) next.
    pub(crate) fn sort(&mut self) {
        if self.len() < MANY {
            return;
        }
        for buffer in &mut self.buffers {
            buffer.entries.sort_unstable_by_key(|entry| entry.object.map(Object::as_erased));
        }
    }

    /// Runs `f` on the candidates and their weak shares, youngest generation first.
    #[inline]
    pub(crate) fn for_each(&self, mut f: impl FnMut(Object<S>, u32)) {
        for entry in self.buffers.iter().flat_map(|buffer| &buffer.entries) {
            if let Some(object) = entry.object {
                f(object, entry.shares);
            }
        }
    }

    /// Hands each candidate back to its entry: it is buffered again, with the
    /// weak shares that `shares` says it has now. `None` leaves a hole.
    pub(crate) fn restore(&mut self, mut shares: impl FnMut(Object<S>) -> Option<u32>) {
        for buffer in &mut self.buffers {
            for (index, entry) in (0..).zip(&mut buffer.entries) {
                let Some(object) = entry.object else { continue };
                match shares(object) {
                    Some(shares) => {
                        entry.shares = shares;
                        object.head().set_slot(index);
                        object.head().set(Flags::BUFFERED);
                    }
                    None => {
                        entry.object = None;
                        buffer.holes += 1;
                    }
                }
            }
        }
    }
}
