//! What a value shows its handles to.

use super::edge::{Edge, Found};
use crate::sharing::Kind;
use std::ptr::NonNull;

/// Takes the edges of one object, see [`Trace::trace`](crate::Trace::trace).
#[derive(Debug)]
pub struct Tracer<'a> {
    kind: Kind,
    found: &'a mut Found,
}

impl<'a> Tracer<'a> {
    /// A tracer for one collection of a heap of this kind.
    pub(crate) fn new(kind: Kind, found: &'a mut Found) -> Self {
        Tracer { kind, found }
    }

    /// Takes one edge.
    ///
    /// Safe to call, but who calls it does so on behalf of an `unsafe`
    /// implementation of [`Trace`](crate::Trace) and answers for its first obligation: the
    /// object traced owns this handle, and shows it once.
    ///
    /// Edges into a heap of the other kind are passed over: a handle to an
    /// object that another collector looks after is an outside reference there.
    #[inline]
    pub fn edge(&mut self, edge: Edge) {
        if edge.kind() != self.kind {
            return;
        }
        self.add(edge.target());
    }

    /// The same for a handle of kind `kind`, whose edge need not be made.
    #[inline]
    pub(crate) fn handle(&mut self, kind: Kind, target: NonNull<()>) {
        if kind == self.kind {
            self.add(target);
        }
    }

    #[inline]
    fn add(&mut self, target: NonNull<()>) {
        let edges = &mut self.found.edges;
        if edges.len() < edges.capacity() {
            edges.push(target);
        } else {
            self.found.add_growing(target);
        }
    }

    /// Notes that the value owns the handle of weak callback number `id` on
    /// `watched`: it must not run when the value is part of the same garbage.
    pub(crate) fn callback(&mut self, watched: Edge, id: u64) {
        if watched.kind() != self.kind {
            return;
        }
        if self.found.callbacks.try_reserve(1).is_err() {
            self.found.exhausted = true;
            return;
        }
        self.found.callbacks.push((watched.target(), id));
    }
}
