//! A directed graph whose nodes know both their successors and their predecessors.
//!
//! ```text
//! cargo run --release --example graph                               # this workspace's Cargo.lock
//! cargo run --release --example graph -- edges.txt                  # an edge list
//! cargo run --release --example graph -- --nodes 100000 --edges 300000 --seed 7
//! ```
//!
//! An edge list has a line for each edge, `from to`, with names separated by blanks or a comma;
//! a number after them (a weight) is left out, a line with one name is a node without edges, and
//! what follows `#` or `%` is a comment. Any file called `*.lock` is read as Cargo's.
//!
//! The graph is built of [`Gc`](gc_core::unsync::Gc) nodes, its strongly connected components are
//! found by a library that walks these nodes, and then it is dropped, twice:
//!
//! - with strong handles in both directions. Every edge is a cycle of two then, so what hangs
//!   together at all dies together, in a collection; only a node without edges dies by its count.
//! - with weak handles to the predecessors. Then the cycles are the graph's own: what is on one,
//!   and what can be reached from there, is left for the collector, and everything else dies by count.
//!   How much that is, is known from the components beforehand, and checked.
//!
//! | file | what it shows |
//! |---|---|
//! | `input.rs` | edge lists, lock files, and graphs made up from a seed; nothing of the collector |
//! | `model.rs` | the node, and building a graph whose edges are set once |
//! | `components.rs` | a library's algorithm on nodes of one's own |
//! | `release.rs` | what dies by count, and what the collector finds |

#![forbid(unsafe_code)]

mod arguments;
mod components;
mod input;
#[path = "../orm/lockfile.rs"]
#[expect(dead_code, reason = "`orm` has a use for all of a package, this for its edges")]
mod lockfile;
mod model;
mod release;

use crate::arguments::{Command, HELP};
use crate::components::Components;
use crate::model::{Back, Graph};
use gc_core::unsync;
use gc_examples::program::{self, Error, check};
use gc_examples::report::{Report, counted};
use std::process::ExitCode;

/// How many components are named, and how many nodes of one.
const SHOWN: usize = 8;

fn main() -> ExitCode {
    program::run("graph", run)
}

fn run(report: &mut Report) -> Result<(), Error> {
    let source = match arguments::parse()? {
        Command::Help => return Ok(report.line(HELP)?),
        Command::Run(source) => source,
    };
    let edges = source.load().map_err(Error::Input)?;
    report.line("graph")?;
    report.fact("input", source)?;
    let nodes = counted(edges.names.len(), "node", "nodes");
    report
        .fact("holds", format_args!("{nodes}, {}", counted(edges.arrows.len(), "edge", "edges")))?;

    let graph = Graph::build(&edges, Back::Strong);
    let components = Components::find(&graph);
    print_components(report, &graph, &components)?;
    release::by_island(report, graph)?;
    release::by_cycle(report, Graph::build(&edges, Back::Weak), &components)?;

    let left = unsync::live();
    check(left == 0, || format!("nothing is left, but {left} objects are"))?;
    Ok(report.heading("every object is gone")?)
}

/// The strongly connected components, the largest first.
fn print_components(
    report: &mut Report,
    graph: &Graph,
    components: &Components,
) -> Result<(), Error> {
    report.heading("strongly connected components")?;
    let cyclic = components.cyclic().count();
    let all = components.all().len();
    report.fact("found", format_args!("{all}, {cyclic} of them with a cycle"))?;
    for component in components.cyclic().take(SHOWN) {
        let names = component.iter().take(SHOWN).map(|&id| graph.nodes()[id].name());
        let names = names.collect::<Vec<_>>().join(" ");
        let more = if component.len() > SHOWN { " ..." } else { "" };
        report.fact(&counted(component.len(), "node", "nodes"), names + more)?;
    }
    if cyclic > SHOWN {
        report.fact("and", format_args!("{} more", cyclic - SHOWN))?;
    }
    Ok(())
}
