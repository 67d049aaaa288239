//! Runs the example `leak_hunt` and follows its story.

#![forbid(unsafe_code)]

use gc_examples::testing::{example, refuse, succeed};

/// The parts of what is printed, without their headings' first lines.
fn steps(printed: &str) -> Vec<&str> {
    let steps: Vec<_> = printed.split("\n\n").collect();
    for (number, step) in steps.iter().enumerate() {
        assert!(step.starts_with(&format!("{}. ", number + 1)), "{printed}");
    }
    steps
}

/// The figures of the rounds: requests, objects, change, contexts, log, collections, collected.
fn rounds(step: &str) -> Vec<[u64; 7]> {
    let lines = step.lines().skip(2).take(5);
    let row = |line: &str| -> [u64; 7] {
        let cells = line.split_whitespace().map(|cell| cell.parse().expect("a number"));
        cells.collect::<Vec<_>>().try_into().expect("seven columns")
    };
    lines.map(row).collect()
}

#[test]
fn the_leak_is_seen_found_and_mended() {
    let printed = succeed(&mut example("leak_hunt"));
    let steps = steps(&printed);
    assert_eq!(steps.len(), 7, "{printed}");

    // The server and its log; of each slow request the context and three callbacks.
    let mut before = 0;
    for (round, row) in (1..).zip(rounds(steps[0])) {
        let [requests, objects, change, contexts, log, collections, collected] = row;
        let leaked = 100 * round;
        assert_eq!(
            (requests, objects, contexts),
            (1000 * round, 2 + 4 * leaked, leaked),
            "{printed}"
        );
        // The other requests are collected: their contexts and two callbacks each.
        assert_eq!((change, collected), (400, 900 * 3), "{printed}");
        assert!(log > before && collections > 0, "{printed}");
        before = log;
    }
    assert!(steps[0].ends_with("400 objects more with each 1000 requests"), "{printed}");
    assert!(steps[1].contains("1 collection more, 0 objects found"), "{printed}");
    let suspect = "
  contexts            500, and no request is being served
  the oldest          request 10, 1024 bytes
  handles             3
";
    assert!(steps[2].contains(suspect), "{printed}");
    let holders = "
  Server
  SlowLog
  Callback            slow requests, of request 10
  Context             request 10, 1024 bytes";
    assert!(steps[3].ends_with(holders), "{printed}");
    let garbage = "
  garbage             of 9 requests: 18 Callback, 9 Context
  one                 request 5001, 1024 bytes
  holds               access log, of request 5001, which holds it in turn: true
  holds               metrics, of request 5001, which holds it in turn: true
  so                  27 objects in cycles: not leaked, but not free at once
  the end             the server is dropped, 2000 objects are collected";
    assert!(steps[4].ends_with(garbage), "{printed}");
    for (round, row) in (1..).zip(rounds(steps[5])) {
        assert_eq!(row, [1000 * round, 2, 0, 0, 0, row[5], 0], "{printed}");
    }
    assert!(steps[6].contains("\nleaking, round 5 ") && steps[6].contains("\nfixed, round 5 "));
    assert!(printed.ends_with("\nnothing is left\n"), "{printed}");
}

#[test]
fn wrong_usage_is_refused_and_help_is_given() {
    let about = |argument| refuse("leak_hunt", example("leak_hunt").arg(argument));
    assert!(about("--nonsense").contains("no such option: --nonsense"));
    assert!(about("server").contains("there is nothing to name"));
    assert!(succeed(example("leak_hunt").arg("--help")).contains("usage: leak_hunt"));
}
