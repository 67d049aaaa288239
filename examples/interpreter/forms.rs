//! The forms that are not function calls.

use crate::environment::Environment;
use crate::machine::{Frame, Machine, Step};
use crate::quasiquote;
use crate::symbols::Form;
use crate::value::{Closure, Stop, Symbol, Value, failure};
use gc_core::unsync::Gc;
use std::cell::OnceCell;
use std::collections::HashSet;

/// A form's name, its parts and the scope that it stands in.
struct Site<'a> {
    form: Form,
    whole: &'a Value,
    parts: Vec<Value>,
    scope: Gc<Environment>,
}

/// Begins the evaluation of `whole`, whose head is `form`.
pub(crate) fn evaluate(
    machine: &mut Machine<'_>,
    form: Form,
    whole: &Value,
    scope: Gc<Environment>,
) -> Result<Step, Stop> {
    let parts = whole.to_vec()?.split_off(1);
    let site = Site { form, whole, parts, scope };
    match (form, site.parts.as_slice()) {
        (Form::Quote, [datum]) => Ok(Step::Return(datum.clone())),
        (Form::Quasiquote, [template]) => {
            let expression = quasiquote::expand(template, &machine.world.symbols)?;
            Ok(Step::Evaluate(expression, site.scope))
        }
        (Form::If, [condition, _] | [condition, _, _]) => {
            let choices = match &site.parts[1..] {
                [then] => vec![then.clone(), Value::Nothing],
                both => both.to_vec(),
            };
            machine.push(Frame::If { choices, scope: site.scope.clone() })?;
            Ok(Step::Evaluate(condition.clone(), site.scope))
        }
        (Form::Cond, _) => {
            let mut clauses = site.parts;
            clauses.reverse();
            cond(machine, clauses, site.scope)
        }
        (Form::And | Form::Or, []) => Ok(Step::Return(Value::Bool(form == Form::And))),
        (Form::And | Form::Or, _) => {
            let mut rest = site.parts;
            rest.reverse();
            logic(machine, rest, form == Form::And, site.scope)
        }
        (Form::Define, [_, ..]) => site.define(machine),
        (Form::Set, [name, expression]) => {
            let name = site.name(machine, name)?;
            machine.push(Frame::Set { name, scope: site.scope.clone() })?;
            Ok(Step::Evaluate(expression.clone(), site.scope))
        }
        (Form::Lambda, [parameters, _, ..]) => {
            let closure = site.closure(machine, parameters, 2, &site.scope)?;
            Ok(Step::Return(Value::Closure(closure)))
        }
        (Form::Let, [Value::Symbol(_), _, _, ..]) => site.named_let(machine),
        (Form::Let, [bindings, _, ..]) => {
            let (names, values) = site.bindings(machine, bindings)?;
            let closure = make_closure(names, None, site.body(2), &site.scope);
            call(machine, closure, values, site.scope)
        }
        (Form::LetStar, [_, _, ..]) => site.let_star(machine),
        (Form::Letrec, [_, _, ..]) => site.letrec(machine),
        (Form::Begin, []) => Ok(Step::Return(Value::Nothing)),
        (Form::Begin, _) => machine.sequence(&site.body(1), site.scope),
        (Form::Try, [expression, handler]) => {
            machine.push(Frame::Try { handler: handler.clone(), scope: site.scope.clone() })?;
            Ok(Step::Evaluate(expression.clone(), site.scope))
        }
        _ => Err(site.malformed()),
    }
}

/// Goes on with a `cond`: its clauses are left, the last first.
pub(crate) fn cond(
    machine: &mut Machine<'_>,
    mut clauses: Vec<Value>,
    scope: Gc<Environment>,
) -> Result<Step, Stop> {
    match clauses.pop() {
        None => Ok(Step::Return(Value::Nothing)),
        Some(Value::Pair(clause)) => {
            let (test, body) = (clause.car.borrow().clone(), clause.cdr.borrow().clone());
            if machine.world.symbols.form_of(&test) == Some(Form::Else) {
                return machine.sequence(&body, scope);
            }
            machine.push(Frame::Cond { clauses, body, scope: scope.clone() })?;
            Ok(Step::Evaluate(test, scope))
        }
        Some(other) => Err(failure("cond is malformed", &[other])),
    }
}

/// Goes on with an `and` or `or`: its parts are left, the last first. The very last is in the last
/// place of the whole.
pub(crate) fn logic(
    machine: &mut Machine<'_>,
    mut rest: Vec<Value>,
    and: bool,
    scope: Gc<Environment>,
) -> Result<Step, Stop> {
    let next = rest.pop().unwrap_or(Value::Bool(and));
    if !rest.is_empty() {
        machine.push(Frame::Logic { rest, and, scope: scope.clone() })?;
    }
    Ok(Step::Evaluate(next, scope))
}

