//! An edge of the object graph, erased to one word.

use super::held::Guards;
use crate::sharing::Kind;
use std::ptr::NonNull;

/// A [`Gc`](crate::unsync::Gc) as the tracer sees it: which box it points to, and nothing of its type.
///
/// An interpreter or another collector's trait can carry edges through its own
/// visitor as plain pointers ([`into_raw`](Edge::into_raw) and
/// [`from_raw`](Edge::from_raw)) without knowing any of our types. An edge is not
/// a handle: it keeps nothing alive.
///
/// # Examples
///
/// A visitor that knows only `*const ()`, adapted to [`Trace`](crate::Trace):
///
/// ```
/// use gc_core::{Edge, Trace, Tracer, unsync::Gc};
/// use std::ptr::NonNull;
///
/// struct Frame {
///     slots: Vec<Gc<String>>,
/// }
///
/// impl Frame {
///     fn visit(&self, visitor: &mut dyn FnMut(NonNull<()>)) {
///         for slot in &self.slots {
///             visitor(Gc::edge(slot).into_raw());
///         }
///     }
/// }
///
/// // SAFETY: `visit` gives each handle of the frame once.
/// unsafe impl Trace for Frame {
///     fn trace(&self, tracer: &mut Tracer<'_>) {
///         // SAFETY: the pointers come from `Edge::into_raw` of living handles.
///         self.visit(&mut |raw| tracer.edge(unsafe { Edge::from_raw(raw) }));
///     }
/// }
///
/// let frame = Gc::new(Frame { slots: vec![Gc::new("x".to_string())] });
/// assert_eq!(frame.slots.len(), 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Edge(NonNull<()>);

// SAFETY: an edge is an address; nothing is read through it but by the collector, to which it may
// be shown only on behalf of an object that owns the handle, wherever the address came from.
unsafe impl Send for Edge {}
// SAFETY: as above.
unsafe impl Sync for Edge {}

impl Edge {
    /// The bit that tells the two kinds of heap apart. Boxes are aligned to 16.
    const SHARED: usize = 1;

    /// The edge to the box at `target`.
    #[inline]
    pub(crate) fn new(kind: Kind, target: NonNull<()>) -> Self {
        match kind {
            Kind::Local => Edge(target),
            Kind::Shared => Edge(target.map_addr(|addr| addr | Edge::SHARED)),
        }
    }

    /// Which kind of heap the target is in.
    #[inline]
    pub(crate) fn kind(self) -> Kind {
        if self.0.addr().get() & Edge::SHARED == 0 { Kind::Local } else { Kind::Shared }
    }

    /// The address of the target's box.
    #[inline]
    pub(crate) fn target(self) -> NonNull<()> {
        match self.kind() {
            Kind::Local => self.0,
            // The address of a box is never zero without its tag, so this cannot fail.
            Kind::Shared => NonNull::new(self.0.as_ptr().map_addr(|addr| addr & !Edge::SHARED))
                .unwrap_or(self.0),
        }
    }

    /// The edge as a pointer, to be carried through code that knows no `Edge`.
    ///
    /// The pointer is not the address of the value and must not be read through;
    /// it stays the same for as long as the object exists.
    #[inline]
    #[must_use]
    pub fn into_raw(self) -> NonNull<()> {
        self.0
    }

    /// The edge that [`into_raw`](Edge::into_raw) gave out.
    ///
    /// # Safety
    ///
    /// `raw` comes from `into_raw` of an edge to an object that still exists.
    #[inline]
    #[must_use]
    pub const unsafe fn from_raw(raw: NonNull<()>) -> Self {
        Edge(raw)
    }
}

/// What one call of `trace` has shown.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The boxes that were pointed to, in the order they were shown.
    pub(crate) edges: Vec<NonNull<()>>,
    /// The weak callbacks whose handle the value owns: the box each watches, and its number.
    pub(crate) callbacks: Vec<(NonNull<()>, u64)>,
    /// The guards of the locks that were looked behind.
    pub(crate) held: Guards,
    /// A lock could not be had, so what is behind it was not shown.
    pub(crate) busy: bool,
    /// There was no memory for one of the lists.
    pub(crate) exhausted: bool,
    /// The guards of other objects are in here as well, so user code must not run.
    pub(crate) many: bool,
    /// Not all that was shown stays in its place for as long as the guards are kept.
    pub(crate) loose: bool,
}

impl Found {
    /// Releases all guards, the last first: was nothing changed under them?
    ///
    /// A guard that is released while its thread panics may poison its lock.
    #[inline]
    pub(crate) fn release(&mut self) -> bool {
        self.held.len() == 0 || self.held.release_after(0)
    }

    /// Enters one more edge, for which there is no room.
    #[cold]
    #[inline(never)]
    pub(crate) fn add_growing(&mut self, target: NonNull<()>) {
        match self.edges.try_reserve(1) {
            Ok(()) => self.edges.push(target),
            Err(_) => self.exhausted = true,
        }
    }
}
