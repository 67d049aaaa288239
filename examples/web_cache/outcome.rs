//! What a phase tells the process that started it.

use crate::memory::Sample;
use crate::mode::Mode;
use gc_core::{GenerationStats, Report};
use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The quantiles that are reported, and their names.
pub(crate) const QUANTILES: [(&str, f64); 5] =
    [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1.0)];

/// The upper bounds of the classes of the coarse histogram, in microseconds. One
/// more class takes the rest.
pub(crate) const BOUNDS: [u64; 11] =
    [64, 128, 256, 512, 1024, 2048, 4096, 8192, 16_384, 32_768, 65_536];

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) mode: Mode,
    /// The first part, flat out.
    pub(crate) requests: u64,
    /// Requests a second in it.
    pub(crate) throughput: f64,
    /// Requests a second that were due in the second part.
    pub(crate) rate: f64,
    /// The second part, from when a request was due.
    pub(crate) due: Latencies,
    /// The same, from when it was sent.
    pub(crate) sent: Latencies,
    pub(crate) memory: Vec<Sample>,
    pub(crate) made: Made,
    /// What was collected before the end, by generation.
    pub(crate) automatic: [Collections; 3],
    /// What the background collector says of itself.
    pub(crate) figures: Option<String>,
    /// What the collection after the load found.
    pub(crate) after: Collections,
    /// Objects that were left of it: those that the service reaches.
    pub(crate) alive: usize,
    /// What a last collection found when the service was dropped.
    pub(crate) last: Collections,
    pub(crate) left: Left,
}

/// Times in nanoseconds.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Latencies {
    pub(crate) count: u64,
    /// In the order of [`QUANTILES`].
    pub(crate) quantiles: [u64; QUANTILES.len()],
    /// How many there are up to each of [`BOUNDS`] and above the one before, and the rest.
    pub(crate) classes: [u64; BOUNDS.len() + 1],
}

/// How many objects there have been, by kind.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Made {
    pub(crate) pages: usize,
    pub(crate) sessions: usize,
    pub(crate) requests: usize,
    /// Sessions that were pushed out of the table and came back. They are not made anew.
    pub(crate) returned: usize,
}

/// The sum of some collections.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Collections {
    pub(crate) runs: usize,
    pub(crate) collected: usize,
    pub(crate) duration: Duration,
}

/// What is there when everything was dropped and collected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Left {
    /// Objects that the collector knows.
    pub(crate) objects: usize,
    /// Sessions whose callback has not taken them out of the index.
    pub(crate) sessions: usize,
    /// Pages whose finalizer has not run.
    pub(crate) pages: usize,
    /// What they take.
    pub(crate) bytes: usize,
    /// Panics that the collector had to swallow.
    pub(crate) panics: usize,
}

impl Latencies {
    pub(crate) fn of(histogram: &Histogram<u64>) -> Self {
        let mut below = 0;
        let mut class = |bound: Option<&u64>| {
            let upper = bound.map_or(histogram.high(), |bound| bound * 1000);
            // Classes are told apart as finely as the histogram does it, to a part in a thousand.
            let upto = histogram.iter_recorded().take_while(|it| it.value_iterated_to() <= upper);
            let upto: u64 = upto.map(|it| it.count_at_value()).sum();
            upto - std::mem::replace(&mut below, upto)
        };
        let mut classes = [0; BOUNDS.len() + 1];
        for (number, count) in classes.iter_mut().enumerate() {
            *count = class(BOUNDS.get(number));
        }
        let quantiles = QUANTILES.map(|(_, quantile)| histogram.value_at_quantile(quantile));
        Latencies { count: histogram.len(), quantiles, classes }
    }
}

impl Made {
    pub(crate) fn total(self) -> usize {
        self.pages + self.sessions + self.requests
    }
}

impl Outcome {
    /// How many objects were collected in all. The others died by count.
    pub(crate) fn collected(&self) -> usize {
        let automatic = self.automatic.iter().map(|sum| sum.collected);
        automatic.sum::<usize>() + self.after.collected + self.last.collected
    }
}

impl From<&GenerationStats> for Collections {
    fn from(stats: &GenerationStats) -> Self {
        let &GenerationStats { collections, collected, duration, .. } = stats;
        Collections { runs: collections, collected, duration }
    }
}

impl From<&Report> for Collections {
    fn from(report: &Report) -> Self {
        Collections { runs: 1, collected: report.collected, duration: report.duration }
    }
}
