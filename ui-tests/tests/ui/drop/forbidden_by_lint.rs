#![forbid(unsafe_code)]

use gc_core::Trace;

#[derive(Trace)]
#[trace(unsafe(drop))]
struct Node {
    name: String,
}

fn main() {}
