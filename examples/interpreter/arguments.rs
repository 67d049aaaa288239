//! The command line.

use gc_examples::arguments::{Argument, Arguments, no_such_option, usage};
use gc_examples::program::Error;
use std::path::PathBuf;

pub(crate) const HELP: &str = "\
A small Lisp whose values and environments are garbage-collected.

usage: interpreter [--file PATH]... [--objects N] [--figures]

  --file PATH  run this program; of several, one after another. Without one,
               expressions are read from standard input, and their values printed
  --objects N  how many objects a program may have in use (2000000)
  --figures    print at the end what the collector did
  --help       print this

forms:      quote quasiquote if cond and or define set! lambda let let* letrec begin
            (try expression handler), where the handler is called with an error
collector:  (gc) (live) (gc-stats)";

/// What the user asked for.
#[derive(Debug)]
pub(crate) enum Command {
    Help,
    Run(Options),
}

/// What to run, and how.
#[derive(Debug)]
pub(crate) struct Options {
    /// Standard input, if there are none.
    pub(crate) files: Vec<PathBuf>,
    pub(crate) most_objects: usize,
    pub(crate) figures: bool,
}

/// Reads the command line.
pub(crate) fn parse() -> Result<Command, Error> {
    let mut options = Options { files: Vec::new(), most_objects: 2_000_000, figures: false };
    let mut arguments = Arguments::of_process();
    while let Some(argument) = arguments.next() {
        match argument {
            Argument::Option(option) => match option.as_str() {
                "--help" | "-h" => return Ok(Command::Help),
                "--file" => options.files.push(arguments.path(&option)?),
                "--objects" => {
                    options.most_objects = arguments.number(&option, 1000..=1_000_000_000)?;
                }
                "--figures" => options.figures = true,
                _ => return Err(no_such_option(&option)),
            },
            Argument::Value(value) => {
                let value = value.to_string_lossy().into_owned();
                return Err(usage(format_args!("what is {value}? A program goes after --file")));
            }
        }
    }
    Ok(Command::Run(options))
}
