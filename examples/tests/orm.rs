//! Runs the example `orm` as its user does: on good input, on bad input, with what exit code.

#![forbid(unsafe_code)]

/// The module that judges the input, with its unit tests. They run here because
/// Cargo builds an example either as a program or as a test, and this needs the program.
#[path = "../orm/lockfile.rs"]
mod lockfile;

use gc_examples::testing::{self, example};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn orm() -> Command {
    example("orm")
}

/// A file of this name with this content, where Cargo lets tests write.
fn file(name: &str, content: &[u8]) -> PathBuf {
    testing::file(env!("CARGO_TARGET_TMPDIR"), name, content)
}

/// What the example prints when all is well.
fn succeed(command: &mut Command) -> String {
    let printed = testing::succeed(command);
    assert!(
        printed.ends_with("every change is in the database, and no object is left\n"),
        "{printed}"
    );
    printed
}

fn refuse(command: &mut Command) -> String {
    testing::refuse("orm", command)
}

/// A package of a lock file.
fn package(name: &str, dependencies: &[&str]) -> String {
    format!(
        "[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\ndependencies = {dependencies:?}\n\n"
    )
}

#[test]
fn the_own_lock_file_is_mapped_and_collected_in_all_generations() {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    let packages = fs::read_to_string(lock).unwrap().matches("[[package]]").count();
    let printed = succeed(&mut orm());
    assert!(printed.contains(&format!("{packages} packages, ")), "{printed}");
    for generation in ["young, automatic", "middle, automatic", "old, automatic", "old, collect()"]
    {
        assert!(printed.contains(generation), "{generation}\n{printed}");
    }
}

#[test]
fn a_circular_lock_file_is_told_so() {
    let lock = [
        package("app", &["left", "right"]),
        package("left", &["right"]),
        package("right", &["left", "right"]),
    ];
    let printed = succeed(orm().arg(file("circular.lock", lock.concat().as_bytes())));
    assert!(printed.contains("3 packages, 5 dependencies"), "{printed}");
    assert!(printed.contains("left, right") || printed.contains("right, left"), "{printed}");
}

#[test]
fn a_single_package_is_enough() {
    let printed = succeed(orm().arg(file("single.lock", package("app", &[]).as_bytes())));
    assert!(printed.contains("1 package, 0 dependencies"), "{printed}");
}

#[test]
fn a_long_chain_is_followed_to_its_end() {
    let names: Vec<_> = (0..300).map(|number| format!("p{number}")).collect();
    let link = |pair: &[String]| package(&pair[0], &[&pair[1]]);
    let mut lock: String = names.windows(2).map(link).collect();
    lock += &package("p299", &[]);
    let printed = succeed(orm().arg(file("chain.lock", lock.as_bytes())));
    assert!(printed.contains("deepest chain       300: p0 > p1 > "), "{printed}");
}

#[test]
fn the_database_can_be_a_file() {
    let lock = file("stored.lock", package("app", &[]).as_bytes());
    let database = lock.with_extension("sqlite");
    let _ = fs::remove_file(&database);
    let printed = succeed(orm().arg(&lock).arg("--db").arg(&database));
    assert!(printed.contains("stored.sqlite, SQLite 3"), "{printed}");
    assert!(fs::read(&database).unwrap().starts_with(b"SQLite format 3"));
    let said = refuse(orm().arg(&lock).arg("--db").arg(&database));
    assert!(said.contains("stored.sqlite: cannot be made: "), "{said}");
}

#[test]
fn what_cannot_be_read_is_refused() {
    let missing = Path::new(env!("CARGO_TARGET_TMPDIR")).join("missing.lock");
    assert!(refuse(orm().arg(missing)).contains("missing.lock: cannot be read: "));
    let directory = refuse(orm().arg(env!("CARGO_TARGET_TMPDIR")));
    assert!(directory.contains("is a directory, not a lock file"), "{directory}");
}

#[test]
fn what_is_no_lock_file_is_refused() {
    let about = |name, content: &[u8]| refuse(orm().arg(file(name, content)));
    assert!(about("empty.lock", b"").ends_with("empty.lock: is empty\n"));
    assert!(about("none.lock", b"version = 4\n").ends_with("none.lock: holds no packages\n"));
    let malformed = about("malformed.lock", b"version = 4\n[[package]\n");
    assert!(malformed.contains("malformed.lock: is no lock file: TOML parse error at line 2"));
    let binary = about("binary.lock", b"\x7fELF\x02\x01\xff\xfe");
    assert!(binary.ends_with("binary.lock: is not text: no UTF-8 at byte 6\n"), "{binary}");
    let ghost = about("ghost.lock", package("app", &["ghost 1.0.0"]).as_bytes());
    assert!(ghost.contains("app 1.0.0 depends on ghost 1.0.0, which is not in the file"));
}

#[test]
fn wrong_usage_is_refused_and_help_is_given() {
    assert!(refuse(orm().arg("--nonsense")).contains("no such option: --nonsense"));
    assert!(refuse(orm().arg("--db")).contains("--db needs a path"));
    assert!(refuse(orm().args(["one", "two"])).contains("more than one lock file"));
    let help = testing::succeed(orm().arg("--help"));
    assert!(help.contains("usage: orm"), "{help}");
}
