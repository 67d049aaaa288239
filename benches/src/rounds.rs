//! Rounds in which every subject has one turn, and what is made of them.
//!
//! The machines that this runs on are shared and noisy, so no figure stands alone: each round asks every
//! subject's process for one batch, beginning with another one each time, and a ratio compares two batches
//! of the same round. What is reported is the median over the rounds.

use crate::process::{Ended, Process, Programs};
use crate::worker::Task;
use crate::workload::{Budget, Contender, Entry, Kind, Start};
use std::time::{Duration, Instant};

/// How long to measure one workload.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// At least so many rounds of each subject,
    rounds: usize,
    /// and more until it has taken so much time,
    time: Duration,
    /// but no more than so many.
    most_rounds: usize,
    /// What takes longer than this for a batch is given up.
    limit: Duration,
    /// The largest structure that is tried.
    deepest: usize,
    /// Whether to look for what is not reclaimed.
    checks: bool,
}

impl Effort {
    /// A minute or less for everything, on an idle machine.
    pub(crate) const QUICK: Effort = Effort {
        rounds: 3,
        time: Duration::from_millis(20),
        most_rounds: 20,
        limit: Duration::from_secs(10),
        deepest: 100_000,
        checks: false,
    };
    /// What the README shows.
    pub(crate) const FULL: Effort = Effort {
        rounds: 4,
        time: Duration::from_millis(800),
        most_rounds: 500,
        limit: Duration::from_secs(60),
        deepest: 1_000_000,
        checks: true,
    };
}

/// One workload, measured.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) workload: String,
    pub(crate) unit: &'static str,
    pub(crate) kind: Kind,
    pub(crate) results: Vec<Measured>,
}

/// What was measured of one subject.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) subject: &'static str,
    /// Median (or least, see `Kind::Least`) of the figures: nanoseconds of an operation, bytes of an object,
    /// or the largest structure that survived.
    pub(crate) figure: Option<f64>,
    /// Why there is none.
    pub(crate) reason: Option<String>,
    pub(crate) rounds: usize,
    /// Which other it is compared with.
    pub(crate) baseline: Option<&'static str>,
    pub(crate) budget: Budget,
    /// Median of the ratios to the baseline, round by round, if there is one.
    pub(crate) ratio: Option<f64>,
    /// The middle half of the ratios lies between these.
    pub(crate) spread: Option<(f64, f64)>,
    /// Bytes that some batches have left behind, if that was looked at.
    pub(crate) left: Option<f64>,
}

/// Left behind by some batches, more than this is no buffer that has grown.
const LEAK: f64 = 65536.0;

impl Measured {
    fn new(contender: &Contender) -> Self {
        Measured {
            subject: contender.subject,
            figure: None,
            reason: None,
            rounds: 0,
            baseline: contender.baseline,
            budget: contender.budget,
            ratio: None,
            spread: None,
            left: None,
        }
    }

    /// Whether what it let go was not all reclaimed.
    pub(crate) fn leaks(&self) -> bool {
        self.left.is_some_and(|left| left > LEAK)
    }

    fn give_up(&mut self, ended: &Ended) {
        self.reason = Some(match ended {
            Ended::Overflow => "overflow".to_string(),
            Ended::Slow(limit) => format!("slow: more than {} s for a batch", limit.as_secs()),
            Ended::Died(how) => format!("died: {how}"),
        });
    }
}

/// How one workload is measured.
struct Measuring<'a> {
    entry: &'a Entry,
    effort: Effort,
    programs: &'a Programs,
    young: Option<usize>,
}

/// Measures one workload for all of its subjects.
pub(crate) fn measure(
    entry: &Entry,
    effort: Effort,
    programs: &Programs,
    young: Option<usize>,
) -> Row {
    let measuring = Measuring { entry, effort, programs, young };
    let mut results: Vec<Measured> = entry.contenders.iter().map(Measured::new).collect();
    for (contender, measured) in entry.contenders.iter().zip(&mut results) {
        measuring.prepare(contender, measured);
    }
    match entry.kind {
        Kind::Depth => {
            for (contender, measured) in entry.contenders.iter().zip(&mut results) {
                measuring.deepen(contender, measured);
            }
        }
        _ => measuring.all_rounds(&mut results),
    }
    Row { workload: entry.name.clone(), unit: entry.unit, kind: entry.kind, results }
}

