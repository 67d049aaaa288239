//! Strings and symbols, and printing.

use super::{Builtin, at_least, exactly};
use crate::printer::{displayed, written};
use crate::value::{Stop, Value, failure};
use crate::world::World;
use gc_core::unsync::Gc;
use std::io::{self, Write};

/// The longest string, in bytes. The limit on objects does not see how large these are.
const LONGEST: usize = 1 << 16;

pub(super) static ALL: [Builtin; 11] = [
    exactly("display", 1, |world, values| print(world, &displayed(&values[0]))),
    exactly("write", 1, |world, values| print(world, &written(&values[0]))),
    exactly("newline", 0, |world, _| print(world, "\n")),
    at_least("string-append", 0, |_, values| append(values)),
    exactly("string-length", 1, |_, values| Ok(Value::count(string(&values[0])?.chars().count()))),
    exactly("string?", 1, |_, values| Ok(Value::Bool(matches!(values[0], Value::Str(_))))),
    exactly("symbol?", 1, |_, values| Ok(Value::Bool(matches!(values[0], Value::Symbol(_))))),
    exactly("string->symbol", 1, |world, values| {
        Ok(Value::Symbol(world.symbols.intern(string(&values[0])?)))
    }),
    exactly("symbol->string", 1, |_, values| match &values[0] {
        Value::Symbol(symbol) => Ok(Value::Str(symbol.0.clone())),
        other => Err(failure("not a symbol", std::slice::from_ref(other))),
    }),
    exactly("number->string", 1, |_, values| match &values[0] {
        number @ (Value::Int(_) | Value::Float(_)) => Ok(Value::string(&displayed(number))),
        other => Err(failure("not a number", std::slice::from_ref(other))),
    }),
    exactly("value->string", 1, |_, values| checked(&written(&values[0]))),
];

fn string(value: &Value) -> Result<&Gc<str>, Stop> {
    match value {
        Value::Str(string) => Ok(string),
        other => Err(failure("not a string", std::slice::from_ref(other))),
    }
}

fn append(values: &[Value]) -> Result<Value, Stop> {
    let mut all = String::new();
    for value in values {
        all += string(value)?;
        if all.len() > LONGEST {
            break;
        }
    }
    checked(&all)
}

fn checked(text: &str) -> Result<Value, Stop> {
    match text.len() {
        0..=LONGEST => Ok(Value::string(text)),
        _ => Err(failure(format!("a string longer than {LONGEST} bytes"), &[])),
    }
}

/// Where nobody reads any more, the program ends.
fn print(world: &mut World, text: &str) -> Result<Value, Stop> {
    world.output = io::stdout().write_all(text.as_bytes());
    if world.output.is_ok() { Ok(Value::Nothing) } else { Err(Stop::Exit) }
}
