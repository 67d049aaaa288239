//! Questions about the dependency graph, asked of the entities.
//!
//! Nothing here knows of a database: what is not loaded yet, the relations load.
//! Every walk keeps its own stack, so a deep graph does not overflow ours.

use crate::database::{Direction, PackageId};
use crate::error::Error;
use crate::model::Package;
use gc_core::unsync::Gc;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The packages that are there in several versions, or from several sources.
pub(crate) fn duplicates(all: &[Gc<Package>]) -> Vec<Vec<Gc<Package>>> {
    let mut by_name: BTreeMap<&str, Vec<Gc<Package>>> = BTreeMap::new();
    for package in all {
        by_name.entry(package.name()).or_default().push(package.clone());
    }
    by_name.into_values().filter(|same| same.len() > 1).collect()
}

/// The `count` packages that most others depend on directly, with how many do.
pub(crate) fn most_depended_upon(
    all: &[Gc<Package>],
    count: usize,
) -> Result<Vec<(usize, Gc<Package>)>, Error> {
    let dependents = |package: &Gc<Package>| Ok((package.dependents()?.len(), package.clone()));
    let mut ranked: Vec<_> = all.iter().map(dependents).collect::<Result<_, Error>>()?;
    ranked.sort_by_key(|(dependents, _)| Reverse(*dependents));
    ranked.truncate(count);
    Ok(ranked)
}

/// How many packages `package` needs, directly or not.
pub(crate) fn closure_size(package: &Gc<Package>) -> Result<usize, Error> {
    Ok(reach(package, Direction::Dependencies)?.len() - 1)
}

/// A shortest path to `package` from one that nothing depends on.
pub(crate) fn who_pulls_in(package: &Gc<Package>) -> Result<Vec<Gc<Package>>, Error> {
    let found = reach(package, Direction::Dependents)?;
    let mut top = 0;
    for (position, step) in found.iter().enumerate() {
        if step.package.dependents()?.is_empty() {
            top = position;
            break;
        }
    }
    let steps = std::iter::successors(Some(top), |&position| found[position].from);
    Ok(steps.map(|position| found[position].package.clone()).collect())
}

/// A package that a search has come to.
struct Step {
    package: Gc<Package>,
    /// The position of the step that it was reached from.
    from: Option<usize>,
}

/// Breadth first: what can be reached from `start`, itself included, the nearest first.
fn reach(start: &Gc<Package>, direction: Direction) -> Result<Vec<Step>, Error> {
    let mut seen = HashSet::from([start.id()]);
    let mut found = vec![Step { package: start.clone(), from: None }];
    let mut next = 0;
    while next < found.len() {
        let package = found[next].package.clone();
        for neighbour in package.related(direction)? {
            if seen.insert(neighbour.id()) {
                found.push(Step { package: neighbour.clone(), from: Some(next) });
            }
        }
        next += 1;
    }
    Ok(found)
}

/// The strongly connected components, each before those that depend on it.
///
/// A component of more than one package is a circular dependency. (Cargo allows
/// them through `[dev-dependencies]`.) Kosaraju's algorithm suits entities that
/// can be followed both ways: one search along the dependencies, one against them.
pub(crate) fn components(all: &[Gc<Package>]) -> Result<Vec<Vec<Gc<Package>>>, Error> {
    let mut seen = HashSet::new();
    let mut finished = Vec::new();
    for package in all {
        search(package, Direction::Dependencies, &mut seen, &mut finished)?;
    }
    seen.clear();
    let mut components = Vec::new();
    for package in finished.iter().rev() {
        let mut component = Vec::new();
        search(package, Direction::Dependents, &mut seen, &mut component)?;
        if !component.is_empty() {
            components.push(component);
        }
    }
    components.reverse();
    Ok(components)
}

/// Depth first: adds what can be reached from `start` and is not in `seen` to
/// `finished`, each package after those that it was left for.
fn search(
    start: &Gc<Package>,
    direction: Direction,
    seen: &mut HashSet<PackageId>,
    finished: &mut Vec<Gc<Package>>,
) -> Result<(), Error> {
    if !seen.insert(start.id()) {
        return Ok(());
    }
    let mut path = vec![(start.clone(), 0)];
    while let Some((package, next)) = path.last_mut() {
        match package.related(direction)?.get(*next).cloned() {
            Some(neighbour) => {
                *next += 1;
                if seen.insert(neighbour.id()) {
                    path.push((neighbour, 0));
                }
            }
            None => finished.extend(path.pop().map(|(package, _)| package)),
        }
    }
    Ok(())
}

/// The longest chain of dependencies: one package of each component on the way.
pub(crate) fn deepest_chain(components: &[Vec<Gc<Package>>]) -> Result<Vec<Gc<Package>>, Error> {
    let mut links: Vec<Link> = Vec::new();
    let mut component_of = HashMap::new();
    for (number, component) in components.iter().enumerate() {
        component_of.extend(component.iter().map(|member| (member.id(), number)));
        // What a component depends on comes before it, so its link is there.
        links.push(longest_link(component, number, &component_of, &links)?);
    }
    let deepest = (0..links.len()).max_by_key(|&number| links[number].length);
    let chain = std::iter::successors(deepest, |&number| links[number].next);
    Ok(chain.map(|number| links[number].member.clone()).collect())
}

/// The beginning of the longest chain from one component.
struct Link {
    length: usize,
    member: Gc<Package>,
    /// The component where the chain goes on.
    next: Option<usize>,
}

fn longest_link(
    component: &[Gc<Package>],
    number: usize,
    component_of: &HashMap<PackageId, usize>,
    links: &[Link],
) -> Result<Link, Error> {
    let mut longest = Link { length: 1, member: component[0].clone(), next: None };
    for member in component {
        for dependency in member.dependencies()? {
            let next = component_of[&dependency.id()];
            if next != number && links[next].length >= longest.length {
                let length = links[next].length + 1;
                longest = Link { length, member: member.clone(), next: Some(next) };
            }
        }
    }
    Ok(longest)
}
