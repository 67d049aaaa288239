//! What has once gone wrong, or could have: each test is named for its symptom.
//!
//! Most come from a hostile review, which reached dropped or freed values from safe
//! code. Where a value may have been dropped the tests ask its canary; what was
//! freed is seen by AddressSanitizer and Miri only.

#![allow(clippy::duplicate_mod, reason = "the same text for each kind of heap")]

mod hooks;

/// What may go wrong on every kind of heap, for that whose tools are in the module named.
macro_rules! suite {
    ($($gc:ident)::+) => {
        pub(crate) use $($gc)::+ as gc;

        #[path = "chains.rs"]
        mod chains;
        #[path = "frozen.rs"]
        mod frozen;
        #[path = "lent.rs"]
        mod lent;
        #[path = "looks.rs"]
        mod looks;
        #[path = "order.rs"]
        mod order;
        #[path = "panics.rs"]
        mod panics;
        #[path = "programs.rs"]
        mod programs;
        #[path = "shapes.rs"]
        mod shapes;
        #[path = "tools.rs"]
        mod tools;
        #[path = "unique.rs"]
        mod unique;
        #[path = "waiting.rs"]
        mod waiting;
        #[path = "weak_collections.rs"]
        mod weak_collections;
    };
}

mod sync;
mod unsync;
