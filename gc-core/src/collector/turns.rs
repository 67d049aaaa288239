//! The order in which a collection looks at objects: what the first candidate reaches comes before the
//! second, so that what lies close together in memory is looked at together.

/// Whose turn it is to be traced.
#[derive(Debug)]
pub(super) struct Turns {
    /// The number of the next candidate.
    candidate: usize,
    /// The next of those that were found on the way.
    found: usize,
    /// Whose trace runs, or ran last.
    pub(super) asked: Option<u32>,
}

impl Turns {
    /// Nobody has had one yet. The first numbers, so many, are those of candidates.
    pub(super) fn new(candidates: usize) -> Self {
        Turns { candidate: 0, found: candidates, asked: None }
    }

    /// The number of the next, where there are so many candidates and so many objects in all.
    #[inline]
    pub(super) fn next(&mut self, candidates: usize, all: usize) -> Option<usize> {
        let next = if self.found < all {
            &mut self.found
        } else if self.candidate < candidates {
            &mut self.candidate
        } else {
            return None;
        };
        *next += 1;
        Some(*next - 1)
    }
}
