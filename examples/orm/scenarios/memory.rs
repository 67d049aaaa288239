//! Session after session, and what is left in memory.

use super::{Bounds, World, end, walks};
use crate::error::Error;
use crate::report::{Report, resident_kib};
use crate::session::Session;
use crate::watch::Watch;
use gc_core::unsync;

/// How many sessions.
const SESSIONS: usize = 8;

/// Runs the same session several times, one line each.
pub(super) fn run(world: &mut World, report: &mut Report) -> Result<(), Error> {
    report.line(format!("\n{SESSIONS} more sessions: does memory return?"))?;
    let mut rows = Vec::new();
    for number in 1..=SESSIONS {
        rows.push(one(world, number)?);
    }
    report.table(["session", "built", "automatic", "collected", "live after", "resident"], &rows)
}

fn one(world: &mut World, number: usize) -> Result<[String; 6], Error> {
    let baseline = unsync::live();
    let mut bounds = Bounds { session: Session::begin(&world.database)?, watch: Watch::start() };
    walks::visit_all(world, &bounds.session)?;
    bounds.watch.collect();
    let built = bounds.session.activity().built;
    let (automatic, collected) = (bounds.watch.automatic_runs(), bounds.watch.collected());
    end(bounds, world, baseline)?;
    Ok([
        number.to_string(),
        built.to_string(),
        automatic.to_string(),
        collected.to_string(),
        unsync::live().to_string(),
        resident_kib().map_or("not known".into(), |kib| format!("{kib} KiB")),
    ])
}
