//! Counts, identity, and the ways to a value that nobody else holds.

use super::gc::birth_flags;
use super::{Gc, Weak};
use crate::collector;
use crate::gc_box::{GcBox, Object, VTable};
use crate::heap::{self, Generation, Space, Store};
use crate::sharing::{Admits, Flags, Head, Released};
use crate::trace::{Finalizing, Trace};
use std::any::{TypeId, type_name};
use std::mem::{self, ManuallyDrop};
use std::pin::Pin;

impl<T: ?Sized, S: Space> Gc<T, S> {
    /// Whether both are handles to the same object: Python's `is`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// let a = Gc::new(1);
    /// assert!(Gc::ptr_eq(&a, &a.clone()));
    /// assert!(!Gc::ptr_eq(&a, &Gc::new(1)));
    /// ```
    #[doc(alias = "is")]
    #[inline]
    #[must_use]
    pub fn ptr_eq(this: &Self, other: &Self) -> bool {
        Gc::object(this) == Gc::object(other)
    }

    /// How many handles there are to the object: Python's `sys.getrefcount`, less
    /// the one that is its argument.
    ///
    /// A collection that looks at the object counts for one. In `unsync` only code that it runs
    /// sees that, a finalizer of the object's; in `sync` any thread may, see [the
    /// guide](crate::docs::threads#counts-while-a-collection-looks).
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// let a = Gc::new(1);
    /// let b = a.clone();
    /// assert_eq!(Gc::strong_count(&a), 2);
    /// drop(b);
    /// assert_eq!(Gc::strong_count(&a), 1);
    /// ```
    #[doc(alias = "sys.getrefcount")]
    #[inline]
    #[must_use]
    pub fn strong_count(this: &Self) -> usize {
        // (Its own is one of them, whatever is taken for a collection's.)
        Gc::object(this).head().count().max(1)
    }

    /// How many [`Weak`] handles there are to the object: Python's `weakref.getweakrefcount`.
    ///
    /// Where other threads make and drop some, it says what it was at some moment.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// let a = Gc::new(1);
    /// let weak = Gc::downgrade(&a);
    /// assert_eq!(Gc::weak_count(&a), 1);
    /// drop(weak);
    /// assert_eq!(Gc::weak_count(&a), 0);
    /// ```
    #[doc(alias = "weakref.getweakrefcount")]
    #[inline]
    #[must_use]
    pub fn weak_count(this: &Self) -> usize {
        heap::weak_count(Gc::object(this))
    }

    /// Makes a handle that does not keep the object alive: Python's `weakref.ref(object)`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// let a = Gc::new(1);
    /// let weak = Gc::downgrade(&a);
    /// assert_eq!(weak.upgrade().as_deref(), Some(&1));
    /// drop(a);
    /// assert!(weak.upgrade().is_none());
    /// ```
    #[doc(alias = "weakref.ref")]
    #[inline]
    #[must_use = "a weak handle that is not kept does nothing"]
    pub fn downgrade(this: &Self) -> Weak<T, S> {
        heap::retain_share(Gc::object(this));
        Weak::from_ptr(Gc::ptr(this))
    }

    /// Whether the object's finalizer has run: Python's `gc.is_finalized`.
    ///
    /// Of a living object that means that it was resurrected. It is `false` for
    /// an object that has no finalizer. [`Finalizing::handle`] has an example.
    #[doc(alias = "gc.is_finalized")]
    #[must_use]
    pub fn is_finalized(this: &Self) -> bool {
        let object = Gc::object(this);
        object.head().flags().any(Flags::FINALIZED) && object.may_finalize()
    }

    /// Whether the collector looks at the object: Python's `gc.is_tracked`.
    ///
    /// It does not where the type cannot hold a `Gc`, unless the object was a key of a
    /// [`WeakKeyMap`](crate::weakref::WeakKeyMap), whose values belong to it.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// assert!(!Gc::is_tracked(&Gc::new(5)));
    /// assert!(Gc::is_tracked(&Gc::new(Some(Gc::new(5)))));
    /// ```
    #[doc(alias = "gc.is_tracked")]
    #[must_use]
    pub fn is_tracked(this: &Self) -> bool {
        !Gc::object(this).head().flags().any(Flags::LEAF)
    }

