//! gc-core beside std's pointers and other crates: what operations and collections cost, as ratios of one
//! run, what is not reclaimed, and how deep structures may be.
//!
//! `cargo bench -p gc-benches --features peers -- --help`

mod counter;
mod measure;
mod options;
mod process;
mod report;
mod rounds;
mod subject;
mod worker;
mod workload;

pub use counter::{Counting, count};
pub use process::Programs;

use options::{Command, Options};
use rounds::Effort;
use std::process::ExitCode;

/// Does what the command line says. `programs` are what is started for each subject.
pub fn main(programs: Programs) -> ExitCode {
    match options::parse(std::env::args().skip(1)) {
        Ok(Command::Help) => {
            println!("{}", options::HELP);
            ExitCode::SUCCESS
        }
        Ok(Command::List) => {
            list();
            ExitCode::SUCCESS
        }
        Ok(Command::Work(work)) => worker::run(&work).unwrap_or_else(|message| fail(&message)),
        Ok(Command::Stalls { batches }) => {
            print!("{}", workload::causes(batches));
            ExitCode::SUCCESS
        }
        Ok(Command::Run(options)) => run(&options, &programs),
        Err(message) => fail(&message),
    }
}

fn fail(message: &str) -> ExitCode {
    eprintln!("gc-benches: {message}");
    ExitCode::FAILURE
}

/// Names every workload and each of its subjects with its baseline, one a line, for scripts.
fn list() {
    for entry in workload::all() {
        for contender in &entry.contenders {
            println!("{}\t{}\t{}", entry.name, contender.subject, contender.baseline.unwrap_or(""));
        }
    }
}

/// Measures what the options select and prints the tables.
fn run(options: &Options, programs: &Programs) -> ExitCode {
    let effort = if options.quick { Effort::QUICK } else { Effort::FULL };
    let started = std::time::Instant::now();
    let mut rows = Vec::new();
    for mut entry in workload::all() {
        options.select(&mut entry);
        if !entry.contenders.is_empty() {
            eprintln!("{:5} s: {}", started.elapsed().as_secs(), entry.name);
            rows.push(rounds::measure(&entry, effort, programs, options.young));
            // After each, so that a run that is ended early has something to show.
            if let Some(path) = &options.json
                && let Err(error) = std::fs::write(path, report::json(&rows, options.quick))
            {
                return fail(&format!("{}: {error}", path.display()));
            }
        }
    }
    print!("{}", report::tables(&rows));
    ExitCode::SUCCESS
}
