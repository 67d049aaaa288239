//! What can go wrong, and the exit code it earns.

use crate::database::PackageId;
use std::fmt;
use std::io;
use std::process::ExitCode;

#[derive(Debug)]
pub(crate) enum Error {
    /// The user gave us something that we cannot use.
    Input(String),
    /// SQLite refused a statement.
    Sqlite(rusqlite::Error),
    /// There is no row with this id.
    NoSuchPackage(PackageId),
    /// A relation was asked for, for the first time, of an entity whose session is over.
    SessionOver,
    /// Something that this example claims did not hold.
    Check(String),
    /// The report could not be written.
    Output(io::Error),
}

impl Error {
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Error::Input(_) => ExitCode::from(2),
            _ => ExitCode::FAILURE,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Input(problem) => f.write_str(problem),
            Error::Sqlite(error) => write!(f, "SQLite: {error}"),
            Error::NoSuchPackage(id) => write!(f, "no package has the id {id}"),
            Error::SessionOver => f.write_str("a relation was loaded after its session was over"),
            Error::Check(claim) => write!(f, "check failed: {claim}"),
            Error::Output(error) => write!(f, "cannot write the report: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Error::Sqlite(error)
    }
}

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Error::Output(error)
    }
}

/// An error that names the claim, unless it holds.
pub(crate) fn check(holds: bool, claim: impl FnOnce() -> String) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::Check(claim())) }
}
