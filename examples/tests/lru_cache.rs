//! Runs the example `lru_cache`: its story to the letter, and what must hold of its figures.

#![forbid(unsafe_code)]

use gc_examples::testing::{example, refuse, succeed};
use std::process::Command;

fn lru_cache() -> Command {
    example("lru_cache")
}

const STORY: &str = "\
a cache that holds the 2 most recent pages
  page 1.1            a miss: loaded
  page 1.1            a hit: recent
  page 2.1            a miss: loaded
  page 3.1            a miss: loaded
  1.1 is open         2 recent, 3 in memory; gone: nobody
  page 1.1            a hit: still in memory
  1.1 is closed       2 recent, 2 in memory; gone: 2.1
  page 2.1            a miss: loaded
  page 1.2            a miss: loaded
  page 4.1            a miss: loaded
  page 5.1            a miss: loaded
  not collected       2 recent, 4 in memory; gone: 2.1 3.1
  page 1.2            a hit: still in memory
  page 6.1            a miss: loaded
  page 7.1            a miss: loaded
  2 collected         2 recent, 2 in memory; gone: 1.1 1.2 4.1 5.1
  page 1.2            a miss: loaded
  0 collected         0 recent, 0 in memory; gone: 1.2 6.1 7.1

";

/// The number that a line with this name begins with.
fn figure(printed: &str, name: &str) -> usize {
    let line = printed.lines().find_map(|line| line.trim_start().strip_prefix(name));
    let line = line.unwrap_or_else(|| panic!("{name}: {printed}"));
    let digits: String = line.trim_start().chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("{name}: {printed}"))
}

#[test]
fn the_story_and_the_figures() {
    let printed = succeed(lru_cache().args(["--threads", "3", "--requests", "5000"]));
    let figures = printed.strip_prefix(STORY).unwrap_or_else(|| panic!("{printed}"));
    let [recent, in_memory, misses] =
        ["hits, recent", "hits, in memory", "misses"].map(|name| figure(figures, name));
    assert_eq!(recent + in_memory + misses, 3 * 5000, "{printed}");
    assert!(recent > 0 && in_memory > 0, "{printed}");
    let [loaded, vanished] = ["loaded", "vanished"].map(|name| figure(figures, name));
    assert!(loaded >= misses && vanished < loaded, "{printed}");
    assert!(printed.ends_with("every page has vanished\n"), "{printed}");
}

#[test]
fn one_reader_loads_each_page_once_as_long_as_all_are_recent() {
    let all = ["--threads", "1", "--books", "5", "--recent", "20", "--requests", "1000"];
    let printed = succeed(lru_cache().args(all));
    assert_eq!((figure(&printed, "misses"), figure(&printed, "hits, recent")), (20, 980));
}

#[test]
fn wrong_usage_is_refused_and_help_is_given() {
    let about = |arguments: &[&str]| refuse("lru_cache", lru_cache().args(arguments));
    assert!(about(&["--nonsense"]).contains("no such option: --nonsense"));
    assert!(about(&["--recent", "0"]).contains("--recent needs a number from 1 to 1000000"));
    assert!(about(&["--threads", "many"]).contains("--threads needs a number from 1 to 64"));
    assert!(about(&["pages"]).contains("there is nothing to name"));
    assert!(succeed(lru_cache().arg("--help")).contains("usage: lru_cache"));
}
