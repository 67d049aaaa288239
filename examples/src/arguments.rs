//! Options on the command line: a name, and a value after it where one is needed.

use crate::program::Error;
use std::ffi::OsString;
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

/// The arguments of a program, one after another, without the program's own name.
#[derive(Debug)]
pub struct Arguments(std::vec::IntoIter<OsString>);

/// One argument: an option begins with `-`.
#[derive(Debug)]
pub enum Argument {
    /// With its dashes.
    Option(String),
    /// Anything else, which may be a path that is no text.
    Value(OsString),
}

impl Arguments {
    /// Those of this process.
    #[must_use]
    pub fn of_process() -> Self {
        Arguments(std::env::args_os().skip(1).collect::<Vec<_>>().into_iter())
    }

    /// The value after the option of this name, as a path.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn path(&mut self, option: &str) -> Result<PathBuf, Error> {
        let path = self.0.next().ok_or_else(|| usage(format_args!("{option} needs a path")))?;
        Ok(PathBuf::from(path))
    }

    /// The value after the option of this name, as a number in a range.
    ///
    /// # Errors
    ///
    /// If there is none, or it is no such number.
    pub fn number<N: FromStr + PartialOrd + Display>(
        &mut self,
        option: &str,
        range: RangeInclusive<N>,
    ) -> Result<N, Error> {
        let value = self.0.next().and_then(|value| value.to_str()?.parse().ok());
        value.filter(|number| range.contains(number)).ok_or_else(|| {
            let (least, most) = (range.start(), range.end());
            usage(format_args!("{option} needs a number from {least} to {most}"))
        })
    }
}

impl Iterator for Arguments {
    type Item = Argument;

    fn next(&mut self) -> Option<Argument> {
        let argument = self.0.next()?;
        Some(match argument.into_string() {
            Ok(option) if option.starts_with('-') => Argument::Option(option),
            Ok(value) => Argument::Value(value.into()),
            Err(value) => Argument::Value(value),
        })
    }
}

/// The command line makes no sense: what is wrong with it.
pub fn usage(problem: impl Display) -> Error {
    Error::Input(format!("{problem} (try --help)"))
}

/// There is no option of this name.
#[must_use]
pub fn no_such_option(option: &str) -> Error {
    usage(format_args!("no such option: {option}"))
}