impl Site<'_> {
    /// `(define name expression)` or `(define (name parameters...) body...)`.
    fn define(self, machine: &mut Machine<'_>) -> Result<Step, Stop> {
        match self.parts.as_slice() {
            [Value::Pair(head), _, ..] => {
                let name = self.name(machine, &head.car.borrow())?;
                let parameters = head.cdr.borrow().clone();
                let closure = self.closure(machine, &parameters, 2, &self.scope)?;
                closure.name.get_or_init(|| name.clone());
                self.scope.define(&name, Value::Closure(closure));
                Ok(Step::Return(Value::Nothing))
            }
            [name, expression] => {
                let name = self.name(machine, name)?;
                machine.push(Frame::Define { name, scope: self.scope.clone() })?;
                Ok(Step::Evaluate(expression.clone(), self.scope))
            }
            _ => Err(self.malformed()),
        }
    }

    /// `(let name ((variable value)...) body...)`: a function that the body may call, for loops.
    fn named_let(self, machine: &mut Machine<'_>) -> Result<Step, Stop> {
        let name = self.name(machine, &self.parts[0])?;
        let (names, values) = self.bindings(machine, &self.parts[1])?;
        // The environment knows the function, and the function the environment.
        let inner = Environment::new(Some(&self.scope));
        let closure = make_closure(names, None, self.body(3), &inner);
        closure.name.get_or_init(|| name.clone());
        inner.define(&name, Value::Closure(closure.clone()));
        call(machine, closure, values, self.scope)
    }

    /// One scope inside the other: each value may use the names before it.
    fn let_star(self, machine: &mut Machine<'_>) -> Result<Step, Stop> {
        let symbol = |machine: &mut Machine<'_>, form: Form| {
            Value::Symbol(machine.world.symbols.intern(form.name()))
        };
        let bindings = self.parts[0].to_vec()?;
        let inner = symbol(machine, Form::Let);
        let whole = Value::pair(inner.clone(), Value::pair(Value::Nil, self.body(2)));
        let nested = bindings.into_iter().rfold(whole, |body, binding| {
            let binding = Value::list([binding], Value::Nil);
            Value::list([inner.clone(), binding, body], Value::Nil)
        });
        Ok(Step::Evaluate(nested, self.scope))
    }

    /// One scope for all: each value may be a function that uses all the names.
    fn letrec(self, machine: &mut Machine<'_>) -> Result<Step, Stop> {
        let define = Value::Symbol(machine.world.symbols.intern(Form::Define.name()));
        let (names, values) = self.bindings(machine, &self.parts[0])?;
        let defines = names.into_iter().zip(values).map(|(name, value)| {
            Value::list([define.clone(), Value::Symbol(name), value], Value::Nil)
        });
        let body = Value::list(defines.collect::<Vec<_>>(), self.body(2));
        let inner = Environment::new(Some(&self.scope));
        machine.sequence(&body, inner)
    }

    /// The names and the expressions of `((name expression)...)`.
    fn bindings(
        &self,
        machine: &Machine<'_>,
        bindings: &Value,
    ) -> Result<(Vec<Symbol>, Vec<Value>), Stop> {
        let mut found = (Vec::new(), Vec::new());
        for binding in bindings.to_vec().map_err(|_| self.malformed())? {
            match binding.to_vec().map_err(|_| self.malformed())?.as_slice() {
                [name, expression] => {
                    found.0.push(self.name(machine, name)?);
                    found.1.push(expression.clone());
                }
                _ => return Err(self.malformed()),
            }
        }
        self.distinct(&found.0)?;
        Ok(found)
    }

    /// A function with these parameters, whose body begins with this part of the whole.
    fn closure(
        &self,
        machine: &Machine<'_>,
        parameters: &Value,
        body: usize,
        scope: &Gc<Environment>,
    ) -> Result<Gc<Closure>, Stop> {
        let mut names = Vec::new();
        let mut rest = parameters.clone();
        // Code comes from the reader, so this list has an end.
        let rest = loop {
            rest = match rest {
                Value::Nil => break None,
                Value::Pair(pair) => {
                    names.push(self.name(machine, &pair.car.borrow())?);
                    pair.cdr.borrow().clone()
                }
                name => break Some(self.name(machine, &name)?),
            };
        };
        self.distinct(&names.iter().chain(&rest).cloned().collect::<Vec<_>>())?;
        Ok(make_closure(names, rest, self.body(body), scope))
    }

    fn distinct(&self, names: &[Symbol]) -> Result<(), Stop> {
        let mut seen = HashSet::new();
        match names.iter().find(|name| !seen.insert(*name)) {
            None => Ok(()),
            Some(name) => {
                let form = self.form.name();
                Err(failure(format!("{form} has a name twice"), &[Value::Symbol(name.clone())]))
            }
        }
    }

    /// A symbol that may be given a value.
    fn name(&self, machine: &Machine<'_>, value: &Value) -> Result<Symbol, Stop> {
        match value {
            Value::Symbol(name) if machine.world.symbols.form(name).is_none() => Ok(name.clone()),
            _ => Err(failure(
                format!("{} needs a name", self.form.name()),
                std::slice::from_ref(value),
            )),
        }
    }

    /// The whole without so many of its first elements, which are there.
    fn body(&self, from: usize) -> Value {
        (0..from).fold(self.whole.clone(), |list, _| match list {
            Value::Pair(pair) => pair.cdr.borrow().clone(),
            other => other,
        })
    }

    fn malformed(&self) -> Stop {
        failure(format!("{} is malformed", self.form.name()), std::slice::from_ref(self.whole))
    }
}

fn make_closure(
    parameters: Vec<Symbol>,
    rest: Option<Symbol>,
    body: Value,
    scope: &Gc<Environment>,
) -> Gc<Closure> {
    let environment = scope.clone();
    Gc::new(Closure { name: OnceCell::new(), parameters, rest, body, environment })
}

/// Calls a function with the values of these expressions.
fn call(
    machine: &mut Machine<'_>,
    closure: Gc<Closure>,
    mut expressions: Vec<Value>,
    scope: Gc<Environment>,
) -> Result<Step, Stop> {
    if expressions.is_empty() {
        // It evaluates to itself, and is called when it has.
        return machine.call(Vec::new(), Value::Closure(closure), Vec::new(), scope);
    }
    let first = expressions.remove(0);
    machine.call(vec![Value::Closure(closure)], first, expressions, scope)
}
