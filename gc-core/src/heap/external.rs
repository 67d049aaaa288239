//! When memory that objects hold outside of the heap calls for a collection: arithmetic.
//!
//! Say a full collection has left L bytes, and T is the threshold. A collection comes when the
//! bytes have grown by T since the one before, and it is a full one when they have grown by more
//! than L/2 + 4 T since the last full one. So
//!
//! - *what is outstanding is bounded*: never more than L + L/2 + 5 T and what is reported at once;
//! - *work stays linear*: each full collection is paid for by half as many bytes again, newly
//!   reported, as the one before has left.

use super::figures::Generation;

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct External {
    threshold: usize,
    /// Bytes that the last collection has left.
    after_last: usize,
    /// Bytes that the last full collection has left.
    after_full: usize,
}

/// A full collection takes growth by so many thresholds at least.
const FULL: usize = 4;

impl External {
    /// 16 MiB: small beside what a program holds that has a problem with such memory (80 MB and
    /// 420 MB in CPython's GH-142516), and so much that to get and fill it takes a program far
    /// longer than a young collection takes.
    pub(super) const DEFAULT: External =
        External { threshold: 16 << 20, after_last: 0, after_full: 0 };

    pub(crate) const fn threshold(&self) -> usize {
        self.threshold
    }

    pub(crate) const fn set_threshold(&mut self, threshold: usize) {
        self.threshold = threshold;
    }

    /// More bytes than this call for a collection.
    pub(super) const fn limit(&self) -> usize {
        match self.threshold {
            0 => usize::MAX,
            threshold => self.after_last.saturating_add(threshold),
        }
    }

    /// Which generation a collection takes where there are so many `bytes`, if one is due; `usual`
    /// unless it is to be a full one.
    pub(super) fn choose(&self, bytes: usize, usual: Generation) -> Option<Generation> {
        if bytes <= self.limit() {
            return None;
        }
        let paid = (self.after_full / 2).saturating_add(self.threshold.saturating_mul(FULL));
        let grown = bytes.saturating_sub(self.after_full);
        Some(if grown > paid { Generation::Old } else { usual })
    }

    /// A collection has left so many `bytes`.
    pub(super) fn finish(&mut self, generation: Generation, bytes: usize) {
        self.after_last = bytes;
        // Where they have fallen since, the growth is counted from there.
        if generation == Generation::Old || bytes < self.after_full {
            self.after_full = bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Generation::{Middle, Old, Young};
    use super::*;

    fn new(threshold: usize) -> External {
        External { threshold, ..External::DEFAULT }
    }

    #[test]
    fn growth_by_more_than_the_threshold_calls_for_a_collection() {
        let mut external = new(100);
        assert_eq!(external.choose(100, Young), None);
        assert_eq!(external.choose(101, Young), Some(Young));
        assert_eq!(external.choose(101, Middle), Some(Middle));
        external.finish(Young, 50);
        assert_eq!((external.choose(150, Young), external.choose(151, Young)), (None, Some(Young)));
    }

    #[test]
    fn zero_switches_it_off() {
        assert_eq!(new(0).choose(usize::MAX, Young), None);
        assert_eq!(new(usize::MAX).choose(usize::MAX, Young), None);
    }

    #[test]
    fn a_full_collection_takes_half_of_what_the_last_has_left_and_four_thresholds() {
        let mut external = new(100);
        assert_eq!(
            (external.choose(400, Young), external.choose(401, Young)),
            (Some(Young), Some(Old))
        );
        external.finish(Old, 1000);
        external.finish(Young, 1800);
        assert_eq!(external.choose(1900, Young), None);
        assert_eq!(external.choose(1901, Young), Some(Old));
        external.finish(Young, 1500);
        assert_eq!(external.choose(1900, Young), Some(Young));
        external.finish(Middle, 600);
        let grown = 600 + 300 + 400;
        external.finish(Young, grown - 100);
        assert_eq!(external.choose(grown + 1, Young), Some(Old));
    }

    /// Each step reports a little, and a share of it is garbage that only a full collection finds.
    fn run(threshold: usize, steps: usize, garbage_of_ten: usize) -> (usize, usize) {
        let mut external = new(threshold);
        let (mut live, mut garbage, mut visited, mut worst) = (0_usize, 0_usize, 0_usize, 0.0_f64);
        for step in 0..steps {
            if step % 10 < garbage_of_ten {
                garbage += 1
            } else {
                live += 1
            }
            let bytes = live + garbage;
            let left = external.after_full;
            let bound = left + left / 2 + (FULL + 1) * threshold + 1;
            assert!(bytes <= bound, "{bytes} of at most {bound}");
            worst = worst.max(bytes as f64 / bound as f64);
            let Some(generation) = external.choose(bytes, Young) else { continue };
            if generation == Old {
                visited += bytes;
                garbage = 0;
            }
            external.finish(generation, live + garbage);
        }
        assert!(worst > 0.5, "the bound says something: {worst}");
        (visited, live + garbage)
    }

    #[test]
    #[cfg_attr(miri, ignore = "a million steps of arithmetic")]
    fn garbage_is_bounded_and_work_is_linear() {
        for garbage in [0, 3, 9, 10] {
            let (visited, _) = run(100, 1_000_000, garbage);
            assert!(visited <= 4 * 1_000_000, "{visited} bytes were visited with {garbage}");
        }
    }
}
