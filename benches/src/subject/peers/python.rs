//! CPython, by `python/worker.py`, where there is a `python3`; after `gc.freeze()`, so that the interpreter's own
//! objects are no part of its collections.

use crate::workload::Start;

/// What the script has no part in.
pub(crate) fn start(workload: &str) -> Start {
    const CANNOT: [(&str, &str); 6] = [
        ("clone", "the interpreter's loop would be measured"),
        ("drop, not", "the interpreter's loop would be measured"),
        ("new + last drop: 1000", "the interpreter's loop would be measured"),
        ("new + last drop: list", "the interpreter's loop would be measured"),
        ("peak", "its allocator does not tell"),
        ("with a link", "the interpreter's loop would be measured"),
    ];
    match CANNOT.iter().find(|(word, _)| workload.contains(word)) {
        Some((_, reason)) => Start::Cannot(reason),
        None => Start::Python,
    }
}
