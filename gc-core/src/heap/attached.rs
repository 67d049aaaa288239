//! What is attached to objects: handles that an object owns beside those in its value.
//!
//! They stand in a table by the object's address, in a record for each object that was ever
//! attached to. To the collector they are edges of the object as those of its value are, behind a
//! lock of the record's: it is tried, and kept as the locks in values are. Whoever attaches
//! or detaches has a handle to the object, so a record is there for as long as it is looked at.
//!
//! The table is locked for a look-up and nothing else; a record for one change, and by the
//! collector. No handle is dropped and no user code runs under either.

use super::{Heap, Space, Store, dispose};
use crate::gc_box::Object;
use crate::primitive::mutated;
use crate::sharing::{Flags, Guarded, Head, Released, Sharing};
use crate::trace::Tracer;
use std::collections::BTreeMap;
use std::fmt;
use std::ptr::NonNull;
use std::vec;

/// What is attached to the objects of a heap.
///
/// # Invariants
///
/// 1. The pointers are to records that are allocated as boxes and not freed while they stand here.
/// 2. A record is taken out by the end of its object, when nobody has a handle to that any more.
pub(super) struct Attached<S: Sharing>(BTreeMap<usize, NonNull<Record<S>>>);

/// What is attached to one object, in the order in which it was, each with a handle of its own.
type Record<S> = <S as Sharing>::Guarded<Vec<Object<S>>>;

impl<S: Sharing> Attached<S> {
    pub(super) const fn new() -> Self {
        Attached(BTreeMap::new())
    }

    /// How many objects have a record.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, key: Object<S>) -> Option<NonNull<Record<S>>> {
        self.0.get(&key.as_erased().addr().get()).copied()
    }

    fn get_or_insert(&mut self, key: Object<S>) -> NonNull<Record<S>> {
        let new = || NonNull::from(Box::leak(Box::new(Record::<S>::new(Vec::new()))));
        *self.0.entry(key.as_erased().addr().get()).or_insert_with(new)
    }

    /// Takes a record out. An empty table keeps no memory.
    fn remove(&mut self, key: Object<S>) -> Option<Box<Record<S>>> {
        let record = self.0.remove(&key.as_erased().addr().get())?;
        if self.0.is_empty() {
            self.0 = BTreeMap::new();
        }
        // SAFETY: invariant 1, and it stands here no more.
        Some(unsafe { Box::from_raw(record.as_ptr()) })
    }
}

impl<S: Space> Heap<S> {
    /// Moves a handle, that to `value`, to where it belongs to `key`, to which the caller has one.
    pub(crate) fn attach(&self, key: Object<S>, value: Object<S>) {
        let head = key.head();
        if head.flags().any(Flags::DEAD) {
            // Only a destructor that uses what it must not (obligation 4 of `Trace`) gets here.
            return drop_handle(value);
        }
        let record = self.store.with_extras(|extras| extras.attached.get_or_insert(key));
        // It may be part of a cycle from now on: to be traced, and a candidate when a handle goes.
        if head.flags().any(Flags::LEAF) {
            head.clear(Flags::LEAF);
        }
        head.set(Flags::WATCHED);
        // SAFETY: the caller's handle keeps the object from its end, and so the record (2).
        let record = unsafe { record.as_ref() };
        record.with(|all| all.push(value));
        if !key.needs_drop() {
            // Drops of such handles tell nobody: it is a candidate from now on, see `is_standing`.
            head.retain();
            drop_handle(key);
        }
    }

    /// Gives back a handle to `value` that was attached to `key`, to which the caller has one.
    #[must_use = "it is a handle"]
    pub(crate) fn detach(&self, key: Object<S>, value: Object<S>) -> Option<Object<S>> {
        let record = self.store.with_extras(|extras| extras.attached.get(key))?;
        // SAFETY: as in `attach`.
        let record = unsafe { record.as_ref() };
        record.with(|all| {
            let place = all.iter().position(|&other| other == value)?;
            Some(all.remove(place))
        })
    }

