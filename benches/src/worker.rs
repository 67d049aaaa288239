//! The process of one subject: what it does for the one that compares.

use crate::workload::{Contender, Runner, Start};
use crate::{counter, subject, workload};
use std::io::{self, BufRead as _, Write as _};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

/// What a process of one subject is for.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    pub(crate) task: Task,
    pub(crate) workload: String,
    pub(crate) subject: String,
    pub(crate) young: Option<usize>,
}

/// How much it does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Task {
    /// A batch for each line of input, and a line of output for each batch: its figure.
    Serve,
    /// So many batches, for a profiler. Says how many operations one has.
    Once(usize),
    /// Batches, and how many bytes more there are after the last of them.
    Check,
    /// A structure of this size. It is there again afterwards, or not.
    Depth(usize),
}

/// Each subject has the stack that the main thread has on Linux.
const STACK: usize = 8 << 20;

/// Batches that fill buffers, and batches between the two looks.
const WARM: usize = 2;
const CHECKED: usize = 1;

/// Does the work on a thread with a stack of a known size, and ends the process there and then, so that
/// nobody waits for a million objects to be freed.
pub(crate) fn run(work: &Work) -> Result<ExitCode, String> {
    let contender = find(&work.workload, &work.subject)?;
    let (task, young) = (work.task, work.young);
    let thread = thread::Builder::new().stack_size(STACK).name("worker".to_string());
    let worker = thread.spawn(move || {
        // Each thread has its own of `unsync`.
        if let Some(young) = young {
            subject::set_young(young);
        }
        let done = perform(task, &contender);
        io::stdout().flush().is_ok().then_some(()).ok_or("no output")?;
        done.map(|()| std::process::exit(0))
    });
    let worker = worker.map_err(|error| error.to_string())?;
    worker.join().unwrap_or_else(|_| Err("panicked".to_string()))
}

/// Others had the caches since the last turn: of short batches the third counts.
const SHORT: Duration = Duration::from_millis(10);

fn turn(runner: &mut Runner) -> f64 {
    let started = Instant::now();
    let first = runner().figure;
    if started.elapsed() > SHORT {
        return first;
    }
    runner();
    runner().figure
}

fn find(workload: &str, subject: &str) -> Result<Contender, String> {
    let entries = workload::all().into_iter().filter(|entry| entry.name == workload);
    let mut contenders = entries.flat_map(|entry| entry.contenders);
    contenders
        .find(|contender| contender.subject == subject)
        .ok_or(format!("no workload {workload:?} for {subject:?}"))
}

fn perform(task: Task, contender: &Contender) -> Result<(), String> {
    let (start, settle) = match (&contender.start, task) {
        (Start::Here { start, settle }, _) => (start, settle),
        (Start::Depth(run), Task::Depth(size)) => {
            run(size);
            println!("survived");
            return Ok(());
        }
        _ => return Err(format!("{} does not do that", contender.subject)),
    };
    let mut runner = start();
    match task {
        Task::Serve => {
            println!("ready");
            for line in io::stdin().lock().lines() {
                line.map_err(|error| error.to_string())?;
                println!("{}", turn(&mut runner));
            }
        }
        Task::Once(batches) => {
            let operations = (0..batches.max(1)).map(|_| runner().operations).last();
            println!("{}", operations.unwrap_or(0));
        }
        Task::Check if !counter::counts() => return Err("this program does not count".to_string()),
        Task::Check => {
            let mut some = |batches: usize| {
                for _ in 0..batches {
                    runner();
                }
                settle();
                counter::live() as i128
            };
            let before = some(WARM);
            println!("{}", some(CHECKED) - before);
        }
        Task::Depth(_) => return Err("this workload has no size".to_string()),
    }
    Ok(())
}
