//! Walks over the graph that leave it to die by count, in one large cycle, or
//! in many small ones.

use super::{Bounds, World};
use crate::error::{Error, check};
use crate::ledger::Ledger;
use crate::lockfile::LockedPackage;
use crate::model::Package;
use gc_core::unsync::Gc;
use gc_examples::report::Report;
use std::collections::HashSet;

/// How many sessions visit every package.
pub(super) const SESSIONS: usize = 10;

/// Loads dependencies but never dependents. Unless the lock file has circular
/// dependencies there is no cycle, and nothing waits for a collection.
pub(super) fn one_way(
    world: &mut World,
    bounds: &mut Bounds,
    report: &mut Report,
) -> Result<(), Error> {
    let roots = bounds.begin(world)?.roots()?;
    let mut waiting = roots.clone();
    let mut seen: HashSet<_> = roots.iter().map(|package| package.id()).collect();
    while let Some(package) = waiting.pop() {
        world.ledger.change(&package, |columns| columns.reviewed = true)?;
        let new = |dependency: &&Gc<Package>| seen.insert(dependency.id());
        waiting.extend(package.dependencies()?.iter().filter(new).cloned());
    }
    // The last handles: each root takes along what nothing else holds, and so on.
    let walked = format!("{} packages from {} roots", seen.len(), roots.len());
    drop(roots);
    Ok(report.fact("walked", walked)?)
}

/// Loads everything both ways and compares it with the lock file. Every
/// dependency is a cycle then: nothing dies before a collection.
pub(super) fn both_ways(
    world: &mut World,
    bounds: &mut Bounds,
    report: &mut Report,
) -> Result<(), Error> {
    let all = bounds.begin(world)?.packages()?;
    let mut arrows = 0;
    for (package, locked) in all.iter().zip(&world.lock.packages) {
        compare(package, locked, &all)?;
        arrows += package.dependents()?.len();
        world.ledger.change(package, |columns| columns.notes = format!("needed by {arrows}"))?;
    }
    check(arrows == world.lock.dependency_count(), || {
        format!("{arrows} dependencies backwards, {} forwards", world.lock.dependency_count())
    })?;
    Ok(report.fact("mapped back", format_args!("{} packages, {arrows} dependencies", all.len()))?)
}

/// Whether an entity is what the lock file says.
fn compare(package: &Package, locked: &LockedPackage, all: &[Gc<Package>]) -> Result<(), Error> {
    let same = package.name() == locked.name
        && package.version() == locked.version
        && package.source() == locked.source.as_deref()
        && package.checksum() == locked.checksum.as_deref();
    check(same, || format!("{package} has the columns of the lock file"))?;
    let dependencies = package.dependencies()?;
    let expected = locked.dependencies.iter().map(|&position| &all[position]);
    let same = dependencies.len() == locked.dependencies.len()
        && dependencies.iter().zip(expected).all(|(one, other)| Gc::ptr_eq(one, other));
    check(same, || format!("{package} has the dependencies of the lock file"))
}

/// Visits each package and its neighbours, in one session after another.
///
/// Each session leaves its packages in cycles. Those of the sessions before are
/// found by automatic collections while later ones work. Some die while their own
/// session is still busy: they are loaded again, and must bring their changes.
pub(super) fn session_after_session(
    world: &mut World,
    bounds: &mut Bounds,
    report: &mut Report,
) -> Result<(), Error> {
    visit_all(world, bounds)?;
    Ok(report.fact("visited", format_args!("every package in each of {SESSIONS} sessions"))?)
}

/// The visits themselves.
pub(super) fn visit_all(world: &mut World, bounds: &mut Bounds) -> Result<(), Error> {
    for _ in 0..SESSIONS {
        let session = bounds.begin(world)?;
        for &id in &world.ids {
            visit(&session.package(id)?, &mut world.ledger)?;
        }
        session.end()?;
    }
    Ok(())
}

/// Counts a download for a package and for each of its neighbours.
fn visit(package: &Gc<Package>, ledger: &mut Ledger) -> Result<(), Error> {
    check(*package.columns() == ledger.columns(package.id()), || {
        format!("{package} was loaded with its last change")
    })?;
    ledger.change(package, |columns| columns.downloads += 1)?;
    for dependency in package.dependencies()? {
        ledger.change(dependency, |columns| columns.downloads += 1)?;
        // The way back leads to the same object, and makes a cycle of the two.
        let back = dependency.dependents()?.iter().any(|one| Gc::ptr_eq(one, package));
        check(back, || format!("{dependency} knows that {package} depends on it"))?;
    }
    for dependent in package.dependents()? {
        ledger.change(dependent, |columns| columns.downloads += 1)?;
    }
    Ok(())
}
