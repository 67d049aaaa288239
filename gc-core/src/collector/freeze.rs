//! Freezing: no part of a collection, but it waits for its turn as one does.

use super::Turn;
use crate::heap::{Heap, Space, Store};

/// Freezes all objects that there are; nothing inside a collection.
pub(crate) fn freeze<S: Space>(heap: &Heap<S>) {
    in_turn(heap, |turn| {
        // Where there is no memory everything stays as it is.
        let _frozen = heap.store.freeze(turn);
    });
}

/// The frozen objects are old ones from here on; nothing inside a collection.
pub(crate) fn unfreeze<S: Space>(heap: &Heap<S>) {
    in_turn(heap, |turn| heap.store.unfreeze(turn));
}

/// Runs `f`, which runs no user code, with the right to collect.
fn in_turn<S: Space>(heap: &Heap<S>, f: impl FnOnce(&mut Turn<S>)) {
    if !heap.begin() {
        return;
    }
    let _end = scopeguard::guard(heap, Heap::end);
    if let Some(mut turn) = heap.store.turn(true) {
        f(&mut turn);
        heap.store.end(turn);
    }
}
