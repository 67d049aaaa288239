//! The three ways in which the collector is run.

use crate::error::{Error, check};
use gc_core::sync::{self, background};
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Mode {
    /// Nothing is collected, garbage piles up.
    Off,
    /// The thread that makes the object with which a collection is due collects.
    Foreground,
    /// A thread of its own collects.
    Background,
}

impl Mode {
    pub(crate) const ALL: [Mode; 3] = [Mode::Off, Mode::Foreground, Mode::Background];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Mode::Off => "off",
            Mode::Foreground => "foreground",
            Mode::Background => "background",
        }
    }

    /// The mode with this name.
    pub(crate) fn named(name: &str) -> Option<Mode> {
        Mode::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The collector in one of its modes, for as long as this lives.
pub(crate) enum Collector {
    Off(sync::PauseGuard),
    /// What happens by itself.
    Foreground,
    Background(background::Background),
}

impl Collector {
    pub(crate) fn start(mode: Mode) -> Result<Self, Error> {
        check(sync::thresholds().young > 0, || "collections start by themselves".into())?;
        Ok(match mode {
            Mode::Off => Collector::Off(sync::pause()),
            Mode::Foreground => Collector::Foreground,
            Mode::Background => {
                let background = background::start(background::Config::default());
                let refused = |error| Error::Check(format!("the collector starts: {error}"));
                Collector::Background(background.map_err(refused)?)
            }
        })
    }

    /// Ends the mode; what the background collector says of itself.
    pub(crate) fn stop(self) -> Option<String> {
        match self {
            Collector::Off(guard) => drop(guard),
            Collector::Foreground => {}
            Collector::Background(background) => {
                // Once more in the background, so that its figures tell of everything so far.
                let _ = background.collect_now().wait();
                return Some(background.stop().to_string());
            }
        }
        None
    }
}
