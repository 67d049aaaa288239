//! The command line.

use crate::error::Error;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub(crate) const HELP: &str = "\
Maps the packages of a Cargo lock file to objects and back, through SQLite.

usage: orm [--db PATH] [LOCKFILE]

  LOCKFILE   the lock file to read; this workspace's own if left out
  --db PATH  keep the database in a new file at PATH rather than in memory
  --help     print this";

/// What the user asked for.
#[derive(Debug)]
pub(crate) enum Command {
    Help,
    Run(Options),
}

/// What to work on.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) lock: PathBuf,
    /// `None` is a database in memory.
    pub(crate) database: Option<PathBuf>,
}

/// Reads the arguments, without the program's name.
pub(crate) fn parse(mut arguments: impl Iterator<Item = OsString>) -> Result<Command, Error> {
    let mut lock = None;
    let mut database = None;
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--help" | "-h") => return Ok(Command::Help),
            Some("--db") => {
                let path = arguments.next().ok_or_else(|| usage("--db needs a path"))?;
                database = Some(PathBuf::from(path));
            }
            Some(option) if option.starts_with('-') => {
                return Err(usage(&format!("no such option: {option}")));
            }
            _ if lock.is_some() => return Err(usage("more than one lock file")),
            _ => lock = Some(PathBuf::from(argument)),
        }
    }
    Ok(Command::Run(Options { lock: lock.unwrap_or_else(own_lock), database }))
}

fn usage(problem: &str) -> Error {
    Error::Input(format!("{problem} (try --help)"))
}

/// The lock file of the workspace that this example was compiled in.
fn own_lock() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    workspace.unwrap_or(Path::new(".")).join("Cargo.lock")
}
