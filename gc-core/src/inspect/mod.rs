//! Objects without their type, and what they refer to: for tools that look into a heap.
//!
//! What is in here is used through [`sync`](crate::sync) and [`unsync`](crate::unsync), which have
//! aliases of the types and a function for each question. [One page of the
//! guide](crate::docs::leaks) is about what they are good for.

mod any;
mod garbage;
mod look;
mod referents;
mod sizes;
mod text;
mod walk;

pub use any::AnyGc;
pub use garbage::Garbage;
pub(crate) use referents::referents;
pub(crate) use sizes::{deep_size, shallow_size};
