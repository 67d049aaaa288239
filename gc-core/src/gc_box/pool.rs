//! Blocks of boxes that have ended, kept for the next ones.
//!
//! Where objects are made as others die, an allocator is asked for what it was given a moment ago. So
//! a thread keeps some of that itself, in lists by length that are linked through the blocks: to take
//! one and to put one back is some eight instructions each.
//!
//! | while | there is room for |
//! |---|---|
//! | objects die by count | [`FEW`] bytes in all, or as much as the last collection has left here |
//! | a collection runs | [`MANY`]. What was not needed since the last one has gone back before; all of it, if somebody has asked for a full one |
//! | the thread ends | nothing |
//!
//! Such lists are what CPython has as well (`clear_freelists`: a full collection empties them).

#[cfg(test)]
mod tests;

use super::MIN_ALIGN;
use super::alloc::free_block;
use std::alloc::Layout;
use std::cell::Cell;
use std::ptr::NonNull;

/// Whether boxes are kept. Not where the end of each is to be seen: by Miri, by model checkers, and,
/// with `--cfg gc_plain_memory`, by memcheck and the sanitizers.
pub(super) const KEEPS: bool = !cfg!(any(miri, loom, shuttle, gc_plain_memory));

/// What deaths by count leave here, in bytes. With 32, 128 and 256 KiB a binary tree of 8191 that
/// is built and dropped takes 1.10, 0.86 and 0.57 of `Rc`'s time, a thousand nodes 0.71, 0.43, 0.41.
// (Under Miri only the tests of this file have a pool.)
const FEW: usize = if cfg!(miri) { 1 << 11 } else { 1 << 17 };

/// What a collection leaves here at most, in bytes. With 64 KiB, 256 KiB and 1 MiB rings of ten
/// take 2.94, 2.49 and 1.69 of `Rc`'s time: a young collection ends 560 KiB of them.
const MANY: usize = if cfg!(miri) { 1 << 14 } else { 1 << 20 };

const _: () = assert!(FEW <= MANY);

/// Longer boxes are not kept: they are rare, and filling them takes longer than getting them.
const LONGEST: usize = 256;

/// Lengths differ by so much, and nothing is rounded up. Those in between, which end with some single
/// bytes, are not kept.
const STEP: usize = 4;

const CLASSES: usize = (LONGEST - MIN_ALIGN) / STEP + 1;

/// All boxes of one length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Class(usize);

impl Class {
    /// That of a layout, if such boxes are kept.
    pub(super) const fn of(layout: Layout) -> Option<Class> {
        let size = layout.size();
        let kept = layout.align() == MIN_ALIGN && size >= MIN_ALIGN && size <= LONGEST;
        if kept && size.is_multiple_of(STEP) {
            Some(Class((size - MIN_ALIGN) / STEP))
        } else {
            None
        }
    }

    const fn size(self) -> usize {
        MIN_ALIGN + self.0 * STEP
    }

    pub(super) const fn layout(self) -> Layout {
        match Layout::from_size_align(self.size(), MIN_ALIGN) {
            Ok(layout) => layout,
            Err(_) => panic!("no class is that long"),
        }
    }
}

/// The first word of a block that is kept.
struct Link {
    next: Option<NonNull<Link>>,
}

const _: () = assert!(size_of::<Link>() <= MIN_ALIGN && align_of::<Link>() <= MIN_ALIGN);

/// Blocks of each class, last in, first out.
type Lists = [Cell<Option<NonNull<Link>>>; CLASSES];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing was put here yet: nobody would give it back when the thread ends.
    New,
    Open,
    /// Nothing is put here any more.
    Closed,
}

/// What a thread keeps.
///
/// # Invariants
///
/// 1. The lists of a class are of different blocks that were allocated with its layout. Each begins with
///    a link, and nobody else uses it.
/// 2. While it is open `limit` is `room` and the length of all blocks; otherwise `room` is zero. Unless
///    it is open the lists are empty.
pub(crate) struct Pool {
    /// What has come since the last collection.
    fresh: Lists,
    /// What was there then, and was not needed since.
    idle: Lists,
    /// How many bytes may be here in all.
    limit: Cell<usize>,
    /// How many more may come.
    room: Cell<usize>,
    state: Cell<State>,
    /// A collection is going on.
    collects: Cell<bool>,
}

