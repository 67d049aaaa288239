//! A pointer to a box of any type.

use super::{GcBox, VTable};
use crate::sharing::{Head, Sharing};
use crate::trace::{Edge, Finalizing, Sizer, Tracer};
use std::any::TypeId;
use std::fmt;
use std::ptr::NonNull;

/// A box whose type only its table knows: what buffers, snapshots and work lists are made of.
///
/// # Invariants
///
/// 1. It was made from a pointer to a box that has not been freed, with the
///    provenance of the whole allocation.
/// 2. Whoever keeps one holds a share that keeps the box from being freed: a
///    handle, a weak share, or the place in a buffer that the box itself clears
///    when it dies.
pub struct Object<S: Sharing>(NonNull<S::Head>);

impl<S: Sharing> Clone for Object<S> {
    #[inline]
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Sharing> Copy for Object<S> {}

impl<S: Sharing> PartialEq for Object<S> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<S: Sharing> fmt::Debug for Object<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{:p}", self.type_name(), self.0)
    }
}

impl<S: Sharing> Object<S> {
    /// The box at `whole`, which answers both invariants for as long as the caller keeps it.
    #[inline]
    pub(crate) fn new<T: ?Sized>(whole: NonNull<GcBox<T, S>>) -> Self {
        Object(whole.cast())
    }

    /// The box that an edge points to.
    ///
    /// # Safety
    ///
    /// `target` is the address of a living box of this heap, as a tracer was shown it.
    #[inline]
    pub(crate) unsafe fn from_target(target: NonNull<()>) -> Self {
        Object(target.cast())
    }

    /// The box that an edge leads to, if it is in this kind of heap.
    ///
    /// # Safety
    ///
    /// The box has not been freed.
    pub(crate) unsafe fn of_edge(edge: Edge) -> Option<Self> {
        (edge.kind() == S::KIND).then(|| Object(edge.target().cast()))
    }

    /// The address of the box.
    #[inline]
    pub(crate) fn as_erased(self) -> NonNull<()> {
        self.0.cast()
    }

    /// The box as an edge that leads to it.
    #[inline]
    pub(crate) fn edge(self) -> Edge {
        Edge::new(S::KIND, self.as_erased())
    }

    /// Asks the processor to have the head at hand soon. Nothing but time depends on it.
    #[inline]
    pub(crate) fn prefetch(self) {
        self.prefetch_at(0);
    }

    /// The same for the end of a box of 64 bytes or less, which may be in another cache line.
    #[inline]
    pub(crate) fn prefetch_value(self) {
        self.prefetch_at(48);
    }

    #[inline]
    fn prefetch_at(self, offset: usize) {
        #[cfg(all(target_arch = "x86_64", not(miri)))]
        {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            let place = self.as_erased().as_ptr().cast::<i8>().wrapping_add(offset);
            // SAFETY: this reads nothing as far as the program can tell, and does not fault, wherever
            // it points to; each x86-64 has the instruction.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(place) };
        }
        let _ = offset;
    }

    /// The counts and flags.
    #[inline]
    pub(crate) fn head(&self) -> &S::Head {
        #[cfg(all(test, loom))]
        super::quarantine::used(*self);
        // SAFETY: invariant 1; the head is only ever reached by shared references.
        unsafe { self.0.as_ref() }
    }

