//! Which names stand for what.

use crate::value::{Stop, Symbol, Value, failure};
use gc_core::Trace;
use gc_core::unsync::Gc;
use std::cell::RefCell;
use std::collections::HashMap;

/// The names of a scope, inside another one.
#[derive(Trace)]
pub(crate) struct Environment {
    names: RefCell<HashMap<Symbol, Value>>,
    outer: Option<Gc<Environment>>,
}

impl Environment {
    pub(crate) fn new(outer: Option<&Gc<Environment>>) -> Gc<Environment> {
        Gc::new(Environment { names: RefCell::default(), outer: outer.cloned() })
    }

    pub(crate) fn define(&self, name: &Symbol, value: Value) {
        // The old value goes at the end of this statement, when the names are free again:
        // its last handle may be this one, and then it is taken apart.
        let _old = self.names.borrow_mut().insert(name.clone(), value);
    }

    /// The value of a name, in the innermost scope that has it.
    pub(crate) fn get(&self, name: &Symbol) -> Result<Value, Stop> {
        let scope = self.scope_of(name)?;
        let value = scope.names.borrow().get(name).cloned();
        value.ok_or_else(|| unbound(name))
    }

    /// Gives a name that there is another value.
    pub(crate) fn set(&self, name: &Symbol, value: Value) -> Result<(), Stop> {
        self.scope_of(name)?.define(name, value);
        Ok(())
    }

    fn scope_of(&self, name: &Symbol) -> Result<&Environment, Stop> {
        let mut scope = self;
        while !scope.names.borrow().contains_key(name) {
            scope = scope.outer.as_deref().ok_or_else(|| unbound(name))?;
        }
        Ok(scope)
    }
}

fn unbound(name: &Symbol) -> Stop {
    failure("unbound variable", &[Value::Symbol(name.clone())])
}
