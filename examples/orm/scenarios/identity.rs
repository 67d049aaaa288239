//! One object a row, for as long as it lives.

use super::{Bounds, World};
use crate::error::{Error, check};
use gc_core::unsync::Gc;
use gc_examples::report::Report;

/// Loads a package, drops it and loads it again.
pub(super) fn run(
    world: &mut World,
    bounds: &mut Bounds,
    report: &mut Report,
) -> Result<(), Error> {
    let session = bounds.begin(world)?;
    let id = world.ids[0];
    let first = session.package(id)?;
    let second = session.package(id)?;
    check(Gc::ptr_eq(&first, &second), || "a row that is loaded twice is one object".into())?;
    let name = first.to_string();

    world.ledger.change(&first, |columns| columns.notes = "seen".into())?;
    let gone = Gc::downgrade(&first);
    drop((first, second));
    check(gone.upgrade().is_none(), || "the last handle takes the object along".into())?;
    report.fact("loaded twice", format_args!("{name}: one object"))?;

    let again = session.package(id)?;
    check(*again.columns() == world.ledger.columns(id), || {
        "a new object has what the old one wrote".into()
    })?;
    report.fact("died by count", "its finalizer wrote the row; loaded anew with the change")?;

    // Now the same with a death in a cycle: the package and one that it depends
    // on (or that depends on it) hold each other.
    let neighbours = [again.dependencies()?, again.dependents()?].concat();
    for neighbour in &neighbours {
        neighbour.dependencies()?;
        neighbour.dependents()?;
    }
    world.ledger.change(&again, |columns| columns.reviewed = true)?;
    let gone = Gc::downgrade(&again);
    drop((again, neighbours));
    let outlived = gone.upgrade().is_some();
    bounds.watch.collect();
    check(gone.upgrade().is_none(), || "a collection takes the cycle along".into())?;

    let again = session.package(id)?;
    check(*again.columns() == world.ledger.columns(id), || {
        "a new object has what the old one wrote in a collection".into()
    })?;
    let how = if outlived { "outlived its handles until a collection" } else { "is in none" };
    Ok(report.fact("died in a cycle", format_args!("{how}; loaded anew with the change"))?)
}
