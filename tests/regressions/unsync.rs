//! On a thread's own heap.

suite!(gc_tests::unsync);

mod end_of_thread;
mod pinned;
mod supertypes;
mod unasked;
mod weak_overflow;
