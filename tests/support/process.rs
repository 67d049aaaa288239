//! Tests that end their process: they run again in a child of the same binary.

use std::env;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output};

const CHILD: &str = "GC_TESTS_CHILD";

/// Whether this process is the child that [`respawn`] started.
#[must_use]
pub fn is_child() -> bool {
    env::var_os(CHILD).is_some()
}

/// Runs the test of that name (with its modules) alone in a child process.
///
/// # Panics
///
/// Panics if the binary cannot be started.
#[must_use]
pub fn respawn(test: &str) -> Output {
    let binary = env::current_exe().expect("a test binary has a path");
    let arguments = [test, "--exact", "--nocapture", "--include-ignored", "--test-threads=1"];
    let mut command = Command::new(binary);
    command.args(arguments).env(CHILD, "1").output().expect("the test binary starts")
}

/// Whether the process was ended by `abort`.
#[must_use]
pub fn aborted(output: &Output) -> bool {
    const SIGABRT: i32 = 6;
    output.status.signal() == Some(SIGABRT)
}
