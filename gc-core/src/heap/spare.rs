//! Room for the next collection.

use super::effort::Effort;
use super::fate::{Fate, Known};
use crate::gc_box::Object;
use crate::sharing::Sharing;
use std::ptr::NonNull;

/// Empty arrays of a snapshot, kept for the next. To ask for them each time can cost
/// as much as the collection: their pages come back empty, and glibc tidies up its
/// whole heap when a block is freed that ends up large beside its neighbours.
#[derive(Debug)]
pub struct Spare<S: Sharing> {
    pub(crate) objects: Vec<Object<S>>,
    /// Numbers of objects and edges.
    pub(crate) numbers: [Vec<u32>; 3],
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
        numbers: [const { Vec::new() }; 3],
        fates: Vec::new(),
        edges: Vec::new(),
        small: SmallSpare { objects: Vec::new(), known: Vec::new(), effort: Effort::NEW },
    };

    /// Empties the arrays, and gives back those that are not worth keeping.
    pub(super) fn empty(&mut self) {
        empty(&mut self.objects);
        self.numbers.iter_mut().for_each(empty);
        empty(&mut self.fates);
        empty(&mut self.edges);
        empty(&mut self.small.objects);
    }
}

/// Empties an array, and gives it back if it is not worth keeping: small ones are
/// cheap to get, and large ones would be missed elsewhere.
pub(super) fn empty<T>(array: &mut Vec<T>) {
    array.clear();
    if !(1 << 10..=1 << 16).contains(&array.capacity()) {
        *array = Vec::new();
    }
}
