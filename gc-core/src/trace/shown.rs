//! Debug text of what std puts around other values, by the walk that the collector takes through it.

use super::Trace;
use super::visit::{Guard, Visit, walk_and_release};
use std::any::type_name;
use std::fmt::{self, DebugTuple, Formatter};
use std::panic::resume_unwind;

/// Writes the parts of a value as the fields of its type: `RefCell(Node)`, `HashMap("a": 1)`.
pub(super) struct Shown<'a, 'f>(DebugTuple<'a, 'f>);

impl<'a, 'f> Shown<'a, 'f> {
    /// Begins with the name of `T`, without its path and arguments.
    pub(super) fn new<T: ?Sized>(f: &'a mut Formatter<'f>) -> Self {
        let path = type_name::<T>().split(['<', '(', '[']).next().unwrap_or_default();
        Shown(f.debug_tuple(path.rsplit("::").next().unwrap_or_default()))
    }

    /// Ends the text.
    pub(super) fn finish(mut self) -> fmt::Result {
        self.0.finish()
    }
}

impl Visit for Shown<'_, '_> {
    fn passes_over<T: Trace>() -> bool {
        false
    }

    fn one<T: Trace + ?Sized>(&mut self, part: &T) {
        self.0.field(&Part(part));
    }

    fn entries<'p, K, V>(&mut self, entries: impl IntoIterator<Item = (&'p K, &'p V)>)
    where
        K: Trace + 'p,
        V: Trace + 'p,
    {
        for (key, value) in entries {
            self.0.field(&format_args!("{:?}: {:?}", Part(key), Part(value)));
        }
    }

    fn walk_under<G: Guard>(&mut self, guard: G, walk: impl FnOnce(&G::Target, &mut Self)) {
        let outcome = walk_and_release(guard, |value| walk(value, self));
        outcome.unwrap_or_else(|payload| resume_unwind(payload));
    }

    fn borrowed<G: Guard<Target: Trace>>(&mut self, guard: G) {
        self.one(&*guard);
    }

    fn bears_wakers(&mut self) -> bool {
        true
    }

    fn busy(&mut self) {
        self.0.field(&format_args!("<locked>"));
    }
}

/// A part of a value: by its text, or by its type where it has none.
pub(super) struct Part<'a, T: ?Sized>(pub(super) &'a T);

impl<T: Trace + ?Sized> fmt::Debug for Part<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.debug_within(f).unwrap_or_else(|| f.write_str(type_name::<T>()))
    }
}
