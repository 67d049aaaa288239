//! The evaluator: a loop with a stack of its own.
//!
//! What is left to do after an expression has its value stands in frames on that stack, not on
//! Rust's. So no program is too deep for it but one that exceeds [`DEPTH`], which is a failure like
//! any other; and a call in the last place leaves nothing behind: loops are calls.

use crate::builtins::{Action, Builtin};
use crate::environment::Environment;
use crate::forms;
use crate::value::{Closure, Failure, Stop, Symbol, Value, failure};
use crate::world::World;
use gc_core::unsync::{self, Gc};
use gc_examples::report::counted;

/// How many frames there may be.
const DEPTH: usize = 100_000;

/// How many calls there are between two looks at the number of objects.
const CALLS: u32 = 1024;

/// What to do next.
pub(crate) enum Step {
    Evaluate(Value, Gc<Environment>),
    Return(Value),
}

/// What to do with a value, and where its evaluation stands.
pub(crate) enum Frame {
    /// One of two expressions.
    If {
        choices: Vec<Value>,
        scope: Gc<Environment>,
    },
    /// The other clauses of a `cond`, and what to do if the value is true: the last first.
    Cond {
        clauses: Vec<Value>,
        body: Value,
        scope: Gc<Environment>,
    },
    /// The other parts of an `and` or an `or`, the last first: until one is not `until`.
    Logic {
        rest: Vec<Value>,
        and: bool,
        scope: Gc<Environment>,
    },
    /// The rest of a body.
    Sequence {
        rest: Value,
        scope: Gc<Environment>,
    },
    Define {
        name: Symbol,
        scope: Gc<Environment>,
    },
    Set {
        name: Symbol,
        scope: Gc<Environment>,
    },
    /// The function and its arguments so far, and the expressions left, the last first.
    Call {
        values: Vec<Value>,
        rest: Vec<Value>,
        scope: Gc<Environment>,
    },
    /// The expression for the function that takes a failure.
    Try {
        handler: Value,
        scope: Gc<Environment>,
    },
}

/// A running evaluation.
pub(crate) struct Machine<'w> {
    pub(crate) world: &'w mut World,
    frames: Vec<Frame>,
    calls: u32,
}

impl<'w> Machine<'w> {
    pub(crate) fn new(world: &'w mut World) -> Self {
        Machine { world, frames: Vec::new(), calls: 0 }
    }

    /// The value of an expression of the outermost scope.
    pub(crate) fn run(&mut self, expression: Value) -> Result<Value, Stop> {
        let global = self.world.global.clone();
        let mut step = Step::Evaluate(expression, global);
        loop {
            let next = match step {
                Step::Evaluate(expression, scope) => self.evaluate(expression, scope),
                Step::Return(value) => match self.frames.pop() {
                    None => return Ok(value),
                    Some(frame) => self.resume(frame, value),
                },
            };
            step = match next {
                Err(Stop::Failed(failure)) => self.unwind(failure)?,
                other => other?,
            };
        }
    }

    pub(crate) fn push(&mut self, frame: Frame) -> Result<(), Stop> {
        if self.frames.len() >= DEPTH {
            return Err(failure(format!("recursion deeper than {DEPTH}"), &[]));
        }
        self.frames.push(frame);
        Ok(())
    }

    fn evaluate(&mut self, expression: Value, scope: Gc<Environment>) -> Result<Step, Stop> {
        match &expression {
            Value::Symbol(name) if self.world.symbols.form(name).is_some() => {
                Err(failure("a form is no value", &[expression]))
            }
            Value::Symbol(name) => Ok(Step::Return(scope.get(name)?)),
            Value::Pair(pair) => {
                let head = pair.car.borrow().clone();
                match self.world.symbols.form_of(&head) {
                    Some(form) => forms::evaluate(self, form, &expression, scope),
                    None => {
                        let rest = pair.cdr.borrow().to_vec()?;
                        self.call(Vec::new(), head, rest, scope)
                    }
                }
            }
            Value::Nil => Err(failure("nothing to call in ()", &[])),
            _ => Ok(Step::Return(expression)),
        }
    }

    /// Evaluates `next` and then `rest`, and calls the first of all values with the others.
    pub(crate) fn call(
        &mut self,
        values: Vec<Value>,
        next: Value,
        mut rest: Vec<Value>,
        scope: Gc<Environment>,
    ) -> Result<Step, Stop> {
        rest.reverse();
        self.push(Frame::Call { values, rest, scope: scope.clone() })?;
        Ok(Step::Evaluate(next, scope))
    }

