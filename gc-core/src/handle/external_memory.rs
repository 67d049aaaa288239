//! Memory that objects hold outside of the heap, as they report it.

use crate::collector;
use crate::heap::{Space, Store};
use crate::primitive::AtomicUsize;
use crate::primitive::Ordering::{AcqRel, Relaxed};
use crate::trace::{Depth, Trace, Tracer};
use std::fmt;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};

/// So many bytes are held outside of the heap by the value that this is a field of: buffers of a C
/// library, a texture, a mapped file.
///
/// The collector counts objects, and cannot know that each of a few holds megabytes. A value that
/// says so with a field of this type makes collections come in time: one is due when the bytes
/// reported have grown by more than [a threshold](crate::unsync::set_external_threshold) since the
/// last. They are given back when this is dropped. [The guide](crate::docs::tuning#external-memory)
/// says more.
///
/// The sum of all that a heap is told of is kept in a `usize`. In `unsync` it is the thread's, and
/// so this stays on its thread; in `sync` all threads share it.
///
/// # Examples
///
/// An HTTP client for each request, which is part of a cycle and holds a TLS context (what CPython's
/// GH-142516 tells of):
///
/// ```
/// use gc_core::{Trace, unsync::{self, ExternalMemory, Gc}};
/// use std::cell::RefCell;
///
/// #[derive(Trace)]
/// struct Client {
///     transport: RefCell<Option<Gc<Transport>>>,
///     tls_context: ExternalMemory,
/// }
///
/// #[derive(Trace)]
/// struct Transport(Gc<Client>);
///
/// let mut most = 0;
/// for _request in 0..500 {
///     let tls_context = ExternalMemory::new(1 << 20);
///     let client = Gc::new(Client { transport: RefCell::default(), tls_context });
///     let transport = Gc::new(Transport(client.clone()));
///     client.transport.replace(Some(transport));
///     most = most.max(unsync::external_bytes());
/// }
/// // 500 clients are too few objects for a collection. Their 500 MiB are not too few bytes.
/// assert_eq!(unsync::external_threshold(), 16 << 20);
/// assert_eq!(most, 17 << 20);
/// let collections = unsync::stats().map(|generation| generation.collections);
/// assert_eq!(collections, [27, 2, 0]);
/// ```
pub struct ExternalMemory<S: Space> {
    bytes: AtomicUsize,
    /// It may go where objects of that kind may go.
    kind: PhantomData<S::Head>,
}

// What it has is a number, which a panic leaves whole.
impl<S: Space> UnwindSafe for ExternalMemory<S> {}
impl<S: Space> RefUnwindSafe for ExternalMemory<S> {}

impl<S: Space> ExternalMemory<S> {
    /// Reports so many bytes. It may run a collection, as [`Gc::new`](crate::unsync::Gc::new) does.
    ///
    /// # Panics
    ///
    /// As [`Gc::new`](crate::unsync::Gc::new).
    #[must_use = "the bytes are given back when this is dropped"]
    pub fn new(bytes: usize) -> Self {
        let memory = ExternalMemory { bytes: AtomicUsize::new(0), kind: PhantomData };
        memory.set(bytes);
        memory
    }

    /// Reports another number of bytes from now on. If they are more than before it may run a
    /// collection, as [`Gc::new`](crate::unsync::Gc::new) does.
    ///
    /// # Panics
    ///
    /// As [`Gc::new`](crate::unsync::Gc::new).
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{self, ExternalMemory};
    ///
    /// let buffer = ExternalMemory::new(1000);
    /// buffer.set(4000);
    /// assert_eq!((buffer.bytes(), unsync::external_bytes()), (4000, 4000));
    /// drop(buffer);
    /// assert_eq!(unsync::external_bytes(), 0);
    /// ```
    pub fn set(&self, bytes: usize) {
        let count = |change| S::with_heap(|heap| heap.store.count_external(change));
        // Relaxed: a guess.
        let mut before = self.bytes.load(Relaxed);
        loop {
            // What is more is counted before others can take it away again, and what is less
            // afterwards: so the sum is never less than nothing, which would be a huge number.
            let more = bytes.saturating_sub(before);
            count(more);
            // Release: the count comes before whatever another thread counts that changes this
            // number next, which is the Acquire.
            match self.bytes.compare_exchange(before, bytes, AcqRel, Relaxed) {
                Ok(_) => break,
                Err(now) => before = now,
            }
            count(more.wrapping_neg());
        }
        count(before.saturating_sub(bytes).wrapping_neg());
        if bytes > before {
            collector::poll_external::<S>();
        }
    }

    /// How many bytes are reported.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes.load(Relaxed)
    }
}

impl<S: Space> Drop for ExternalMemory<S> {
    fn drop(&mut self) {
        self.set(0);
    }
}

impl<S: Space> Default for ExternalMemory<S> {
    /// No bytes.
    fn default() -> Self {
        Self::new(0)
    }
}

impl<S: Space> fmt::Debug for ExternalMemory<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExternalMemory").field("bytes", &self.bytes()).finish()
    }
}

// SAFETY: it owns no handle, so nothing is shown (1), touched (2), promised wrongly (3), followed
// in the destructor (4) or looked into (5).
unsafe impl<S: Space> Trace for ExternalMemory<S> {
    #[inline]
    fn trace(&self, _: &mut Tracer<'_>) {}

    #[inline]
    fn is_leaf(_: Depth) -> bool {
        true
    }

    #[inline]
    fn may_finalize(_: Depth) -> bool {
        false
    }
}
