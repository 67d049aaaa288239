//! Whether looks that end small garbage at once are worth their work: arithmetic.

/// So much work a program may lose before anything is known of it.
const BEGINNING: i32 = 256;
/// So much is lost to find out whether things have changed.
const PROBE: i32 = 64;
/// No more than this is lost for what was gained long ago.
const MOST: i32 = 1024;
/// The most collections in a row without such a look.
const LONGEST_REST: u32 = 63;

/// What such looks have gained and lost so far, in objects and edges that were looked at.
///
/// One that fails has done for nothing what the ordinary collection does then; one that succeeds
/// has saved about as much. Where they go on failing they are left out, for more and more
/// collections, between which few are tried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// Gained, less what was lost.
    credit: i32,
    /// Collections that are yet to be left out.
    rest: u32,
    /// How many will be left out the next time.
    next_rest: u32,
}

impl Effort {
    pub(super) const NEW: Effort = Effort { credit: BEGINNING, rest: 0, next_rest: 1 };

    /// A collection begins.
    pub(crate) fn begin(&mut self) {
        if self.rest > 0 {
            self.rest -= 1;
            if self.rest == 0 {
                self.credit = PROBE;
            }
        }
    }

    /// Whether to try.
    #[inline]
    pub(crate) fn is_worth_it(&self) -> bool {
        self.credit > 0
    }

    /// A look at so much has saved another one.
    #[inline]
    pub(crate) fn gained(&mut self, work: usize) {
        self.next_rest = 1;
        self.credit = self.credit.saturating_add(small(work)).min(MOST);
    }

    /// It was in vain.
    pub(crate) fn lost(&mut self, work: usize) {
        self.credit = self.credit.saturating_sub(small(work));
        if self.credit <= 0 {
            self.rest = self.next_rest;
            self.next_rest = (2 * self.next_rest + 1).min(LONGEST_REST);
        }
    }
}

fn small(work: usize) -> i32 {
    i32::try_from(work).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of `collections` try it, where each try loses `work`.
    fn tries(effort: &mut Effort, collections: usize, work: usize) -> usize {
        let mut tries = 0;
        for _ in 0..collections {
            effort.begin();
            while effort.is_worth_it() {
                effort.lost(work);
                tries += 1;
            }
        }
        tries
    }

    #[test]
    fn what_fails_is_tried_less_and_less() {
        let mut effort = Effort::NEW;
        assert_eq!(tries(&mut effort, 1, 64), 4);
        assert_eq!(tries(&mut effort, 11, 64), 3);
        assert!(tries(&mut effort, 1000, 64) < 20);
        assert!(tries(&mut effort, 1000, usize::MAX) < 20);
    }

    #[test]
    fn what_succeeds_is_tried_again_and_again() {
        let mut effort = Effort::NEW;
        for _ in 0..1000 {
            effort.begin();
            assert!(effort.is_worth_it());
            effort.lost(10);
            effort.gained(10);
        }
    }

    #[test]
    fn one_success_is_enough_to_come_back() {
        let mut effort = Effort::NEW;
        tries(&mut effort, 1000, 64);
        while !effort.is_worth_it() {
            effort.begin();
        }
        effort.gained(10);
        effort.lost(1000);
        effort.begin();
        assert!(effort.is_worth_it());
    }

    #[test]
    fn what_was_gained_long_ago_is_soon_lost() {
        let mut effort = Effort::NEW;
        effort.gained(usize::MAX);
        assert_eq!(tries(&mut effort, 1, 64), 16);
    }
}
