//! Reading expressions from standard input, and printing their values.

use crate::printer;
use crate::reader::Reader;
use crate::value::{Stop, Value};
use crate::world::World;
use gc_examples::program::Error;
use gc_examples::report::Report;
use std::io::{self, BufRead, IsTerminal, Read};
use std::ops::ControlFlow;

/// How many bytes a line may have.
const LONGEST: u64 = 64 << 20;

/// Evaluates what is typed, or piped in, until it ends. What fails is said, and the next expression
/// is read.
///
/// A prompt is printed only where a person sees it.
pub(crate) fn run(world: &mut World, report: &mut Report) -> Result<(), Error> {
    let interactive = io::stdin().is_terminal() && io::stdout().is_terminal();
    let mut input = io::stdin().lock();
    let mut reader = Reader::new();
    loop {
        if interactive {
            report.prompt(if reader.inside().is_none() { "> " } else { ". " })?;
        }
        let bytes = read_line(&mut input)?;
        if bytes.is_empty() {
            break;
        }
        match std::str::from_utf8(&bytes) {
            Ok(line) => reader.feed(line),
            Err(_) => {
                report.line(format_args!("line {}: not UTF-8", reader.line()))?;
                reader.give_up();
                reader.feed("\n");
            }
        }
        if evaluate(world, report, &mut reader)?.is_break() {
            return Ok(());
        }
    }
    match reader.inside() {
        None => Ok(()),
        Some(line) => {
            Ok(report.line(format_args!("line {line}: the input ends inside this expression"))?)
        }
    }
}

/// A line with its end; nothing at the end of the input.
fn read_line(input: &mut impl BufRead) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    input
        .take(LONGEST)
        .read_until(b'\n', &mut bytes)
        .map_err(|error| Error::Input(format!("standard input: cannot be read: {error}")))?;
    if bytes.len() as u64 == LONGEST && !bytes.ends_with(b"\n") {
        return Err(Error::Input(format!("standard input: a line of more than {LONGEST} bytes")));
    }
    Ok(bytes)
}

/// Evaluates what the reader has, and says whether to go on.
fn evaluate(
    world: &mut World,
    report: &mut Report,
    reader: &mut Reader,
) -> Result<ControlFlow<()>, Error> {
    loop {
        let expression = match reader.next(&world.symbols) {
            Ok(None) => return Ok(ControlFlow::Continue(())),
            Ok(Some((_, expression))) => expression,
            Err(unreadable) => {
                report.line(format_args!("line {}: {}", unreadable.line, unreadable.problem))?;
                continue;
            }
        };
        match world.evaluate(expression) {
            Ok(Value::Nothing) => {}
            Ok(value) => report.line(printer::written(&value))?,
            Err(Stop::Failed(failure)) => {
                report.line(format_args!("error: {}", failure.describe()))?;
            }
            Err(Stop::Exit) => {
                std::mem::replace(&mut world.output, Ok(()))?;
                return Ok(ControlFlow::Break(()));
            }
        }
    }
}
