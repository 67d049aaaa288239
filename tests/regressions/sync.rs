//! On the heap of the process: with one thread at work, and what goes wrong only beside others.

suite!(gc_tests::sync);

mod callbacks;
mod figures;
mod gate;
mod hooks_in_verification;
mod hooks_on_collections;
mod last_handles;
mod small;
