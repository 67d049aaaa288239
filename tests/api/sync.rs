//! The contracts on the heap that all threads share.

suite!(gc_tests::sync);

mod auto_traits;
mod threads;
