//! The collector, as a program sees it.

use super::{Builtin, exactly};
use crate::value::Value;
use gc_core::Generation;
use gc_core::unsync;

pub(super) static ALL: [Builtin; 3] = [
    // How many objects it has found.
    exactly("gc", 0, |_, _| Ok(Value::count(unsync::collect().collected))),
    // How many objects there are: the interpreter's own, the program's text, and its data.
    exactly("live", 0, |_, _| Ok(Value::count(unsync::live()))),
    // For each generation: its name, its collections, and the objects that they have found.
    exactly("gc-stats", 0, |world, _| {
        let generations = [Generation::Young, Generation::Middle, Generation::Old];
        let rows = generations.iter().zip(unsync::stats()).map(|(generation, stats)| {
            let name = format!("{generation:?}").to_lowercase();
            let name = Value::Symbol(world.symbols.intern(&name));
            let figures = [stats.collections, stats.collected].map(Value::count);
            Value::pair(name, Value::list(figures, Value::Nil))
        });
        Ok(Value::list(rows.collect::<Vec<_>>(), Value::Nil))
    }),
];