impl Measuring<'_> {
    fn start(&self, contender: &Contender, task: Task) -> Result<Process, Ended> {
        let counted = matches!(task, Task::Check) || matches!(self.entry.kind, Kind::Memory);
        let program = if counted { self.programs.counted.as_ref() } else { None };
        let program = program.unwrap_or(&self.programs.plain);
        Process::start(program, contender, &self.entry.name, task, self.young)
    }

    /// Whether the subject has a part in this at all, and whether it reclaims what it lets go.
    fn prepare(&self, contender: &Contender, measured: &mut Measured) {
        if let Start::Cannot(reason) = contender.start {
            measured.reason = Some(format!("cannot: {reason}"));
        } else if let (Kind::Memory, None) = (self.entry.kind, &self.programs.counted) {
            measured.reason = Some("left out: wants gc-benches-counted".to_string());
        } else if self.is_checked() {
            let check = self.start(contender, Task::Check);
            match check.and_then(|mut process| process.figure(self.effort.limit * 4)) {
                Ok(left) => measured.left = Some(left),
                Err(ended) => measured.give_up(&ended),
            }
        }
    }

    /// What a workload leaves behind does not depend on how many others live: the large ones are left out.
    fn is_checked(&self) -> bool {
        let name = &self.entry.name;
        let large = name.contains("00000 live") || name.contains("scattered");
        let timed = self.entry.kind == Kind::Time && !large;
        timed && self.effort.checks && self.programs.counted.is_some()
    }

    /// The largest structure that does not end the process: powers of ten, then doubled.
    fn deepen(&self, contender: &Contender, measured: &mut Measured) {
        if measured.reason.is_some() {
            return;
        }
        let mut survives = |size| {
            let process = self.start(contender, Task::Depth(size));
            let end = process.and_then(|mut process| process.line(self.effort.limit));
            if let Err(ended) = &end {
                measured.give_up(ended);
            }
            end.is_ok()
        };
        let mut largest = 0;
        let mut size = 1000;
        while size <= self.effort.deepest && survives(size) {
            largest = size;
            size *= 10;
        }
        if size <= self.effort.deepest {
            let mut between = [2, 4, 8].map(|times| size / 10 * times).into_iter();
            while let Some(size) = between.next().filter(|&size| survives(size)) {
                largest = size;
            }
        }
        measured.figure = Some(largest as f64);
    }

    fn all_rounds(&self, results: &mut [Measured]) {
        let contenders = &self.entry.contenders;
        let mut processes: Vec<Option<Process>> = Vec::new();
        for (contender, measured) in contenders.iter().zip(&mut *results) {
            processes.push(self.begin(contender, measured));
        }
        let mut rounds: Vec<Vec<Option<f64>>> = Vec::new();
        let mut spent = vec![Duration::ZERO; contenders.len()];
        loop {
            let going = |place: usize| {
                processes[place].is_some()
                    && (rounds.len() < self.effort.rounds
                        || (spent[place] < self.effort.time
                            && rounds.len() < self.effort.most_rounds))
            };
            let taking_part: Vec<bool> = (0..contenders.len()).map(going).collect();
            if !taking_part.contains(&true) || self.entry.kind == Kind::Memory && !rounds.is_empty()
            {
                break;
            }
            // A baseline takes part as long as any other does.
            let is_baseline = |place: usize| {
                contenders.iter().any(|other| other.baseline == Some(contenders[place].subject))
            };
            let mut round = vec![None; contenders.len()];
            for turn in 0..contenders.len() {
                let place = (rounds.len() + turn) % contenders.len();
                if !taking_part[place] && !is_baseline(place) {
                    continue;
                }
                let started = Instant::now();
                round[place] = self.turn(&mut processes[place], &mut results[place]);
                spent[place] += started.elapsed();
            }
            rounds.push(round);
        }
        for place in 0..contenders.len() {
            self.sum_up(place, &rounds, results);
        }
    }

    /// Starts a subject's process. Its first batch fills caches and buffers and is not counted.
    fn begin(&self, contender: &Contender, measured: &mut Measured) -> Option<Process> {
        if measured.reason.is_some() {
            return None;
        }
        let begun = self.start(contender, Task::Serve).and_then(|mut process| {
            process.line(self.effort.limit * 4)?;
            if self.entry.kind != Kind::Memory {
                process.batch(self.effort.limit)?;
            }
            Ok(process)
        });
        begun.map_err(|ended| measured.give_up(&ended)).ok()
    }

    fn turn(&self, process: &mut Option<Process>, measured: &mut Measured) -> Option<f64> {
        let figure = process.as_mut()?.batch(self.effort.limit);
        figure
            .map_err(|ended| {
                measured.give_up(&ended);
                *process = None;
            })
            .ok()
    }

    fn sum_up(&self, place: usize, rounds: &[Vec<Option<f64>>], results: &mut [Measured]) {
        let figures = sorted(rounds.iter().filter_map(|round| round[place]));
        let baseline = results[place].baseline;
        let other = results.iter().position(|other| Some(other.subject) == baseline);
        let ratios = other.map_or(Vec::new(), |other| {
            sorted(rounds.iter().filter_map(|round| Some(round[place]? / round[other]?)))
        });
        let measured = &mut results[place];
        measured.rounds = figures.len();
        if measured.reason.is_none() && !figures.is_empty() {
            let typical = if self.entry.kind == Kind::Least { 0.0 } else { 0.5 };
            measured.figure = Some(quantile(&figures, typical));
            if !ratios.is_empty() {
                measured.ratio = Some(quantile(&ratios, 0.5));
                measured.spread = Some((quantile(&ratios, 0.25), quantile(&ratios, 0.75)));
            }
        }
    }
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
