//! Reading expressions from standard input, and printing their values.

use crate::printer;
use crate::reader::Reader;
use crate::value::{Stop, Value};
use crate::world::World;
use gc_examples::program::Error;
use gc_examples::report::Report;
use std::io::{self, BufRead, IsTerminal};
use std::ops::ControlFlow;

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
        let mut bytes = Vec::new();
        if input.read_until(b'\n', &mut bytes)? == 0 {
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
