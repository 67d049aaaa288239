//! The command line.

use gc_examples::arguments::{Argument, Arguments, no_such_option, usage};
use gc_examples::program::Error;
use std::num::NonZeroUsize;

pub(crate) const HELP: &str = "\
A cache that keeps what is recent, and knows what is in use.

usage: lru_cache [--threads N] [--requests N] [--books N] [--pages N] [--recent N] [--seed N]

  --threads N   how many readers there are (4)
  --requests N  how many pages each of them opens (10000)
  --books N     how many books there are (2000)
  --pages N     how many pages a book has (4)
  --recent N    how many pages the cache holds (100)
  --seed N      which pages are opened (1)
  --help        print this";

/// What the user asked for.
#[derive(Debug)]
pub(crate) enum Command {
    Help,
    Run(Options),
}

#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) threads: u64,
    pub(crate) requests: usize,
    pub(crate) books: u32,
    pub(crate) pages: u32,
    pub(crate) recent: NonZeroUsize,
    pub(crate) seed: u64,
}

/// Reads the command line.
pub(crate) fn parse() -> Result<Command, Error> {
    let recent = NonZeroUsize::MIN.saturating_add(99);
    let mut options =
        Options { threads: 4, requests: 10_000, books: 2000, pages: 4, recent, seed: 1 };
    let mut arguments = Arguments::of_process();
    while let Some(argument) = arguments.next() {
        let Argument::Option(option) = argument else {
            return Err(usage("there is nothing to name"));
        };
        match option.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--threads" => options.threads = arguments.number(&option, 1..=64)?,
            "--requests" => options.requests = arguments.number(&option, 1..=100_000_000)?,
            "--books" => options.books = arguments.number(&option, 1..=1_000_000)?,
            "--pages" => options.pages = arguments.number(&option, 1..=1000)?,
            "--recent" => {
                let most = NonZeroUsize::MIN.saturating_add(999_999);
                options.recent = arguments.number(&option, NonZeroUsize::MIN..=most)?;
            }
            "--seed" => options.seed = arguments.number(&option, 0..=u64::MAX)?,
            _ => return Err(no_such_option(&option)),
        }
    }
    Ok(Command::Run(options))
}
