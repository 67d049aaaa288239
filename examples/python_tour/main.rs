//! Thirty snippets about Python's memory management, in Rust.
//!
//! ```text
//! cargo run --release --example python_tour
//! cargo run --release --example python_tour -- s2.1 s4.6
//! ```
//!
//! They come from five introductions to the subject, s0 to s4, and are named by their place in
//! these. Of each is said what Python prints, and what is printed here. Where Python prints its
//! own sizes or addresses, ours stand in their place. Seven do not show in Python what they are
//! meant to; those are put right, and it is said what was wrong.
//!
//! | file | what it shows |
//! |---|---|
//! | `node.rs` | the class of most snippets |
//! | `page.rs` | where snippets, and their finalizers, print |
//! | `seed0.rs` | collections, garbage to look at, pauses, weak handles, sizes |
//! | `seed1.rs` | counts, cycles, the schedule |
//! | `seed2.rs` | identity, leaks, registries, profiles, interning |
//! | `seed3.rs` | the life of objects |
//! | `seed4.rs` | names and objects |
//!
//! Each snippet runs on a thread of its own, and so on a heap of its own.

#![forbid(unsafe_code)]

mod node;
mod page;
mod seed0;
mod seed1;
mod seed2;
mod seed3;
mod seed4;

use gc_core::unsync;
use gc_examples::arguments::{Argument, Arguments, no_such_option, usage};
use gc_examples::program::{self, Error, check};
use gc_examples::report::Report;
use std::process::ExitCode;
use std::thread;

const HELP: &str = "\
Thirty snippets about Python's memory management, in Rust.

usage: python_tour [ID]...

  ID      run this snippet: s0.1 to s0.6, s1.1 to s1.5, s2.1 to s2.8, s3.1 to s3.5,
          s4.1 to s4.6; all of them if none is named
  --help  print this";

/// One of them.
#[derive(Clone, Copy)]
struct Snippet {
    id: &'static str,
    title: &'static str,
    run: fn(),
    /// What Python prints.
    python: &'static str,
    /// Why that does not show what it is meant to.
    wrong: Option<&'static str>,
    note: Option<&'static str>,
}

impl Snippet {
    const fn new(id: &'static str, title: &'static str, run: fn()) -> Self {
        Snippet { id, title, run, python: "", wrong: None, note: None }
    }

    const fn python(self, python: &'static str) -> Self {
        Snippet { python, ..self }
    }

    const fn wrong(self, wrong: &'static str) -> Self {
        Snippet { wrong: Some(wrong), ..self }
    }

    const fn note(self, note: &'static str) -> Self {
        Snippet { note: Some(note), ..self }
    }
}

fn main() -> ExitCode {
    program::run("python_tour", run)
}

fn run(report: &mut Report) -> Result<(), Error> {
    let all = all();
    let mut chosen = Vec::new();
    for argument in Arguments::of_process() {
        match argument {
            Argument::Option(option) if option == "--help" => return Ok(report.line(HELP)?),
            Argument::Option(option) => return Err(no_such_option(&option)),
            Argument::Value(id) => {
                let id = id.to_string_lossy();
                let snippet = all.iter().find(|snippet| snippet.id == id);
                chosen.push(*snippet.ok_or_else(|| usage(format_args!("no such snippet: {id}")))?);
            }
        }
    }
    let chosen = if chosen.is_empty() { all } else { chosen };
    for (number, snippet) in chosen.iter().enumerate() {
        if number > 0 {
            report.line("")?;
        }
        show(report, snippet)?;
    }
    Ok(())
}

fn all() -> Vec<Snippet> {
    let seeds: [&[Snippet]; 5] =
        [&seed0::SNIPPETS, &seed1::SNIPPETS, &seed2::SNIPPETS, &seed3::SNIPPETS, &seed4::SNIPPETS];
    seeds.concat()
}

fn show(report: &mut Report, snippet: &Snippet) -> Result<(), Error> {
    report.line(format_args!("{}  {}", snippet.id, snippet.title))?;
    report.line(format_args!("  Python prints: {}", snippet.python))?;
    if let Some(wrong) = snippet.wrong {
        report.line(format_args!("  wrong in Python: {wrong}"))?;
    }
    if let Some(note) = snippet.note {
        report.line(format_args!("  note: {note}"))?;
    }
    let run = snippet.run;
    let ended = thread::spawn(move || {
        run();
        let lines = page::take();
        let _ = unsync::collect();
        (lines, unsync::live())
    });
    let (lines, left) =
        ended.join().map_err(|_| Error::Check(format!("{} runs to its end", snippet.id)))?;
    for line in lines {
        report.line(format_args!("    {line}"))?;
    }
    check(left == 0, || format!("{}: nothing is left, but {left} objects are", snippet.id))
}
