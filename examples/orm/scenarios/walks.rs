//! Walks over the graph that leave it to die by count, in one large cycle, or
//! in many small ones.

use super::{Bounds, World};
use crate::error::{Error, check};
use crate::ledger::Ledger;
use crate::lockfile::LockedPackage;
use crate::model::Package;
use crate::report::Report;
use crate::session::Session;
use gc_core::unsync::{self, Gc};
use std::collections::HashSet;
use std::rc::Rc;

/// How often the neighbourhood of every package is visited.
const ROUNDS: usize = 10;

/// Loads dependencies but never dependents. Unless the lock file has circular
/// dependencies there is no cycle, and nothing waits for a collection.
pub(super) fn one_way(
    world: &mut World,
    bounds: &mut Bounds,
    report: &mut Report,
) -> Result<(), Error> {
    let mut waiting = bounds.session.roots()?;
    let roots = waiting.len();
    let mut seen: HashSet<_> = waiting.iter().map(|package| package.id()).collect();
    while let Some(package) = waiting.pop() {
        world.ledger.change(&package, |columns| columns.reviewed = true)?;
        let new = |dependency: &&Gc<Package>| seen.insert(dependency.id());
        waiting.extend(package.dependencies()?.iter().filter(new).cloned());
    }
    report.fact("walked", format_args!("{} packages from {roots} roots", seen.len()))
}

/// Loads everything both ways and compares it with the lock file. Every
/// dependency is a cycle then: nothing dies before a collection.
pub(super) fn both_ways(
    world: &mut World,
    bounds: &mut Bounds,
    report: &mut Report,
) -> Result<(), Error> {
    let all = bounds.session.packages()?;
    let mut arrows = 0;
    for (package, locked) in all.iter().zip(&world.lock.packages) {
        compare(package, locked, &all)?;
        arrows += package.dependents()?.len();
        world.ledger.change(package, |columns| columns.notes = format!("needed by {arrows}"))?;
    }
    check(arrows == world.lock.dependency_count(), || {
        format!("{arrows} dependencies backwards, {} forwards", world.lock.dependency_count())
    })?;
    report.fact("mapped back", format_args!("{} packages, {arrows} dependencies", all.len()))
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

/// Visits each package and its neighbours, again and again, and holds nothing in
/// between. The cycles it leaves are found by automatic collections on the way;
/// what is loaded again must bring the changes with it.
pub(super) fn neighbourhoods(
    world: &mut World,
    bounds: &mut Bounds,
    report: &mut Report,
) -> Result<(), Error> {
    let most = visit_all(world, &bounds.session)?;
    report.fact(
        "visited",
        format_args!("each package {ROUNDS} times; at most {most} objects at once"),
    )
}

/// The visits themselves; says how many objects there were at most.
pub(super) fn visit_all(world: &mut World, session: &Rc<Session>) -> Result<usize, Error> {
    let mut most = 0;
    for _ in 0..ROUNDS {
        for &id in &world.ids {
            visit(&session.package(id)?, &mut world.ledger)?;
            most = most.max(unsync::live());
        }
    }
    Ok(most)
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
