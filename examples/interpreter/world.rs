//! What all evaluations of an interpreter share.

use crate::builtins;
use crate::environment::Environment;
use crate::machine::Machine;
use crate::reader::{Reader, Unreadable};
use crate::symbols::Symbols;
use crate::value::{Stop, Value};
use gc_core::unsync::Gc;
use std::io;

/// What is written in the language itself.
const PRELUDE: &str = include_str!("prelude.lisp");

/// The symbols, the outermost scope, and limits.
pub(crate) struct World {
    pub(crate) symbols: Symbols,
    pub(crate) global: Gc<Environment>,
    /// How many objects a program may have in use.
    pub(crate) most_objects: usize,
    /// Standard output has failed: there is nobody left to print for.
    pub(crate) output: io::Result<()>,
}

/// Why a text was not run to its end.
pub(crate) enum End {
    /// The program asked to end.
    Exit,
    /// What begins in this line is no program, or failed.
    Failed { line: usize, problem: String },
}

impl World {
    pub(crate) fn new(most_objects: usize) -> World {
        let symbols = Symbols::new();
        let global = Environment::new(None);
        for builtin in builtins::all() {
            global.define(&symbols.intern(builtin.name), Value::Builtin(builtin));
        }
        let mut world = World { symbols, global, most_objects, output: Ok(()) };
        let outcome = world.run(PRELUDE);
        debug_assert!(outcome.is_ok(), "the prelude is a program");
        world
    }

    /// The value of an expression.
    pub(crate) fn evaluate(&mut self, expression: Value) -> Result<Value, Stop> {
        Machine::new(self).run(expression)
    }

    /// Evaluates all expressions of a text, until one fails.
    pub(crate) fn run(&mut self, text: &str) -> Result<(), End> {
        let mut reader = Reader::new();
        reader.feed(text);
        let unreadable = |Unreadable { line, problem }| End::Failed { line, problem };
        while let Some((line, expression)) = reader.next(&self.symbols).map_err(unreadable)? {
            self.evaluate(expression).map_err(|stop| match stop {
                Stop::Exit => End::Exit,
                Stop::Failed(failure) => End::Failed { line, problem: failure.describe() },
            })?;
        }
        match reader.inside() {
            None => Ok(()),
            Some(line) => {
                Err(End::Failed { line, problem: "the file ends inside an expression".into() })
            }
        }
    }
}
