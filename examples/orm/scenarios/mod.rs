//! The sessions that this example runs, one after another.

mod identity;
mod memory;
mod queries;
mod refusal;
mod walks;

use crate::database::{Database, PackageId};
use crate::error::{Error, check};
use crate::ledger::Ledger;
use crate::lockfile::LockedGraph;
use crate::report::Report;
use crate::session::Session;
use crate::watch::Watch;
use gc_core::unsync;
use std::rc::Rc;

/// What all sessions work on.
pub(crate) struct World {
    pub(crate) lock: LockedGraph,
    pub(crate) database: Rc<Database>,
    /// The keys of the lock file's packages, in its order.
    pub(crate) ids: Vec<PackageId>,
    pub(crate) ledger: Ledger,
}

/// What one session has to itself.
struct Bounds {
    session: Rc<Session>,
    watch: Watch,
}

/// Runs every session and checks after each that nothing is lost and nothing left.
pub(crate) fn run_all(world: &mut World, report: &mut Report) -> Result<(), Error> {
    bounded(world, report, "one object a row", identity::run)?;
    bounded(world, report, "one way: from the roots along dependencies", walks::one_way)?;
    bounded(world, report, "both ways: the whole graph, compared with the lock", walks::both_ways)?;
    bounded(world, report, "neighbourhoods: many small pieces of work", walks::neighbourhoods)?;
    bounded(world, report, "questions about the graph", queries::run)?;
    bounded(world, report, "a change that SQLite refuses", refusal::run)?;
    memory::run(world, report)
}

/// One session from begin to end.
///
/// `work` gets the session and must not keep a package. What it leaves are
/// cycles; the collection at the end has to find them all.
fn bounded(
    world: &mut World,
    report: &mut Report,
    title: &str,
    work: fn(&mut World, &mut Bounds, &mut Report) -> Result<(), Error>,
) -> Result<(), Error> {
    report.line(format!("\n{title}"))?;
    let baseline = unsync::live();
    let mut bounds = Bounds { session: Session::begin(&world.database)?, watch: Watch::start() };
    work(world, &mut bounds, report)?;

    let left = unsync::live() - baseline;
    bounds.watch.collect();
    print_objects(&bounds, left, unsync::live() - baseline, report)?;
    bounds.watch.print(report)?;
    end(bounds, world, baseline)
}

/// Ends a session and checks what it claims.
fn end(bounds: Bounds, world: &World, baseline: usize) -> Result<(), Error> {
    let Bounds { session, .. } = bounds;
    session.end()?;
    let live = unsync::live();
    check(live == baseline, || {
        format!("{baseline} objects are alive after a session, not {live}")
    })?;
    check(session.known() == 0, || "the identity map has pruned itself".into())?;
    check(Rc::strong_count(&session) == 1, || "every package has released its session".into())?;
    let activity = session.activity();
    check(activity.changed == activity.written_at_death + activity.saved, || {
        format!("each change is written once: {activity:?}")
    })?;
    world.ledger.verify(&world.database)
}

fn print_objects(
    bounds: &Bounds,
    left: usize,
    live: usize,
    report: &mut Report,
) -> Result<(), Error> {
    let activity = bounds.session.activity();
    let collected = bounds.watch.collected();
    report.fact(
        "objects",
        format_args!(
            "{} built, {} died by count, {collected} found by collections; \
             {left} were left in cycles, {live} are now",
            activity.built,
            activity.built - collected - live,
        ),
    )?;
    report.fact(
        "rows",
        format_args!(
            "{} changed, {} written by finalizers, {} saved, {} refused",
            activity.changed, activity.written_at_death, activity.saved, activity.refused,
        ),
    )
}
