//! Runs the example `web_cache` as its user does: all of it, one phase of it, and wrongly.

#![forbid(unsafe_code)]

use gc_examples::testing::{self, example, succeed};
use serde_json::Value;
use std::process::Command;

const MODES: [&str; 3] = ["off", "foreground", "background"];

fn web_cache() -> Command {
    example("web_cache")
}

fn refuse(arguments: &[&str]) -> String {
    testing::refuse("web_cache", web_cache().args(arguments))
}

/// The three columns of each row with this name.
fn rows(printed: &str, name: &str) -> Vec<[String; 3]> {
    let cells =
        |line: &str| line.strip_prefix("  ")?.strip_prefix(name)?.strip_prefix("  ").map(cells);
    printed.lines().filter_map(cells).collect()
}

/// What stands in a line with more than one space between.
fn cells(line: &str) -> [String; 3] {
    let cells = line.split("  ").map(str::trim).filter(|cell| !cell.is_empty());
    let cells: Vec<_> = cells.map(str::to_owned).collect();
    cells.try_into().unwrap_or_else(|_| panic!("three columns: {line}"))
}

/// The three numbers of a row.
fn numbers(row: &[String; 3]) -> [u64; 3] {
    row.each_ref().map(|cell| cell.parse().unwrap_or_else(|_| panic!("a number: {cell}")))
}

/// The only row with this name.
fn row(printed: &str, name: &str) -> [u64; 3] {
    match rows(printed, name).as_slice() {
        [row] => numbers(row),
        rows => panic!("{name}: {rows:?}\n{printed}"),
    }
}

#[test]
fn three_modes_are_compared_and_nothing_is_left() {
    let printed = succeed(web_cache().arg("--quick"));
    assert!(printed.lines().last().unwrap().starts_with("nothing is left: "), "{printed}");

    let requests = row(&printed, "requests, flat out");
    let paced = row(&printed, "requests, paced");
    for count in [requests, paced, row(&printed, "sessions"), row(&printed, "pages")] {
        assert!(count.iter().all(|&count| count > 0), "{count:?}\n{printed}");
    }

    // Once from when due, once from when sent; each no less than the one before.
    let quantiles = ["p50", "p90", "p99", "p99.9", "max"].map(|name| rows(&printed, name));
    for kind in 0..2 {
        let table = quantiles.each_ref().map(|rows| numbers(&rows[kind]));
        let in_order = |mode: usize| table.is_sorted_by_key(|row| row[mode]);
        assert!((0..3).all(in_order), "{table:?}\n{printed}");
    }

    // Every answer is in one class of the histogram.
    let (_, histogram) = printed.split_once("answers, from when due").unwrap();
    let classes = histogram.lines().skip(1).take_while(|line| !line.is_empty());
    let classes = classes.map(|line| numbers(&cells(line.split_at(26).1)));
    let sums = classes.fold([0; 3], |sum, row| std::array::from_fn(|mode| sum[mode] + row[mode]));
    assert_eq!(sums, paced, "{printed}");

    let [end] = rows(&printed, "all dropped, collected").try_into().expect("one row");
    assert!(end.iter().all(|cell| cell.ends_with(", 0")), "{end:?}\n{printed}");
}

#[test]
fn a_phase_tells_what_was_made_and_that_it_is_gone() {
    for mode in MODES {
        let printed = succeed(web_cache().args(["--quick", "--rate", "200", "--phase", mode]));
        let outcome: Value = serde_json::from_str(&printed).expect("JSON");
        assert!(outcome["made"]["sessions"].as_u64() > Some(0), "{mode}: {printed}");
        assert!(outcome["made"]["requests"].as_u64() > Some(0), "{mode}: {printed}");
        let left = outcome["left"].as_object().expect("a table");
        assert!(left.len() == 5 && left.values().all(|count| count == 0), "{mode}: {printed}");
        assert_eq!(outcome["figures"].is_string(), mode == "background", "{printed}");
        if mode == "off" {
            let runs = outcome["automatic"].as_array().expect("three").iter().map(|it| &it["runs"]);
            assert!(runs.eq([0, 0, 0]), "{printed}");
            let collected = |when: &str| outcome[when]["collected"].as_u64().expect("a number");
            assert!(collected("after") + collected("last") > 0, "{printed}");
        }
    }
}

#[test]
fn wrong_usage_is_refused_and_help_is_given() {
    assert!(refuse(&["--nonsense"]).contains("no such option: --nonsense"));
    assert!(refuse(&["--seconds"]).contains("--seconds needs a number from 0.01 to 3600"));
    assert!(refuse(&["--seconds", "NaN"]).contains("--seconds needs a number"));
    assert!(refuse(&["--rate", "0"]).contains("--rate needs a number"));
    assert!(refuse(&["--connections", "many"]).contains("--connections needs a number"));
    assert!(refuse(&["--phase", "sideways"]).contains("--phase needs off, foreground"));
    let help = succeed(web_cache().arg("--help"));
    assert!(help.contains("usage: web_cache"), "{help}");
}
