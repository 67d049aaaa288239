//! The heap of the process.

suite!(gc_tests::sync);
