//! What a value tells its size to.

use super::Trace;
use super::visit::{Guard, Visit, walk_and_release};
use std::collections::HashSet;
use std::mem::needs_drop;
use std::panic::resume_unwind;

/// Takes the bytes that a value owns outside of itself, see [`Trace::measure`].
#[derive(Debug, Default)]
pub struct Sizer<'a> {
    bytes: usize,
    /// Where several owners share what they own: the addresses that have been counted.
    seen: Option<&'a mut HashSet<usize>>,
}

impl<'a> Sizer<'a> {
    /// One for a single object, in whose size nothing is that it shares with others.
    pub(crate) fn shallow() -> Self {
        Sizer::default()
    }

    /// One for an object of several. `seen` is for all of them together.
    pub(crate) fn deep(seen: &'a mut HashSet<usize>) -> Self {
        Sizer { bytes: 0, seen: Some(seen) }
    }

    /// What it was told, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds a piece of memory of so many bytes, which the value owns alone.
    ///
    /// # Examples
    ///
    /// A buffer of one's own:
    ///
    /// ```
    /// use gc_core::{Sizer, Trace, Tracer, unsync::{self, Gc}};
    ///
    /// struct Samples {
    ///     buffer: Vec<f64>,
    /// }
    ///
    /// // SAFETY: it shows no handle.
    /// unsafe impl Trace for Samples {
    ///     fn trace(&self, _: &mut Tracer<'_>) {}
    ///
    ///     fn measure(&self, sizer: &mut Sizer<'_>) {
    ///         sizer.add(self.buffer.capacity() * size_of::<f64>());
    ///     }
    /// }
    ///
    /// let empty = Gc::new(Samples { buffer: Vec::new() });
    /// let hundred = Gc::new(Samples { buffer: Vec::with_capacity(100) });
    /// assert_eq!(unsync::shallow_size(&hundred), unsync::shallow_size(&empty) + 800);
    /// ```
    pub fn add(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// Adds a piece of memory at `address` that the value owns together with others, as an `Rc` does.
    ///
    /// It belongs to no object alone: it is not in an object's
    /// [`shallow_size`](crate::unsync::shallow_size), and once in a
    /// [`deep_size`](crate::unsync::deep_size), however many of the objects refer to it.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{Trace, unsync::{self, Gc}};
    /// use std::rc::Rc;
    ///
    /// #[derive(Trace)]
    /// struct Pair(Rc<[u8; 1000]>, Rc<[u8; 1000]>);
    ///
    /// let bytes = Rc::new([0; 1000]);
    /// let pair = Gc::new(Pair(bytes.clone(), bytes));
    /// // An `Rc` has two words in front of its value.
    /// assert_eq!(unsync::deep_size(&pair), unsync::shallow_size(&pair) + 16 + 1000);
    /// ```
    pub fn add_shared(&mut self, address: *const (), bytes: usize) {
        if self.seen.as_mut().is_some_and(|seen| seen.insert(address.addr())) {
            self.add(bytes);
        }
    }
}

impl Visit for Sizer<'_> {
    /// What has nothing to drop owns nothing.
    fn passes_over<T: Trace>() -> bool {
        !needs_drop::<T>()
    }

    fn one<T: Trace + ?Sized>(&mut self, part: &T) {
        if needs_drop::<T>() {
            part.measure(self);
        }
    }

    fn walk_under<G: Guard>(&mut self, guard: G, walk: impl FnOnce(&G::Target, &mut Self)) {
        debug_assert!(!G::WAKES);
        let outcome = walk_and_release(guard, |value| walk(value, self));
        outcome.unwrap_or_else(|payload| resume_unwind(payload));
    }

    fn borrowed<G: Guard<Target: Trace>>(&mut self, guard: G) {
        self.one(&*guard);
    }

    /// A waker is user code, and a walk may hold locks and look into cells.
    fn bears_wakers(&mut self) -> bool {
        false
    }

    /// What cannot be looked at is left out.
    fn busy(&mut self) {}
}
