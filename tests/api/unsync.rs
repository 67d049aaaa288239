//! The contracts on a thread's own heap.

suite!(gc_tests::unsync);

mod auto_traits;
mod eras;
mod other_kind;
mod overflow;
mod thread_exit;
