//! How an example begins and ends.

use crate::report::Report;
use gc_core::set_unraisable_hook;
use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What can go wrong, and the exit code it earns.
#[derive(Debug)]
pub enum Error {
    /// The user gave us something that we cannot use. Exit code 2.
    Input(String),
    /// What the user asked for could not be done. Exit code 1.
    Failed(String),
    /// Something that an example claims did not hold. Exit code 1.
    Check(String),
    /// The report could not be written. Exit code 1.
    Output(io::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Input(problem) | Error::Failed(problem) => f.write_str(problem),
            Error::Check(claim) => write!(f, "check failed: {claim}"),
            Error::Output(error) => write!(f, "cannot write: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Error::Output(error)
    }
}

/// An error that names the claim, unless it holds.
///
/// # Errors
///
/// If the claim does not hold.
pub fn check(holds: bool, claim: impl FnOnce() -> String) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::Check(claim())) }
}

/// Runs an example. What goes wrong becomes one line on standard error, with the program's name
/// before it, and an exit code. So does a panic that the collector had to swallow: there must not
/// be any.
pub fn run(name: &str, body: impl FnOnce(&mut Report) -> Result<(), Error>) -> ExitCode {
    static SWALLOWED: AtomicUsize = AtomicUsize::new(0);
    set_unraisable_hook(Some(Box::new(|event| {
        SWALLOWED.fetch_add(1, Ordering::Relaxed);
        eprintln!("{event}");
    })));
    let outcome = body(&mut Report::new()).and_then(|()| {
        let swallowed = SWALLOWED.load(Ordering::Relaxed);
        check(swallowed == 0, || format!("nothing panics in the collector, but {swallowed} did"))
    });
    // The end of a line that is none yet stands in a buffer.
    let outcome = outcome.and_then(|()| Ok(io::stdout().flush()?));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output (`head`, a pager) has seen enough.
        Err(Error::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::from(if matches!(error, Error::Input(_)) { 2 } else { 1 })
        }
    }
}
