//! Whether looks that end small garbage at once are worth their work: arithmetic.

/// So much work a program may lose before anything is known of it, and no more for what was gained
/// long ago.
const MOST_CREDIT: usize = 1024;
/// So much is lost to find out whether things have changed.
const PROBE: usize = 64;
/// One look takes less work than this: a thread may have to wait for it.
const MOST: usize = 2048;
/// The same where the collector has a thread of its own, so that others wait for locks alone: some
/// 20 microseconds' worth.
const MOST_BESIDE: usize = 256;
/// The most collections in a row without such a look.
const LONGEST_REST: u32 = 255;
/// So many edges are as much work as one object.
const EDGES: usize = 8;

/// What such looks have gained and lost so far, in objects that were looked at.
///
/// One that fails has done for nothing what the ordinary collection does then; one that succeeds
/// has saved about as much. Where they go on failing they are left out, for more and more
/// collections, between which few are tried.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// Gained, less what was lost.
    credit: usize,
    /// Collections that are yet to be left out.
    rest: u32,
    /// How many will be left out the next time.
    next_rest: u32,
}

impl Effort {
    pub(super) const NEW: Effort = Effort { credit: MOST_CREDIT, rest: 0, next_rest: 1 };

    /// The work that an object with so many edges makes.
    #[inline]
    pub(crate) const fn of_edges(edges: usize) -> usize {
        1 + edges / EDGES
    }

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
    pub(crate) const fn is_worth_it(&self) -> bool {
        self.credit > 0
    }

    /// How much work one look may take.
    pub(crate) const fn most(serves_others: bool) -> usize {
        if serves_others { MOST_BESIDE } else { MOST }
    }

    /// A look at so much has saved another one.
    #[inline]
    pub(crate) fn gained(&mut self, work: usize) {
        self.next_rest = 1;
        self.credit = self.credit.saturating_add(work).min(MOST_CREDIT);
    }

    /// It was in vain.
    pub(crate) fn lost(&mut self, work: usize) {
        self.credit = self.credit.saturating_sub(work);
        if self.credit == 0 {
            self.rest = self.next_rest;
            self.next_rest = (2 * self.next_rest + 1).min(LONGEST_REST);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How much work is lost in so many collections where every look fails that takes `work`.
    fn loses(effort: &mut Effort, collections: usize, work: usize) -> usize {
        let mut lost = 0;
        for _ in 0..collections {
            effort.begin();
            while effort.is_worth_it() {
                effort.lost(work);
                lost += work;
            }
        }
        lost
    }

    #[test]
    fn what_fails_is_tried_less_and_less() {
        for work in [1, 10, 1000, MOST] {
            let mut effort = Effort::NEW;
            assert!(loses(&mut effort, 1, work) < MOST_CREDIT + work);
            loses(&mut effort, 1000, work);
            assert!(loses(&mut effort, 1000, work) < 4 * (PROBE + work), "{work}");
        }
    }

    #[test]
    fn what_succeeds_as_often_is_tried_again_and_again() {
        let mut effort = Effort::NEW;
        for _ in 0..1000 {
            effort.begin();
            assert!(effort.is_worth_it());
            effort.lost(10);
            effort.gained(10);
        }
    }

    #[test]
    fn one_success_ends_the_rests() {
        let mut effort = Effort::NEW;
        loses(&mut effort, 1000, 10);
        while !effort.is_worth_it() {
            effort.begin();
        }
        effort.gained(10);
        loses(&mut effort, 1, 10);
        effort.begin();
        assert!(effort.is_worth_it());
    }

    #[test]
    fn what_was_gained_long_ago_is_soon_lost() {
        let mut effort = Effort::NEW;
        effort.gained(usize::MAX);
        assert!(loses(&mut effort, 1, 10) < MOST_CREDIT + 10);
    }
}
