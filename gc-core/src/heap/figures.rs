//! The figures that users read and set: generations, reports, thresholds.

use std::fmt;
use std::ops::Sub;
use std::time::Duration;

/// How old an object is: how many collections it has survived, up to two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Generation {
    /// Not yet met by a collection, or not survived one.
    Young = 0,
    /// Survived one.
    Middle = 1,
    /// Survived two or more, or a full one.
    Old = 2,
}

impl Generation {
    /// All three, youngest first.
    pub const ALL: [Generation; 3] = [Generation::Young, Generation::Middle, Generation::Old];

    /// Where the survivors of a collection of this generation go.
    pub(crate) const fn next(self) -> Generation {
        match self {
            Generation::Young => Generation::Middle,
            Generation::Middle | Generation::Old => Generation::Old,
        }
    }

    /// The generation numbered `index`, at most the oldest.
    pub(crate) const fn of_index(index: usize) -> Generation {
        match index {
            0 => Generation::Young,
            1 => Generation::Middle,
            _ => Generation::Old,
        }
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Generation::Young => "young",
            Generation::Middle => "middle",
            Generation::Old => "old",
        })
    }
}

/// What one collection did. [The guide](crate::docs::tuning#reading-a-report) reads one. All
/// numbers are of objects.
///
/// # Examples
///
/// ```
/// use gc_core::{Generation, unsync};
///
/// let report = unsync::collect();
/// assert_eq!(report.generation, Generation::Old);
/// println!("{report}");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a report says what the collection found; `let _ = collect()` if that does not matter"]
pub struct Report {
    /// The oldest generation that was collected.
    pub generation: Generation,
    /// Objects that it started from.
    pub candidates: usize,
    /// Objects that it looked at: the candidates and what they reach in these generations.
    pub visited: usize,
    /// Objects that were found unreachable and are gone.
    ///
    /// What died by count as a consequence is not in here, as in Python.
    pub collected: usize,
    /// Objects that were found unreachable and that a finalizer made reachable again.
    pub resurrected: usize,
    /// Objects that were found unreachable, whose value was dropped, and whose memory had to be
    /// kept because handles to them were leaked.
    pub uncollectable: usize,
    /// How long it took, finalizers and destructors included.
    pub duration: Duration,
}

impl Report {
    /// The report of a collection of `generation` that found nothing to do.
    pub const fn empty(generation: Generation) -> Report {
        Report {
            generation,
            candidates: 0,
            visited: 0,
            collected: 0,
            resurrected: 0,
            uncollectable: 0,
            duration: Duration::ZERO,
        }
    }

    /// What Python's `gc.collect()` returns: all that was found unreachable and not resurrected.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{Generation, Report};
    ///
    /// let report = Report { collected: 2, resurrected: 1, ..Report::empty(Generation::Old) };
    /// assert_eq!(report.total(), 2);
    /// ```
    #[doc(alias = "gc.collect")]
    #[must_use]
    pub const fn total(&self) -> usize {
        self.collected + self.uncollectable
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} collection: {} candidates, {} visited, {} collected, {} resurrected, {} uncollectable, {:?}",
            self.generation,
            self.candidates,
            self.visited,
            self.collected,
            self.resurrected,
            self.uncollectable,
            self.duration
        )
    }
}

/// What the collections of one generation did since the heap began: Python's `gc.get_stats()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias = "gc.get_stats")]
pub struct GenerationStats {
    /// Collections of which this was the oldest generation.
    pub collections: usize,
    /// The sum of [`Report::candidates`].
    pub candidates: usize,
    /// The sum of [`Report::visited`].
    pub visited: usize,
    /// The sum of [`Report::collected`].
    pub collected: usize,
    /// The sum of [`Report::resurrected`].
    pub resurrected: usize,
    /// The sum of [`Report::uncollectable`].
    pub uncollectable: usize,
    /// The sum of [`Report::duration`].
    pub duration: Duration,
}

impl GenerationStats {
    /// Nothing yet.
    pub(crate) const ZERO: GenerationStats = GenerationStats {
        collections: 0,
        candidates: 0,
        visited: 0,
        collected: 0,
        resurrected: 0,
        uncollectable: 0,
        duration: Duration::ZERO,
    };

    /// Adds one collection.
    pub(crate) fn add(&mut self, report: &Report) {
        self.collections += 1;
        self.candidates += report.candidates;
        self.visited += report.visited;
        self.collected += report.collected;
        self.resurrected += report.resurrected;
        self.uncollectable += report.uncollectable;
        self.duration += report.duration;
    }
}

/// What was done between two readings.
impl Sub for GenerationStats {
    type Output = GenerationStats;

    fn sub(self, earlier: GenerationStats) -> GenerationStats {
        GenerationStats {
            collections: self.collections - earlier.collections,
            candidates: self.candidates - earlier.candidates,
            visited: self.visited - earlier.visited,
            collected: self.collected - earlier.collected,
            resurrected: self.resurrected - earlier.resurrected,
            uncollectable: self.uncollectable - earlier.uncollectable,
            duration: self.duration - earlier.duration,
        }
    }
}

/// What a heap has made and ended since it began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Objects made.
    pub(crate) made: usize,
    /// Objects whose value was dropped or moved out.
    pub(crate) ended: usize,
    /// Bytes of the boxes of the objects made.
    pub(crate) bytes_made: usize,
    /// Bytes of the boxes of the objects that ended.
    pub(crate) bytes_ended: usize,
}

impl Tally {
    /// How many objects are alive.
    pub(super) fn objects(&self) -> usize {
        let alive = self.made.wrapping_sub(self.ended);
        // One that is made here and dies there may be seen to die first.
        if alive.cast_signed() < 0 { 0 } else { alive }
    }
}

/// When automatic collections run: Python's `gc.get_threshold()`. The unit of all three is in
/// the fields; [the guide](crate::docs::tuning) works an example.
///
/// # Examples
///
/// ```
/// use gc_core::{Thresholds, unsync};
///
/// unsync::set_thresholds(Thresholds { young: 1000, ..unsync::thresholds() });
/// assert_eq!(unsync::thresholds().young, 1000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(alias = "gc.get_threshold")]
pub struct Thresholds {
    /// A young collection is due when there are more candidates than this since
    /// the last collection; or, with fewer, when there are five objects more for each of these than it has
    /// left, as a candidate may lead to many. (That is asked when a candidate is entered, if some hundred
    /// objects were made since it was asked last.) Zero switches automatic collection off.
    pub young: usize,
    /// The middle generation is collected too when there were more young
    /// collections than this since it last was.
    pub middle: usize,
    /// The old generation is collected too when there were more middle
    /// collections than this since it last was, if it has grown by a quarter, or if four times
    /// as many candidates were counted since as it has objects.
    pub old: usize,
}

impl Thresholds {
    /// CPython's from 2000 to 3.12: (700, 10, 10).
    pub const PY311: Thresholds = Thresholds { young: 700, middle: 10, old: 10 };
    /// CPython's in 3.13: (2000, 10, 10).
    pub const PY313: Thresholds = Thresholds { young: 2000, middle: 10, old: 10 };
    /// What a new heap starts with: CPython's of 3.13. Lower young thresholds cost more where much
    /// survives, higher ones pause longer, and leave the caches.
    pub const DEFAULT: Thresholds = Thresholds::PY313;
}

impl Default for Thresholds {
    fn default() -> Self {
        Thresholds::DEFAULT
    }
}
