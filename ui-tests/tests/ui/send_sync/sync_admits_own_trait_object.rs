use gc_core::Trace;
use gc_core::handle::{Admits, Shared};

/// Local to this crate, and not `Send`: no impl of gc-core's is about `dyn Local`.
trait Local: Trace {}

impl Admits<dyn Local> for Shared {}

fn main() {}
