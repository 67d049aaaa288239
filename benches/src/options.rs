//! The command line.

use crate::workload::Entry;
use std::path::PathBuf;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Handle operations and collections of gc-core beside std's pointers.

USAGE: gc-benches [OPTIONS] [WORDS]

Without options every workload is measured, which takes a few minutes. WORDS
select those workloads whose names contain one of them.

OPTIONS:
    --quick         fewer rounds: under a minute
    --young N       set gc-core's young threshold, to find a good one
    --json PATH     write the figures there as well
    --list          print the workloads and their subjects, and stop
    --once WORKLOAD SUBJECT BATCHES
                    run one workload for one subject, for a profiler
    --stalls BATCHES
                    what a thread waits for beside a million live objects
    --help          print this";

/// What is to be done.
#[derive(Debug)]
pub(crate) enum Command {
    /// Print the help.
    Help,
    /// Print the workloads.
    List,
    /// Run one workload without measuring it.
    Once { workload: String, subject: String, batches: usize },
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
    words: Vec<String>,
}

impl Options {
    /// Whether the workload is to be measured.
    pub(crate) fn selects(&self, entry: &Entry) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| entry.name.contains(word.as_str()))
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
            "--once" => {
                let (workload, subject, batches) = (next()?, next()?, next()?);
                let batches = batches.parse().map_err(|_| format!("not a number: {batches}"))?;
                return Ok(Command::Once { workload, subject, batches });
            }
            "--stalls" => {
                let batches = next()?;
                let batches = batches.parse().map_err(|_| format!("not a number: {batches}"))?;
                return Ok(Command::Stalls { batches });
            }
            "--young" => {
                let young = next()?;
                let number = young.parse().map_err(|_| format!("not a number: {young}"))?;
                options.young = Some(number);
            }
            "--quick" => options.quick = true,
            "--json" => options.json = Some(PathBuf::from(next()?)),
            // What `cargo bench` passes on.
            "--bench" => {}
            word if !word.starts_with('-') => options.words.push(argument),
            _ => return Err(format!("unknown option {argument}; try --help")),
        }
    }
    Ok(Command::Run(options))
}