impl Pool {
    /// An empty one.
    pub(crate) const fn new() -> Self {
        Pool {
            fresh: [const { Cell::new(None) }; CLASSES],
            idle: [const { Cell::new(None) }; CLASSES],
            limit: Cell::new(FEW),
            room: Cell::new(0),
            state: Cell::new(State::New),
            collects: Cell::new(false),
        }
    }

    /// A block with the layout of `class`, if there is one: the caller's, and as good as fresh memory.
    #[inline]
    pub(super) fn take(&self, class: Class) -> Option<NonNull<u8>> {
        let pop = |lists: &Lists| {
            let first = lists[class.0].get()?;
            // SAFETY: by invariant 1 it begins with a link, and nobody writes there.
            lists[class.0].set(unsafe { first.as_ref() }.next);
            self.room.set(self.room.get() + class.size());
            Some(first.cast())
        };
        pop(&self.fresh).or_else(|| pop(&self.idle))
    }

    /// Puts a block here. `false` if there is no room for it; then it is still the caller's.
    ///
    /// # Safety
    ///
    /// It was allocated with the layout of `class`, and nobody uses it afterwards.
    #[inline]
    pub(super) unsafe fn put(&self, block: NonNull<u8>, class: Class) -> bool {
        let Some(room) = self.room.get().checked_sub(class.size()) else { return false };
        self.room.set(room);
        let (first, list) = (block.cast::<Link>(), &self.fresh[class.0]);
        // SAFETY: the caller gives us the block. It is long enough for a link, and aligned for one.
        unsafe { first.write(Link { next: list.get() }) };
        list.set(Some(first));
        true
    }

    /// Whether it has not been opened or closed yet.
    pub(super) fn is_new(&self) -> bool {
        self.state.get() == State::New
    }

    /// Opens a new one: from here on blocks can be put here. Somebody closes it when the thread ends.
    pub(super) fn open(&self) {
        if self.is_new() {
            self.state.set(State::Open);
            self.room.set(self.limit.get());
        }
    }

    /// A collection begins. What was not needed since the last one goes back; with `all`, everything.
    pub(crate) fn begin_collection(&self, all: bool) {
        if self.held() > 0 {
            self.give_back(&self.idle);
            self.idle.iter().zip(&self.fresh).for_each(|(idle, fresh)| idle.swap(fresh));
            if all {
                self.give_back(&self.idle);
            }
        }
        self.set_limit(MANY);
        self.collects.set(true);
    }

    /// It has ended, if one has begun. From here on there may be as much as it leaves.
    pub(crate) fn end_collection(&self) {
        if self.collects.take() {
            self.set_limit(self.held().max(FEW));
        }
    }

    /// Gives everything back, and keeps nothing from here on.
    pub(crate) fn close(&self) {
        self.give_back(&self.fresh);
        self.give_back(&self.idle);
        self.state.set(State::Closed);
        self.room.set(0);
    }

    /// How many bytes are here.
    fn held(&self) -> usize {
        if self.state.get() == State::Open { self.limit.get() - self.room.get() } else { 0 }
    }

    fn set_limit(&self, limit: usize) {
        if self.state.get() == State::Open {
            self.room.set(limit - self.held());
        }
        self.limit.set(limit);
    }

    fn give_back(&self, lists: &Lists) {
        for (class, list) in (0..).map(Class).zip(lists) {
            let mut rest = list.take();
            while let Some(first) = rest {
                // SAFETY: by invariant 1 it begins with a link, and nobody writes there.
                rest = unsafe { first.as_ref() }.next;
                self.room.set(self.room.get() + class.size());
                // SAFETY: by invariant 1 it was allocated so, and nobody uses it: the list that it
                // was in has none of its blocks any more.
                unsafe { free_block(first.cast(), class.layout()) };
            }
        }
    }
}
