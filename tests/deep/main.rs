//! Nothing recurses over the graph: ten million objects in shapes as deep as they
//! are many, on a thread with 2 MiB of stack.
//!
//! Debug builds take a million by default, so that a plain `cargo test` ends soon;
//! `cargo test --release -p gc-tests --test deep` takes ten. `GC_TESTS_NODES` sets
//! another number. The binary needs some 2 GB for ten million, and runs its tests one at a
//! time for that reason.

#![allow(clippy::duplicate_mod, reason = "the same text for each kind of heap")]

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// The shapes, for the kind of heap whose tools are in the module named.
macro_rules! suite {
    ($($gc:ident)::+) => {
        pub(crate) use $($gc)::+ as gc;

        #[path = "shapes.rs"]
        mod shapes;
    };
}

mod sync;
mod unsync;

const STACK: usize = 2 << 20;

fn nodes() -> usize {
    let default = if cfg!(debug_assertions) { 1_000_000 } else { 10_000_000 };
    std::env::var("GC_TESTS_NODES").ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

/// Two graphs of ten million would not fit.
fn one_at_a_time() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `f` and says how long it took: `--nocapture` shows it.
fn timed<R>(what: &str, f: impl FnOnce() -> R) -> R {
    let start = Instant::now();
    let result = f();
    eprintln!("{what}: {:?}", start.elapsed());
    result
}
