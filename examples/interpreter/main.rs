//! A small Lisp whose values and environments are objects of the collector's.
//!
//! ```text
//! cargo run --release --example interpreter                       # reads expressions, prints values
//! echo '(map (lambda (x) (* x x)) (range 1 6))' | cargo run --release --example interpreter
//! cargo run --release --example interpreter -- --file examples/interpreter/programs/church.lisp
//! ```
//!
//! A function of a Lisp keeps the environment that it was made in, and that environment knows the
//! function by its name. So every definition inside another one is a cycle, and an interpreter
//! with counts alone leaks one at each call. Here environments, functions, pairs and strings are
//! [`Gc`](gc_core::unsync::Gc) handles; programs may ask the collector with `(gc)`, `(live)` and
//! `(gc-stats)`.
//!
//! | file | what it shows |
//! |---|---|
//! | `value.rs` | values: an `enum` with `#[derive(Trace)]`, and cells whose halves change |
//! | `environment.rs` | the other half of the cycle: scopes |
//! | `symbols.rs` | names: one object for each spelling, and addresses to compare |
//! | `reader.rs` | from text to values |
//! | `printer.rs` | from values to text, also of circles |
//! | `machine.rs` | the evaluator: a loop whose own stack holds handles, the roots |
//! | `forms.rs`, `quasiquote.rs` | what is not a function call |
//! | `builtins/` | functions of the interpreter's own |
//! | `prelude.lisp` | functions in the language itself |
//! | `world.rs`, `repl.rs` | running a text, and a session |
//! | `programs/` | programs, each beside what it prints |
//!
//! No input makes it panic or overflow the stack: numbers do not wrap around, recursion has a
//! limit of its own, and so have the objects that a program may use. What fails in a session is
//! said, and the session goes on; in a file it ends with one line on standard error and exit
//! code 1. After everything the interpreter is dropped, and nothing may be left.

#![forbid(unsafe_code)]

mod arguments;
mod builtins;
mod environment;
mod forms;
mod machine;
mod printer;
mod quasiquote;
mod reader;
mod repl;
mod symbols;
mod value;
mod world;

use crate::arguments::{Command, HELP, Options};
use crate::world::{End, World};
use gc_core::unsync;
use gc_examples::program::{self, Error, check};
use gc_examples::report::{Report, counted};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    program::run("interpreter", run)
}

fn run(report: &mut Report) -> Result<(), Error> {
    let options = match arguments::parse()? {
        Command::Help => return Ok(report.line(HELP)?),
        Command::Run(options) => options,
    };
    // Programs are read before any is run: a name that is wrong is wrong at once.
    let texts = options.files.iter().map(|path| read(path));
    let texts = texts.collect::<Result<Vec<_>, _>>()?;

    let mut world = World::new(options.most_objects);
    let outcome = if texts.is_empty() {
        repl::run(&mut world, report)
    } else {
        run_files(&mut world, &options, &texts)
    };
    // The outermost scope and the functions in it hold each other.
    drop(world);
    let collected = unsync::collect().collected;
    let left = unsync::live();
    outcome?;
    if options.figures {
        print_figures(report, collected)?;
    }
    check(left == 0, || format!("nothing is left, but {left} objects are"))
}

fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path)
        .map_err(|error| Error::Input(format!("{}: cannot be read: {error}", path.display())))
}

fn run_files(world: &mut World, options: &Options, texts: &[String]) -> Result<(), Error> {
    for (path, text) in options.files.iter().zip(texts) {
        match world.run(text) {
            Ok(()) => {}
            Err(End::Exit) => return Ok(std::mem::replace(&mut world.output, Ok(()))?),
            Err(End::Failed { line, problem }) => {
                return Err(Error::Failed(format!("{}:{line}: {problem}", path.display())));
            }
        }
    }
    Ok(())
}

fn print_figures(report: &mut Report, collected: usize) -> Result<(), Error> {
    let [young, middle, old] = unsync::stats().map(|stats| stats.collections);
    report.fact("collections", format_args!("{young} young, {middle} middle, {old} old"))?;
    let at_end = counted(collected, "object", "objects");
    Ok(report.fact("at the end", format_args!("{at_end} collected, none left"))?)
}
