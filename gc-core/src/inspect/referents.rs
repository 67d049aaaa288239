//! What an object refers to, by its own word.

use super::AnyGc;
use super::look::{Quiet, look};
use crate::gc_box::Object;
use crate::handle::Gc;
use crate::heap::Space;
use crate::trace::Found;

/// The objects that this one holds, in the order in which its `trace` shows them.
pub(crate) fn referents<T: ?Sized, S: Space>(gc: &Gc<T, S>) -> Vec<AnyGc<S>> {
    // SAFETY: `gc` is a handle to it.
    unsafe { of(Gc::object(gc)) }
}

/// The objects that `object` holds, in the order in which its `trace` shows them.
///
/// # Safety
///
/// The caller has a handle to it.
pub(super) unsafe fn of<S: Space>(object: Object<S>) -> Vec<AnyGc<S>> {
    S::with_heap(|heap| {
        let mut referents = Vec::new();
        let keep = |target| referents.push(AnyGc::retained(target));
        // SAFETY: as the caller promises.
        unsafe { look(&Quiet::new(heap), object, &mut Found::default(), keep) };
        referents
    })
}
