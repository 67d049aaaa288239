//! From text to values. It keeps its place on a stack of its own, so that no nesting is too deep for
//! it; but what is nested very deep is taken for a mistake.

use crate::symbols::{Form, Symbols};
use crate::value::{Symbol, Value};
use std::collections::VecDeque;

/// How deep lists may be nested. What walks code may be recursive then.
const DEPTH: usize = 1000;

/// This is no program, from a line on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unreadable {
    pub(crate) line: usize,
    pub(crate) problem: String,
}

/// Reads one expression after another from text that may come in pieces. A piece ends with a line.
pub(crate) struct Reader {
    /// What has not been looked at.
    text: VecDeque<char>,
    /// The number of the line that this begins in.
    line: usize,
    /// Where the expression begins that is being read.
    begun: usize,
    /// What has been begun in it, the innermost last.
    open: Vec<Open>,
}

/// Something that waits for what comes next.
enum Open {
    List {
        values: Vec<Value>,
        tail: Tail,
    },
    /// One of `'`, `` ` ``, `,` and `,@`.
    Prefix(Symbol),
    /// A string, so far.
    Text(String),
}

/// What is known of the end of a list.
enum Tail {
    Proper,
    /// There was a dot.
    Dotted,
    Given(Value),
}

impl Reader {
    pub(crate) fn new() -> Self {
        Reader { text: VecDeque::new(), line: 1, begun: 1, open: Vec::new() }
    }

    /// Adds a piece of text.
    pub(crate) fn feed(&mut self, text: &str) {
        self.text.extend(text.chars());
    }

    /// Gives up what has been read of an expression, and the rest of the text.
    pub(crate) fn give_up(&mut self) {
        self.open.clear();
        self.line += self.text.drain(..).filter(|&character| character == '\n').count();
    }

    /// Where the expression begins that the text so far is inside of.
    pub(crate) fn inside(&self) -> Option<usize> {
        (!self.open.is_empty()).then_some(self.begun)
    }

    /// The line that is being read.
    pub(crate) fn line(&self) -> usize {
        self.line
    }

    /// The next expression and the line that it begins in, or `None` where more text is needed.
    pub(crate) fn next(&mut self, symbols: &Symbols) -> Result<Option<(usize, Value)>, Unreadable> {
        let next = self.read(symbols).map_err(|problem| Unreadable { line: self.line, problem });
        if next.is_err() {
            self.give_up();
        }
        next
    }

    fn read(&mut self, symbols: &Symbols) -> Result<Option<(usize, Value)>, String> {
        loop {
            if let Some(Open::Text(_)) = self.open.last() {
                match self.string()? {
                    None => return Ok(None),
                    Some(string) => match self.place(string)? {
                        None => {}
                        Some(value) => return Ok(Some((self.begun, value))),
                    },
                }
            }
            self.skip_blanks();
            if self.open.is_empty() {
                self.begun = self.line;
            }
            let Some(next) = self.text.pop_front() else {
                return Ok(None);
            };
            if let Some(value) = self.token(next, symbols)?
                && let Some(value) = self.place(value)?
            {
                return Ok(Some((self.begun, value)));
            }
        }
    }

    /// The value that this character begins and ends, or `None` if it only begins or changes one.
    fn token(&mut self, first: char, symbols: &Symbols) -> Result<Option<Value>, String> {
        match first {
            '(' => self.begin(Open::List { values: Vec::new(), tail: Tail::Proper })?,
            '"' => self.begin(Open::Text(String::new()))?,
            '\'' | '`' | ',' => {
                let prefix = self.prefix(first, symbols);
                self.begin(Open::Prefix(prefix))?;
            }
            ')' => return self.end_list().map(Some),
            other => match self.word(other) {
                word if word == "." => self.dot()?,
                word => return atom(&word, symbols).map(Some),
            },
        }
        Ok(None)
    }

    fn begin(&mut self, open: Open) -> Result<(), String> {
        if self.open.len() >= DEPTH {
            return Err(format!("nested deeper than {DEPTH}"));
        }
        self.open.push(open);
        Ok(())
    }

