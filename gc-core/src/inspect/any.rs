//! `AnyGc`: a handle that does not know its object's type.

use super::{referents, text};
use crate::gc_box::{GcBox, Object};
use crate::handle::Gc;
use crate::heap::{self, Generation, Space};
use crate::sharing::{Flags, Head, Shared};
use crate::trace::{Trace, Tracer};
use std::any::TypeId;
use std::fmt;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::ptr::NonNull;

/// A counted handle to an object of any type.
///
/// It keeps the object alive as a [`Gc`] does, and takes one word. What the object is can be asked
/// ([`type_name`](AnyGc::type_name), [`debug_text`](AnyGc::debug_text),
/// [`referents`](AnyGc::referents)), and where the type is known, it leads
/// back to a `Gc` ([`downcast`](AnyGc::downcast)). Objects of all types that are looked at
/// together come as such handles.
///
/// # Examples
///
/// ```
/// use gc_core::unsync::{AnyGc, Gc};
///
/// let objects: Vec<AnyGc> = vec![Gc::new(5).into(), Gc::new("five".to_string()).into()];
/// assert_eq!(objects[0].type_name(), "i32");
/// assert_eq!(objects[1].downcast_ref::<String>().unwrap(), "five");
/// ```
// # Invariants
//
// 1. One strong count of the object is this handle's, as with `Gc`; so its value is alive, except
//    for handles inside garbage that is being reclaimed.
pub struct AnyGc<S: Space>(Object<S>);

// SAFETY: as for `Gc<T, Shared>` where `T` is `Send` and `Sync`, which the values of all objects of
// that heap are: it is asked for wherever one is made (`Admits`).
unsafe impl Send for AnyGc<Shared> {}
// SAFETY: as above.
unsafe impl Sync for AnyGc<Shared> {}

impl<S: Space> AnyGc<S> {
    /// The handle for a count that is already there.
    pub(super) fn from_counted(object: Object<S>) -> Self {
        AnyGc(object)
    }

    /// One handle more to `object`, to which there is one.
    pub(super) fn retained(object: Object<S>) -> Self {
        object.head().retain();
        AnyGc(object)
    }

    fn flags(&self) -> Flags {
        self.0.head().flags()
    }

