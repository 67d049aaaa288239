//! A thread's own heap.

suite!(gc_tests::unsync);
