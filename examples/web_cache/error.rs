//! What can go wrong, and the exit code it earns.

use std::fmt;
use std::io;
use std::process::ExitCode;

#[derive(Debug)]
pub(crate) enum Error {
    /// The command line makes no sense.
    Usage(String),
    /// Something that this example claims did not hold.
    Check(String),
    /// Sockets, processes and threads.
    Io(io::Error),
    /// The report could not be written.
    Output(io::Error),
}

impl Error {
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Error::Usage(_) => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Usage(problem) => write!(f, "{problem} (try --help)"),
            Error::Check(claim) => write!(f, "check failed: {claim}"),
            Error::Io(error) => error.fmt(f),
            Error::Output(error) => write!(f, "cannot write the report: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Error::Io(error)
    }
}

/// An error that names the claim, unless it holds.
pub(crate) fn check(holds: bool, claim: impl FnOnce() -> String) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::Check(claim())) }
}
