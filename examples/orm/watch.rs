//! What the collector does while somebody watches.

use crate::error::Error;
use gc_core::GenerationStats;
use gc_core::unsync;
use gc_examples::report::Report;
use std::time::Duration;

/// The collections since a point in time.
///
/// The statistics count all collections. So the explicit ones are kept here as
/// well, and what is left of the difference were automatic.
pub(crate) struct Watch {
    before: [GenerationStats; 3],
    explicit: Vec<gc_core::Report>,
}

/// The sum of some collections of one generation.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum {
    runs: usize,
    candidates: usize,
    visited: usize,
    collected: usize,
    resurrected: usize,
    duration: Duration,
}

impl Watch {
    pub(crate) fn start() -> Self {
        Watch { before: unsync::stats(), explicit: Vec::new() }
    }

    /// A full collection, now.
    pub(crate) fn collect(&mut self) {
        self.explicit.push(unsync::collect());
    }

    /// How many objects were found unreachable and reclaimed.
    pub(crate) fn collected(&self) -> usize {
        self.all().iter().map(|sum| sum.collected).sum()
    }

    /// How many collections there were.
    pub(crate) fn runs(&self) -> usize {
        self.all().iter().map(|sum| sum.runs).sum()
    }

    /// Prints a line for each generation that was collected.
    pub(crate) fn print(&self, report: &mut Report) -> Result<(), Error> {
        let [young, middle, old] = self.automatic();
        let explicit = self.explicit();
        let named = [
            ("young, automatic", young),
            ("middle, automatic", middle),
            ("old, automatic", old),
            ("old, collect()", explicit),
        ];
        let rows: Vec<_> = named
            .into_iter()
            .filter(|(_, sum)| sum.runs > 0)
            .map(|(name, sum)| sum.row(name))
            .collect();
        Ok(report.table(Sum::HEADINGS, &rows)?)
    }

    /// All collections, by generation.
    fn all(&self) -> [Sum; 3] {
        let now = unsync::stats();
        std::array::from_fn(|number| Sum::from(&now[number]) - Sum::from(&self.before[number]))
    }

    /// The collections that nobody asked for, by generation.
    fn automatic(&self) -> [Sum; 3] {
        let [young, middle, old] = self.all();
        [young, middle, old - self.explicit()]
    }

    /// The collections that somebody asked for; full ones, so all of the old generation.
    fn explicit(&self) -> Sum {
        self.explicit.iter().map(Sum::from).fold(Sum::default(), |sum, report| sum + report)
    }
}

impl Sum {
    const HEADINGS: [&str; 7] =
        ["collections", "runs", "candidates", "visited", "collected", "resurrected", "time"];

    fn row(self, name: &str) -> [String; 7] {
        [
            name.to_owned(),
            self.runs.to_string(),
            self.candidates.to_string(),
            self.visited.to_string(),
            self.collected.to_string(),
            self.resurrected.to_string(),
            format!("{:.3} ms", self.duration.as_secs_f64() * 1e3),
        ]
    }

    /// Both sums, field by field, put together by `count` and `time`.
    fn zip(
        self,
        other: Sum,
        count: fn(usize, usize) -> usize,
        time: fn(Duration, Duration) -> Duration,
    ) -> Sum {
        Sum {
            runs: count(self.runs, other.runs),
            candidates: count(self.candidates, other.candidates),
            visited: count(self.visited, other.visited),
            collected: count(self.collected, other.collected),
            resurrected: count(self.resurrected, other.resurrected),
            duration: time(self.duration, other.duration),
        }
    }
}

impl std::ops::Add for Sum {
    type Output = Sum;

    fn add(self, other: Sum) -> Sum {
        self.zip(other, |a, b| a + b, |a, b| a + b)
    }
}

impl std::ops::Sub for Sum {
    type Output = Sum;

    fn sub(self, other: Sum) -> Sum {
        self.zip(other, |a, b| a - b, |a, b| a - b)
    }
}

impl From<&GenerationStats> for Sum {
    fn from(stats: &GenerationStats) -> Sum {
        Sum {
            runs: stats.collections,
            candidates: stats.candidates,
            visited: stats.visited,
            collected: stats.collected,
            resurrected: stats.resurrected,
            duration: stats.duration,
        }
    }
}

impl From<&gc_core::Report> for Sum {
    fn from(report: &gc_core::Report) -> Sum {
        Sum {
            runs: 1,
            candidates: report.candidates,
            visited: report.visited,
            collected: report.collected,
            resurrected: report.resurrected,
            duration: report.duration,
        }
    }
}
