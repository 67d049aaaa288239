//! A small HTTP service whose objects refer to each other, under load.
//!
//! ```text
//! cargo run --release --example web_cache
//! cargo run --release --example web_cache -- --seconds 10 --connections 8
//! ```
//!
//! A server keeps things for each other's sake: a page in the cache remembers who read it,
//! a reader what it asked for, a request whose it was and what the answer came from. All
//! these are strong handles here, so that a page can always say what its readers read besides.
//! Nobody can say which handle is the last, and nobody need: a session ends when the table
//! drops it and the pages have newer readers. It and its requests hold each other then, and
//! they the pages that they were about: garbage that no count will free.
//!
//! | file | what it shows |
//! |---|---|
//! | `model.rs` | the objects: `#[derive(Trace)]` over `Mutex` and `RwLock`, and a [`Finalize`](gc_core::Finalize) hook |
//! | `sessions.rs` | an index of weak handles whose callbacks keep it clean, on any thread |
//! | `cache.rs` | what holds the pages; which locks to hold over a `Gc::new`, and which not |
//! | `account.rs` | what the finalizers keep, and the last check reads |
//! | `lock.rs` | how the service's locks and the collector get along |
//! | `service.rs` | the routes; [`Gc`](gc_core::sync::Gc) as an extractor of axum's and across its threads |
//! | `mode.rs` | the collector off, in the foreground and in the background |
//! | `phase.rs` | one mode under load, from start to nothing left |
//! | `server.rs`, `connection.rs`, `visitor.rs`, `load.rs`, `memory.rs` | the server, those who use it, and what is measured |
//! | `outcome.rs`, `report.rs` | what came of it |
//!
//! Each mode runs in a process of its own, so that none starts with the memory of another.
//! The server and its visitors share the machine and one process: the throughput is that of both.
//!
//! Wrong usage gets one line on standard error and exit code 2; a check that fails gets one
//! line (inside a phase two, of which the second names the phase) and exit code 1. The main
//! checks are the last: after a collection only what the service can reach is there; and when the
//! service is dropped, nothing is.

#![forbid(unsafe_code)]

mod account;
mod arguments;
mod cache;
mod connection;
mod error;
mod load;
mod lock;
mod memory;
mod mode;
mod model;
mod outcome;
mod phase;
mod report;
mod server;
mod service;
mod sessions;
mod visitor;

use crate::arguments::{Command, HELP, Options};
use crate::error::{Error, check};
use crate::mode::Mode;
use crate::outcome::{Left, Outcome};
use crate::report::Report;
use std::io;
use std::process::{Command as Process, ExitCode, Stdio};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output (`head`, a pager) has seen enough.
        Err(Error::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("web_cache: {error}");
            error.exit_code()
        }
    }
}

fn run() -> Result<(), Error> {
    let mut report = Report::new();
    let arguments = std::env::args_os().skip(1);
    match arguments::parse(arguments.map(|it| it.to_string_lossy().into_owned()))? {
        Command::Help => report.line(HELP),
        Command::Phase(mode, options) => {
            let outcome = phase::run(mode, &options)?;
            let outcome = serde_json::to_string(&outcome);
            report.line(outcome.map_err(|error| Error::Check(error.to_string()))?)
        }
        Command::Run(options) => run_all(options, &mut report),
    }
}

/// Runs the three phases and compares them.
fn run_all(mut options: Options, report: &mut Report) -> Result<(), Error> {
    let mut outcomes = Vec::new();
    for mode in Mode::ALL {
        let outcome = run_apart(mode, &options)?;
        // All are asked for as much as the first one.
        options.rate = Some(outcome.rate);
        outcomes.push(outcome);
    }
    report.compare(&options, &outcomes)?;
    outcomes.iter().try_for_each(verify)?;
    report.line(
        "\nnothing is left: every object is gone, every page released, every session unlisted",
    )
}

/// Runs a phase in a process of its own.
fn run_apart(mode: Mode, options: &Options) -> Result<Outcome, Error> {
    let mut process = Process::new(std::env::current_exe()?);
    options.ask_for(mode, &mut process);
    let output = process.stderr(Stdio::inherit()).output()?;
    check(output.status.success(), || format!("{mode}: the phase ends well: {}", output.status))?;
    serde_json::from_slice(&output.stdout)
        .map_err(|error| Error::Check(format!("{mode}: the phase says what came of it: {error}")))
}

/// What has to hold after every phase.
fn verify(outcome: &Outcome) -> Result<(), Error> {
    let Outcome { mode, left, .. } = outcome;
    check(*left == Left::default(), || format!("{mode}: nothing is left, but there is {left:?}"))?;
    let (alive, most) = (outcome.alive, phase::most_alive());
    check(alive <= most, || format!("{mode}: at most {most} objects are in use, not {alive}"))?;
    check(outcome.collected() > 0, || format!("{mode}: there were cycles to collect"))?;
    check(outcome.collected() <= outcome.made.total(), || {
        format!("{mode}: no more is collected than made")
    })?;
    let automatic: usize = outcome.automatic.iter().map(|sum| sum.runs).sum();
    check(*mode != Mode::Off || automatic == 0, || format!("{mode}: nothing starts by itself"))
}
