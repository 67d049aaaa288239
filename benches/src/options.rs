//! The command line.

use crate::worker::{Task, Work};
use crate::workload::Entry;
use std::path::PathBuf;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
gc-core beside std's pointers and, with the feature `peers`, beside other crates and CPython.

USAGE: cargo bench -p gc-benches --features peers -- [OPTIONS] [WORDS]

Without options every workload is measured, which takes some ten minutes. WORDS
select those workloads whose names contain one of them.

OPTIONS:
    --quick         under a minute: fewer rounds, nothing with a hundred thousand objects or
                    more, and no look at what is not reclaimed
    --only A,B,...  these subjects alone (and what they are compared with)
    --young N       set gc-core's young threshold, to find a good one
    --json PATH     write the figures there as well
    --list          print the workloads and their subjects, and stop
    --once WORKLOAD SUBJECT BATCHES
                    run one workload for one subject, for a profiler
    --stalls BATCHES
                    what a thread waits for beside a million live objects
    --help          print this

Each subject has a process of its own. It is started with
    --serve WORKLOAD SUBJECT        a batch for each line of input
    --check WORKLOAD SUBJECT        the bytes that some batches leave behind
    --depth WORKLOAD SUBJECT SIZE   a structure of that size on a stack of 8 MiB";

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Command {
    /// Print the help.
    Help,
    /// Print the workloads.
    List,
    /// Be the process of one subject.
    Work(Work),
    /// Print what the longest stalls come from.
    Stalls { batches: usize },
    /// Measure.
    Run(Options),
}

/// What to measure, and how.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) quick: bool,
    pub(crate) json: Option<PathBuf>,
    pub(crate) young: Option<usize>,
    only: Option<Vec<String>>,
    words: Vec<String>,
}

impl Options {
    /// Leaves those subjects that are to be measured; none, if the workload is not to be.
    pub(crate) fn select(&self, entry: &mut Entry) {
        let named = self.words.iter().any(|word| entry.name.contains(word.as_str()));
        let is_large = ["100000", "scattered"].iter().any(|word| entry.name.contains(word));
        let large = self.quick && is_large;
        if !named && (large || !self.words.is_empty()) {
            entry.contenders.clear();
        }
        if let Some(only) = &self.only {
            let is_named = |name: &str| only.iter().any(|subject| subject == name);
            let chosen = entry.contenders.iter().filter(|contender| is_named(contender.subject));
            let baselines: Vec<&str> = chosen.filter_map(|contender| contender.baseline).collect();
            entry.contenders.retain(|contender| {
                is_named(contender.subject) || baselines.contains(&contender.subject)
            });
        }
    }
}

/// Reads the arguments.
///
/// # Errors
///
/// A message for the user, if they make no sense.
pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut options = Options::default();
    while let Some(argument) = arguments.next() {
        let mut next = || arguments.next().ok_or(format!("{argument} wants a value"));
        match argument.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--list" => return Ok(Command::List),
            "--serve" | "--check" | "--once" | "--depth" => {
                let (workload, subject) = (next()?, next()?);
                let task = match argument.as_str() {
                    "--serve" => Task::Serve,
                    "--check" => Task::Check,
                    "--once" => Task::Once(number(&next()?)?),
                    _ => Task::Depth(number(&next()?)?),
                };
                let young = options.young;
                return Ok(Command::Work(Work { task, workload, subject, young }));
            }
            "--stalls" => return Ok(Command::Stalls { batches: number(&next()?)? }),
            "--young" => options.young = Some(number(&next()?)?),
            "--quick" => options.quick = true,
            "--only" => options.only = Some(next()?.split(',').map(str::to_string).collect()),
            "--json" => options.json = Some(PathBuf::from(next()?)),
            // What `cargo bench` passes on.
            "--bench" => {}
            word if !word.starts_with('-') => options.words.push(argument),
            _ => return Err(format!("unknown option {argument}; try --help")),
        }
    }
    Ok(Command::Run(options))
}

fn number(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("not a number: {text}"))
}
