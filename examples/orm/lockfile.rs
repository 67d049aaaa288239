//! From a lock file to a list of packages that refer to each other by position.

use cargo_lock::{Dependency, Lockfile, Package};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

/// The packages of a lock file.
#[derive(Debug)]
pub(crate) struct LockedGraph {
    pub(crate) packages: Vec<LockedPackage>,
}

/// One `[[package]]` of a lock file.
#[derive(Debug)]
pub(crate) struct LockedPackage {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Where it comes from; a package of the workspace has none.
    pub(crate) source: Option<String>,
    pub(crate) checksum: Option<String>,
    /// Positions in [`LockedGraph::packages`].
    pub(crate) dependencies: BTreeSet<usize>,
}

impl LockedGraph {
    pub(crate) fn dependency_count(&self) -> usize {
        self.packages.iter().map(|package| package.dependencies.len()).sum()
    }
}

/// Reads the lock file at `path`; what is wrong with it becomes one line.
///
/// A line of text rather than an error type, so that this file stands alone:
/// `tests/orm.rs` includes it to run the tests below.
pub(crate) fn read(path: &Path) -> Result<LockedGraph, String> {
    let at = |problem: String| format!("{}: {problem}", path.display());
    if path.is_dir() {
        return Err(at("is a directory, not a lock file".into()));
    }
    let bytes = fs::read(path).map_err(|error| at(format!("cannot be read: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        at(format!("is not text: no UTF-8 at byte {}", error.utf8_error().valid_up_to()))
    })?;
    parse(&text).map_err(at)
}

/// The packages in `text`, or what is wrong with it.
fn parse(text: &str) -> Result<LockedGraph, String> {
    if text.trim().is_empty() {
        return Err("is empty".into());
    }
    let lock: Lockfile = text
        .parse()
        .map_err(|error: cargo_lock::Error| format!("is no lock file: {}", one_line(&error)))?;
    if lock.packages.is_empty() {
        return Err("holds no packages".into());
    }
    let index = Index::new(&lock.packages)?;
    let packages = lock.packages.iter().map(|package| index.resolve(package));
    Ok(LockedGraph { packages: packages.collect::<Result<_, _>>()? })
}

/// The place and the problem.
///
/// A TOML error has several lines: where it is, the offending line drawn with a
/// pointer below it, and what it is. The drawing is left out.
fn one_line(error: &cargo_lock::Error) -> String {
    let text = error.to_string();
    // cargo-lock says this once for each layer that an error has come through.
    let text = text.trim_start_matches("parse error: ");
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let place = lines.next().unwrap_or("no reason given").to_owned();
    let is_drawing = |line: &str| {
        let margin = line.trim_start_matches(|c: char| c.is_ascii_digit());
        margin.trim_start().starts_with('|')
    };
    lines.filter(|line| !is_drawing(line)).fold(place, |said, line| format!("{said}: {line}"))
}

/// Which packages have a given name and version. Several may: from the
/// registry and from a repository, say.
struct Index<'a> {
    packages: &'a [Package],
    positions: HashMap<(&'a str, String), Vec<usize>>,
}

impl<'a> Index<'a> {
    fn new(packages: &'a [Package]) -> Result<Self, String> {
        let mut positions: HashMap<_, Vec<usize>> = HashMap::new();
        for (position, package) in packages.iter().enumerate() {
            let key = (package.name.as_str(), package.version.to_string());
            let same = positions.entry(key).or_default();
            if same.iter().any(|&other| packages[other].source == package.source) {
                return Err(format!("lists {} {} twice", package.name, package.version));
            }
            same.push(position);
        }
        Ok(Index { packages, positions })
    }

    fn resolve(&self, package: &Package) -> Result<LockedPackage, String> {
        let position = |dependency| {
            self.position(dependency).ok_or_else(|| {
                let Package { name, version, .. } = package;
                format!("{name} {version} depends on {dependency}, which is not in the file")
            })
        };
        Ok(LockedPackage {
            name: package.name.to_string(),
            version: package.version.to_string(),
            source: package.source.as_ref().map(ToString::to_string),
            checksum: package.checksum.as_ref().map(ToString::to_string),
            dependencies: package.dependencies.iter().map(position).collect::<Result<_, _>>()?,
        })
    }

    fn position(&self, dependency: &Dependency) -> Option<usize> {
        let key = (dependency.name.as_str(), dependency.version.to_string());
        match self.positions.get(&key)?.as_slice() {
            [only] => Some(*only),
            several => several.iter().copied().find(|&at| self.is_source(at, dependency)),
        }
    }

    /// Whether the package at `position` comes from where `dependency` says. A
    /// dependency names a repository without the revision, so that is left out.
    fn is_source(&self, position: usize, dependency: &Dependency) -> bool {
        match (&self.packages[position].source, &dependency.source) {
            (Some(one), Some(other)) => one.kind() == other.kind() && one.url() == other.url(),
            (one, other) => one.is_none() && other.is_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LockedGraph, parse, read};
    use std::path::Path;

    const SMALL: &str = r#"
        version = 4
        [[package]]
        name = "app"
        version = "0.1.0"
        dependencies = ["log", "rand 0.8.5", "rand 0.9.0"]
        [[package]]
        name = "log"
        version = "0.4.22"
        source = "registry+https://github.com/rust-lang/crates.io-index"
        checksum = "a7a70ba024b9dc04c27ea2f0c0548feb474ec5c54bba33a7f72f873a39d07b24"
        [[package]]
        name = "rand"
        version = "0.8.5"
        dependencies = ["log"]
        [[package]]
        name = "rand"
        version = "0.9.0"
    "#;

    fn dependencies(graph: &LockedGraph, name: &str) -> Vec<String> {
        let package = graph.packages.iter().find(|package| package.name == name).unwrap();
        let describe = |&position: &usize| {
            let found = &graph.packages[position];
            format!("{} {}", found.name, found.version)
        };
        package.dependencies.iter().map(describe).collect()
    }

    #[test]
    fn dependencies_are_found_by_name_and_version() {
        let graph = parse(SMALL).unwrap();
        assert_eq!(graph.packages.len(), 4);
        assert_eq!(graph.dependency_count(), 4);
        assert_eq!(dependencies(&graph, "app"), ["log 0.4.22", "rand 0.8.5", "rand 0.9.0"]);
    }

    #[test]
    fn source_and_checksum_are_kept() {
        let graph = parse(SMALL).unwrap();
        let log = graph.packages.iter().find(|package| package.name == "log").unwrap();
        assert_eq!(
            log.source.as_deref(),
            Some("registry+https://github.com/rust-lang/crates.io-index")
        );
        assert!(log.checksum.as_deref().unwrap().starts_with("a7a70ba0"));
    }

    #[test]
    fn one_version_from_two_sources_is_told_apart() {
        let graph = parse(
            r#"
            version = 4
            [[package]]
            name = "app"
            version = "0.1.0"
            dependencies = ["log 0.4.22 (git+https://example.org/log)"]
            [[package]]
            name = "log"
            version = "0.4.22"
            source = "git+https://example.org/log#0123456789012345678901234567890123456789"
            [[package]]
            name = "log"
            version = "0.4.22"
            source = "registry+https://github.com/rust-lang/crates.io-index"
            "#,
        )
        .unwrap();
        let app = &graph.packages[0];
        let log = &graph.packages[*app.dependencies.first().unwrap()];
        assert!(log.source.as_deref().unwrap().starts_with("git+"));
    }

    #[test]
    fn a_package_may_depend_on_itself() {
        let lock = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\"a\"]";
        assert_eq!(dependencies(&parse(lock).unwrap(), "a"), ["a 1.0.0"]);
    }

    /// What is said about `text`, which must be one line.
    fn complaint(text: &str) -> String {
        let complaint = parse(text).unwrap_err();
        assert_eq!(complaint.lines().count(), 1, "{complaint:?}");
        complaint
    }

    #[test]
    fn empty_files_are_called_empty() {
        assert_eq!(complaint(""), "is empty");
        assert_eq!(complaint(" \n\t\n"), "is empty");
    }

    #[test]
    fn a_lock_without_packages_is_refused() {
        assert_eq!(complaint("version = 4"), "holds no packages");
        assert_eq!(complaint("# only a comment"), "holds no packages");
    }

    #[test]
    fn malformed_toml_is_named_with_its_place() {
        let complaint = complaint("version = 4\n[[package]\nname = 1");
        let place = "is no lock file: TOML parse error at line 2, column 11: ";
        assert!(complaint.starts_with(place), "{complaint}");
    }

    #[test]
    fn toml_of_another_shape_is_refused() {
        let complaint = complaint("[[package]]\nname = \"a\"");
        assert!(complaint.contains("version"), "{complaint}");
    }

    #[test]
    fn dependencies_that_are_not_there_are_named() {
        let package = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n";
        let by_name = complaint(&format!("{package}dependencies = [\"ghost\"]"));
        assert_eq!(by_name, "is no lock file: couldn't resolve dependency: ghost");
        let by_version = complaint(&format!("{package}dependencies = [\"a 2.0.0\"]"));
        assert_eq!(by_version, "a 1.0.0 depends on a 2.0.0, which is not in the file");
    }

    #[test]
    fn the_same_package_twice_is_refused() {
        let package = "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n";
        assert_eq!(complaint(&format!("{package}{package}")), "lists a 1.0.0 twice");
    }

    #[test]
    fn missing_files_and_directories_are_told_apart() {
        let missing = read(Path::new("no/such/Cargo.lock")).unwrap_err();
        assert!(missing.starts_with("no/such/Cargo.lock: cannot be read: "), "{missing}");
        let directory = read(Path::new(".")).unwrap_err();
        assert_eq!(directory, ".: is a directory, not a lock file");
    }
}
