//! Rounds in which every subject has one turn, and what is made of them.
//!
//! The machines that this runs on are shared and noisy, so no figure stands
//! alone: each round runs one batch of every subject, beginning with another
//! one each time, and a ratio compares two batches of the same round. What is
//! reported is the median over the rounds. Time is the thread's CPU time, which
//! leaves out what other processes took.

use crate::workload::{Budget, Entry, Runner};
use rustix::time::{ClockId, Timespec, clock_gettime};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// One batch of one subject.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    /// The time in the part of the batch that is measured.
    pub(crate) time: Duration,
    /// How many operations that was.
    pub(crate) operations: u64,
}

impl Sample {
    /// Nanoseconds for one operation.
    fn nanoseconds(&self) -> f64 {
        self.time.as_secs_f64() * 1e9 / self.operations as f64
    }
}

/// Measures `f`, which does so many operations. A batch has one such part.
pub(crate) fn timed<R>(operations: usize, f: impl FnOnce() -> R) -> Sample {
    let started = thread_time();
    let result = timed_region(f);
    let time = thread_time().saturating_sub(started);
    // Whatever the part has made is dropped outside of it.
    drop(black_box(result));
    Sample { time, operations: operations as u64 }
}

/// Only what runs in here is counted under callgrind, which finds it by its name.
#[inline(never)]
fn timed_region<R>(f: impl FnOnce() -> R) -> R {
    f()
}

/// The CPU time of this thread.
pub(crate) fn thread_time() -> Duration {
    let Timespec { tv_sec, tv_nsec } = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(tv_sec.unsigned_abs(), u32::try_from(tv_nsec).unwrap_or(0))
}

/// How long to measure one workload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// At least so many rounds.
    rounds: usize,
    /// Rounds go on until so much time has passed, as long as there are fewer than
    time: Duration,
    /// so many.
    most_rounds: usize,
}

impl Effort {
    /// A minute or less for everything.
    pub(crate) const QUICK: Effort =
        Effort { rounds: 5, time: Duration::from_millis(600), most_rounds: 501 };
    /// What the README shows.
    pub(crate) const FULL: Effort =
        Effort { rounds: 15, time: Duration::from_millis(4000), most_rounds: 2001 };
}

/// One line of the table.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) workload: String,
    pub(crate) unit: &'static str,
    pub(crate) rounds: usize,
    pub(crate) results: Vec<Measured>,
}

/// What was measured of one subject.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) subject: &'static str,
    /// Median (or least, see `Workload::LEAST`) nanoseconds of one operation.
    pub(crate) nanoseconds: f64,
    /// Which other it is compared with, by its place.
    pub(crate) baseline: Option<usize>,
    pub(crate) budget: Budget,
    /// Median of the ratios to the baseline, round by round, if there is one.
    pub(crate) ratio: Option<f64>,
    /// The middle half of the ratios lies between these.
    pub(crate) spread: Option<(f64, f64)>,
}

/// Measures one workload for all of its subjects.
pub(crate) fn measure(entry: &Entry, effort: Effort) -> Row {
    let mut runners: Vec<Runner> =
        entry.contenders.iter().map(|contender| (contender.start)()).collect();
    // The first round fills caches and buffers and is not counted.
    for runner in &mut runners {
        runner();
    }
    let mut rounds: Vec<Vec<f64>> = Vec::new();
    let started = Instant::now();
    while rounds.len() < effort.rounds
        || (started.elapsed() < effort.time && rounds.len() < effort.most_rounds)
    {
        rounds.push(one_round(&mut runners, rounds.len()));
    }
    let results = entry.contenders.iter().enumerate().map(|(index, contender)| {
        let ratios = contender
            .baseline
            .map(|other| sorted(rounds.iter().map(|round| round[index] / round[other])));
        let typical = if entry.least { 0.0 } else { 0.5 };
        Measured {
            subject: contender.subject,
            nanoseconds: quantile(&sorted(rounds.iter().map(|round| round[index])), typical),
            baseline: contender.baseline,
            budget: contender.budget,
            ratio: ratios.as_ref().map(|ratios| quantile(ratios, 0.5)),
            spread: ratios.map(|ratios| (quantile(&ratios, 0.25), quantile(&ratios, 0.75))),
        }
    });
    Row {
        workload: entry.name.clone(),
        unit: entry.unit,
        rounds: rounds.len(),
        results: results.collect(),
    }
}

/// One batch of each subject, beginning with number `first`.
fn one_round(runners: &mut [Runner], first: usize) -> Vec<f64> {
    let count = runners.len();
    let mut times = vec![0.0; count];
    for turn in 0..count {
        let index = (first + turn) % count;
        times[index] = runners[index]().nanoseconds();
    }
    times
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The value below which the share `at` of the sorted `values` lies.
fn quantile(values: &[f64], at: f64) -> f64 {
    let place = (values.len() - 1) as f64 * at;
    values[place.round() as usize]
}
