//! From values to text, whatever their shape: deep, shared, or a circle.

use crate::value::{Pair, Value};
use gc_core::unsync::Gc;
use std::collections::HashSet;
use std::fmt::Write;

/// No text gets longer than this by much. A value in which every part is shared twice would be
/// printed in full otherwise.
const LONGEST: usize = 1 << 20;

/// As a program would write it.
pub(crate) fn written(value: &Value) -> String {
    Printer { quoted: true, ..Printer::default() }.print(value)
}

/// As a person would read it: strings as they are.
pub(crate) fn displayed(value: &Value) -> String {
    Printer::default().print(value)
}

#[derive(Default)]
struct Printer {
    text: String,
    /// Whether strings are in quotes.
    quoted: bool,
    /// What is left to do, the next last.
    todo: Vec<Todo>,
    /// The pairs that the one at hand is inside of.
    path: Vec<*const Pair>,
    on_path: HashSet<*const Pair>,
}

enum Todo {
    Value(Value),
    /// The rest of a list.
    Rest(Value),
    /// The end of a list; the path is as long as this then.
    End(usize),
}

impl Printer {
    fn print(mut self, value: &Value) -> String {
        self.todo.push(Todo::Value(value.clone()));
        while let Some(todo) = self.todo.pop() {
            if self.text.len() > LONGEST {
                self.text += "...";
                break;
            }
            match todo {
                Todo::Value(Value::Pair(pair)) => self.begin(&pair),
                Todo::Value(value) => self.atom(&value),
                Todo::Rest(rest) => self.rest(rest),
                Todo::End(length) => {
                    self.text.push(')');
                    for pair in self.path.drain(length..) {
                        self.on_path.remove(&pair);
                    }
                }
            }
        }
        self.text
    }

    fn begin(&mut self, pair: &Gc<Pair>) {
        if self.on_path.contains(&Gc::as_ptr(pair)) {
            self.text += "#cycle";
            return;
        }
        self.text.push('(');
        self.todo.push(Todo::End(self.path.len()));
        self.enter(pair);
    }

    /// One element of a list, with what follows it.
    fn enter(&mut self, pair: &Gc<Pair>) {
        self.path.push(Gc::as_ptr(pair));
        self.on_path.insert(Gc::as_ptr(pair));
        self.todo.push(Todo::Rest(pair.cdr.borrow().clone()));
        self.todo.push(Todo::Value(pair.car.borrow().clone()));
    }

    fn rest(&mut self, rest: Value) {
        match rest {
            Value::Nil => {}
            Value::Pair(pair) if !self.on_path.contains(&Gc::as_ptr(&pair)) => {
                self.text.push(' ');
                self.enter(&pair);
            }
            other => {
                self.text += " . ";
                self.todo.push(Todo::Value(other));
            }
        }
    }

    fn atom(&mut self, value: &Value) {
        let text = &mut self.text;
        // Writing to a string cannot fail.
        let _ = match value {
            Value::Nil => write!(text, "()"),
            Value::Nothing => write!(text, "#nothing"),
            Value::Bool(value) => write!(text, "{}", if *value { "#t" } else { "#f" }),
            Value::Int(number) => write!(text, "{number}"),
            Value::Float(number) => write!(text, "{number:?}"),
            Value::Str(string) if self.quoted => quote(text, string),
            Value::Str(string) => write!(text, "{string}"),
            Value::Symbol(name) => write!(text, "{name}"),
            Value::Closure(closure) => match closure.name.get() {
                Some(name) => write!(text, "#<procedure {name}>"),
                None => write!(text, "#<procedure>"),
            },
            Value::Builtin(builtin) => write!(text, "#<procedure {}>", builtin.name),
            Value::Failure(failure) => write!(text, "#<error {}>", failure.message),
            Value::Pair(_) => Ok(()),
        };
    }
}

fn quote(text: &mut String, string: &str) -> std::fmt::Result {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' | '\\' => write!(text, "\\{character}")?,
            '\n' => *text += "\\n",
            '\t' => *text += "\\t",
            _ => text.push(character),
        }
    }
    text.push('"');
    Ok(())
}
