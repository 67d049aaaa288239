//! A relation that is loaded when it is first asked for.

use gc_core::Trace;
use gc_core::unsync::Gc;
use std::cell::OnceCell;

/// The objects at the other end of a relation.
///
/// The handles are strong: whoever holds a package holds what it was asked about.
/// With a relation in each direction every loaded dependency is a cycle, which is
/// what the collector is there for. None of this shows in the type: the derived
/// `Trace` finds the handles through the `OnceCell` and the `Vec`.
#[derive(Trace)]
pub(crate) struct Lazy<T> {
    objects: OnceCell<Vec<Gc<T>>>,
}

impl<T> Lazy<T> {
    pub(crate) const fn new() -> Self {
        Lazy { objects: OnceCell::new() }
    }

    pub(crate) fn is_loaded(&self) -> bool {
        self.objects.get().is_some()
    }

    /// The objects, from `load` the first time.
    ///
    /// The cell is empty while `load` runs. It makes objects, so a collection may
    /// start in the middle of it and look at this very relation.
    pub(crate) fn get_or_load<E>(
        &self,
        load: impl FnOnce() -> Result<Vec<Gc<T>>, E>,
    ) -> Result<&[Gc<T>], E> {
        if !self.is_loaded() {
            let objects = load()?;
            // A `load` that came back to this relation has filled it with the same objects.
            let _ = self.objects.set(objects);
        }
        Ok(self.objects.get().map_or(&[], Vec::as_slice))
    }
}
