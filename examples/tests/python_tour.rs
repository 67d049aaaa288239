//! Runs the example `python_tour`: all of it, and parts.

#![forbid(unsafe_code)]

use gc_examples::testing::{example, refuse, succeed};
use std::process::Command;

/// What it prints. To be made anew with `python_tour > examples/python_tour/printed.txt`, and looked at.
const PRINTED: &str = include_str!("../python_tour/printed.txt");

fn tour() -> Command {
    example("python_tour")
}

/// The snippets' ids, in the order of their headings.
fn ids(printed: &str) -> Vec<&str> {
    let headings = printed.split("\n\n").filter_map(|part| part.split_once("  "));
    headings.map(|(id, _)| id).collect()
}

#[test]
fn all_snippets_print_what_they_always_do() {
    assert_eq!(succeed(&mut tour()), PRINTED);
}

#[test]
fn there_are_thirty_and_seven_are_wrong_in_python() {
    let seeds = [(0, 6), (1, 5), (2, 8), (3, 5), (4, 6)];
    let all = seeds.map(|(seed, count)| (1..=count).map(move |number| format!("s{seed}.{number}")));
    assert_eq!(ids(PRINTED), all.into_iter().flatten().collect::<Vec<_>>());
    let wrong = PRINTED.split("\n\n").filter(|part| part.contains("\n  wrong in Python: "));
    let wrong: Vec<_> = wrong.flat_map(ids).collect();
    assert_eq!(wrong, ["s0.3", "s2.6", "s2.7", "s2.8", "s3.1", "s3.4", "s3.5"]);
    assert!(PRINTED.split("\n\n").all(|part| part.contains("\n  Python prints: ")));
    assert!(PRINTED.split("\n\n").all(|part| part.contains("\n    ")));
}

#[test]
fn one_can_be_named_and_so_can_several() {
    let one = succeed(tour().arg("s2.1"));
    assert_eq!(ids(&one), ["s2.1"]);
    assert!(PRINTED.contains(&one));
    assert_eq!(ids(&succeed(tour().args(["s4.6", "s0.2"]))), ["s4.6", "s0.2"]);
}

#[test]
fn wrong_usage_is_refused_and_help_is_given() {
    let about = |argument| refuse("python_tour", tour().arg(argument));
    assert!(about("--nonsense").contains("no such option: --nonsense"));
    assert!(about("s2.9").contains("no such snippet: s2.9"));
    assert!(succeed(tour().arg("--help")).contains("usage: python_tour"));
}
