//! Hooks that run before an object dies.

use super::edge::Edge;
use crate::unraisable::{self, UserCode};
use std::cell::Cell;

/// A hook that runs once before the object that holds this value dies: Python's `__del__`.
///
/// Name it in the derive, `#[derive(Trace)] #[trace(finalize)]`, and implement it. It is
/// found wherever the value is nested in the object: in `Gc<Node>`,
/// `Gc<RefCell<Node>>`, `Gc<Vec<Node>>`. The object is still whole when it runs:
/// every handle in it can be followed, in cycles too, and weak handles to it
/// still upgrade. Whatever takes a new handle to the object, here or by an
/// upgrade, resurrects it; the hook does not run a second time. Nor do those of its neighbours:
/// a collection runs the hooks of all the garbage before it looks at what is held now.
///
/// It may run inside any [`Gc::new`](crate::unsync::Gc::new): see [the guide](crate::docs::finalizers).
///
/// A hook inside a `RefCell` runs while that cell is borrowed (shared), and one
/// inside a lock while that lock is held; it is left out where the
/// cell is borrowed mutably or the lock is taken. One inside a
/// [`Cell`](std::cell::Cell) does not run.
///
/// # Panics
///
/// A panic in a hook is caught and handed to
/// [`set_unraisable_hook`](crate::set_unraisable_hook)'s hook; the object dies all the same.
///
/// # Examples
///
/// ```
/// use gc_core::{Finalize, Finalizing, Trace, unsync::Gc};
/// use std::{cell::Cell, rc::Rc};
///
/// #[derive(Trace)]
/// #[trace(finalize)]
/// struct Row {
///     #[trace(skip)]
///     written: Rc<Cell<bool>>,
/// }
///
/// impl Finalize for Row {
///     fn finalize(&self, _: &Finalizing<'_>) {
///         self.written.set(true);
///     }
/// }
///
/// let written = Rc::new(Cell::new(false));
/// drop(Gc::new(Row { written: written.clone() }));
/// assert!(written.get());
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `Finalize`",
    label = "`#[trace(finalize)]` promises a hook",
    note = "write `impl Finalize`, or remove `finalize`"
)]
#[doc(alias = "__del__")]
#[doc(alias = "tp_finalize")]
pub trait Finalize {
    /// Called once, before the value and what is around it in the object is dropped.
    fn finalize(&self, cx: &Finalizing<'_>);
}

/// The death that a [`Finalize`] hook is called for.
///
/// [`Finalizing::handle`] gives a new handle to the dying object, which resurrects it.
#[derive(Debug)]
pub struct Finalizing<'a> {
    object: Edge,
    type_name: fn() -> &'static str,
    ran: &'a Cell<bool>,
}

impl<'a> Finalizing<'a> {
    /// The death of the value in the box `object`; `ran` is
    /// set as soon as any hook has been called.
    pub(crate) fn new(object: Edge, type_name: fn() -> &'static str, ran: &'a Cell<bool>) -> Self {
        Finalizing { object, type_name, ran }
    }

    /// The dying object.
    #[must_use]
    pub fn edge(&self) -> Edge {
        self.object
    }

    /// Notes that user code has run, which may have changed anything.
    pub(crate) fn note_user_code(&self) {
        self.ran.set(true);
    }

    /// Calls `value`'s hook. This is for implementations of
    /// [`Trace::finalize_within`](crate::Trace::finalize_within); a panic in the hook ends here.
    pub fn run<T: Finalize + ?Sized>(&self, value: &T) {
        self.note_user_code();
        unraisable::guarded(UserCode::Finalize, self.type_name, || value.finalize(self));
    }
}
