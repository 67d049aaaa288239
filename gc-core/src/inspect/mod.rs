//! Looks at objects from outside of a collection: what they take, and where their edges lead.

mod sizes;
mod walk;

pub(crate) use sizes::{deep_size, shallow_size};
