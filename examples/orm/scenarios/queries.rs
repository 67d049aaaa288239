//! Questions about the graph, and their answers.

use super::{Bounds, World};
use crate::error::Error;
use crate::model::Package;
use crate::queries;
use gc_core::unsync::Gc;
use gc_examples::report::{Report, counted};
use std::cmp::Reverse;

/// Asks each of the queries once.
pub(super) fn run(
    world: &mut World,
    bounds: &mut Bounds,
    report: &mut Report,
) -> Result<(), Error> {
    let all = bounds.begin(world)?.packages()?;
    print_duplicates(&all, report)?;
    print_components(&all, report)?;
    print_most_depended_upon(&all, report)?;
    print_largest_closures(&all, report)
}

fn print_duplicates(all: &[Gc<Package>], report: &mut Report) -> Result<(), Error> {
    let duplicates = queries::duplicates(all);
    let mut said = counted(duplicates.len(), "name", "names");
    for same in &duplicates {
        let versions: Vec<_> = same.iter().map(|package| package.version()).collect();
        said += &format!(", {} ({})", same[0].name(), versions.join(" and "));
    }
    Ok(report.fact("several versions", said)?)
}

fn print_components(all: &[Gc<Package>], report: &mut Report) -> Result<(), Error> {
    let components = queries::components(all)?;
    let circular: Vec<_> = components
        .iter()
        .filter(|component| component.len() > 1)
        .map(|one| names(one, ", "))
        .collect();
    report.fact(
        "circular",
        match circular.as_slice() {
            [] => "no package depends on itself through others".to_owned(),
            some => some.join("; "),
        },
    )?;
    let chain = queries::deepest_chain(&components)?;
    Ok(report.fact("deepest chain", format_args!("{}: {}", chain.len(), names(&chain, " > ")))?)
}

fn print_most_depended_upon(all: &[Gc<Package>], report: &mut Report) -> Result<(), Error> {
    let ranked = queries::most_depended_upon(all, 5)?;
    let said: Vec<_> =
        ranked.iter().map(|(dependents, package)| format!("{package} ({dependents})")).collect();
    report.fact("most depended upon", said.join(", "))?;
    match ranked.first() {
        Some((_, package)) => {
            Ok(report.fact("who pulls it in", names(&queries::who_pulls_in(package)?, " > "))?)
        }
        None => Ok(()),
    }
}

fn print_largest_closures(all: &[Gc<Package>], report: &mut Report) -> Result<(), Error> {
    let size = |package: &Gc<Package>| Ok((queries::closure_size(package)?, package.clone()));
    let mut sizes: Vec<_> = all.iter().map(size).collect::<Result<_, Error>>()?;
    sizes.sort_by_key(|(size, _)| Reverse(*size));
    let largest: Vec<_> =
        sizes.iter().take(5).map(|(size, package)| format!("{package} ({size})")).collect();
    Ok(report.fact("largest closures", largest.join(", "))?)
}

fn names(packages: &[Gc<Package>], between: &str) -> String {
    packages.iter().map(|package| package.name()).collect::<Vec<_>>().join(between)
}
