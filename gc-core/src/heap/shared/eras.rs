//! Which era it is in the heap of all threads.

use super::super::era::{PAST, Reach, place};
use super::super::figures::Generation;
use super::central::central;
use crate::primitive::Ordering::Relaxed;
use crate::sharing::Flags;

/// After so many freezes there are no more eras: a head has room for that number.
pub(super) const LAST_ERA: usize = Flags::of_age(u32::MAX as usize).only(Flags::ANY_AGE).era();

/// The youngest age of the present era.
#[inline]
pub(super) fn dawn() -> usize {
    // Relaxed: who must know it exactly has the collector flag. An object that is made when a
    // freeze begins is of this era or of that, and either is right.
    central().signs.dawn.load(Relaxed)
}

/// Which list a candidate of these flags goes to, exact for who has the collector flag.
pub(super) fn list_of(flags: Flags) -> usize {
    match place(flags, dawn()) {
        PAST if !central().signs.is_frozen.load(Relaxed) => Generation::Old as usize,
        place => place,
    }
}

/// Which objects a collection of `generation` takes, for who has the collector flag.
pub(super) fn reach(generation: Generation) -> Reach {
    Reach::up_to(generation, dawn(), central().signs.is_frozen.load(Relaxed))
}
