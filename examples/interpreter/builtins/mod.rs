//! The functions that programs do not write themselves.

mod lists;
mod memory;
mod numbers;
mod text;

use crate::value::{Failure, Stop, Value, failure};
use crate::world::World;
use gc_core::unsync::Gc;
use gc_examples::report::counted;

/// A function of the interpreter's own.
pub(crate) struct Builtin {
    pub(crate) name: &'static str,
    /// The fewest arguments that it takes, and the most, if there is a limit.
    pub(crate) counts: (usize, Option<usize>),
    pub(crate) action: Action,
}

pub(crate) enum Action {
    Function(fn(&mut World, &[Value]) -> Result<Value, Stop>),
    /// Calls a function with the elements of a list: the machine's own work.
    Apply,
}

/// One with so many arguments.
const fn exactly(
    name: &'static str,
    count: usize,
    function: fn(&mut World, &[Value]) -> Result<Value, Stop>,
) -> Builtin {
    Builtin { name, counts: (count, Some(count)), action: Action::Function(function) }
}

/// One with so many arguments or more.
const fn at_least(
    name: &'static str,
    count: usize,
    function: fn(&mut World, &[Value]) -> Result<Value, Stop>,
) -> Builtin {
    Builtin { name, counts: (count, None), action: Action::Function(function) }
}

static CONTROL: [Builtin; 8] = [
    Builtin { name: "apply", counts: (2, None), action: Action::Apply },
    at_least("error", 1, error),
    exactly("error?", 1, |_, values| Ok(Value::Bool(matches!(values[0], Value::Failure(_))))),
    exactly("error-message", 1, |_, values| Ok(Value::string(&caught(&values[0])?.message))),
    exactly("error-values", 1, |_, values| {
        Ok(Value::list(caught(&values[0])?.values.clone(), Value::Nil))
    }),
    exactly("procedure?", 1, |_, values| {
        Ok(Value::Bool(matches!(values[0], Value::Closure(_) | Value::Builtin(_))))
    }),
    exactly("eq?", 2, |_, values| Ok(Value::Bool(values[0].is_same(&values[1])))),
    exactly("exit", 0, |_, _| Err(Stop::Exit)),
];

/// All of them.
pub(crate) fn all() -> impl Iterator<Item = &'static Builtin> {
    let groups: [&'static [Builtin]; 5] =
        [&CONTROL, &lists::ALL, &memory::ALL, &numbers::ALL, &text::ALL];
    groups.into_iter().flatten()
}

/// The one of this name.
pub(crate) fn named(name: &str) -> Option<&'static Builtin> {
    all().find(|builtin| builtin.name == name)
}

impl Builtin {
    pub(crate) fn check_count(&self, given: usize) -> Result<(), Stop> {
        let (least, most) = self.counts;
        if given >= least && most.is_none_or(|most| given <= most) {
            return Ok(());
        }
        let word = if most.is_some() { "" } else { "at least " };
        let wanted = counted(least, "argument", "arguments");
        Err(failure(format!("{} takes {word}{wanted}, not {given}", self.name), &[]))
    }
}

/// `(error "what happened" values...)`
fn error(_: &mut World, values: &[Value]) -> Result<Value, Stop> {
    match &values[0] {
        Value::Str(message) => Err(failure(message.as_ref(), &values[1..])),
        // Thrown again, it is the same one.
        Value::Failure(failure) => Err(Stop::Failed(failure.clone())),
        _ => Err(failure("an error", values)),
    }
}

fn caught(value: &Value) -> Result<&Gc<Failure>, Stop> {
    match value {
        Value::Failure(failure) => Ok(failure),
        other => Err(failure("not an error", std::slice::from_ref(other))),
    }
}
