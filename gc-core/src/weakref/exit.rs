//! The exit: when finalizers run whose objects live on.

use crate::handle::Gc;
use crate::heap::{AtExit, Heap, Space, Store};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// Runs, when it is dropped, the finalizers that are left. See
/// [`exit_guard`](crate::unsync::exit_guard).
#[must_use = "the finalizers run when the guard is dropped"]
#[doc(alias = "atexit")]
pub struct ExitGuard<S: Space> {
    /// It is about the heap that such handles lead to, and goes to other threads if they do.
    heap: PhantomData<Gc<(), S>>,
}

impl<S: Space> ExitGuard<S> {
    pub(crate) fn new() -> Self {
        S::with_heap(|heap| heap.store.with_extras(|extras| extras.exits.add_guard()));
        ExitGuard { heap: PhantomData }
    }
}

impl<S: Space> Drop for ExitGuard<S> {
    fn drop(&mut self) {
        S::with_heap(|heap| {
            if heap.store.with_extras(|extras| extras.exits.remove_guard()) {
                run_finalizers(heap);
            }
        });
    }
}

impl<S: Space> fmt::Debug for ExitGuard<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(ExitGuard)")
    }
}

/// CPython's `finalize._exitfunc` (Lib/weakref.py).
fn run_finalizers<S: Space>(heap: &Heap<S>) {
    heap.pause(true);
    while let Some(finalizer) = next(heap) {
        // Panics end here, those of what the finalizer owns too.
        finalizer.call_at_exit();
    }
    heap.pause(false);
}

/// The one that is to run next: the newest, which may have been made by the one before.
fn next<S: Space>(heap: &Heap<S>) -> Option<Arc<dyn AtExit>> {
    heap.store.with_extras(|extras| extras.exits.next())
}

#[cfg(test)]
mod tests {
    use super::next;
    use crate::handle::Gc;
    use crate::heap::Space;
    use crate::sharing::Local;
    use crate::weakref::Finalizer;
    use std::cell::Cell;
    use std::rc::Rc;

    /// Two threads had an exit at once: the one found nothing left while the other was about to run
    /// the last finalizer.
    #[test]
    fn a_finalizer_did_not_run_because_another_exit_was_over() {
        let ran = Rc::new(Cell::new(false));
        let object = Gc::<_, Local>::new(1);
        let finalizer = Finalizer::new(&object, {
            let ran = ran.clone();
            move || ran.set(true)
        });
        Local::with_heap(|heap| {
            let taken = next(heap).expect("the finalizer");
            assert!(next(heap).is_none() && finalizer.is_alive());
            taken.call_at_exit();
        });
        assert!(ran.get() && !finalizer.is_alive());
    }
}
