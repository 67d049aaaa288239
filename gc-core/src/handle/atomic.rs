//! Slots for handles that any number of threads read and replace without a lock.

mod slot;

#[cfg(all(test, not(any(loom, shuttle))))]
mod tests;

use super::Gc;
use crate::heap;
use crate::primitive::const_fn;
use crate::sharing::{Admits, Shared};
use crate::trace::{Trace, Tracer};
use slot::Slot;
use std::error::Error;
use std::fmt;

/// A [`sync::Gc`](crate::sync::Gc) that threads read and replace while others do, without a
/// lock: what `AtomicPtr` is to a pointer.
///
/// To load is to clone the handle that is in the slot, and nobody ever waits. It is meant for
/// a value that is read much more often than replaced, such as a configuration, in the place of
/// `RwLock<Gc<T>>`: a load costs little more than the clone, while a change costs many times as
/// much, as it asks what all threads are doing. [`compare_exchange`](AtomicGc::compare_exchange) is
/// what lock-free structures are made of. [`AtomicOptionGc`] may be empty.
///
/// There are no orderings to choose: a load is an `Acquire` and a change an `AcqRel`, so whoever
/// loads a handle sees what was done before it was put in.
///
/// # Cycles
///
/// The collector follows the handle as it follows one behind a lock, and a cycle
/// through a slot is found. It does not keep others from the slot meanwhile, and if one of them
/// changes it, it takes the objects concerned for alive this time.
///
/// Only the shared heap has slots. In an object of an [`unsync`](crate::unsync) heap a slot is out
/// of the collector's sight, as any handle to the other heap.
///
/// # When replaced objects end
///
/// A load may be about to clone the handle that is just being replaced, so its count is given back
/// later: mostly before the call returns that replaced it; while any thread is
/// in a load or in another change, or a collector is looking at slots, by the next change of any slot,
/// the next automatic collection or, at the latest, the next [`collect`](crate::sync::collect).
/// Until then [`strong_count`](Gc::strong_count) is one more, and [`get_mut`](Gc::get_mut) and
/// [`try_unwrap`](Gc::try_unwrap) find that the handle is not the only one.
///
/// So **every call that changes a slot may run destructors and finalizers**, also of objects that were
/// in other slots of any type and were replaced by other threads: do not call it with a lock
/// in hand that one of them takes. If one of these destructors panics, the hook of
/// [`set_unraisable_hook`](crate::set_unraisable_hook) is told. A load runs none.
///
/// # Examples
///
/// ```
/// use gc_core::sync::{AtomicGc, Gc};
/// use std::thread;
///
/// let config = AtomicGc::new(Gc::new(String::from("old")));
/// thread::scope(|scope| {
///     scope.spawn(|| config.store(Gc::new(String::from("new"))));
///     let seen = config.load();
///     assert!(*seen == "old" || *seen == "new");
/// });
/// assert_eq!(*config.load(), "new");
/// ```
// # Invariants
//
// 1. The slot is not empty, except after `into_inner` has emptied it.
pub struct AtomicGc<T> {
    slot: Slot<T>,
}

/// An [`AtomicGc`] that may be empty: what is said there holds here too.
///
/// # Examples
///
/// A stack without locks, whose nodes the collector looks after:
///
/// ```
/// use gc_core::{Trace, sync::{AtomicOptionGc, Gc}};
///
/// #[derive(Trace)]
/// struct Node {
///     value: u32,
///     next: Option<Gc<Node>>,
/// }
///
/// let stack = AtomicOptionGc::none();
/// for value in 1..=3 {
///     let _ = stack.fetch_update(|top: Option<&Gc<Node>>| {
///         Some(Some(Gc::new(Node { value, next: top.cloned() })))
///     });
/// }
/// let top = stack.fetch_update(|top| top.map(|top| top.next.clone()));
/// assert!(top.is_ok_and(|top| top.unwrap().value == 3));
/// assert_eq!(stack.load().unwrap().value, 2);
/// ```
pub struct AtomicOptionGc<T> {
    slot: Slot<T>,
}

/// Another handle than the expected one was in the slot. Returned by
/// [`AtomicGc::compare_exchange`] and [`AtomicOptionGc::compare_exchange`].
#[derive(Clone, PartialEq, Eq)]
pub struct CompareExchangeError<H> {
    /// What is in the slot.
    pub current: H,
    /// What was to be put in.
    pub new: H,
}

impl<H: fmt::Debug> fmt::Debug for CompareExchangeError<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("CompareExchangeError");
        debug.field("current", &self.current).field("new", &self.new).finish()
    }
}

impl<H> fmt::Display for CompareExchangeError<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("another handle is in the slot than the one that was expected")
    }
}

impl<H: fmt::Debug> Error for CompareExchangeError<H> {}

/// What is in a slot that is not empty.
fn full<T>(handle: Option<Gc<T, Shared>>) -> Gc<T, Shared> {
    handle.unwrap_or_else(|| unreachable!("the slot of an `AtomicGc` is not empty"))
}

