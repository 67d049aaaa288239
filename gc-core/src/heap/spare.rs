//! Room for the next collection.

use super::effort::Effort;
use super::fate::{Fate, Known};
use crate::gc_box::Object;
use crate::sharing::Sharing;
use std::ops::{Range, RangeInclusive};
use std::ptr::NonNull;

/// A node of the object graph, in numbers. It stands here as [`Fate`] does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    /// Where its edges begin.
    pub(crate) start: u32,
    /// Where they end.
    pub(crate) end: u32,
    /// How many handles it had when they were counted.
    pub(crate) handles: u32,
    /// These, less the edges to it; it wraps around where there are more of those.
    pub(crate) unexplained: u32,
}

impl Node {
    /// The places of its edges.
    #[inline]
    pub(crate) fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Empty arrays of a snapshot, kept for the next. To ask for them each time can cost
/// as much as the collection: their pages come back empty, and glibc tidies up its
/// whole heap when a block is freed that ends up large beside its neighbours.
#[derive(Debug)]
pub struct Spare<S: Sharing> {
    pub(crate) objects: Vec<Object<S>>,
    pub(crate) nodes: Vec<Node>,
    /// All edges, by number.
    pub(crate) targets: Vec<u32>,
    pub(crate) fates: Vec<Fate>,
    /// The edges of one object.
    pub(crate) edges: Vec<NonNull<()>>,
    /// That of looks for small garbage.
    pub(crate) small: SmallSpare<S>,
}

/// What looks for small garbage leave to the next.
#[derive(Debug)]
pub(crate) struct SmallSpare<S: Sharing> {
    pub(crate) objects: Vec<Object<S>>,
    /// As long as one look allows.
    pub(crate) known: Vec<Known>,
    pub(crate) effort: Effort,
}

impl<S: Sharing> Spare<S> {
    pub(super) const NONE: Spare<S> = Spare {
        objects: Vec::new(),
        nodes: Vec::new(),
        targets: Vec::new(),
        fates: Vec::new(),
        edges: Vec::new(),
        small: SmallSpare { objects: Vec::new(), known: Vec::new(), effort: Effort::NEW },
    };

    /// Empties the arrays, and gives back those that are not worth keeping.
    pub(super) fn empty(&mut self) {
        empty(&mut self.objects);
        empty(&mut self.nodes);
        empty(&mut self.targets);
        empty(&mut self.fates);
        empty(&mut self.edges);
        empty(&mut self.small.objects);
    }
}

/// Appends to an array in which room was made. (No call is left in there that would make more, so
/// loops that append keep what they know in registers.)
///
/// # Panics
///
/// Where no room was made.
#[inline(always)]
pub(crate) fn append<T>(array: &mut Vec<T>, item: T) {
    assert!(array.len() < array.capacity(), "no room was made");
    array.push(item);
}

/// How long an array is that is worth keeping, in bytes.
const KEPT: RangeInclusive<usize> = 1 << 12..=1 << 18;

/// Empties an array, and gives it back if it is not worth keeping: small ones are
/// cheap to get, and large ones would be missed elsewhere.
pub(super) fn empty<T>(array: &mut Vec<T>) {
    array.clear();
    if !KEPT.contains(&(array.capacity() * size_of::<T>())) {
        *array = Vec::new();
    }
}