    #[inline]
    fn table(&self) -> &'static VTable<S> {
        let table = self.head().table().cast::<VTable<S>>();
        // SAFETY: the head was made with a `&'static VTable<S>`.
        unsafe { table.as_ref() }
    }

    /// The type of the value, for messages.
    pub(crate) fn type_name(&self) -> &'static str {
        (self.table().type_name)()
    }

    /// The type's name as a function, to be asked only where a message is made.
    #[inline]
    pub(crate) fn type_namer(&self) -> fn() -> &'static str {
        self.table().type_name
    }

    /// The type of the value.
    pub(crate) fn type_id(&self) -> TypeId {
        (self.table().type_id)()
    }

    /// Where the value stands, dropped or not.
    pub(crate) fn place(self) -> *const () {
        // SAFETY: the table is that of this box, which has not been freed (invariant 1).
        unsafe { (self.table().place)(self) }
    }

    /// What the object is called in messages.
    pub(crate) fn label(self) -> Label {
        Label { type_name: self.type_name(), place: self.place() }
    }

    /// Writes the value's debug text; `None` if it has none, and then nothing is written. It is
    /// user code.
    ///
    /// # Safety
    ///
    /// As for [`trace`](Object::trace).
    pub(crate) unsafe fn debug(self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        // SAFETY: the table is that of this box, and the rest is the caller's promise.
        unsafe { (self.table().debug)(self, f) }
    }

    /// Whether the value may hold a finalizer at all.
    pub(crate) fn may_finalize(&self) -> bool {
        (self.table().may_finalize)()
    }

    /// Whether dropping the value runs any code.
    pub(crate) fn needs_drop(&self) -> bool {
        self.table().drop_value.is_some()
    }

    /// Shows the value's edges.
    ///
    /// # Safety
    ///
    /// The value is alive and stays so for the call; nobody has a unique reference to it.
    #[inline]
    pub(crate) unsafe fn trace(self, tracer: &mut Tracer<'_>) {
        // SAFETY: the table is that of this box, and the rest is the caller's promise.
        unsafe { (self.table().trace)(self, tracer) };
    }

    /// Adds what the value owns outside of the box.
    ///
    /// # Safety
    ///
    /// As for [`trace`](Object::trace).
    pub(crate) unsafe fn measure(self, sizer: &mut Sizer<'_>) {
        // SAFETY: the table is that of this box, and the rest is the caller's promise.
        unsafe { (self.table().measure)(self, sizer) };
    }

    /// How many bytes the box takes, with head and value, which may be dropped.
    pub(crate) fn box_size(self) -> usize {
        // SAFETY: the table is that of this box, and it has not been freed (invariant 1).
        unsafe { (self.table().box_size)(self) }
    }

    /// The same, but zero for a wide box, the bytes of which [`end`](Object::end) counts.
    #[inline]
    pub(crate) fn thin_size(self) -> usize {
        self.table().thin_size
    }

    /// Runs the value's finalizers.
    ///
    /// # Safety
    ///
    /// As for [`trace`](Object::trace).
    pub(crate) unsafe fn finalize(self, cx: &Finalizing<'_>) {
        // SAFETY: the table is that of this box, and the rest is the caller's promise.
        unsafe { (self.table().finalize)(self, cx) };
    }

    /// Drops the value in place.
    ///
    /// # Safety
    ///
    /// The value is alive, nobody refers to it, and nobody uses it afterwards.
    #[inline]
    pub(crate) unsafe fn drop_value(self) {
        if let Some(drop_value) = self.table().drop_value {
            // SAFETY: the table is that of this box, and the rest is the caller's promise.
            unsafe { drop_value(self) };
        }
    }

    /// Frees the box.
    ///
    /// # Safety
    ///
    /// The value is dropped or moved out, and no share in the box is left.
    #[inline]
    pub(crate) unsafe fn free(self) {
        // SAFETY: the table is that of this box, and the rest is the caller's promise.
        unsafe { (self.table().free)(self) };
    }

    /// Drops the value in place and frees the box, the latter even if the destructor panics. Before
    /// that the bytes of a wide box are [counted](super::Ledger).
    ///
    /// # Safety
    ///
    /// The value is alive, nobody refers to it, and nobody uses the box afterwards.
    #[inline]
    pub(crate) unsafe fn end(self) {
        // SAFETY: the table is that of this box, and the rest is the caller's promise.
        unsafe { (self.table().end)(self) };
    }
}

/// The name of an object in messages, which does not need the object: `<Node 0x7f0e54000b90>`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Label {
    type_name: &'static str,
    place: *const (),
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} {:p}>", self.type_name, self.place)
    }
}
