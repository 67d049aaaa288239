//! `` `(a ,b ,@c) `` as the expression that builds it: `(cons 'a (cons b (append c '())))`.

use crate::builtins;
use crate::symbols::{Form, Symbols};
use crate::value::{Stop, Value, failure};

/// The expression whose value is `template` with its gaps filled.
///
/// It calls itself for what is nested, which is no deeper than the reader allows.
pub(crate) fn expand(template: &Value, symbols: &Symbols) -> Result<Value, Stop> {
    expand_at(template, 1, symbols)
}

/// `level` is how many templates this stands inside of, less the gaps.
fn expand_at(template: &Value, level: usize, symbols: &Symbols) -> Result<Value, Stop> {
    let Value::Pair(pair) = template else {
        return Ok(quoted(template.clone(), symbols));
    };
    let form = symbols.form_of(&pair.car.borrow());
    let inner = match form {
        Some(Form::Unquote) if level == 1 => return argument(template),
        Some(Form::UnquoteSplicing) => {
            return Err(failure("nothing to splice into", std::slice::from_ref(template)));
        }
        Some(Form::Unquote) => level - 1,
        Some(Form::Quasiquote) => level + 1,
        _ => level,
    };
    let (items, tail) = parts(template, symbols);
    let tail = match tail {
        Value::Nil => quoted(Value::Nil, symbols),
        tail => expand_at(&tail, inner, symbols)?,
    };
    items.into_iter().rev().try_fold(tail, |tail, item| {
        let splice = is_form(&item, Form::UnquoteSplicing, symbols) && inner == 1;
        let (builtin, item) = match splice {
            true => ("append", argument(&item)?),
            false => ("cons", expand_at(&item, inner, symbols)?),
        };
        // The builtin itself, as the program may have given its name another value.
        let function = builtins::named(builtin).map_or(Value::Nil, Value::Builtin);
        Ok(Value::list([function, item, tail], Value::Nil))
    })
}

/// The elements of a list, and what stands after its dot: `(a . ,b)` reads as `(a unquote b)`.
fn parts(list: &Value, symbols: &Symbols) -> (Vec<Value>, Value) {
    let mut items = Vec::new();
    let mut rest = list.clone();
    loop {
        rest = match rest {
            Value::Pair(pair) => {
                let car = pair.car.borrow().clone();
                if !items.is_empty() && symbols.form_of(&car) == Some(Form::Unquote) {
                    return (items, Value::Pair(pair));
                }
                items.push(car);
                pair.cdr.borrow().clone()
            }
            tail => return (items, tail),
        };
    }
}

fn is_form(value: &Value, form: Form, symbols: &Symbols) -> bool {
    match value {
        Value::Pair(pair) => symbols.form_of(&pair.car.borrow()) == Some(form),
        _ => false,
    }
}

/// The only argument of `(unquote expression)`.
fn argument(form: &Value) -> Result<Value, Stop> {
    match form.to_vec()?.as_slice() {
        [_, expression] => Ok(expression.clone()),
        _ => Err(failure("unquote is malformed", std::slice::from_ref(form))),
    }
}

fn quoted(datum: Value, symbols: &Symbols) -> Value {
    let quote = symbols.intern(Form::Quote.name());
    Value::list([Value::Symbol(quote), datum], Value::Nil)
}
