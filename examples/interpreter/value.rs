//! What a program computes with.

use crate::builtins::Builtin;
use crate::environment::Environment;
use crate::printer;
use gc_core::Trace;
use gc_core::unsync::Gc;
use std::cell::{OnceCell, RefCell};
use std::fmt;
use std::hash::{Hash, Hasher};

/// A value. What is not small is an object of the collector's, and a copy of the value is a handle.
#[derive(Clone, Trace)]
pub(crate) enum Value {
    /// The empty list.
    Nil,
    /// What is returned where there is nothing to say.
    Nothing,
    Bool(bool),
    Int(i64),
    /// Always finite.
    Float(f64),
    Str(Gc<str>),
    Symbol(Symbol),
    Pair(Gc<Pair>),
    Closure(Gc<Closure>),
    Builtin(&'static Builtin),
    Failure(Gc<Failure>),
}

/// A cell of a list, or of anything else: programs may change both halves.
#[derive(Trace)]
pub(crate) struct Pair {
    pub(crate) car: RefCell<Value>,
    pub(crate) cdr: RefCell<Value>,
}

/// A function of the program, with the environment that it was made in.
///
/// That environment usually knows the function too, under its name: this is the cycle that
/// every Lisp has.
#[derive(Trace)]
pub(crate) struct Closure {
    pub(crate) name: OnceCell<Symbol>,
    pub(crate) parameters: Vec<Symbol>,
    /// What takes the arguments beyond the parameters, as a list.
    pub(crate) rest: Option<Symbol>,
    /// A list of expressions, with one at least.
    pub(crate) body: Value,
    pub(crate) environment: Gc<Environment>,
}

/// Something went wrong: what, and with which values. A value like any other, once it is caught.
#[derive(Trace)]
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) values: Vec<Value>,
}

/// A name. There is one object for all symbols that are spelled alike, so they compare as addresses.
#[derive(Clone, Trace)]
pub(crate) struct Symbol(pub(crate) Gc<str>);

impl PartialEq for Symbol {
    fn eq(&self, other: &Self) -> bool {
        Gc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Symbol {}

impl Hash for Symbol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Gc::as_ptr(&self.0).hash(state);
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why an evaluation ended before it had a value.
pub(crate) enum Stop {
    Failed(Gc<Failure>),
    /// The program asked to end.
    Exit,
}

/// A failure about some values.
pub(crate) fn failure(message: impl Into<String>, values: &[Value]) -> Stop {
    Stop::Failed(Gc::new(Failure { message: message.into(), values: values.to_vec() }))
}

impl Value {
    pub(crate) fn pair(car: Value, cdr: Value) -> Value {
        Value::Pair(Gc::new(Pair { car: RefCell::new(car), cdr: RefCell::new(cdr) }))
    }

    pub(crate) fn string(text: &str) -> Value {
        Value::Str(Gc::from(text))
    }

    /// The list of these values, before `tail`.
    pub(crate) fn list(
        values: impl IntoIterator<Item = Value, IntoIter: DoubleEndedIterator>,
        tail: Value,
    ) -> Value {
        values.into_iter().rfold(tail, |tail, value| Value::pair(value, tail))
    }

    pub(crate) fn count(number: usize) -> Value {
        i64::try_from(number).map_or(Value::Float(number as f64), Value::Int)
    }

    /// Everything but `#f` is true.
    pub(crate) fn is_true(&self) -> bool {
        !matches!(self, Value::Bool(false))
    }

    /// The values of a list; a failure if this is none, or has no end.
    pub(crate) fn to_vec(&self) -> Result<Vec<Value>, Stop> {
        let mut values = Vec::new();
        let mut rest = self.clone();
        // Follows at half the speed: in a circle the two meet.
        let mut slow = self.clone();
        loop {
            rest = match rest {
                Value::Nil => return Ok(values),
                Value::Pair(pair) => {
                    values.push(pair.car.borrow().clone());
                    pair.cdr.borrow().clone()
                }
                _ => return Err(failure("not a list", std::slice::from_ref(self))),
            };
            if values.len() % 2 == 0
                && let Value::Pair(pair) = slow
            {
                slow = pair.cdr.borrow().clone();
                if slow.is_same(&rest) && !matches!(rest, Value::Nil) {
                    return Err(failure("not a list, but a circle", std::slice::from_ref(self)));
                }
            }
        }
    }

    /// Whether the two cannot be told apart: `eq?`.
    pub(crate) fn is_same(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Nil, Value::Nil) | (Value::Nothing, Value::Nothing) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Float(a), Value::Float(b)) => a == b,
            (Value::Str(a), Value::Str(b)) => Gc::ptr_eq(a, b),
            (Value::Symbol(a), Value::Symbol(b)) => a == b,
            (Value::Pair(a), Value::Pair(b)) => Gc::ptr_eq(a, b),
            (Value::Closure(a), Value::Closure(b)) => Gc::ptr_eq(a, b),
            (Value::Builtin(a), Value::Builtin(b)) => std::ptr::eq(*a, *b),
            (Value::Failure(a), Value::Failure(b)) => Gc::ptr_eq(a, b),
            _ => false,
        }
    }
}

impl Failure {
    /// The values stand after the message, as a program would write them.
    pub(crate) fn describe(&self) -> String {
        let mut text = self.message.clone();
        for (number, value) in self.values.iter().enumerate() {
            text += if number == 0 { ": " } else { " " };
            text += &printer::written(value);
        }
        text
    }
}