impl<T> AtomicGc<T> {
    /// A slot with a handle in it.
    #[must_use]
    pub fn new(handle: Gc<T, Shared>) -> Self {
        AtomicGc { slot: Slot::new(Some(handle)) }
    }

    /// A clone of the handle that is in the slot.
    #[must_use]
    pub fn load(&self) -> Gc<T, Shared> {
        full(self.slot.load())
    }

    /// Replaces the handle. The old one is dropped when nobody can be loading it any
    /// more, see [above](AtomicGc#when-replaced-objects-end).
    pub fn store(&self, new: Gc<T, Shared>) {
        self.slot.store(Some(new));
        heap::settle();
    }

    /// Replaces the handle, and gives the one that was there.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::sync::{AtomicGc, Gc};
    ///
    /// let slot = AtomicGc::new(Gc::new(1));
    /// assert_eq!(*slot.swap(Gc::new(2)), 1);
    /// assert_eq!(*slot.load(), 2);
    /// ```
    #[must_use = "`store` replaces the handle as well"]
    pub fn swap(&self, new: Gc<T, Shared>) -> Gc<T, Shared> {
        let old = self.slot.swap(Some(new));
        heap::settle();
        full(old)
    }

    /// Replaces the handle if it is one to the same object as `current`, and gives the one that was
    /// there. Values are not compared.
    ///
    /// # Errors
    ///
    /// With the handle that is there, and with `new`, if it is another.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::sync::{AtomicGc, Gc};
    ///
    /// let first = Gc::new(1);
    /// let slot = AtomicGc::new(first.clone());
    /// assert!(slot.compare_exchange(&first, Gc::new(2)).is_ok());
    /// let error = slot.compare_exchange(&first, Gc::new(3)).unwrap_err();
    /// assert_eq!((*error.current, *error.new), (2, 3));
    /// ```
    pub fn compare_exchange(
        &self,
        current: &Gc<T, Shared>,
        new: Gc<T, Shared>,
    ) -> Result<Gc<T, Shared>, CompareExchangeError<Gc<T, Shared>>> {
        match self.slot.compare_exchange(Some(current), Some(new)) {
            Ok(old) => {
                heap::settle();
                Ok(full(old))
            }
            Err((now, new)) => Err(CompareExchangeError { current: full(now), new: full(new) }),
        }
    }

    /// Replaces the handle by what `f` makes of it, which is asked again whenever another
    /// thread was faster. Gives the one that was there.
    ///
    /// # Errors
    ///
    /// With the handle that is there, if `f` gives `None`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::sync::{AtomicGc, Gc};
    ///
    /// let slot = AtomicGc::new(Gc::new(1));
    /// let old = slot.fetch_update(|number| Some(Gc::new(**number + 1)));
    /// assert_eq!((*old.unwrap(), *slot.load()), (1, 2));
    /// ```
    pub fn fetch_update(
        &self,
        mut f: impl FnMut(&Gc<T, Shared>) -> Option<Gc<T, Shared>>,
    ) -> Result<Gc<T, Shared>, Gc<T, Shared>> {
        let mut current = self.load();
        while let Some(new) = f(&current) {
            match self.compare_exchange(&current, new) {
                Ok(old) => return Ok(old),
                Err(error) => current = error.current,
            }
        }
        Err(current)
    }

    /// The handle itself. Nothing is left to be dropped later.
    #[must_use]
    pub fn into_inner(mut self) -> Gc<T, Shared> {
        full(self.slot.replace(None))
    }

    /// [`swap`](AtomicGc::swap) for who has the slot to himself: no count is left for later.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::sync::{AtomicGc, Gc};
    ///
    /// let mut slot = AtomicGc::new(Gc::new(1));
    /// let old = slot.replace(Gc::new(2));
    /// assert_eq!(Gc::try_unwrap(old), Ok(1));
    /// ```
    #[must_use = "the old handle may just as well be dropped"]
    pub fn replace(&mut self, new: Gc<T, Shared>) -> Gc<T, Shared> {
        full(self.slot.replace(Some(new)))
    }
}

impl<T> AtomicOptionGc<T> {
    const_fn! {
        /// An empty slot.
        ///
        /// # Examples
        ///
        /// ```
        /// use gc_core::sync::{AtomicOptionGc, Gc};
        ///
        /// static LAST: AtomicOptionGc<String> = AtomicOptionGc::none();
        ///
        /// LAST.store(Some(Gc::new("here".to_string())));
        /// assert_eq!(*LAST.load().unwrap(), "here");
        /// ```
        #[must_use]
        pub fn none() -> Self {
            AtomicOptionGc { slot: Slot::none() }
        }
    }

    /// A slot with a handle in it, or none.
    #[must_use]
    pub fn new(handle: Option<Gc<T, Shared>>) -> Self {
        AtomicOptionGc { slot: Slot::new(handle) }
    }

    /// A clone of the handle that is in the slot.
    #[must_use]
    pub fn load(&self) -> Option<Gc<T, Shared>> {
        self.slot.load()
    }

    /// Replaces what is in the slot, see [`AtomicGc::store`].
    pub fn store(&self, new: Option<Gc<T, Shared>>) {
        self.slot.store(new);
        heap::settle();
    }

