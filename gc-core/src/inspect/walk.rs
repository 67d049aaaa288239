//! From an object to those that it refers to, beside whatever else goes on.

use super::look::{Quiet, look};
use crate::collector;
use crate::gc_box::Object;
use crate::heap::{self, Heap, Space, Store};
use crate::sharing::{Head, Released};
use crate::trace::Found;

/// A walk along edges. It has a handle to each object that it has come to until its end, and
/// follows no object into itself: there is no recursion.
pub(super) struct Walk<'h, S: Space> {
    heap: &'h Heap<S>,
    /// Until the end of the walk.
    quiet: Option<Quiet<'h, S>>,
    /// The right to collect, if nobody had it. Then no collection sees the walk's handles, and they
    /// are given back without a word. As in a collection, no user code but `trace` and `measure` runs
    /// meanwhile.
    turn: Option<<S::Store as Store<S>>::Turn>,
    found: Found,
    /// What was come to.
    held: Vec<Object<S>>,
}

impl<'h, S: Space> Walk<'h, S> {
    pub(super) fn new(heap: &'h Heap<S>) -> Self {
        let quiet = Some(Quiet::new(heap));
        // On one thread nothing but the walk runs. Beside others it is not waited for the right to
        // collect: this may be called from under a trace.
        let turn = if S::Store::BESIDE { heap.store.turn(false) } else { None };
        Walk { heap, quiet, turn, found: Found::default(), held: Vec::new() }
    }

    /// What was come to as number `number`.
    pub(super) fn get(&self, number: usize) -> Option<Object<S>> {
        self.held.get(number).copied()
    }

    /// Comes to those targets of `object`'s edges that `accept` takes. Where a lock or a borrow cannot be
    /// had, what is behind it is not looked at.
    ///
    /// # Panics
    ///
    /// If the value's `trace` does. None of its edges is followed then.
    ///
    /// # Safety
    ///
    /// The caller or the walk has a handle to `object`.
    pub(super) unsafe fn follow(
        &mut self,
        object: Object<S>,
        mut accept: impl FnMut(Object<S>) -> bool,
    ) {
        let Walk { quiet, found, held, .. } = self;
        // There is one until the walk ends.
        let Some(quiet) = quiet else { return };
        let keep = |target: Object<S>| {
            if accept(target) {
                target.head().retain();
                held.push(target);
            }
        };
        // SAFETY: as the caller promises, and the walk's handles stay until its end.
        unsafe { look(quiet, object, found, keep) };
    }

    /// Gives a handle back; `true` if it was the last, and the object is to be ended.
    ///
    /// In silence only where no collection can have counted it: whoever else has dropped a
    /// handle meanwhile has made a candidate of the object.
    fn give_back(&self, object: Object<S>) -> bool {
        if !S::Store::BESIDE || self.turn.is_some() {
            return object.head().unpin();
        }
        match object.head().release() {
            Released::Alive => false,
            Released::Candidate => {
                collector::suspect(object);
                false
            }
            Released::Last => true,
        }
    }
}

impl<S: Space> Drop for Walk<'_, S> {
    fn drop(&mut self) {
        let held = std::mem::take(&mut self.held);
        let last: Vec<_> =
            held.into_iter().filter(|&object| self.give_back(object)).map(Last).collect();
        if let Some(turn) = self.turn.take() {
            self.heap.store.end(turn);
        }
        self.quiet = None;
        // User code, so after all else; a panic in it does not keep the others from being ended.
        drop(last);
    }
}

/// An object whose last handle was the walk's.
struct Last<S: Space>(Object<S>);

impl<S: Space> Drop for Last<S> {
    fn drop(&mut self) {
        heap::dispose(self.0);
    }
}
