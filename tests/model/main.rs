//! Random operations against the oracle.
//!
//! `GC_TESTS_CASES` sets how many cases are run (the default takes some seconds in
//! a debug build), `GC_TESTS_OPS` how many operations the longest of them has.

#![allow(clippy::duplicate_mod, reason = "the same text for each kind of heap")]

/// The model, for the kind of heap whose tools are in the module named.
macro_rules! suite {
    ($($gc:ident)::+) => {
        pub(crate) use $($gc)::+ as gc;

        #[path = "random.rs"]
        mod random;
        #[path = "regressions.rs"]
        mod regressions;
    };
}

mod sync;
mod unsync;
