//! Handle operations and collections beside std's pointers, as ratios of one run.
//!
//! `cargo run --release -p gc-benches -- --help`

mod measure;
mod options;
mod report;
mod subject;
mod workload;

use measure::Effort;
use options::{Command, Options};
use std::process::ExitCode;

fn main() -> ExitCode {
    match options::parse(std::env::args().skip(1)) {
        Ok(Command::Help) => {
            println!("{}", options::HELP);
            ExitCode::SUCCESS
        }
        Ok(Command::List) => {
            list();
            ExitCode::SUCCESS
        }
        Ok(Command::Once { workload, subject, batches }) => once(&workload, &subject, batches),
        Ok(Command::Stalls { batches }) => {
            print!("{}", workload::causes(batches));
            ExitCode::SUCCESS
        }
        Ok(Command::Run(options)) => run(&options),
        Err(message) => fail(&message),
    }
}

fn fail(message: &str) -> ExitCode {
    eprintln!("gc-benches: {message}");
    ExitCode::FAILURE
}

/// Names every workload and each of its subjects with its
/// baseline, one a line, for scripts.
fn list() {
    for entry in workload::all() {
        for contender in &entry.contenders {
            let baseline = contender.baseline.map_or("", |place| entry.contenders[place].subject);
            println!("{}\t{}\t{baseline}", entry.name, contender.subject);
        }
    }
}

/// Runs some batches of one workload for one subject, for profilers, and prints
/// how many operations a batch has.
fn once(workload: &str, subject: &str, batches: usize) -> ExitCode {
    let entries = workload::all();
    let found = entries
        .iter()
        .filter(|entry| entry.name == workload)
        .flat_map(|entry| &entry.contenders)
        .find(|contender| contender.subject == subject);
    let Some(contender) = found else {
        return fail(&format!("no workload {workload:?} for {subject:?}"));
    };
    let mut runner = (contender.start)();
    let mut operations = 0;
    for _ in 0..batches.max(1) {
        operations = runner().operations;
    }
    println!("{operations}");
    ExitCode::SUCCESS
}

/// Measures what the options select and prints the table.
fn run(options: &Options) -> ExitCode {
    if let Some(young) = options.young {
        subject::set_young(young);
    }
    let effort = if options.quick { Effort::QUICK } else { Effort::FULL };
    let mut rows = Vec::new();
    for entry in workload::all() {
        if options.selects(&entry) {
            eprintln!("{} ...", entry.name);
            rows.push(measure::measure(&entry, effort));
        }
    }
    print!("{}", report::table(&rows));
    if let Some(path) = &options.json
        && let Err(error) = std::fs::write(path, report::json(&rows))
    {
        return fail(&format!("{}: {error}", path.display()));
    }
    ExitCode::SUCCESS
}
