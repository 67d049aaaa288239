//! On the heap of the process, with one thread at work.

suite!(gc_tests::sync);
