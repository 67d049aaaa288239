//! A subject's process, seen by the one that compares: it is asked for batches, and may die of them.

use crate::worker::Task;
use crate::workload::{Contender, Start};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What is started for each subject.
#[derive(Clone, Debug)]
pub struct Programs {
    /// `gc-benches`.
    pub plain: PathBuf,
    /// `gc-benches-counted`, if it has been built: bytes and what is not reclaimed are told by it.
    pub counted: Option<PathBuf>,
}

impl Programs {
    /// The two in the place where the running one of them is.
    pub fn beside_this() -> Self {
        let this = std::env::current_exe().unwrap_or_else(|_| "gc-benches".into());
        let beside = |name| Some(this.with_file_name(name)).filter(|path| path.exists());
        Programs {
            plain: beside("gc-benches").unwrap_or(this.clone()),
            counted: beside("gc-benches-counted"),
        }
    }
}

/// Why a subject has no figure.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ended {
    /// Its stack was full.
    Overflow,
    /// A batch took longer than this.
    Slow(Duration),
    /// Anything else.
    Died(String),
}

/// A process of one subject.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
    complaints: Option<JoinHandle<String>>,
}

/// CPython's side of the protocol, if there is a CPython.
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/python/worker.py");

/// The interpreter itself: what is called `python3` may be a script that looks for it each time.
fn python() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| {
        let mut ask = Command::new("python3");
        let answer = ask.args(["-c", "import sys; print(sys.executable)"]).output();
        let path = answer.ok().and_then(|answer| String::from_utf8(answer.stdout).ok());
        path.filter(|path| !path.trim().is_empty())
            .map_or("python3".to_string(), |path| path.trim().to_string())
    })
}

impl Process {
    /// Starts `program`, or CPython, for one task of `contender`.
    pub(crate) fn start(
        program: &Path,
        contender: &Contender,
        workload: &str,
        task: Task,
        young: Option<usize>,
    ) -> Result<Self, Ended> {
        let mut command = match contender.start {
            Start::Python => {
                let mut command = Command::new(python());
                command.arg(PYTHON);
                command
            }
            _ => Command::new(program),
        };
        if let Some(young) = young {
            command.args(["--young", &young.to_string()]);
        }
        let (word, number) = match task {
            Task::Serve => ("--serve", None),
            Task::Check => ("--check", None),
            Task::Once(number) => ("--once", Some(number)),
            Task::Depth(number) => ("--depth", Some(number)),
        };
        command.args([word, workload, contender.subject]);
        command.args(number.map(|number| number.to_string()));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self::spawn(&mut command).map_err(|error| Ended::Died(error.to_string()))
    }

    fn spawn(command: &mut Command) -> std::io::Result<Self> {
        let mut child = command.spawn()?;
        let (input, output, errors) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            let lines = output.into_iter().flat_map(|output| BufReader::new(output).lines());
            // Nobody listens any more when the process is given up.
            lines.map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let complaints = thread::spawn(move || {
            let mut text = Vec::new();
            let _ = errors.map(|mut errors| errors.read_to_end(&mut text));
            String::from_utf8_lossy(&text).into_owned()
        });
        Ok(Process { child, input, lines, complaints: Some(complaints) })
    }

    /// Asks for a batch.
    pub(crate) fn batch(&mut self, limit: Duration) -> Result<f64, Ended> {
        if let Some(input) = &mut self.input {
            // If it is dead, there is no answer, which is looked into then.
            let _ = input.write_all(b"\n").and_then(|()| input.flush());
        }
        self.figure(limit)
    }

    /// Waits for a line with a figure.
    pub(crate) fn figure(&mut self, limit: Duration) -> Result<f64, Ended> {
        let line = self.line(limit)?;
        line.parse().map_err(|_| Ended::Died(format!("it says {line:?}")))
    }

    /// Waits for a line.
    pub(crate) fn line(&mut self, limit: Duration) -> Result<String, Ended> {
        match self.lines.recv_timeout(limit) {
            Ok(line) => Ok(line),
            Err(RecvTimeoutError::Timeout) => Err(Ended::Slow(limit)),
            Err(RecvTimeoutError::Disconnected) => Err(self.end()),
        }
    }

    /// What the process has died of.
    fn end(&mut self) -> Ended {
        let status = self.child.wait().map_or_else(|error| error.to_string(), |s| s.to_string());
        let complaints = self.complaints.take().and_then(|thread| thread.join().ok());
        let complaints = complaints.unwrap_or_default();
        if complaints.contains("overflowed its stack") {
            return Ended::Overflow;
        }
        let mut lines = complaints.lines().filter(|line| !line.trim().is_empty());
        let said = lines.find(|line| !line.contains("panicked at")).unwrap_or_default();
        Ended::Died(format!("{status}: {said}"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be in a batch that takes too long. What it has is not wanted any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
