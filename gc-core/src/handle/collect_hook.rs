//! What keeps a hook on collections in its place.

use crate::collector;
use crate::heap::{Hook, Phase, Report, Space};
use std::fmt;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};

/// Keeps a function that is called before and after each collection, see
/// [`on_collect`](crate::unsync::on_collect). When it is dropped the function is called no more.
///
/// In `sync` it may be called once more after that, or be running still, on a thread that was about
/// to call it. To forget it (`mem::forget`) leaves the function where it is, in `unsync` until the
/// thread ends.
#[must_use = "the hook is taken away when this is dropped"]
pub struct CollectHook<S: Space> {
    id: u64,
    /// It may go where objects of that kind may go.
    kind: PhantomData<S::Head>,
}

impl<S: Space> UnwindSafe for CollectHook<S> {}
impl<S: Space> RefUnwindSafe for CollectHook<S> {}

impl<S: Space> CollectHook<S> {
    /// Enters `f`, which the heap of `S` may keep (`Admits`).
    pub(crate) fn new<F: Fn(Phase, &Report) + 'static>(f: F) -> Self {
        let hook = Hook::new(f);
        let id = S::with_heap(|heap| collector::add_hook(heap, hook));
        CollectHook { id, kind: PhantomData }
    }
}

impl<S: Space> Drop for CollectHook<S> {
    fn drop(&mut self) {
        S::with_heap(|heap| collector::remove_hook(heap, self.id));
    }
}

impl<S: Space> fmt::Debug for CollectHook<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CollectHook").finish_non_exhaustive()
    }
}
