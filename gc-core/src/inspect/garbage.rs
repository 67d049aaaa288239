//! The garbage that a heap keeps.

use super::AnyGc;
use crate::gc_box::Object;
use crate::heap::{Space, Store};
use std::fmt;
use std::marker::PhantomData;

/// The garbage that a heap keeps for [`DebugFlags::SAVE_ALL`](crate::DebugFlags::SAVE_ALL):
/// Python's `gc.garbage`.
///
/// The heap has one list, in the order in which the objects were found. This is the way to it and
/// keeps nothing itself. Each entry is a handle: as long as it is there the object counts as held
/// from outside.
#[doc(alias = "gc.garbage")]
pub struct Garbage<S: Space>(PhantomData<AnyGc<S>>);

impl<S: Space> Garbage<S> {
    pub(crate) fn new() -> Self {
        Garbage(PhantomData)
    }

    /// Runs `f`, which runs no user code, on the list.
    fn with<R>(f: impl FnOnce(&mut Vec<Object<S>>) -> R) -> R {
        S::with_heap(|heap| heap.store.with_extras(|extras| f(&mut extras.garbage)))
    }

    /// How many objects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        Self::with(|garbage| garbage.len())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A handle to each.
    #[must_use]
    pub fn to_vec(&self) -> Vec<AnyGc<S>> {
        Self::with(|garbage| garbage.iter().map(|&object| AnyGc::retained(object)).collect())
    }

    /// Takes all out of the list.
    #[must_use = "`clear` is for who does not want to look at them"]
    pub fn drain(&self) -> Vec<AnyGc<S>> {
        Self::with(std::mem::take).into_iter().map(AnyGc::from_counted).collect()
    }

    /// Empties the list. What is in cycles is garbage again, and goes with the next collection if
    /// that is not to save it.
    ///
    /// # Panics
    ///
    /// If the destructor of an object panics that dies by it; all others are let go all the same.
    pub fn clear(&self) {
        drop(self.drain());
    }
}

impl<S: Space> fmt::Debug for Garbage<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.to_vec()).finish()
    }
}