    /// The object's generation; [`Old`](Generation::Old) for one that is
    /// [frozen](crate::unsync::freeze).
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{Generation, unsync::{self, Gc}};
    ///
    /// let a = Gc::new(vec![Gc::new(1)]);
    /// assert_eq!(Gc::generation(&a), Generation::Young);
    /// drop(a.clone()); // now a candidate, so a collection looks at it
    /// let _ = unsync::collect_generation(Generation::Young);
    /// assert_eq!(Gc::generation(&a), Generation::Middle);
    /// ```
    #[must_use]
    pub fn generation(this: &Self) -> Generation {
        S::with_heap(|heap| heap.generation_of(Gc::object(this).head().flags()))
    }
}

impl<T: ?Sized + 'static, S: Space> Gc<T, S> {
    /// The value, if this is the only handle of either kind.
    ///
    /// Called by a finalizer in a collection, it is `None` for the objects that the collection is
    /// about. In `sync` it may be `None` for the only handle whenever a collection on another
    /// thread looks at the object; to write beside others takes a lock in the value, see [the
    /// guide](crate::docs::threads#counts-while-a-collection-looks). It may be `None` where `T` is
    /// not the type that the object was made with but a supertype of it.
    ///
    /// `T: 'static` is asked for because a `Gc` is covariant: what is written as a
    /// value with a shorter lifetime would be finalized as one with a longer.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// let mut a = Gc::new(3);
    /// *Gc::get_mut(&mut a).unwrap() = 4;
    /// assert_eq!(*a, 4);
    /// let b = a.clone();
    /// assert!(Gc::get_mut(&mut a).is_none());
    /// # drop(b);
    /// ```
    #[inline]
    #[must_use]
    pub fn get_mut(this: &mut Self) -> Option<&mut T> {
        // A collection that runs while the reference is in use must not come
        // across the object. Taking it from the candidates loses nothing: it is
        // held here, and to become garbage a handle has to be dropped later. And no edge leads to it
        // but this handle, which the caller has alone.
        if !Gc::may_write(this) || !S::with_heap(|heap| heap.store.lend(Gc::object(this))) {
            return None;
        }
        // SAFETY: no other handle exists, the one in `this` is borrowed for as long
        // as the reference is, and no collection reaches the object meanwhile.
        Some(unsafe { GcBox::value_mut(Gc::ptr(this)) })
    }

    /// Whether a `T` may be written where this value stands, through its only handle.
    ///
    /// The functions in the object's table were made for the type that it was made
    /// with, of which `T` may be a supertype even among `'static` ones
    /// (`fn(&'static u8)` of `for<'a> fn(&'a u8)`), and an [`AnyGc`](crate::inspect::AnyGc) leads
    /// back to that type. A trait object can only be changed by its own methods, and was
    /// checked when it was coerced. The slice that an array was coerced to is lent if nothing runs
    /// when it ends, and its elements are not such as have supertypes.
    fn may_write(this: &Self) -> bool {
        let object = Gc::object(this);
        let idle = || {
            let leaf = object.head().flags().all(Flags::LEAF);
            leaf && !object.needs_drop() && !object.may_finalize()
        };
        // Only what has a `for<'a>` in it has another `'static` type as its supertype, and of
        // that there is one kind in functions and one in trait objects.
        let plain = |name: &str| !name.contains("fn(") && !name.contains("dyn ");
        object.type_id() == TypeId::of::<T>()
            || type_name::<T>().starts_with("dyn ")
            || idle() && plain(object.type_name())
    }
}

