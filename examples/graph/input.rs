//! Where a graph comes from: an edge list, a lock file, or a seed.

use crate::lockfile;
use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// A graph as plain data.
#[derive(Debug, Default)]
pub(crate) struct EdgeList {
    pub(crate) names: Vec<String>,
    /// Positions in the names: from, to.
    pub(crate) arrows: Vec<(usize, usize)>,
}

/// Where to take it from.
#[derive(Debug)]
pub(crate) enum Source {
    File(PathBuf),
    Random { nodes: usize, edges: usize, seed: u64 },
}

impl Source {
    /// The graph; what is wrong with it becomes one line.
    pub(crate) fn load(&self) -> Result<EdgeList, String> {
        match self {
            Source::File(path) if path.extension().is_some_and(|it| it == "lock") => {
                from_lock(path)
            }
            Source::File(path) => {
                read(path).map_err(|problem| format!("{}: {problem}", path.display()))
            }
            Source::Random { nodes, edges, seed } => Ok(random(*nodes, *edges, *seed)),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::File(path) => write!(f, "{}", path.display()),
            Source::Random { seed, .. } => write!(f, "made up from seed {seed}"),
        }
    }
}

/// The packages of a lock file and what they depend on.
fn from_lock(path: &Path) -> Result<EdgeList, String> {
    let lock = lockfile::read(path)?;
    let mut edges = EdgeList::default();
    for (from, package) in lock.packages.into_iter().enumerate() {
        edges.names.push(format!("{}-{}", package.name, package.version));
        edges.arrows.extend(package.dependencies.into_iter().map(|to| (from, to)));
    }
    Ok(edges)
}

fn read(path: &Path) -> Result<EdgeList, String> {
    if path.is_dir() {
        return Err("is a directory, not an edge list".into());
    }
    let bytes = fs::read(path).map_err(|error| format!("cannot be read: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        format!("is not text: no UTF-8 at byte {}", error.utf8_error().valid_up_to())
    })?;
    let edges = parse(&text)?;
    if edges.names.is_empty() { Err("holds no nodes".into()) } else { Ok(edges) }
}

fn parse(text: &str) -> Result<EdgeList, String> {
    let mut edges = EdgeList::default();
    let mut positions: HashMap<&str, usize> = HashMap::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.split(['#', '%']).next().unwrap_or_default();
        let separator = |c: char| c.is_whitespace() || c == ',';
        let words: Vec<_> = line.split(separator).filter(|word| !word.is_empty()).collect();
        let mut position = |name| {
            *positions.entry(name).or_insert_with(|| {
                edges.names.push(String::from(name));
                edges.names.len() - 1
            })
        };
        match words.as_slice() {
            [] => {}
            [name] => drop(position(name)),
            [from, to, rest @ ..] => {
                if let Some(third) = rest.iter().find(|word| word.parse::<f64>().is_err()) {
                    return Err(format!("line {}: two names, not also {third}", number + 1));
                }
                let arrow = (position(from), position(to));
                edges.arrows.push(arrow);
            }
        }
    }
    Ok(edges)
}

/// Edges between nodes taken at random. The same seed makes the same graph.
fn random(nodes: usize, edges: usize, seed: u64) -> EdgeList {
    let mut random = fastrand::Rng::with_seed(seed);
    let arrows = (0..edges).map(|_| (random.usize(..nodes), random.usize(..nodes)));
    EdgeList { arrows: arrows.collect(), names: (0..nodes).map(|id| format!("n{id}")).collect() }
}
