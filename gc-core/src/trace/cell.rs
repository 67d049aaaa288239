//! Cells of one thread.

use super::visit::{Guard, Visit as _, owner};
use super::{Depth, Sizer, Trace, Tracer};
use std::cell::{Cell, OnceCell, Ref, RefCell};

// SAFETY: it borrows the cell, in which the value stands, and while it does the cell gives out shared
// references only. Dropping it counts.
unsafe impl<T: Trace> Guard for Ref<'_, T> {}

owner! {
    /// Looked into under a shared borrow. While the cell is mutably borrowed it shows nothing.
    ///
    /// A [`Finalize`](crate::Finalize) hook in the cell runs under a shared borrow too.
    {T: Trace} RefCell<T> => [T], |this, visit| visit.cell(this);
    {T: Trace} OnceCell<T> => [T], |this, visit| if let Some(value) = this.get() {
        visit.one(value);
    };
}

/// A [`Finalize`](crate::Finalize) hook of a value in a `Cell` does **not** run:
/// it could replace the value that it was called for. Use a `RefCell`.
// SAFETY: the cell owns its value and shows it once (obligation 1), through a shared reference
// (2), and shows no edge where the value cannot (3). Its destructor is the value's (4); there is
// no lock and no borrow flag (5).
unsafe impl<T: Trace> Trace for Cell<T> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        // SAFETY: the value is initialised and on our thread. It stays in place for as long as
        // the reference lives, as no code but the value's own `trace` runs and that replaces
        // nothing that was there before it was called (obligation 2 of `Trace`).
        let value = unsafe { &*self.as_ptr() };
        let before = tracer.held();
        tracer.one(value);
        // What comes after the cell may panic, and the panic hooks may replace the value.
        tracer.release_after(before);
    }

    #[inline]
    fn is_leaf(depth: Depth) -> bool {
        T::is_leaf(depth)
    }

    fn measure(&self, sizer: &mut Sizer<'_>) {
        // SAFETY: as for `trace`: no code but the value's own `measure` runs, which replaces nothing
        // either (obligation 7). Guards are released within, and run no user code.
        sizer.one(unsafe { &*self.as_ptr() });
    }
}