impl<T: 'static, S: Space> Gc<T, S> {
    /// A new object that cannot be moved out of its box: `Pin` of [`new`](Gc::new).
    ///
    /// Nothing else pins: `Pin::new_unchecked` of a handle does not tell the object, and others hand
    /// out handles to it that are not pinned ([`Finalizing::handle`],
    /// [`AnyGc::downcast`](crate::inspect::AnyGc::downcast)).
    ///
    /// # Panics
    ///
    /// As [`new`](Gc::new).
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// let pinned = Gc::pin(7);
    /// assert_eq!(*pinned.clone(), 7);
    /// ```
    #[must_use]
    pub fn pin(value: T) -> Pin<Self>
    where
        T: Trace,
        S: Admits<T>,
    {
        let gc = Self::new(value);
        // No finalizer gets a handle that is not pinned.
        Gc::object(&gc).head().set(Flags::PINNED);
        // SAFETY: the value moves only by `try_unwrap`, `make_mut` and `get_mut`, and
        // these ask for a handle that is not pinned, of which there is none.
        unsafe { Pin::new_unchecked(gc) }
    }

    /// The value, in an object that this is the only handle to: a copy of it, if it is shared now.
    ///
    /// Where only weak handles share it, the value moves to a new object and the
    /// weak handles die, as with `Rc`. A copy is made by [`new`](Gc::new), which may run a
    /// collection. In `sync` a collection that looks at the object on another thread makes it
    /// shared for the time being, so a copy may be made for the only handle.
    ///
    /// # Panics
    ///
    /// Where `T`'s `clone` does, and as [`new`](Gc::new).
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// let mut a = Gc::new(1);
    /// let b = a.clone();
    /// *Gc::make_mut(&mut a) += 1;
    /// assert_eq!((*a, *b), (2, 1));
    /// ```
    pub fn make_mut(this: &mut Self) -> &mut T
    where
        T: Trace + Clone,
        S: Admits<T>,
    {
        let object = Gc::object(this);
        // (A collection on this thread looks at the object, if a finalizer calls this.)
        let may_write = Gc::may_write(this) && !object.head().flags().any(Flags::CAPTURED);
        if !may_write || !S::with_heap(|heap| heap.store.lend(object)) {
            if may_write && Gc::take_only(this) {
                Gc::move_to_new_box(this);
            } else {
                *this = Gc::new((**this).clone());
            }
        }
        // SAFETY: `this` is the only handle of either kind now, see `get_mut`.
        unsafe { GcBox::value_mut(Gc::ptr(this)) }
    }

    /// Moves the value of an object whose only handle was [taken](Gc::take_only) into one of its
    /// own.
    fn move_to_new_box(this: &mut Self)
    where
        T: Trace,
    {
        // Its finalizer does not run twice either.
        let finalized = Gc::object(this).head().flags().only(Flags::FINALIZED);
        let flags = birth_flags::<T>().with(finalized);
        let old = Gc::ptr(this);
        // SAFETY: this was the only strong handle; the old box is emptied right below,
        // and in between only memory is allocated: no collection, no user code.
        let value = unsafe { GcBox::take_value(old) };
        let fresh = Gc::new_now(value, VTable::of::<T>(), flags);
        Gc::end_emptied(mem::replace(this, fresh));
    }

    /// The value, if this is the only strong handle. Weak handles die. The
    /// object's finalizer does not run: the value lives on.
    ///
    /// # Errors
    ///
    /// The handle itself where there are others. In `sync` a collection that looks at the object on
    /// another thread is one of them: when it has ended, the same call succeeds.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// let a = Gc::new(String::from("x"));
    /// assert_eq!(Gc::try_unwrap(a), Ok("x".to_string()));
    /// ```
    pub fn try_unwrap(this: Self) -> Result<T, Self> {
        if !Gc::take_only(&this) {
            return Err(this);
        }
        // SAFETY: this was the only strong handle, and the box is emptied right below.
        let value = unsafe { GcBox::take_value(Gc::ptr(&this)) };
        Gc::end_emptied(this);
        Ok(value)
    }

    /// The value, if this was the last strong handle; otherwise the handle is dropped.
    ///
    /// Of several threads that call it at once the last gets the value, as with
    /// [`Arc::into_inner`](std::sync::Arc::into_inner). But in `sync` a collection that looks at the
    /// object may be the last: then all get `None`, and the value is dropped, with its
    /// finalizer. Where it must not be lost, use [`try_unwrap`](Gc::try_unwrap), or
    /// `Mutex<Option<T>>` as in [the
    /// guide](crate::docs::threads#counts-while-a-collection-looks).
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// let a = Gc::new(String::from("x"));
    /// let b = a.clone();
    /// assert_eq!(Gc::into_inner(a), None);
    /// assert_eq!(Gc::into_inner(b), Some("x".to_string()));
    /// ```
    #[must_use = "this drops the handle; use `drop` if that is all"]
    pub fn into_inner(this: Self) -> Option<T> {
        let this = ManuallyDrop::new(this);
        let object = Gc::object(&this);
        match object.head().release() {
            Released::Alive => None,
            Released::Candidate => {
                collector::suspect(object);
                None
            }
            Released::Last => {
                // SAFETY: this was the last strong handle, and the box is emptied right below.
                let value = unsafe { GcBox::take_value(Gc::ptr(&this)) };
                S::with_heap(|heap| heap.end_emptied(object));
                Some(value)
            }
        }
    }

    /// The value, or a copy of it where there are other handles, as [`try_unwrap`](Gc::try_unwrap)
    /// sees it.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::Gc;
    ///
    /// let a = Gc::new(vec![1]);
    /// let mut copy = Gc::unwrap_or_clone(a.clone());
    /// copy.push(2);
    /// assert_eq!((a.len(), copy.len()), (1, 2));
    /// ```
    #[must_use]
    pub fn unwrap_or_clone(this: Self) -> T
    where
        T: Clone,
    {
        Gc::try_unwrap(this).unwrap_or_else(|this| (*this).clone())
    }

    /// Gives up the count of this handle, if it is the only strong one; the value is to be moved
    /// out then.
    fn take_only(this: &Self) -> bool {
        Gc::object(this).head().take_only()
    }

    /// Ends an object whose value was moved out.
    fn end_emptied(this: Self) {
        let this = ManuallyDrop::new(this);
        S::with_heap(|heap| heap.end_emptied(Gc::object(&this)));
    }
}

