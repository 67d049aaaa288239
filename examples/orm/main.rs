//! An ORM-like session on a real database, over a real Cargo lock file.
//!
//! ```text
//! cargo run --release --example orm                    # this workspace's Cargo.lock
//! cargo run --release --example orm -- path/to/Cargo.lock
//! ```
//!
//! An object-relational mapper is where a program without cycle collection hurts:
//! the entities point to each other in both directions, their relations are loaded
//! when they are first asked for, and nobody knows which handle is the last one.
//! This one shows what the crate does for it, part by part:
//!
//! | file | what it shows |
//! |---|---|
//! | `lockfile.rs` | reading and judging the input; nothing of the collector |
//! | `database.rs` | the tables and statements; nothing of the collector either |
//! | `lazy.rs` | a relation of strong [`Gc`](gc_core::unsync::Gc) handles, loaded on first use |
//! | `model.rs` | the entity: `#[derive(Trace)]`, and a [`Finalize`](gc_core::Finalize) hook that writes it back |
//! | `identity.rs` | one object a row: a map of weak handles that prunes itself |
//! | `session.rs` | the unit of work that ties these together |
//! | `queries.rs` | questions about the graph, asked of the entities |
//! | `scenarios/` | the sessions that are run, one after another |
//! | `ledger.rs` | an independent record of every change, which the database must match |
//! | `watch.rs` | what each collection found, by generation |
//!
//! Bad input gets one line on standard error and exit code 2; a check that fails
//! gets one line and exit code 1.

#![forbid(unsafe_code)]

mod arguments;
mod database;
mod error;
mod identity;
mod lazy;
mod ledger;
mod lockfile;
mod model;
mod queries;
mod scenarios;
mod session;
mod watch;

use crate::arguments::Command;
use crate::database::Database;
use crate::error::{Error, check};
use crate::ledger::Ledger;
use crate::lockfile::LockedGraph;
use crate::scenarios::World;
use gc_core::{Thresholds, set_unraisable_hook, unsync};
use gc_examples::report::{Report, counted};
use std::io;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Far below the defaults: a lock file has hundreds of packages, not millions, and
/// the old generation is to be seen at work all the same.
const THRESHOLDS: Thresholds = Thresholds { young: 10, middle: 3, old: 3 };

/// Panics that the collector had to swallow. There must not be any.
static SWALLOWED: AtomicUsize = AtomicUsize::new(0);

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output (`head`, a pager) has seen enough.
        Err(Error::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("orm: {error}");
            error.exit_code()
        }
    }
}

fn run() -> Result<(), Error> {
    let mut report = Report::new();
    let options = match arguments::parse(std::env::args_os().skip(1))? {
        Command::Help => return Ok(report.line(arguments::HELP)?),
        Command::Run(options) => options,
    };
    // Everything that can be wrong with the input is found out before the
    // database is made: a failed run leaves no file behind.
    let lock = lockfile::read(&options.lock).map_err(Error::Input)?;
    let database = Rc::new(Database::create(options.database.as_deref())?);
    let ids = database.import(&lock)?;
    prepare_collector();

    report.line("orm")?;
    report.fact("lock file", options.lock.display())?;
    report.fact("holds", contents(&lock))?;
    report.fact("database", database.describe())?;
    report.fact("thresholds", thresholds())?;

    let ledger = Ledger::new(&ids);
    scenarios::run_all(&mut World { lock, database, ids, ledger }, &mut report)?;

    let swallowed = SWALLOWED.load(Ordering::Relaxed);
    check(swallowed == 0, || {
        format!("nothing panics in a finalizer or destructor, but {swallowed} did")
    })?;
    Ok(report.line("\nevery change is in the database, and no object is left")?)
}

/// Sets the thresholds, and counts what panics where nobody can catch it.
fn prepare_collector() {
    unsync::set_thresholds(THRESHOLDS);
    set_unraisable_hook(Some(Box::new(|event| {
        SWALLOWED.fetch_add(1, Ordering::Relaxed);
        eprintln!("orm: {event}");
    })));
}

fn contents(lock: &LockedGraph) -> String {
    let packages = counted(lock.packages.len(), "package", "packages");
    let dependencies = counted(lock.dependency_count(), "dependency", "dependencies");
    format!("{packages}, {dependencies}")
}

fn thresholds() -> String {
    let Thresholds { young, middle, old } = unsync::thresholds();
    let usual = Thresholds::default();
    format!(
        "young {young}, middle {middle}, old {old}: far below the usual {}, {}, {}, \
         so that few packages reach all generations",
        usual.young, usual.middle, usual.old
    )
}
