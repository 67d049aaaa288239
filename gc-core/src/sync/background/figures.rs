//! What a background collector did so far.

use crate::heap::Report;
use std::fmt;
use std::time::Duration;

/// What a background collector did since it was started.
///
/// # Examples
///
/// ```
/// use gc_core::sync::background;
///
/// let background = background::start(Default::default())?;
/// let _ = background.collect_now().wait();
/// let figures = background.stop();
/// assert!(figures.collections >= 1);
/// println!("{figures}");
/// # Ok::<(), background::StartError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Figures {
    /// Times that the thread began to work: because it was woken by `new`, because an interval
    /// was over, because it was asked. It also looks once when it starts and when a pause ends.
    pub wakeups: usize,
    /// Collections that it ran to their end. A wake-up that finds nothing due runs none.
    pub collections: usize,
    /// The sum of [`Report::collected`].
    pub collected: usize,
    /// The sum of [`Report::resurrected`].
    pub resurrected: usize,
    /// The sum of [`Report::uncollectable`].
    pub uncollectable: usize,
    /// Collections that a panic ended, see
    /// [`set_unraisable_hook`](crate::set_unraisable_hook). They are not in `collections`.
    pub panics: usize,
    /// How long it has been collecting in all, finalizers and destructors included.
    pub busy: Duration,
    /// The longest of these times.
    pub longest: Duration,
    /// The report of the last collection.
    pub last: Option<Report>,
}

/// How a wake-up ended.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outcome {
    /// Nothing was due.
    Idle,
    Collected(Report),
    Panicked,
}

impl Figures {
    /// Nothing yet.
    pub(super) const ZERO: Figures = Figures {
        wakeups: 0,
        collections: 0,
        collected: 0,
        resurrected: 0,
        uncollectable: 0,
        panics: 0,
        busy: Duration::ZERO,
        longest: Duration::ZERO,
        last: None,
    };

    /// Adds a wake-up and what came of it.
    pub(super) fn add(&mut self, outcome: Outcome, took: Duration) {
        self.wakeups += 1;
        match outcome {
            Outcome::Idle => return,
            Outcome::Panicked => self.panics += 1,
            Outcome::Collected(report) => {
                self.collections += 1;
                self.collected += report.collected;
                self.resurrected += report.resurrected;
                self.uncollectable += report.uncollectable;
                self.last = Some(report);
            }
        }
        self.busy += took;
        self.longest = self.longest.max(took);
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} wake-ups, {} collections: {} collected, {} resurrected, {} uncollectable; \
             busy for {:?}, longest {:?}",
            self.wakeups,
            self.collections,
            self.collected,
            self.resurrected,
            self.uncollectable,
            self.busy,
            self.longest
        )?;
        if self.panics > 0 {
            write!(f, ", {} ended by a panic", self.panics)?;
        }
        Ok(())
    }
}