impl Finalizing<'_> {
    /// A new handle to the dying object, if its value is a `T`. Keeping it resurrects the object.
    ///
    /// There is none to an object made by [`Gc::pin`], see
    /// [`pinned_handle`](Finalizing::pinned_handle).
    ///
    /// `T` is the type of the whole value that the object was made with, which may be more than
    /// the one that has the hook: the `RefCell<Node>` of a `Gc<RefCell<Node>>`, the
    /// `dyn Shape` of a `Gc<dyn Shape>` that was made from a `Box<dyn Shape>`.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::{Finalize, Finalizing, Trace, unsync::Gc};
    /// use std::cell::RefCell;
    ///
    /// thread_local!(static SAVED: RefCell<Vec<Gc<Phoenix>>> = RefCell::default());
    ///
    /// #[derive(Trace)]
    /// #[trace(finalize)]
    /// struct Phoenix(u8);
    ///
    /// impl Finalize for Phoenix {
    ///     fn finalize(&self, cx: &Finalizing<'_>) {
    ///         SAVED.with_borrow_mut(|saved| saved.extend(cx.handle::<Phoenix, _>()));
    ///     }
    /// }
    ///
    /// drop(Gc::new(Phoenix(1)));
    /// let saved = SAVED.take();
    /// assert_eq!(saved[0].0, 1);
    /// assert!(Gc::is_finalized(&saved[0]));
    /// ```
    #[must_use]
    pub fn handle<T: ?Sized + 'static, S: Space>(&self) -> Option<Gc<T, S>> {
        self.any_handle(false)
    }

    /// A new handle to the dying object, if it was made by [`Gc::pin`] and its value is a `T`.
    #[must_use]
    pub fn pinned_handle<T: 'static, S: Space>(&self) -> Option<Pin<Gc<T, S>>> {
        // SAFETY: the object was made pinned, and only pinned handles are given out.
        self.any_handle(true).map(|gc| unsafe { Pin::new_unchecked(gc) })
    }

    fn any_handle<T: ?Sized + 'static, S: Space>(&self, pinned: bool) -> Option<Gc<T, S>> {
        // SAFETY: an object is not freed while its finalizers run, which `self` cannot outlive.
        let object = unsafe { Object::<S>::of_edge(self.edge()) }?;
        let whole = GcBox::<T, S>::of_object(object)?;
        if object.head().flags().any(Flags::PINNED) != pinned {
            return None;
        }
        self.note_user_code();
        object.head().retain();
        Some(Gc::from_ptr(whole))
    }
}