    /// Goes on with the value that a frame has waited for.
    fn resume(&mut self, frame: Frame, value: Value) -> Result<Step, Stop> {
        match frame {
            Frame::If { mut choices, scope } => {
                let chosen =
                    if value.is_true() { Some(choices.swap_remove(0)) } else { choices.pop() };
                Ok(Step::Evaluate(chosen.unwrap_or(Value::Nothing), scope))
            }
            Frame::Cond { body, scope, .. } if value.is_true() => match body {
                Value::Nil => Ok(Step::Return(value)),
                body => self.sequence(&body, scope),
            },
            Frame::Cond { clauses, scope, .. } => forms::cond(self, clauses, scope),
            Frame::Logic { rest, and, scope } => {
                if rest.is_empty() || value.is_true() != and {
                    return Ok(Step::Return(value));
                }
                forms::logic(self, rest, and, scope)
            }
            Frame::Sequence { rest, scope } => self.sequence(&rest, scope),
            Frame::Define { name, scope } => {
                if let Value::Closure(closure) = &value {
                    closure.name.get_or_init(|| name.clone());
                }
                scope.define(&name, value);
                Ok(Step::Return(Value::Nothing))
            }
            Frame::Set { name, scope } => {
                scope.set(&name, value)?;
                Ok(Step::Return(Value::Nothing))
            }
            Frame::Call { mut values, mut rest, scope } => {
                values.push(value);
                match rest.pop() {
                    None => self.apply(values),
                    Some(next) => {
                        self.push(Frame::Call { values, rest, scope: scope.clone() })?;
                        Ok(Step::Evaluate(next, scope))
                    }
                }
            }
            Frame::Try { .. } => Ok(Step::Return(value)),
        }
    }

    /// Evaluates a list of expressions for the value of the last.
    pub(crate) fn sequence(&mut self, body: &Value, scope: Gc<Environment>) -> Result<Step, Stop> {
        let Value::Pair(pair) = body else {
            return Err(failure("nothing to evaluate", &[]));
        };
        let (first, rest) = (pair.car.borrow().clone(), pair.cdr.borrow().clone());
        if !matches!(rest, Value::Nil) {
            self.push(Frame::Sequence { rest, scope: scope.clone() })?;
        }
        Ok(Step::Evaluate(first, scope))
    }

    /// Calls the first value with the others.
    fn apply(&mut self, mut values: Vec<Value>) -> Result<Step, Stop> {
        self.look_at_memory()?;
        let arguments = values.split_off(1);
        match values.pop() {
            Some(Value::Closure(closure)) => {
                let scope = Environment::new(Some(&closure.environment));
                bind(&closure, &scope, arguments)?;
                self.sequence(&closure.body, scope)
            }
            Some(Value::Builtin(builtin)) => self.apply_builtin(builtin, &arguments),
            other => Err(failure("not a procedure", other.as_slice())),
        }
    }

    fn apply_builtin(
        &mut self,
        builtin: &'static Builtin,
        arguments: &[Value],
    ) -> Result<Step, Stop> {
        builtin.check_count(arguments.len())?;
        match (&builtin.action, arguments) {
            (Action::Function(function), _) => Ok(Step::Return(function(self.world, arguments)?)),
            (Action::Apply, [function, given @ .., list]) => {
                let mut values = vec![function.clone()];
                values.extend_from_slice(given);
                values.extend(list.to_vec()?);
                self.apply(values)
            }
            (Action::Apply, _) => Err(failure("apply needs a list", arguments)),
        }
    }

    /// A program that makes objects without end must not take all memory of the machine.
    fn look_at_memory(&mut self) -> Result<(), Stop> {
        self.calls += 1;
        if self.calls < CALLS {
            return Ok(());
        }
        self.calls = 0;
        let most = self.world.most_objects;
        if unsync::live() > most {
            // What the automatic collections have not found yet is no reason to give up.
            let _ = unsync::collect();
        }
        if unsync::live() > most {
            return Err(failure(format!("more than {most} objects in use"), &[]));
        }
        Ok(())
    }

    /// Leaves frames until one takes the failure.
    fn unwind(&mut self, failed: Gc<Failure>) -> Result<Step, Stop> {
        while let Some(frame) = self.frames.pop() {
            if let Frame::Try { handler, scope } = frame {
                return self.call(Vec::new(), handler, vec![Value::Failure(failed)], scope);
            }
        }
        Err(Stop::Failed(failed))
    }
}

/// Gives a function's parameters their values.
fn bind(closure: &Closure, scope: &Environment, arguments: Vec<Value>) -> Result<(), Stop> {
    let (wanted, given) = (closure.parameters.len(), arguments.len());
    if given < wanted || (given > wanted && closure.rest.is_none()) {
        let name = closure.name.get().map_or("a procedure", |name| &name.0);
        let least = if closure.rest.is_some() { "at least " } else { "" };
        let wanted = counted(wanted, "argument", "arguments");
        return Err(failure(format!("{name} takes {least}{wanted}, not {given}"), &[]));
    }
    let mut arguments = arguments.into_iter();
    for (parameter, argument) in closure.parameters.iter().zip(&mut arguments) {
        scope.define(parameter, argument);
    }
    if let Some(rest) = &closure.rest {
        scope.define(rest, Value::list(arguments, Value::Nil));
    }
    Ok(())
}