    /// Puts a finished value where it belongs; gives it back if nothing waits for it.
    fn place(&mut self, mut value: Value) -> Result<Option<Value>, String> {
        loop {
            match self.open.pop() {
                // A string that is being read is not handed a value.
                None | Some(Open::Text(_)) => return Ok(Some(value)),
                Some(Open::Prefix(symbol)) => {
                    value = Value::list([Value::Symbol(symbol), value], Value::Nil);
                }
                Some(Open::List { mut values, tail }) => {
                    let tail = match tail {
                        Tail::Proper => {
                            values.push(value);
                            Tail::Proper
                        }
                        Tail::Dotted => Tail::Given(value),
                        Tail::Given(_) => {
                            return Err(String::from("more than one value after a dot"));
                        }
                    };
                    self.open.push(Open::List { values, tail });
                    return Ok(None);
                }
            }
        }
    }

    fn end_list(&mut self) -> Result<Value, String> {
        match self.open.pop() {
            Some(Open::List { values, tail: Tail::Proper }) => Ok(Value::list(values, Value::Nil)),
            Some(Open::List { values, tail: Tail::Given(tail) }) => Ok(Value::list(values, tail)),
            Some(Open::List { tail: Tail::Dotted, .. }) => Err(String::from("nothing after a dot")),
            Some(Open::Prefix(_) | Open::Text(_)) => Err(String::from("nothing after a quote")),
            None => Err(String::from("a ) without its (")),
        }
    }

    fn dot(&mut self) -> Result<(), String> {
        match self.open.last_mut() {
            Some(Open::List { values, tail: tail @ Tail::Proper }) if !values.is_empty() => {
                *tail = Tail::Dotted;
                Ok(())
            }
            _ => Err(String::from("a dot where there can be none")),
        }
    }

    fn prefix(&mut self, first: char, symbols: &Symbols) -> Symbol {
        let form = match first {
            '\'' => Form::Quote,
            '`' => Form::Quasiquote,
            _ if self.text.front() == Some(&'@') => {
                self.text.pop_front();
                Form::UnquoteSplicing
            }
            _ => Form::Unquote,
        };
        symbols.intern(form.name())
    }

    /// The string that is being read, or `None` where the text ends in it.
    fn string(&mut self) -> Result<Option<Value>, String> {
        let Some(Open::Text(mut text)) = self.open.pop() else {
            return Ok(None);
        };
        while let Some(next) = self.text.pop_front() {
            text.push(match (next, self.text.front()) {
                ('"', _) => return Ok(Some(Value::string(&text))),
                ('\\', None) => {
                    self.text.push_front(next);
                    break;
                }
                ('\\', Some(&escape)) => {
                    self.text.pop_front();
                    match escape {
                        'n' => '\n',
                        't' => '\t',
                        '"' | '\\' => escape,
                        other => return Err(format!("no such escape: \\{other}")),
                    }
                }
                (other, _) => {
                    self.line += usize::from(other == '\n');
                    other
                }
            });
        }
        self.open.push(Open::Text(text));
        Ok(None)
    }

    /// All up to the next thing that cannot be in a word.
    fn word(&mut self, first: char) -> String {
        let mut word = String::from(first);
        let inside = |c: &&char| !c.is_whitespace() && !"()\"';`,".contains(**c);
        while let Some(&next) = self.text.front().filter(inside) {
            word.push(next);
            self.text.pop_front();
        }
        word
    }

    fn skip_blanks(&mut self) {
        let mut comment = false;
        while let Some(&next) = self.text.front() {
            match next {
                '\n' => {
                    self.line += 1;
                    comment = false;
                }
                ';' => comment = true,
                _ if comment || next.is_whitespace() => {}
                _ => return,
            }
            self.text.pop_front();
        }
    }
}

/// A number, a truth value or a symbol.
fn atom(word: &str, symbols: &Symbols) -> Result<Value, String> {
    match word {
        "#t" => return Ok(Value::Bool(true)),
        "#f" => return Ok(Value::Bool(false)),
        _ if word.starts_with('#') => return Err(format!("no such value: {word}")),
        _ => {}
    }
    let digits = word.trim_start_matches(['+', '-']).trim_start_matches('.');
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(Value::Symbol(symbols.intern(word)));
    }
    if let Ok(number) = word.parse() {
        return Ok(Value::Int(number));
    }
    let whole = digits.bytes().all(|byte| byte.is_ascii_digit()) && !word.contains('.');
    match word.parse::<f64>() {
        Ok(number) if number.is_finite() && !whole => Ok(Value::Float(number)),
        Ok(_) => Err(format!("a number out of range: {word}")),
        // `1+` is a good name.
        Err(_) => Ok(Value::Symbol(symbols.intern(word))),
    }
}
