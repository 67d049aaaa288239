//! How large an object is, and all that it holds.

use super::look::Quiet;
use super::walk::Walk;
use crate::gc_box::Object;
use crate::handle::Gc;
use crate::heap::Space;
use crate::sharing::{Flags, Head};
use crate::trace::Sizer;
use std::collections::HashSet;

/// Bytes of an object: its box, and what its value owns outside of that.
pub(crate) fn shallow_size<T: ?Sized, S: Space>(gc: &Gc<T, S>) -> usize {
    let object = Gc::object(gc);
    S::with_heap(|heap| {
        let _quiet = Quiet::new(heap);
        // SAFETY: `gc` is a handle to it.
        unsafe { measure(object, Sizer::shallow()) }
    })
}

/// The same of all objects that edges lead to from this one, each once.
pub(crate) fn deep_size<T: ?Sized, S: Space>(gc: &Gc<T, S>) -> usize {
    let first = Gc::object(gc);
    S::with_heap(|heap| {
        let mut walk = Walk::new(heap);
        let (mut known, mut shared) = (HashSet::from([first.as_erased()]), HashSet::new());
        let mut bytes = 0_usize;
        let mut next = Some(first);
        for number in 0.. {
            let Some(object) = next else { break };
            // SAFETY: `gc` is a handle to the first, and the walk has one to each of the others.
            let size = unsafe { measure(object, Sizer::deep(&mut shared)) };
            bytes = bytes.saturating_add(size);
            // SAFETY: the same.
            unsafe { walk.follow(object, |target| known.insert(target.as_erased())) };
            next = walk.get(number);
        }
        bytes
    })
}

/// # Safety
///
/// The caller has a handle to `object`, and no collection runs on this thread.
unsafe fn measure<S: Space>(object: Object<S>, mut sizer: Sizer<'_>) -> usize {
    // In a destructor, what a handle leads to may be gone.
    if !object.head().flags().any(Flags::DEAD) {
        // SAFETY: the value is not dropped, and there is a handle that keeps it.
        unsafe { object.measure(&mut sizer) };
    }
    object.box_size().saturating_add(sizer.bytes())
}
