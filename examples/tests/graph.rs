//! Runs the example `graph` as its user does: on edge lists, lock files and made up graphs.

#![forbid(unsafe_code)]

use gc_examples::testing::{self, example, refuse, succeed};
use std::path::PathBuf;
use std::process::Command;

fn graph() -> Command {
    example("graph")
}

fn file(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    testing::file(env!("CARGO_TARGET_TMPDIR"), name, content.as_ref())
}

/// Two components with a cycle, of which one leads to `tail`; `head` leads to a cycle; `alone` is alone.
const SMALL: &str = "\
# a comment
head a
a b 1.5
b,c
c a
c tail      % another one
x y
y x
self self
alone
";

#[test]
fn a_small_graph_is_described_to_the_letter() {
    let printed = succeed(graph().current_dir(env!("CARGO_TARGET_TMPDIR")).arg({
        file("small.txt", SMALL);
        "small.txt"
    }));
    let expected = "\
graph
  input               small.txt
  holds               9 nodes, 8 edges

strongly connected components
  found               6, 3 of them with a cycle
  3 nodes             a b c
  2 nodes             x y
  1 node              self

strong handles both ways, one island after another
  nodes  by count  collected
  5             0          5
  2             0          2
  1             0          1
  1             1          0

weak handles to predecessors, all at once
  by count            2, as no cycle leads there
  collected           7 objects on cycles or reached from one

every object is gone
";
    assert_eq!(printed, expected);
}

#[test]
fn the_own_lock_file_is_read_if_nothing_is_named() {
    let printed = succeed(&mut graph());
    assert!(printed.contains("Cargo.lock\n"), "{printed}");
    assert!(printed.ends_with("every object is gone\n"), "{printed}");
}

/// How many nodes reach each other, found the slow way.
fn components(nodes: usize, arrows: &[(usize, usize)]) -> (usize, usize) {
    let mut reaches = vec![vec![false; nodes]; nodes];
    arrows.iter().for_each(|&(from, to)| reaches[from][to] = true);
    for over in 0..nodes {
        for from in 0..nodes {
            for to in 0..nodes {
                reaches[from][to] |= reaches[from][over] && reaches[over][to];
            }
        }
    }
    let both = |a: usize, b: usize| reaches[a][b] && reaches[b][a];
    let first = |&a: &usize| (0..a).all(|b| !both(a, b));
    let all = (0..nodes).filter(first);
    (all.clone().count(), all.filter(|&a| both(a, a)).count())
}

#[test]
fn components_are_those_that_a_slow_search_finds() {
    for seed in 0..10 {
        let mut random = fastrand::Rng::with_seed(seed);
        let nodes = 40;
        let arrows: Vec<_> =
            (0..45).map(|_| (random.usize(..nodes), random.usize(..nodes))).collect();
        let mut text: String = (0..nodes).map(|node| format!("{node}\n")).collect();
        text.extend(arrows.iter().map(|(from, to)| format!("{from} {to}\n")));
        let printed = succeed(graph().arg(file("random.txt", text)));
        let (all, cyclic) = components(nodes, &arrows);
        let expected = format!("{all}, {cyclic} of them with a cycle\n");
        assert!(printed.contains(&expected), "{expected}\n{printed}");
    }
}

#[test]
fn a_made_up_graph_is_the_same_each_time() {
    let run = || succeed(graph().args(["--nodes", "20000", "--edges", "30000", "--seed", "3"]));
    let printed = run();
    assert!(printed.contains("20000 nodes, 30000 edges"), "{printed}");
    assert_eq!(printed, run());
}

#[test]
fn a_long_ring_and_a_long_path_need_no_stack() {
    let path: String = (0..100_000).map(|node| format!("{node} {}\n", node + 1)).collect();
    let printed = succeed(graph().arg(file("path.txt", &path)));
    assert!(printed.contains("100001, as no cycle leads there"), "{printed}");
    let printed = succeed(graph().arg(file("ring.txt", path + "100000 0\n")));
    assert!(printed.contains("100001 objects on cycles"), "{printed}");
}

#[test]
fn what_cannot_be_read_is_refused() {
    let about = |name, content: &[u8]| refuse("graph", graph().arg(file(name, content)));
    assert!(about("empty.txt", b"# nothing\n").ends_with("empty.txt: holds no nodes\n"));
    assert!(about("three.txt", b"a b\nb c d\n").ends_with("line 2: two names, not also d\n"));
    assert!(about("binary.txt", b"a b\n\xff\n").ends_with("is not text: no UTF-8 at byte 4\n"));
    assert!(about("bad.lock", b"version = 4\n").ends_with("bad.lock: holds no packages\n"));
    let directory = refuse("graph", graph().arg(env!("CARGO_TARGET_TMPDIR")));
    assert!(directory.contains("is a directory, not an edge list"), "{directory}");
    assert!(refuse("graph", graph().arg("no/such/file")).contains("cannot be read"));
}

#[test]
fn wrong_usage_is_refused_and_help_is_given() {
    let about = |arguments: &[&str]| refuse("graph", graph().args(arguments));
    assert!(about(&["--nonsense"]).contains("no such option: --nonsense"));
    assert!(about(&["--nodes"]).contains("--nodes needs a number from 1 to"));
    assert!(about(&["--nodes", "0"]).contains("--nodes needs a number from 1 to"));
    assert!(about(&["--seed", "1"]).contains("--edges and --seed go with --nodes"));
    assert!(about(&["a", "--nodes", "1"]).contains("a file or --nodes, not both"));
    assert!(about(&["a", "b"]).contains("more than one file"));
    assert!(succeed(graph().arg("--help")).contains("usage: graph"));
}
