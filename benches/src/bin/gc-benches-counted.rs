//! `gc-benches` with an allocator that counts.

use gc_benches::{Counting, Programs};
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> ExitCode {
    gc_benches::count();
    gc_benches::main(Programs::beside_this())
}
