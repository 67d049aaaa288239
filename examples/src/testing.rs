//! How the tests run an example's program, and what they take from it.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// The program of the example of this name. `cargo test` builds it, in the folder beside the test's.
///
/// # Panics
///
/// If it is not there.
#[must_use]
pub fn example(name: &str) -> Command {
    let test = std::env::current_exe().expect("a test knows its path");
    let profile = test.ancestors().nth(2).expect("target/<profile>/deps/<test>");
    let program = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let program = profile.join("examples").join(program);
    assert!(program.exists(), "{} is not built: cargo build --example {name}", program.display());
    Command::new(program)
}

/// What went to standard output.
#[must_use]
pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What went to standard error.
#[must_use]
pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What the example prints when all is well: it says nothing on standard error then.
///
/// # Panics
///
/// If all is not well.
pub fn succeed(command: &mut Command) -> String {
    succeeded(&command.output().expect("the example starts"))
}

/// What the example has printed, if all was well.
///
/// # Panics
///
/// If all was not well.
#[must_use]
pub fn succeeded(output: &Output) -> String {
    assert!(output.status.success(), "{}\n{}", stdout(output), stderr(output));
    assert_eq!(stderr(output), "");
    stdout(output)
}

/// The one line that the example of this name says about input that it cannot use.
///
/// # Panics
///
/// If it takes the input, or says anything else.
pub fn refuse(name: &str, command: &mut Command) -> String {
    let output = command.output().expect("the example starts");
    assert_eq!(output.status.code(), Some(2), "{}\n{}", stdout(&output), stderr(&output));
    assert_eq!(stdout(&output), "");
    let said = stderr(&output);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with(&format!("{name}: ")), "{said}");
    said
}

/// Runs the example with this on its standard input.
///
/// # Panics
///
/// If it cannot be started.
pub fn feed(command: &mut Command, input: &[u8]) -> Output {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut running = command.spawn().expect("the example starts");
    let mut stdin = running.stdin.take().expect("it is piped");
    std::thread::scope(|scope| {
        // On a thread of its own: the example may print more than a pipe holds before it has read all.
        scope.spawn(move || match stdin.write_all(input) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => panic!("{error}"),
            _ => {}
        });
        running.wait_with_output().expect("the example ends")
    })
}

/// A file of this name with this content, in the folder where Cargo lets this test write.
///
/// # Panics
///
/// If it cannot be written.
pub fn file(folder: &str, name: &str, content: &[u8]) -> PathBuf {
    let path = PathBuf::from(folder).join(name);
    std::fs::write(&path, content).expect("the folder for tests can be written to");
    path
}
