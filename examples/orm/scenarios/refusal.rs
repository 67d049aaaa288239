//! A finalizer whose work fails, and what becomes of the object.

use super::{Bounds, World};
use crate::error::{Error, check};
use gc_core::unsync::Gc;
use gc_examples::report::Report;

/// Breaks a constraint of the table and drops the package.
///
/// Its finalizer cannot write the row and has nobody to tell. It gives the session
/// a new handle, so the package lives on, and what it holds with it. The
/// session's user repairs it.
pub(super) fn run(
    world: &mut World,
    bounds: &mut Bounds,
    report: &mut Report,
) -> Result<(), Error> {
    let session = bounds.begin(world)?;
    let all = session.packages()?;
    for package in &all {
        package.dependencies()?;
        package.dependents()?;
    }
    // Not through the ledger: this change must never arrive.
    let connected = all.iter().find(|package| Gc::strong_count(package) > 1);
    let broken = connected.unwrap_or(&all[0]);
    broken.change(|columns| columns.downloads = -1)?;
    let name = broken.to_string();
    drop(all);
    bounds.watch.collect();

    let refused = session.take_refused();
    check(refused.len() == 1, || format!("1 package is refused, not {}", refused.len()))?;
    let broken = &refused[0].package;
    check(broken.to_string() == name, || format!("{name} is refused, not {broken}"))?;
    check(Gc::is_finalized(broken), || format!("{name} has been finalized"))?;
    report.fact("refused", format_args!("{name}: {}", refused[0].error))?;
    let known = session.known();
    report.fact("resurrected", format_args!("{known} objects live on: it and what it holds"))?;
    world.ledger.verify(&world.database)?;

    let right = world.ledger.columns(broken.id());
    broken.change(|columns| *columns = right)?;
    // The others that live on have been finalized with it, though nothing was wrong with them.
    for neighbour in broken.dependencies()?.iter().chain(broken.dependents()?) {
        world.ledger.change(neighbour, |columns| columns.notes = "survived".into())?;
    }
    Ok(report.fact("repaired", "and written at once: a finalizer runs only once")?)
}