    /// The box with its value's type, if that is `T`.
    fn whole<T: ?Sized + 'static>(&self) -> Option<NonNull<GcBox<T, S>>> {
        GcBox::of_object(self.0)
    }

    /// The handle that goes with the count of `self`, if the value is a `T` and, or not, pinned.
    fn downcast_if<T: ?Sized + 'static>(self, pinned: bool) -> Result<Gc<T, S>, Self> {
        match self.whole::<T>() {
            Some(whole) if self.flags().any(Flags::PINNED) == pinned => {
                let _count_moves_on = ManuallyDrop::new(self);
                Ok(Gc::from_ptr(whole))
            }
            _ => Err(self),
        }
    }

    /// The name of the value's type, as [`std::any::type_name`] gives it.
    ///
    /// It is the type that the object was made with: of a `Gc<dyn Shape>` that was coerced from a
    /// `Gc<Square>` it is that of `Square`, of one from a `Box<dyn Shape>` it is `dyn Shape`.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        self.0.type_name()
    }

    /// The type that the object was made with.
    #[must_use]
    pub fn value_type_id(&self) -> TypeId {
        self.0.type_id()
    }

    /// Whether the object was made with a value of type `T`.
    #[must_use]
    pub fn is<T: ?Sized + 'static>(&self) -> bool {
        self.0.type_id() == TypeId::of::<T>()
    }

    /// The handle with its type, if that is `T`.
    ///
    /// # Errors
    ///
    /// The handle as it was, if the value is of another type, or if the object was made by
    /// [`Gc::pin`]: see [`downcast_pinned`](AnyGc::downcast_pinned).
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{AnyGc, Gc};
    ///
    /// let any = AnyGc::from(Gc::new(5_u8));
    /// let any = any.downcast::<u16>().unwrap_err();
    /// assert_eq!(*any.downcast::<u8>().unwrap(), 5);
    /// ```
    pub fn downcast<T: ?Sized + 'static>(self) -> Result<Gc<T, S>, Self> {
        self.downcast_if(false)
    }

    /// The handle with its type, if that is `T` and the object was made by [`Gc::pin`].
    ///
    /// # Errors
    ///
    /// The handle as it was, if that is not so.
    pub fn downcast_pinned<T: 'static>(self) -> Result<Pin<Gc<T, S>>, Self> {
        // SAFETY: the object was made pinned, and only pinned handles are given out.
        self.downcast_if(true).map(|gc| unsafe { Pin::new_unchecked(gc) })
    }

    /// The value, if it is a `T`.
    #[must_use]
    pub fn downcast_ref<T: ?Sized + 'static>(&self) -> Option<&T> {
        let value = GcBox::value_ptr(self.whole::<T>()?);
        // SAFETY: the count of `self` keeps the value for as long as `self` is borrowed, and nobody
        // has a unique reference to what is shared.
        Some(unsafe { &*value })
    }

    /// Whether both are handles to the same object: Python's `is`.
    #[doc(alias = "is")]
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    /// Where the value stands, as [`Gc::as_ptr`] says: Python's `id`.
    #[doc(alias = "id")]
    #[must_use]
    pub fn as_ptr(&self) -> *const () {
        self.0.place()
    }

    /// How many handles there are to the object, this one included, as [`Gc::strong_count`] counts
    /// them.
    #[doc(alias = "sys.getrefcount")]
    #[must_use]
    pub fn strong_count(&self) -> usize {
        self.0.head().count().max(1)
    }

    /// How many weak handles there are to the object, as [`Gc::weak_count`] counts them.
    #[doc(alias = "weakref.getweakrefcount")]
    #[must_use]
    pub fn weak_count(&self) -> usize {
        heap::weak_count(self.0)
    }

    /// Whether the collector looks at the object, see [`Gc::is_tracked`].
    #[doc(alias = "gc.is_tracked")]
    #[must_use]
    pub fn is_tracked(&self) -> bool {
        !self.flags().any(Flags::LEAF)
    }

    /// Whether the object's finalizer has run, see [`Gc::is_finalized`].
    #[doc(alias = "gc.is_finalized")]
    #[must_use]
    pub fn is_finalized(&self) -> bool {
        self.flags().any(Flags::FINALIZED) && self.0.may_finalize()
    }

    /// The object's generation.
    #[must_use]
    pub fn generation(&self) -> Generation {
        S::with_heap(|heap| heap.generation_of(self.flags()))
    }

    /// The objects that this one holds, see [`unsync::referents`](crate::unsync::referents).
    #[doc(alias = "gc.get_referents")]
    #[must_use]
    pub fn referents(&self) -> Vec<AnyGc<S>> {
        // SAFETY: `self` is a handle to it.
        unsafe { referents::of(self.0) }
    }

    /// What `Debug` says of the value, 200 bytes of it at most; `None` where there is no `Debug`
    /// that this knows of.
    ///
    /// It knows of that of types that derive [`Trace`](crate::Trace) (for a generic type, only if
    /// its `Debug` asks for nothing that the derived `Trace` does not ask for), of std's values,
    /// and of containers of these. A `Gc` in a container is shown as this handle is by its own
    /// `Debug`: by type and address. What is cut off ends with `…`, and the length is also what
    /// ends the text of a cycle, whose `Debug` would go round for ever.
    ///
    /// # Panics
    ///
    /// Where the value's `Debug` does.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{Trace, unsync::{AnyGc, Gc}};
    /// use std::cell::OnceCell;
    ///
    /// #[derive(Debug, Trace)]
    /// struct Node(&'static str, OnceCell<Gc<Node>>);
    ///
    /// let node = Gc::new(Node("a", OnceCell::new()));
    /// let any = AnyGc::from(node.clone());
    /// assert_eq!(any.debug_text().unwrap(), r#"Node("a", OnceCell(<uninit>))"#);
    ///
    /// node.1.set(node.clone()).unwrap();
    /// let text = any.debug_text().unwrap();
    /// assert!(text.starts_with(r#"Node("a", OnceCell(Node("a", OnceCell("#));
    /// assert!(text.ends_with("…"));
    /// ```
    #[must_use]
    pub fn debug_text(&self) -> Option<String> {
        text::of(self.0)
    }
}

impl<S: Space> Clone for AnyGc<S> {
    /// Makes another handle to the same object.
    fn clone(&self) -> Self {
        AnyGc::retained(self.0)
    }
}

impl<S: Space> Drop for AnyGc<S> {
    /// Gives the handle back, as the `drop` of a [`Gc`] does.
    fn drop(&mut self) {
        heap::drop_handle(self.0);
    }
}

impl<T: ?Sized, S: Space> From<Gc<T, S>> for AnyGc<S> {
    fn from(gc: Gc<T, S>) -> Self {
        AnyGc(Gc::object(&ManuallyDrop::new(gc)))
    }
}

impl<T: ?Sized, S: Space> From<&Gc<T, S>> for AnyGc<S> {
    /// Makes another handle.
    fn from(gc: &Gc<T, S>) -> Self {
        AnyGc::retained(Gc::object(gc))
    }
}

impl<T: ?Sized, S: Space> From<Pin<Gc<T, S>>> for AnyGc<S> {
    fn from(gc: Pin<Gc<T, S>>) -> Self {
        // SAFETY: no handle through which the value could be moved comes of it: the object is
        // marked as pinned, and `downcast` heeds that.
        unsafe { Pin::into_inner_unchecked(gc) }.into()
    }
}

/// By type and address, as Python shows what has no text of its own: `<Node 0x7f0e54000b90>`.
impl<S: Space> fmt::Debug for AnyGc<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.label(), f)
    }
}

impl<S: Space> fmt::Pointer for AnyGc<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Pointer::fmt(&self.as_ptr(), f)
    }
}

// SAFETY: 1. an `AnyGc` owns exactly one handle, itself, and shows it once. 2. and 3.
// hold trivially. 4. `drop` only counts down where the target is already dead.
// 5. does not apply.
unsafe impl<S: Space> Trace for AnyGc<S> {
    #[inline]
    fn trace(&self, tracer: &mut Tracer<'_>) {
        tracer.handle(S::KIND, self.0.as_erased());
    }

    fn debug_within(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        Some(fmt::Debug::fmt(self, f))
    }
}