    /// Replaces what is in the slot, and gives what was there.
    #[must_use = "`store` replaces the handle as well"]
    pub fn swap(&self, new: Option<Gc<T, Shared>>) -> Option<Gc<T, Shared>> {
        let old = self.slot.swap(new);
        heap::settle();
        old
    }

    /// Empties the slot, and gives what was there.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::sync::{AtomicOptionGc, Gc};
    ///
    /// let slot = AtomicOptionGc::from(Gc::new(1));
    /// assert_eq!(slot.take().as_deref(), Some(&1));
    /// assert!(slot.take().is_none());
    /// ```
    #[must_use = "`store` empties the slot as well"]
    pub fn take(&self) -> Option<Gc<T, Shared>> {
        self.swap(None)
    }

    /// Replaces what is in the slot if that is a handle to the same object as `current`, or both are
    /// none, and gives what was there. Values are not compared.
    ///
    /// # Errors
    ///
    /// With what is there, and with `new`, if it is something else.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::sync::{AtomicOptionGc, Gc};
    ///
    /// let slot = AtomicOptionGc::none();
    /// assert!(slot.compare_exchange(None, Some(Gc::new(1))).is_ok());
    /// let error = slot.compare_exchange(None, Some(Gc::new(2))).unwrap_err();
    /// assert_eq!(error.current.as_deref(), Some(&1));
    /// ```
    #[allow(clippy::type_complexity, reason = "each part has a name of its own")]
    pub fn compare_exchange(
        &self,
        current: Option<&Gc<T, Shared>>,
        new: Option<Gc<T, Shared>>,
    ) -> Result<Option<Gc<T, Shared>>, CompareExchangeError<Option<Gc<T, Shared>>>> {
        match self.slot.compare_exchange(current, new) {
            Ok(old) => {
                heap::settle();
                Ok(old)
            }
            Err((current, new)) => Err(CompareExchangeError { current, new }),
        }
    }

    /// Replaces what is in the slot by what `f` makes of it, which is asked again whenever another
    /// thread was faster. Gives what was there.
    ///
    /// # Errors
    ///
    /// With what is there, if `f` gives `None`.
    #[allow(clippy::type_complexity, reason = "each part has a name of its own")]
    pub fn fetch_update(
        &self,
        mut f: impl FnMut(Option<&Gc<T, Shared>>) -> Option<Option<Gc<T, Shared>>>,
    ) -> Result<Option<Gc<T, Shared>>, Option<Gc<T, Shared>>> {
        let mut current = self.load();
        while let Some(new) = f(current.as_ref()) {
            match self.compare_exchange(current.as_ref(), new) {
                Ok(old) => return Ok(old),
                Err(error) => current = error.current,
            }
        }
        Err(current)
    }

    /// The handle itself. Nothing is left to be dropped later.
    #[must_use]
    pub fn into_inner(mut self) -> Option<Gc<T, Shared>> {
        self.slot.replace(None)
    }

    /// [`swap`](AtomicOptionGc::swap) for who has the slot to himself: no count is left for later.
    #[must_use = "the old handle may just as well be dropped"]
    pub fn replace(&mut self, new: Option<Gc<T, Shared>>) -> Option<Gc<T, Shared>> {
        self.slot.replace(new)
    }
}

impl<T> From<Gc<T, Shared>> for AtomicGc<T> {
    fn from(handle: Gc<T, Shared>) -> Self {
        AtomicGc::new(handle)
    }
}

impl<T> From<Gc<T, Shared>> for AtomicOptionGc<T> {
    fn from(handle: Gc<T, Shared>) -> Self {
        AtomicOptionGc::new(Some(handle))
    }
}

impl<T> From<Option<Gc<T, Shared>>> for AtomicOptionGc<T> {
    fn from(handle: Option<Gc<T, Shared>>) -> Self {
        AtomicOptionGc::new(handle)
    }
}

impl<T: Default + Trace + 'static> Default for AtomicGc<T>
where
    Shared: Admits<T>,
{
    fn default() -> Self {
        AtomicGc::new(Gc::default())
    }
}

impl<T> Default for AtomicOptionGc<T> {
    /// An empty slot.
    fn default() -> Self {
        AtomicOptionGc::none()
    }
}

impl<T: fmt::Debug> fmt::Debug for AtomicGc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AtomicGc").field(&self.load()).finish()
    }
}

impl<T: fmt::Debug> fmt::Debug for AtomicOptionGc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AtomicOptionGc").field(&self.load()).finish()
    }
}

// SAFETY: 1. a slot owns one handle, shows it once, and gives it back in its destructor. 2. and 3. hold
// trivially. 4. `drop` only counts down where the target is already dead. 5. what takes the place of
// a lock is kept by the tracer, see `slot`.
unsafe impl<T> Trace for AtomicGc<T> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.slot.trace(tracer);
    }
}

// SAFETY: as above.
unsafe impl<T> Trace for AtomicOptionGc<T> {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.slot.trace(tracer);
    }
}
