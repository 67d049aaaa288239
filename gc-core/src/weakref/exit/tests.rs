use super::next;
use crate::heap::Space;
use crate::sharing::Local;
use crate::unsync::{self, Gc};
use std::cell::Cell;
use std::rc::Rc;

/// Two threads had an exit at once: the one found nothing left while the other was about to run
/// the last finalizer.
#[test]
fn a_finalizer_did_not_run_because_another_exit_was_over() {
    let ran = Rc::new(Cell::new(false));
    let object = Gc::new(1);
    let finalizer = unsync::finalize(&object, {
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
