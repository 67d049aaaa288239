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
use crate::session::{Activity, Session};
use crate::watch::Watch;
use gc_core::unsync;
use gc_examples::report::Report;
use std::rc::Rc;

/// What all sessions work on.
pub(crate) struct World {
    pub(crate) lock: LockedGraph,
    pub(crate) database: Rc<Database>,
    /// The keys of the lock file's packages, in its order.
    pub(crate) ids: Vec<PackageId>,
    pub(crate) ledger: Ledger,
}

/// What one scenario has to itself.
struct Bounds {
    sessions: Vec<Rc<Session>>,
    watch: Watch,
}

impl Bounds {
    /// A new session. The one before has to be over: they share the connection.
    fn begin(&mut self, world: &World) -> Result<Rc<Session>, Error> {
        let session = Session::begin(&world.database)?;
        self.sessions.push(session.clone());
        Ok(session)
    }
}

/// What came of a scenario.
struct Outcome {
    activity: Activity,
    watch: Watch,
    collected: usize,
    /// Objects that nobody held any more when the scenario was over, and that
    /// waited for a collection.
    left: usize,
}

/// Runs every scenario and checks after each that nothing is lost and nothing left.
pub(crate) fn run_all(world: &mut World, report: &mut Report) -> Result<(), Error> {
    run(world, report, "one object a row", identity::run)?;
    run(world, report, "one way: from the roots along dependencies", walks::one_way)?;
    run(world, report, "both ways: the whole graph, compared with the lock", walks::both_ways)?;
    run(world, report, "session after session, nobody collects", walks::session_after_session)?;
    run(world, report, "questions about the graph", queries::run)?;
    run(world, report, "a change that SQLite refuses", refusal::run)?;
    memory::run(world, report)
}

type Work = fn(&mut World, &mut Bounds, &mut Report) -> Result<(), Error>;

/// Runs one scenario and prints what came of it.
fn run(world: &mut World, report: &mut Report, title: &str, work: Work) -> Result<(), Error> {
    report.line(format_args!("\n{title}"))?;
    bounded(world, report, work)?.print(report)
}

/// Runs one scenario and checks what it claims.
///
/// `work` must not keep a package. What it leaves are cycles; the collection at
/// the end has to find them all, and what their finalizers write is committed with
/// the session.
fn bounded(world: &mut World, report: &mut Report, work: Work) -> Result<Outcome, Error> {
    let baseline = unsync::live();
    let mut bounds = Bounds { sessions: Vec::new(), watch: Watch::start() };
    work(world, &mut bounds, report)?;
    let left = unsync::live() - baseline;
    bounds.watch.collect();
    for session in bounds.sessions.iter().filter(|session| session.is_open()) {
        session.end()?;
    }

    let live = unsync::live();
    check(live == baseline, || format!("{baseline} objects live on after a session, not {live}"))?;
    let activity = bounds.sessions.iter().try_fold(Activity::default(), |sum, session| {
        check_session(session)?;
        Ok::<_, Error>(sum + session.activity())
    })?;
    world.ledger.verify(&world.database)?;
    let collected = bounds.watch.collected();
    Ok(Outcome { activity, watch: bounds.watch, collected, left })
}

/// Whether a session that is over has nothing left of it.
fn check_session(session: &Rc<Session>) -> Result<(), Error> {
    check(session.known() == 0, || "the identity map has pruned itself".into())?;
    check(Rc::strong_count(session) == 1, || "every package has released its session".into())?;
    let activity = session.activity();
    check(activity.changed == activity.written_at_death + activity.saved, || {
        format!("each change is written once: {activity:?}")
    })
}

impl Outcome {
    fn print(&self, report: &mut Report) -> Result<(), Error> {
        let Activity { built, changed, written_at_death, saved, refused } = self.activity;
        let Outcome { collected, left, .. } = self;
        let by_count = built - collected;
        report.fact(
            "objects",
            format_args!(
                "{built} built, {by_count} died by count, {collected} found by collections; \
                 {left} were left at the end, none is now"
            ),
        )?;
        report.fact(
            "rows",
            format_args!(
                "{changed} changed, {written_at_death} written by finalizers, \
                 {saved} by the session, {refused} refused"
            ),
        )?;
        self.watch.print(report)
    }
}
