//! Counts in plain cells, for objects that stay on their thread.

/// One thread's objects: no count is atomic.
#[derive(Debug)]
#[doc(hidden)]
pub enum Local {}
