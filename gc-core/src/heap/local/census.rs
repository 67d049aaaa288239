//! How many objects of one thread are alive, of which era they are, and whether that is frozen.

use super::super::era::{PAST, Reach, is_past_middle, place};
use super::super::figures::Generation;
use crate::gc_box::Object;
use crate::sharing::{Flags, Head, Local};
use std::cell::Cell;

/// The living, by era. Leaves have none: no collection looks at them.
#[derive(Debug)]
pub(super) struct Census {
    leaves: Cell<usize>,
    /// Others of the present era.
    own: Cell<usize>,
    /// Others by era, but for the present one.
    past: [Cell<usize>; Flags::ERAS],
    /// The youngest age of the present era.
    dawn: Cell<usize>,
    /// Objects of other eras are frozen.
    frozen: Cell<bool>,
}

impl Census {
    pub(super) const fn new() -> Self {
        Census {
            leaves: Cell::new(0),
            own: Cell::new(0),
            past: [const { Cell::new(0) }; Flags::ERAS],
            dawn: Cell::new(0),
            frozen: Cell::new(false),
        }
    }

    /// Counts an object that is made with `flags`, and gives those that say when.
    #[inline]
    pub(super) fn born(&self, flags: Flags) -> Flags {
        if flags.any(Flags::LEAF) {
            self.leaves.set(self.leaves.get() + 1);
            return flags;
        }
        self.own.set(self.own.get() + 1);
        flags.with(Flags::of_age(self.dawn.get()))
    }

    /// Counts the end of an object that is young or middle, or a leaf; `false` if it is neither, and
    /// [`old_died`](Census::old_died) is to be called.
    #[inline]
    pub(super) fn young_died(&self, flags: Flags) -> bool {
        if flags.any(Flags::LEAF) {
            self.leaves.set(self.leaves.get() - 1);
        } else if is_past_middle(flags, self.dawn.get()) {
            return false;
        } else {
            self.own.set(self.own.get() - 1);
        }
        true
    }

    /// Counts the end of an object that is old or of another era; `true` if it is an old one as far
    /// as the schedule is concerned.
    pub(super) fn old_died(&self, flags: Flags) -> bool {
        self.leave(flags);
        self.place_of(flags) != PAST || !self.is_frozen()
    }

    /// An object of these flags counts no longer in its era.
    fn leave(&self, flags: Flags) {
        let past = self.place_of(flags) == PAST;
        let count = if past { &self.past[flags.era()] } else { &self.own };
        count.set(count.get() - 1);
    }

    /// Makes an object one of that generation, and of the present era.
    #[inline]
    pub(super) fn move_on(&self, object: Object<Local>, next: Generation) {
        let (head, dawn) = (object.head(), self.dawn.get());
        if place(head.flags(), dawn) == PAST {
            self.leave(head.flags());
            self.own.set(self.own.get() + 1);
        }
        head.clear(Flags::ANY_AGE);
        head.set(Flags::of_age(dawn | next as usize));
    }

    pub(super) fn live(&self) -> usize {
        self.leaves.get() + self.own.get() + self.in_past()
    }

    /// Objects of other eras.
    pub(super) fn in_past(&self) -> usize {
        self.past.iter().map(Cell::get).sum()
    }

    /// The place of a candidate of these flags.
    #[inline]
    pub(super) fn place_of(&self, flags: Flags) -> usize {
        place(flags, self.dawn.get())
    }

    /// Which objects a collection of `generation` takes.
    pub(super) fn reach(&self, generation: Generation) -> Reach {
        Reach::up_to(generation, self.dawn.get(), self.is_frozen())
    }

    pub(super) fn is_frozen(&self) -> bool {
        self.frozen.get()
    }

    /// Whether it was another before.
    pub(super) fn set_frozen(&self, frozen: bool) -> bool {
        self.frozen.replace(frozen) != frozen
    }

    /// An era that nobody alive is of, for objects that are to come; `None` also where nothing was
    /// made in the present one.
    pub(super) fn free_era(&self) -> Option<usize> {
        let now = Flags::of_age(self.dawn.get()).era();
        let free = |&era: &usize| era != now && self.past[era].get() == 0;
        if self.own.get() == 0 { None } else { (0..Flags::ERAS).find(free) }
    }

    /// The present era is over, and a [free](Census::free_era) one begins.
    pub(super) fn begin(&self, era: usize) {
        self.past[Flags::of_age(self.dawn.get()).era()].set(self.own.take());
        self.dawn.set(Flags::dawn(era));
    }
}
