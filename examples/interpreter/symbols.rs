//! The table of symbols: one object for each spelling, for as long as anything uses it.

use crate::value::{Symbol, Value};
use gc_core::unsync::Interner;
use std::collections::HashMap;

/// The forms that are not function calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Quote,
    Quasiquote,
    Unquote,
    UnquoteSplicing,
    If,
    Cond,
    Else,
    And,
    Or,
    Define,
    Set,
    Lambda,
    Let,
    LetStar,
    Letrec,
    Begin,
    Try,
}

impl Form {
    const ALL: [(Form, &'static str); 18] = [
        (Form::Quote, "quote"),
        (Form::Quasiquote, "quasiquote"),
        (Form::Unquote, "unquote"),
        (Form::UnquoteSplicing, "unquote-splicing"),
        (Form::If, "if"),
        (Form::Cond, "cond"),
        (Form::Else, "else"),
        (Form::And, "and"),
        (Form::Or, "or"),
        (Form::Define, "define"),
        (Form::Set, "set!"),
        (Form::Lambda, "lambda"),
        (Form::Let, "let"),
        (Form::LetStar, "let*"),
        (Form::Letrec, "letrec"),
        (Form::Letrec, "letrec*"),
        (Form::Begin, "begin"),
        (Form::Try, "try"),
    ];

    /// How it is written.
    pub(crate) fn name(self) -> &'static str {
        Form::ALL.iter().find(|(form, _)| *form == self).map_or("", |(_, name)| name)
    }
}

/// All symbols, and which of them are forms.
pub(crate) struct Symbols {
    /// Weakly: a program that makes up names without end does not fill it.
    all: Interner<str>,
    forms: HashMap<Symbol, Form>,
}

impl Symbols {
    pub(crate) fn new() -> Self {
        let all = Interner::new();
        let forms = Form::ALL.map(|(form, name)| (Symbol(all.intern(name)), form));
        Symbols { all, forms: HashMap::from(forms) }
    }

    /// The symbol that is spelled so.
    pub(crate) fn intern(&self, name: &str) -> Symbol {
        Symbol(self.all.intern(name))
    }

    pub(crate) fn form(&self, symbol: &Symbol) -> Option<Form> {
        self.forms.get(symbol).copied()
    }

    /// The form that a value names, if it is a symbol that does.
    pub(crate) fn form_of(&self, value: &Value) -> Option<Form> {
        match value {
            Value::Symbol(symbol) => self.form(symbol),
            _ => None,
        }
    }
}
