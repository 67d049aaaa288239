//! What a value shows its handles to.

use super::edge::{Edge, Found};
use crate::sharing::Kind;
use std::ptr::NonNull;

/// Takes the edges of one object, see [`Trace::trace`](crate::Trace::trace).
#[derive(Debug)]
pub struct Tracer<'a> {
    kind: Kind,
    found: &'a mut Found,
    collects: bool,
}

impl<'a> Tracer<'a> {
    /// A tracer for one collection of a heap of this kind.
    pub(crate) fn new(kind: Kind, found: &'a mut Found) -> Self {
        Tracer { kind, found, collects: true }
    }

    /// A tracer for whoever else wants to know what an object holds, beside a collection maybe.
    pub(crate) fn beside(kind: Kind, found: &'a mut Found) -> Self {
        Tracer { kind, found, collects: false }
    }

    /// Whether it is for a collection, which has the right to collect.
    pub(crate) fn collects(&self) -> bool {
        self.collects
    }

    /// The kind of heap whose edges are asked for.
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// Takes one edge.
    ///
    /// Safe to call, but who calls it does so on behalf of an `unsafe`
    /// implementation of [`Trace`](crate::Trace) and answers for its first obligation: the
    /// object traced owns this handle, and shows it once.
    ///
    /// Edges into a heap of the other kind are passed over: a handle to an
    /// object that another collector looks after is an outside reference there.
    #[inline]
    pub fn edge(&mut self, edge: Edge) {
        if edge.kind() != self.kind {
            return;
        }
        self.add(edge.target());
    }

    /// The same for a handle of kind `kind`, whose edge need not be made.
    #[inline]
    pub(crate) fn handle(&mut self, kind: Kind, target: NonNull<()>) {
        if kind == self.kind {
            self.add(target);
        }
    }

    #[inline]
    fn add(&mut self, target: NonNull<()>) {
        let edges = &mut self.found.edges;
        if edges.len() < edges.capacity() {
            edges.push(target);
        } else {
            self.found.add_growing(target);
        }
    }

    /// Keeps the guard of a lock or of a borrow until the collector is done with what stands
    /// behind it. This is for implementations of [`Trace`](crate::Trace) for types that hand out
    /// their contents under a guard.
    ///
    /// Call it *before* the walk over what is behind the lock, and go there by a pointer taken
    /// from the guard. `false` means that there was no memory to keep the guard in: it is
    /// released already, so **nothing behind it may be looked at any more**, and the collection
    /// will be given up.
    ///
    /// # Why
    ///
    /// Beside running threads the collector reads one object after the other. A handle that is
    /// moved meanwhile, out of an object that was not read yet into one that was, is seen
    /// nowhere, and one that is moved the other way is seen twice and makes up for a handle on
    /// some stack. The counts do not tell, as nothing was cloned or dropped. So before objects
    /// are taken for dead, the locks of all of them are held at once while their handles are
    /// compared with their counts; see [`internals`](crate::docs::internals). On one thread
    /// nothing runs between two looks, but a panic hook may, and what it does must not touch
    /// what a guard still points to; there the guards are released after each object.
    ///
    /// # Examples
    ///
    /// A lock of one's own:
    ///
    /// ```
    /// use gc_core::{Depth, Trace, Tracer, unsync::{self, Gc}};
    /// use std::sync::{Mutex, TryLockError};
    ///
    /// struct Slot<T>(Mutex<Option<T>>);
    ///
    /// // SAFETY: what is in the slot is shown once, under its lock, which the tracer keeps.
    /// unsafe impl<T: Trace> Trace for Slot<T> {
    ///     fn trace(&self, tracer: &mut Tracer<'_>) {
    ///         let guard = match self.0.try_lock() {
    ///             Ok(guard) => guard,
    ///             Err(TryLockError::Poisoned(error)) => error.into_inner(),
    ///             Err(TryLockError::WouldBlock) => return tracer.busy(),
    ///         };
    ///         let value: *const Option<T> = &*guard;
    ///         // SAFETY: the lock is part of `self`, and whoever moves or drops the value in it
    ///         // locks it before. Unlocking runs no code of anybody else's.
    ///         if unsafe { tracer.hold(guard) } {
    ///             // SAFETY: the guard is held.
    ///             unsafe { &*value }.trace(tracer);
    ///         }
    ///     }
    ///
    ///     fn is_leaf(depth: Depth) -> bool {
    ///         T::is_leaf(depth)
    ///     }
    /// }
    ///
    /// #[derive(Trace)]
    /// struct Node(Slot<Gc<Node>>);
    ///
    /// let node = Gc::new(Node(Slot(Mutex::new(None))));
    /// *node.0.0.lock().unwrap() = Some(node.clone());
    /// drop(node);
    /// assert_eq!(unsync::collect().collected, 1);
    /// ```
    ///
    /// # Safety
    ///
    /// - What `guard` borrows is part of the value that is being traced, or is never dropped.
    /// - Until the guard is dropped, nobody moves, replaces or drops the handles behind it, or
    ///   moves or drops the lock itself.
    /// - Dropping it runs no user code and does not panic. It is dropped on this thread, but at
    ///   any time after this call, guards that were taken later before those that were taken
    ///   earlier.
    #[must_use = "without its guard, what is behind a lock may not be looked at"]
    pub unsafe fn hold<G>(&mut self, guard: G) -> bool {
        let release = move || {
            drop(guard);
            true
        };
        // SAFETY: as the caller promises.
        unsafe { self.keep(release) }
    }

