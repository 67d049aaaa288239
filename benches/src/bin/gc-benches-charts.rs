//! Charts.
fn main() {}
