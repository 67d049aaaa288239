//! What a stretch of the program allocates. Use it through [`sync`](crate::sync) and
//! [`unsync`](crate::unsync); [the guide](crate::docs::profiling) says what the figures mean.

mod memory;
mod profiler;
mod report;
mod table;
#[cfg(test)]
mod tests;

pub use memory::{ProcessMemory, process_memory};
pub use profiler::Profiler;
pub use report::{Flow, Profile, Profiles};
