//! Whole numbers of 64 bits, which do not wrap around, and floating point numbers, which are finite.

use super::{Builtin, at_least, exactly};
use crate::value::{Stop, Value, failure};
use std::cmp::Ordering;

pub(super) static ALL: [Builtin; 14] = [
    at_least("+", 0, |_, values| fold(Value::Int(0), values, i64::checked_add, |a, b| a + b)),
    at_least("*", 0, |_, values| fold(Value::Int(1), values, i64::checked_mul, |a, b| a * b)),
    at_least("-", 1, |_, values| match values {
        [only] => fold(Value::Int(0), std::slice::from_ref(only), i64::checked_sub, |a, b| a - b),
        [first, rest @ ..] => fold(first.clone(), rest, i64::checked_sub, |a, b| a - b),
        [] => Ok(Value::Nothing),
    }),
    exactly("/", 2, |_, values| divide(&values[0], &values[1])),
    exactly("quotient", 2, |_, values| whole(values, i64::checked_div)),
    exactly("remainder", 2, |_, values| whole(values, i64::checked_rem)),
    exactly("modulo", 2, |_, values| {
        // With the sign of the divisor; `rem_euclid` has none.
        whole(values, |a, b| {
            let rest = a.checked_rem(b)?;
            Some(if rest != 0 && (rest < 0) != (b < 0) { rest + b } else { rest })
        })
    }),
    at_least("=", 1, |_, values| in_order(values, Ordering::is_eq)),
    at_least("<", 1, |_, values| in_order(values, Ordering::is_lt)),
    at_least(">", 1, |_, values| in_order(values, Ordering::is_gt)),
    at_least("<=", 1, |_, values| in_order(values, Ordering::is_le)),
    at_least(">=", 1, |_, values| in_order(values, Ordering::is_ge)),
    exactly("number?", 1, |_, values| {
        Ok(Value::Bool(matches!(values[0], Value::Int(_) | Value::Float(_))))
    }),
    exactly("integer?", 1, |_, values| Ok(Value::Bool(matches!(values[0], Value::Int(_))))),
];

/// Puts the numbers together one after another: exactly where all are whole.
fn fold(
    initial: Value,
    values: &[Value],
    exact: fn(i64, i64) -> Option<i64>,
    inexact: fn(f64, f64) -> f64,
) -> Result<Value, Stop> {
    values.iter().try_fold(initial, |sum, value| match (&sum, value) {
        (Value::Int(a), Value::Int(b)) => match exact(*a, *b) {
            Some(number) => Ok(Value::Int(number)),
            None => Err(failure("integer overflow", &[sum, value.clone()])),
        },
        _ => finite(inexact(float(&sum)?, float(value)?)),
    })
}

fn divide(a: &Value, b: &Value) -> Result<Value, Stop> {
    if let (Value::Int(a), Value::Int(b)) = (a, b)
        && a.checked_rem(*b) == Some(0)
    {
        return Ok(Value::Int(a / b));
    }
    let (above, below) = (float(a)?, float(b)?);
    if below == 0.0 {
        return Err(failure("division by zero", std::slice::from_ref(a)));
    }
    finite(above / below)
}

fn whole(values: &[Value], divide: fn(i64, i64) -> Option<i64>) -> Result<Value, Stop> {
    match values {
        [Value::Int(_), Value::Int(0)] => Err(failure("division by zero", &values[..1])),
        [Value::Int(a), Value::Int(b)] => match divide(*a, *b) {
            Some(number) => Ok(Value::Int(number)),
            None => Err(failure("integer overflow", values)),
        },
        _ => Err(failure("not two whole numbers", values)),
    }
}

fn in_order(values: &[Value], holds: fn(Ordering) -> bool) -> Result<Value, Stop> {
    // All of them have to be numbers, also beyond the first pair that is out of order.
    values.iter().try_for_each(|value| float(value).map(drop))?;
    let ordered = values.windows(2).all(|pair| match pair {
        [Value::Int(a), Value::Int(b)] => holds(a.cmp(b)),
        [a, b] => match (float(a), float(b)) {
            (Ok(a), Ok(b)) => a.partial_cmp(&b).is_some_and(holds),
            _ => false,
        },
        _ => true,
    });
    Ok(Value::Bool(ordered))
}

fn float(value: &Value) -> Result<f64, Stop> {
    match value {
        Value::Int(number) => Ok(*number as f64),
        Value::Float(number) => Ok(*number),
        other => Err(failure("not a number", std::slice::from_ref(other))),
    }
}

fn finite(number: f64) -> Result<Value, Stop> {
    match number.is_finite() {
        true => Ok(Value::Float(number)),
        false => Err(failure("a number out of range", &[])),
    }
}
