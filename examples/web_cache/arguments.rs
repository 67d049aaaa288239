//! The command line.

use crate::error::Error;
use crate::mode::Mode;
use std::process::Command as Process;
use std::time::Duration;

pub(crate) const HELP: &str = "\
Runs a small HTTP service under load with the collector off, in the foreground and in the
background, and compares latencies and memory.

usage: web_cache [--seconds N] [--connections N] [--rate N] [--quick]

  --seconds N      how long each of the two parts of a phase takes (2)
  --connections N  how many visitors there are at a time (4)
  --rate N         requests a second in the second part of each phase
                   (a quarter of what the service does flat out with the collector off)
  --quick          a quarter of a second and two visitors: whether it works, not how well
  --phase MODE     run one phase only: off, foreground or background; prints JSON
  --help           print this";

/// What the user asked for.
#[derive(Debug)]
pub(crate) enum Command {
    Help,
    Run(Options),
    Phase(Mode, Options),
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    /// How long each of the two parts of a phase takes.
    pub(crate) duration: Duration,
    pub(crate) connections: u32,
    /// `None` until the first phase has found one out.
    pub(crate) rate: Option<f64>,
}

impl Options {
    const DEFAULT: Options =
        Options { duration: Duration::from_secs(2), connections: 4, rate: None };

    /// Adds the arguments that ask another process for one phase with these options.
    pub(crate) fn ask_for(&self, mode: Mode, process: &mut Process) {
        process.args(["--phase", mode.name()]);
        process.arg("--seconds").arg(self.duration.as_secs_f64().to_string());
        process.arg("--connections").arg(self.connections.to_string());
        if let Some(rate) = self.rate {
            process.arg("--rate").arg(rate.to_string());
        }
    }
}

/// Reads the arguments, without the program's name.
pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Command, Error> {
    let mut options = Options::DEFAULT;
    let mut phase = None;
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--quick" => {
                options.duration = Duration::from_millis(250);
                options.connections = 2;
            }
            "--seconds" => {
                let seconds = number(&argument, arguments.next(), 0.01, 3600.0)?;
                options.duration = Duration::from_secs_f64(seconds);
            }
            "--connections" => {
                options.connections = number(&argument, arguments.next(), 1.0, 1000.0)? as u32;
            }
            "--rate" => {
                options.rate = Some(number(&argument, arguments.next(), 1.0, 1e6)?);
            }
            "--phase" => {
                let mode = arguments.next().and_then(|name| Mode::named(&name));
                let usage = || Error::Usage("--phase needs off, foreground or background".into());
                phase = Some(mode.ok_or_else(usage)?);
            }
            _ => return Err(Error::Usage(format!("no such option: {argument}"))),
        }
    }
    Ok(phase.map_or(Command::Run(options), |mode| Command::Phase(mode, options)))
}

/// The number after `option`.
fn number(option: &str, value: Option<String>, least: f64, most: f64) -> Result<f64, Error> {
    let number = value.and_then(|value| value.parse().ok());
    number
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| Error::Usage(format!("{option} needs a number from {least} to {most}")))
}
