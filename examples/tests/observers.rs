//! Runs the example `observers`, which says the same each time.

#![forbid(unsafe_code)]

use gc_examples::testing::{example, refuse, succeed};

const PRINTED: &str = "\
held by the subject
  an unwanted observer is told 1
  left when both are dropped: 2
  collected: 2

held weakly
  the hall shows 18
  the porch shows 18
  the porch is gone, and off the list of the thermometer
  the hall shows 19
  observers: 1
  the hall is gone, and off the list of the thermometer

observers that are a cycle
  the left one shows 20
  the right one shows 20
  the left one is gone, and off the list of the thermometer
  the right one is gone, and off the list of the thermometer
  collected: 2
  observers: 0

observers that come and go while others are told
  --- 24
  the hall shows 24
  --- 30
  the janitor opens the window
  the alarm at 28 goes off at 30, and listens no longer
  the hall shows 30
  --- 31
  the hall shows 31
  the window shows 31
  --- 10
  the janitor takes the window away
  the window is gone, and off the list of the thermometer
  the hall shows 10
  observers: 2
  the hall is gone, and off the list of the thermometer
  the janitor is gone, and off the list of the thermometer

the subject goes first
  the alarm is there: true

a weak set, and threads
  4 observers, one on each thread
  each was told [100, 100, 100, 100] times; 0 are left in the set

nothing is left
";

#[test]
fn who_is_told_what_and_who_is_gone_when() {
    assert_eq!(succeed(&mut example("observers")), PRINTED);
}

#[test]
fn wrong_usage_is_refused_and_help_is_given() {
    let about = |argument| refuse("observers", example("observers").arg(argument));
    assert!(about("--nonsense").contains("no such option: --nonsense"));
    assert!(about("one").contains("there is nothing to name"));
    assert!(succeed(example("observers").arg("--help")).contains("usage: observers"));
}
