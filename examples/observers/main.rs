//! A subject and its observers, which must not keep each other alive.
//!
//! ```text
//! cargo run --release --example observers
//! ```
//!
//! An observer usually knows what it observes. If the subject holds it as well, the two are a
//! cycle, and, what is worse, an observer that nobody wants any more goes on observing. So the
//! subject's handles are weak, and a callback takes an observer that has died off the list.
//!
//! | file | what it shows |
//! |---|---|
//! | `strong.rs` | how it goes wrong |
//! | `method.rs` | a method of an object that may die: Python's `WeakMethod` |
//! | `subject.rs` | a list of these that cleans itself, and may change while observers are told |
//! | `sensor.rs` | observers: one of a cycle, one that takes itself off the list, one that brings another |
//! | `threads.rs` | the short form, a `WeakSet`, and observers on several threads |

#![forbid(unsafe_code)]

mod method;
mod sensor;
mod strong;
mod subject;
mod threads;

use crate::sensor::{Alarm, Display, Janitor, Thermometer};
use crate::strong::{StrongObserver, StrongSubject};
use crate::subject::Subject;
use gc_core::unsync::{self, Gc};
use gc_examples::arguments::{Argument, Arguments, no_such_option, usage};
use gc_examples::program::{self, check};
use gc_examples::report::say;
use std::process::ExitCode;

const HELP: &str = "\
A subject and its observers, which do not keep each other alive.

usage: observers [--help]";

fn main() -> ExitCode {
    program::run("observers", |report| {
        match Arguments::of_process().next() {
            None => {}
            Some(Argument::Option(option)) if option == "--help" => return Ok(report.line(HELP)?),
            Some(Argument::Option(option)) => return Err(no_such_option(&option)),
            Some(Argument::Value(_)) => return Err(usage("there is nothing to name")),
        }
        report.line("held by the subject")?;
        held_by_the_subject();
        report.heading("held weakly")?;
        held_weakly();
        report.heading("observers that are a cycle")?;
        in_a_cycle();
        report.heading("observers that come and go while others are told")?;
        while_others_are_told();
        report.heading("the subject goes first")?;
        the_subject_goes_first();
        report.heading("a weak set, and threads")?;
        threads::run()?;
        let left = unsync::live();
        check(left == 0, || format!("nothing is left, but {left} objects are"))?;
        Ok(report.heading("nothing is left")?)
    })
}

/// An observer that nobody wants any more goes on observing, until the subject is dropped; and then
/// both are garbage for the collector.
fn held_by_the_subject() {
    let subject = Gc::new(StrongSubject::default());
    let observer = StrongObserver::new("an unwanted observer", &subject);
    drop(observer);
    subject.notify(1);
    drop(subject);
    say(format_args!("left when both are dropped: {}", unsync::live()));
    say(format_args!("collected: {}", unsync::collect().collected));
}

/// An observer dies with its last handle, and is off the list at once.
fn held_weakly() {
    let thermometer: Gc<Thermometer> = Subject::new("the thermometer");
    let hall = Display::new("the hall", &thermometer);
    let porch = Display::new("the porch", &thermometer);
    thermometer.notify(&18);
    drop(porch);
    thermometer.notify(&19);
    say(format_args!("observers: {}", thermometer.observers()));
    drop(hall);
}

/// Two observers that know each other die in a collection. Until then they are told: nobody can
/// know yet that they are garbage.
fn in_a_cycle() {
    let thermometer: Gc<Thermometer> = Subject::new("the thermometer");
    let left = Display::new("the left one", &thermometer);
    let right = Display::new("the right one", &thermometer);
    left.beside.replace(Some(right.clone()));
    right.beside.replace(Some(left.clone()));
    drop((left, right));
    thermometer.notify(&20);
    say(format_args!("collected: {}", unsync::collect().collected));
    thermometer.notify(&21);
    say(format_args!("observers: {}", thermometer.observers()));
}

/// The list is another one after each event, and each of them is told to whom it was true for.
fn while_others_are_told() {
    let thermometer: Gc<Thermometer> = Subject::new("the thermometer");
    let janitor = Janitor::new(&thermometer);
    let alarm = Alarm::new(28, &thermometer);
    let hall = Display::new("the hall", &thermometer);
    for reading in [24, 30, 31, 10] {
        say(format_args!("--- {reading}"));
        thermometer.notify(&reading);
    }
    say(format_args!("observers: {}", thermometer.observers()));
    drop((alarm, hall, janitor));
}

/// Observers outlive the subject, and what they know of it says so.
fn the_subject_goes_first() {
    let thermometer: Gc<Thermometer> = Subject::new("the thermometer");
    let alarm = Alarm::new(28, &thermometer);
    drop(thermometer);
    say(format_args!("the alarm is there: {}", Gc::strong_count(&alarm) == 1));
    drop(alarm);
}
