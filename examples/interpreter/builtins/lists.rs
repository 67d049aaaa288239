//! Pairs, and lists made of them.

use super::{Builtin, at_least, exactly};
use crate::value::{Pair, Stop, Value, failure};
use gc_core::unsync::Gc;
use std::collections::HashSet;

pub(super) static ALL: [Builtin; 12] = [
    exactly("cons", 2, |_, values| Ok(Value::pair(values[0].clone(), values[1].clone()))),
    exactly("car", 1, |_, values| Ok(pair(&values[0])?.car.borrow().clone())),
    exactly("cdr", 1, |_, values| Ok(pair(&values[0])?.cdr.borrow().clone())),
    exactly("set-car!", 2, |_, values| {
        // The old value is dropped when nothing is borrowed any more.
        let _old = pair(&values[0])?.car.replace(values[1].clone());
        Ok(Value::Nothing)
    }),
    exactly("set-cdr!", 2, |_, values| {
        let _old = pair(&values[0])?.cdr.replace(values[1].clone());
        Ok(Value::Nothing)
    }),
    at_least("list", 0, |_, values| Ok(Value::list(values.to_vec(), Value::Nil))),
    exactly("length", 1, |_, values| Ok(Value::count(values[0].to_vec()?.len()))),
    at_least("append", 0, |_, values| append(values)),
    exactly("null?", 1, |_, values| Ok(Value::Bool(matches!(values[0], Value::Nil)))),
    exactly("pair?", 1, |_, values| Ok(Value::Bool(matches!(values[0], Value::Pair(_))))),
    exactly("boolean?", 1, |_, values| Ok(Value::Bool(matches!(values[0], Value::Bool(_))))),
    exactly("equal?", 2, |_, values| Ok(Value::Bool(is_equal(&values[0], &values[1])))),
];

fn pair(value: &Value) -> Result<&Gc<Pair>, Stop> {
    match value {
        Value::Pair(pair) => Ok(pair),
        other => Err(failure("not a pair", std::slice::from_ref(other))),
    }
}

/// All but the last are copied.
fn append(values: &[Value]) -> Result<Value, Stop> {
    let Some((last, others)) = values.split_last() else {
        return Ok(Value::Nil);
    };
    others.iter().rev().try_fold(last.clone(), |tail, list| Ok(Value::list(list.to_vec()?, tail)))
}

/// Whether the two look the same. Of two pairs that are being compared already, as they are in
/// circles, that is taken for granted.
fn is_equal(a: &Value, b: &Value) -> bool {
    let mut compared = HashSet::new();
    let mut todo = vec![(a.clone(), b.clone())];
    while let Some(values) = todo.pop() {
        match &values {
            (Value::Str(a), Value::Str(b)) if a == b => {}
            (Value::Pair(a), Value::Pair(b)) => {
                if compared.insert((Gc::as_ptr(a), Gc::as_ptr(b))) {
                    todo.push((a.cdr.borrow().clone(), b.cdr.borrow().clone()));
                    todo.push((a.car.borrow().clone(), b.car.borrow().clone()));
                }
            }
            (a, b) if a.is_same(b) => {}
            _ => return false,
        }
    }
    true
}
