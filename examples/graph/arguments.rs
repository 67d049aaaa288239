//! The command line.

use crate::input::Source;
use gc_examples::arguments::{Argument, Arguments, no_such_option, usage};
use gc_examples::program::Error;
use std::path::{Path, PathBuf};

pub(crate) const HELP: &str = "\
Builds a graph of garbage-collected nodes, finds its strongly connected components, and drops it.

usage: graph [FILE | --nodes N [--edges N] [--seed N]]

  FILE       an edge list, or a Cargo.lock; this workspace's own if left out
  --nodes N  make a graph up instead, of so many nodes
  --edges N  so many edges, between nodes taken at random (as many as nodes)
  --seed N   which ones (1)
  --help     print this";

/// The most nodes, and the most edges, that a graph is made up of.
const MOST: usize = 100_000_000;

/// What the user asked for.
#[derive(Debug)]
pub(crate) enum Command {
    Help,
    Run(Source),
}

/// Reads the command line.
pub(crate) fn parse() -> Result<Command, Error> {
    let mut arguments = Arguments::of_process();
    let (mut file, mut nodes, mut edges, mut seed) = (None, None, None, None);
    while let Some(argument) = arguments.next() {
        match argument {
            Argument::Value(_) if file.is_some() => return Err(usage("more than one file")),
            Argument::Value(path) => file = Some(PathBuf::from(path)),
            Argument::Option(option) => match option.as_str() {
                "--help" | "-h" => return Ok(Command::Help),
                "--nodes" => nodes = Some(arguments.number(&option, 1..=MOST)?),
                "--edges" => edges = Some(arguments.number(&option, 0..=MOST)?),
                "--seed" => seed = Some(arguments.number(&option, 0..=u64::MAX)?),
                _ => return Err(no_such_option(&option)),
            },
        }
    }
    match (file, nodes) {
        (Some(_), Some(_)) => Err(usage("a file or --nodes, not both")),
        (None, Some(nodes)) => {
            let (edges, seed) = (edges.unwrap_or(nodes), seed.unwrap_or(1));
            Ok(Command::Run(Source::Random { nodes, edges, seed }))
        }
        (_, None) if edges.is_some() || seed.is_some() => {
            Err(usage("--edges and --seed go with --nodes"))
        }
        (file, None) => Ok(Command::Run(Source::File(file.unwrap_or_else(own_lock)))),
    }
}

/// The lock file of the workspace that this example was compiled in.
fn own_lock() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    workspace.unwrap_or(Path::new(".")).join("Cargo.lock")
}
