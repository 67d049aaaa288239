//! What the age of an object means: its generation, or that it stems from before a freeze.
//!
//! Nobody knows all objects, so a freeze cannot visit those it is about. Each object bears the
//! era that it was made in instead, and a freeze begins a new one: whatever is of another era is
//! frozen, or, after an `unfreeze`, old.

use super::figures::Generation;
use crate::sharing::Flags;

/// The place of candidates of earlier eras, after those of the three generations.
pub(super) const PAST: usize = Generation::Old as usize + 1;

/// How many places there are for candidates.
pub(super) const PLACES: usize = PAST + 1;

/// The generation of an object of these flags, or [`PAST`], where `dawn` is the youngest age of
/// the present era.
#[inline]
pub(super) const fn place(flags: Flags, dawn: usize) -> usize {
    let age = since(flags, dawn);
    if age > PAST { PAST } else { age }
}

/// Whether it is old, or of an earlier era.
#[inline]
pub(super) const fn is_past_middle(flags: Flags, dawn: usize) -> bool {
    since(flags, dawn) > Generation::Middle as usize
}

/// The generation, or some higher number for an object of another era.
#[inline]
const fn since(flags: Flags, dawn: usize) -> usize {
    flags.age().wrapping_sub(dawn)
}

/// Which objects a collection takes.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    dawn: usize,
    oldest: usize,
}

impl Reach {
    /// Those up to `generation`; with earlier eras, if all are taken and those are not frozen.
    pub(super) const fn up_to(generation: Generation, dawn: usize, frozen: bool) -> Reach {
        let oldest = match generation {
            Generation::Old if !frozen => usize::MAX,
            _ => generation as usize,
        };
        Reach { dawn, oldest }
    }

    /// Whether it takes whatever it comes to.
    pub(crate) const fn is_everything(self) -> bool {
        self.oldest == usize::MAX
    }

    /// Whether an object of these flags is taken.
    #[inline]
    pub(crate) const fn takes(self, flags: Flags) -> bool {
        since(flags, self.dawn) <= self.oldest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_era_takes_all_others_for_the_past() {
        for now in 0..Flags::ERAS {
            let dawn = Flags::dawn(now);
            for era in 0..Flags::ERAS {
                for generation in Generation::ALL {
                    let flags = Flags::of_age(Flags::dawn(era) | generation as usize);
                    let own = era == now;
                    let expected = if own { generation as usize } else { PAST };
                    assert_eq!((place(flags, dawn), flags.era()), (expected, era));
                    assert_eq!(is_past_middle(flags, dawn), expected >= 2);
                    for limit in Generation::ALL {
                        let takes = |frozen| Reach::up_to(limit, dawn, frozen).takes(flags);
                        assert_eq!(takes(true), own && generation <= limit);
                        let all = limit == Generation::Old;
                        assert_eq!(takes(false), if own { generation <= limit } else { all });
                    }
                }
            }
        }
    }
}