    /// Runs `f`, which runs no user code, on what is attached to `key`, to which the caller has a
    /// handle.
    #[cfg(all(test, shuttle))]
    pub(crate) fn with_attached<R>(
        &self,
        key: Object<S>,
        f: impl FnOnce(&mut Vec<Object<S>>) -> R,
    ) -> Option<R> {
        let record = self.store.with_extras(|extras| extras.attached.get(key))?;
        // SAFETY: as in `attach`.
        let record = unsafe { record.as_ref() };
        Some(record.with(f))
    }

    /// Drops the value of an object that is dead, and then what is attached to it, even if the
    /// destructor panics.
    ///
    /// # Safety
    ///
    /// As for [`Object::drop_value`].
    #[inline]
    pub(crate) unsafe fn drop_whole(&self, object: Object<S>) {
        let watched = object.head().flags().any(Flags::WATCHED);
        let _attached = watched.then(|| scopeguard::guard((), |()| self.drop_attached(object)));
        // SAFETY: as the caller promises.
        unsafe { object.drop_value() };
    }

    /// Drops what is attached to an object whose value is gone.
    #[cold]
    #[inline(never)]
    pub(super) fn drop_attached(&self, object: Object<S>) {
        object.head().clear(Flags::WATCHED);
        let Some(record) = self.store.with_extras(|extras| extras.attached.remove(object)) else {
            return;
        };
        let all = record.with(std::mem::take);
        drop(record);
        let mut all = Dropping(all.into_iter());
        all.0.by_ref().for_each(drop_handle);
    }
}

/// Handles that are dropped in turn; the rest of them when one of them has panicked.
struct Dropping<S: Space>(vec::IntoIter<Object<S>>);

impl<S: Space> Drop for Dropping<S> {
    fn drop(&mut self) {
        self.0.by_ref().for_each(drop_handle);
    }
}

/// Whether an object remains a candidate whatever a collection finds: something may be attached to it,
/// and a handle to it that is dropped tells nobody, as the type has no drop glue.
#[inline]
pub(crate) fn is_standing<S: Space>(object: Object<S>, flags: Flags) -> bool {
    let may_be = flags.any(Flags::WATCHED) && !flags.any(Flags::LEAF);
    may_be && !object.needs_drop() && !mutated!("numbers_are_forgotten")
}

/// Drops a handle to an object of any type, as its owner would.
pub(crate) fn drop_handle<S: Space>(object: Object<S>) {
    match object.head().release() {
        Released::Alive => {}
        Released::Candidate => S::suspect(object),
        Released::Last => dispose(object),
    }
}

/// Shows all edges of an object: its value's, and those to what is attached to it.
///
/// # Safety
///
/// As for [`Object::trace`], and the object does not end before the guards are released that this
/// leaves with the tracer.
#[inline]
pub(crate) unsafe fn trace<S: Space>(object: Object<S>, tracer: &mut Tracer<'_>) {
    // SAFETY: as the caller promises.
    unsafe { object.trace(tracer) };
    if object.head().flags().any(Flags::WATCHED) {
        // SAFETY: the same.
        unsafe { trace_attached(object, tracer) };
    }
}

/// # Safety
///
/// The object does not end before the guard is released.
#[inline(never)]
unsafe fn trace_attached<S: Space>(object: Object<S>, tracer: &mut Tracer<'_>) {
    let record = S::with_heap(|heap| heap.store.with_extras(|extras| extras.attached.get(object)));
    let Some(record) = record else { return };
    // SAFETY: the object does not end meanwhile, so the record is there (2).
    let record: &Record<S> = unsafe { &*record.as_ptr() };
    let Some(look) = record.look() else { return tracer.busy() };
    let all: *const Vec<Object<S>> = &*look;
    if mutated!("attached_unlocked") {
        drop(look);
    } else {
        // SAFETY: the record is there until the object ends, later than the guard is released, as
        // the caller promises. Who changes it locks it before. The guard is one of ours.
        let held = unsafe { tracer.hold(look) };
        if !held {
            return;
        }
    }
    // SAFETY: the guard is held.
    for value in unsafe { &*all } {
        tracer.handle(S::KIND, value.as_erased());
    }
}

impl<S: Sharing> fmt::Debug for Attached<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attached").field("objects", &self.len()).finish()
    }
}
