//! The same again and again, and what is left in memory.

use super::{World, bounded, walks};
use crate::error::Error;
use gc_core::{process_memory, unsync};
use gc_examples::report::Report;

/// How often.
const REPEATS: usize = 8;

/// Runs the sessions of [`walks::session_after_session`] several times, one line each.
pub(super) fn run(world: &mut World, report: &mut Report) -> Result<(), Error> {
    report.line(format_args!(
        "\nthe same {} sessions, {REPEATS} times: does memory return?",
        walks::SESSIONS
    ))?;
    let rows: Vec<_> = (0..REPEATS).map(|_| once(world, report)).collect::<Result<_, _>>()?;
    Ok(report.table(["built", "by count", "collected", "runs", "live after", "resident"], &rows)?)
}

fn once(world: &mut World, report: &mut Report) -> Result<[String; 6], Error> {
    let outcome = bounded(world, report, |world, bounds, _| walks::visit_all(world, bounds))?;
    let built = outcome.activity.built;
    Ok([
        built.to_string(),
        (built - outcome.collected).to_string(),
        outcome.collected.to_string(),
        outcome.watch.runs().to_string(),
        unsync::live().to_string(),
        process_memory()
            .map_or("not known".into(), |memory| format!("{} KiB", memory.resident / 1024)),
    ])
}
