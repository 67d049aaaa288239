//! A crate that depends on gc-core under another name, so that `::gc_core` does not exist.

use engine::{Finalize, Finalizing, Trace, Tracer, unsync::Gc};
use std::fs::File;

/// Uses every attribute.
#[derive(Debug, Trace)]
#[trace(crate = engine, finalize, bound = "T: Trace")]
pub struct Node<T> {
    /// Traced.
    pub value: T,
    /// Traced.
    pub next: Option<Gc<Node<T>>>,
    /// Left out.
    #[trace(skip)]
    pub log: Option<File>,
    /// Traced by a function.
    // SAFETY: it shows nothing.
    #[trace(unsafe(with = nothing))]
    pub name: String,
}

impl<T> Finalize for Node<T> {
    fn finalize(&self, _: &Finalizing<'_>) {}
}

fn nothing(_: &String, _: &mut Tracer<'_>) {}

/// Has a destructor.
#[derive(Debug, Trace)]
#[trace(crate = ::engine)]
// SAFETY: the destructor does nothing.
#[trace(unsafe(drop))]
pub enum Value {
    /// Nothing at all.
    Empty,
    /// Something.
    Full(Box<Value>),
}

impl Drop for Value {
    fn drop(&mut self) {}
}