    /// The same for a look without a lock: `release` says whether what was shown under `guard`
    /// is still what it was when the guard was taken.
    ///
    /// # Safety
    ///
    /// As for [`hold`](Tracer::hold), with one exception: handles may be moved, replaced and
    /// dropped where `release` tells of it. `release` runs no user code and does not panic.
    #[must_use = "without its guard, what is behind it may not be looked at"]
    pub(crate) unsafe fn hold_checked<G>(&mut self, guard: G, release: fn(G) -> bool) -> bool {
        self.found.loose = true;
        // SAFETY: as the caller promises.
        unsafe { self.keep(move || release(guard)) }
    }

    /// # Safety
    ///
    /// As for [`hold_checked`](Tracer::hold_checked), for the guard in `release`.
    #[inline]
    unsafe fn keep<F: FnOnce() -> bool>(&mut self, release: F) -> bool {
        // SAFETY: the collector keeps the value that is traced until it has released all guards.
        let kept = unsafe { self.found.held.keep(release) };
        self.found.exhausted |= !kept;
        kept
    }

    /// How many guards are held now.
    #[inline]
    pub(super) fn held(&self) -> usize {
        self.found.held.len()
    }

    /// Whether locks of other objects, which may be alive, are held as well.
    pub(super) fn holds_many(&self) -> bool {
        self.found.many
    }

    /// Notes that what is shown under some guard does not stay there for certain.
    pub(super) fn loosen(&mut self) {
        self.found.loose = true;
    }

    /// Releases all guards but the first `count`, which are those that were held before.
    pub(super) fn release_after(&mut self, count: usize) {
        if self.held() > count && !self.found.held.release_after(count) {
            self.busy();
        }
    }

    /// Notes that something was not shown because its lock could not be had.
    ///
    /// This is for implementations of [`Trace`](crate::Trace), see [`hold`](Tracer::hold). It
    /// is not wrong to leave it out, nor to say it without need: whoever has the lock has the
    /// object too, so a handle to it is not shown.
    pub fn busy(&mut self) {
        self.found.busy = true;
    }

    /// Notes that the value owns the handle of weak callback number `id` on
    /// `watched`: it must not run when the value is part of the same garbage.
    pub(crate) fn callback(&mut self, watched: Edge, id: u64) {
        if watched.kind() != self.kind {
            return;
        }
        if self.found.callbacks.try_reserve(1).is_err() {
            self.found.exhausted = true;
            return;
        }
        self.found.callbacks.push((watched.target(), id));
    }
}
