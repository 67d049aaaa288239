//! Of which era the objects of one thread are, and whether the past is frozen.

use super::super::era::{PAST, Reach, is_past_middle, place};
use super::super::figures::Generation;
use crate::gc_box::Object;
use crate::sharing::{Flags, Local};
use std::cell::Cell;

/// The living of other eras than the present, which are all others.
#[derive(Debug)]
pub(super) struct Census {
    /// By era.
    past: [Cell<usize>; Flags::ERAS],
    /// The youngest age of the present era.
    dawn: Cell<usize>,
    /// Objects of other eras are frozen.
    frozen: Cell<bool>,
}

impl Census {
    pub(super) const fn new() -> Self {
        Census {
            past: [const { Cell::new(0) }; Flags::ERAS],
            dawn: Cell::new(0),
            frozen: Cell::new(false),
        }
    }

    /// The flags that say when an object is made that is made now.
    #[inline]
    pub(super) fn age_now(&self) -> Flags {
        Flags::of_age(self.dawn.get())
    }

    /// Whether an object of these flags is old or of another era. Its end is then told to
    /// [`old_died`](Census::old_died).
    #[inline]
    pub(super) fn is_past_middle(&self, flags: Flags) -> bool {
        is_past_middle(flags, self.dawn.get())
    }

    /// Counts the end of an object that is old or of another era; `true` if it is an old one as far
    /// as the schedule is concerned.
    pub(super) fn old_died(&self, flags: Flags) -> bool {
        if self.place_of(flags) != PAST {
            return true;
        }
        self.leave(flags);
        !self.is_frozen()
    }

    /// An object of these flags, which are of another era, counts no longer there.
    fn leave(&self, flags: Flags) {
        let count = &self.past[flags.era()];
        count.set(count.get() - 1);
    }

    /// Makes an object of these flags one of that generation, and of the present era.
    #[inline]
    pub(super) fn move_on(&self, object: Object<Local>, flags: Flags, next: Generation) {
        let dawn = self.dawn.get();
        let age = Flags::of_age(dawn | next as usize);
        if flags.only(Flags::ANY_AGE) == age {
            return;
        }
        if place(flags, dawn) == PAST {
            self.leave(flags);
        }
        object.head().change(Flags::ANY_AGE, age);
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

    /// An era that nobody alive is of, for objects that are to come; `None` also where none of
    /// those `live` was made in the present one.
    pub(super) fn free_era(&self, live: usize) -> Option<usize> {
        let now = self.age_now().era();
        let free = |&era: &usize| era != now && self.past[era].get() == 0;
        if live == self.in_past() { None } else { (0..Flags::ERAS).find(free) }
    }

    /// The present era is over, with so many `live` objects of all eras, and a
    /// [free](Census::free_era) one begins.
    pub(super) fn begin(&self, era: usize, live: usize) {
        self.past[self.age_now().era()].set(live - self.in_past());
        self.dawn.set(Flags::dawn(era));
    }
}
