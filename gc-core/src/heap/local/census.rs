//! How many objects of one thread are alive of each era, leaves left out, and whether they are frozen.

use super::super::era::{PAST, Reach, is_past_middle, place};
use super::super::figures::Generation;
use crate::gc_box::Object;
use crate::sharing::{Flags, Head, Local};
use std::cell::Cell;

/// The living, by era. Leaves are not counted: no collection looks at them. They bear their era all
/// the same, as one that something is attached to is a leaf no longer.
#[derive(Debug)]
pub(super) struct Census {
    /// Of the present era.
    own: Cell<usize>,
    /// By era, but for the present one.
    past: [Cell<usize>; Flags::ERAS],
    /// The youngest age of the present era.
    dawn: Cell<usize>,
    /// Objects of other eras are frozen.
    frozen: Cell<bool>,
}

impl Census {
    pub(super) const fn new() -> Self {
        Census {
            own: Cell::new(0),
            past: [const { Cell::new(0) }; Flags::ERAS],
            dawn: Cell::new(0),
            frozen: Cell::new(false),
        }
    }

    /// Counts an object that is made with `flags`, and gives those that say when.
    #[inline]
    pub(super) fn born(&self, flags: Flags) -> Flags {
        if !flags.any(Flags::LEAF) {
            self.own.set(self.own.get() + 1);
        }
        flags.with(Flags::of_age(self.dawn.get()))
    }

    /// Counts the end of an object that is young or middle, or a leaf; `false` if it is neither, and
    /// [`old_died`](Census::old_died) is to be called.
    #[inline]
    pub(super) fn young_died(&self, flags: Flags) -> bool {
        if flags.any(Flags::LEAF) {
            return true;
        }
        let young = !is_past_middle(flags, self.dawn.get());
        if young {
            self.own.set(self.own.get() - 1);
        }
        young
    }

    /// Counts the end of an object that is old or of another era; `true` if it is an old one as far
    /// as the schedule is concerned.
    pub(super) fn old_died(&self, flags: Flags) -> bool {
        self.leave(flags);
        self.place_of(flags) != PAST || !self.is_frozen()
    }

    /// An object of these flags counts no longer in its era.
    fn leave(&self, flags: Flags) {
        let count = self.count_of(flags);
        count.set(count.get() - 1);
    }

    /// Counts an object of these flags that was a leaf until now.
    pub(super) fn grew(&self, flags: Flags) {
        let count = self.count_of(flags);
        count.set(count.get() + 1);
    }

    /// Where an object of these flags is counted.
    fn count_of(&self, flags: Flags) -> &Cell<usize> {
        let past = self.place_of(flags) == PAST;
        if past { &self.past[flags.era()] } else { &self.own }
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
