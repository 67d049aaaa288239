//! Boxes under loom: kept when they are freed, until the run is over, so that who uses one
//! after its end, or in no order with it, is found.

use super::Object;
use super::alloc::free_block;
use crate::primitive::Tracked;
use crate::sharing::{Kind, Sharing};
use std::alloc::Layout;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ptr::NonNull;

/// A box of the model that runs.
struct Place {
    block: NonNull<u8>,
    layout: Layout,
    freed: Cell<bool>,
    /// Each use of the head reads it, and its end is a write.
    memory: Tracked<()>,
}

std::thread_local! {
    // loom runs all threads of a model on one of std's.
    static PLACES: RefCell<HashMap<usize, Place>> = RefCell::default();
}

/// A run of a model begins: forgets the boxes of the one before.
pub(crate) fn begin() {
    for (_, place) in PLACES.take() {
        // SAFETY: it was allocated with this layout, and who has known of it is gone. (What has
        // not been freed is none of ours: the model has failed.)
        unsafe { free_block(place.block, place.layout) };
    }
}

/// How many boxes have not been freed.
pub(crate) fn left() -> usize {
    PLACES.with_borrow(|places| places.values().filter(|place| !place.freed.get()).count())
}

/// Notes a new box.
pub(super) fn allocated<S: Sharing>(block: NonNull<u8>, layout: Layout) {
    if S::KIND == Kind::Shared {
        let place = Place { block, layout, freed: Cell::new(false), memory: Tracked::new(()) };
        PLACES.with_borrow_mut(|places| places.insert(block.addr().get(), place));
    }
}

/// Notes the end of a box; `false` if it is not to be kept.
pub(super) fn freed<S: Sharing>(object: Object<S>) -> bool {
    PLACES.with_borrow(|places| {
        let Some(place) = places.get(&object.as_erased().addr().get()) else { return false };
        assert!(!place.freed.replace(true), "a box is freed twice");
        place.memory.with_mut(|_| ());
        true
    })
}

/// Notes a use of a box.
#[track_caller]
pub(super) fn used<S: Sharing>(object: Object<S>) {
    PLACES.with_borrow(|places| {
        let Some(place) = places.get(&object.as_erased().addr().get()) else { return };
        assert!(!place.freed.get(), "a box is used after it was freed");
        place.memory.with(|_| ());
    });
}
