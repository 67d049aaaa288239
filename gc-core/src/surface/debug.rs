//! Garbage to be looked at, and what objects refer to.

/// See the file, and the module that it is in.
macro_rules! debug {
    ($kind:ty, $module:literal) => {
        /// A counted handle to an object of any type.
        pub type AnyGc = crate::inspect::AnyGc<$kind>;

        /// The objects that an object holds: Python's `gc.get_referents`.
        ///
        /// Those are the targets of the handles that its value shows to the collector, in the order
        /// of its fields, and as often as there are handles; and after them what
        /// [`WeakKeyMap`]s keep for it, which belongs to it. A value that holds none has no other
        /// referents; nor has what the collector cannot see (a skipped field, an
        /// [opaque](Gc::new_opaque) value, an `Rc`), and weak handles are none.
        ///
        /// What stands behind a lock that is taken, or in a `RefCell` that is mutably borrowed, is
        /// left out. The value's locks are held while it is looked at, as a collection holds them,
        /// so beside it a `try_lock` may fail.
        ///
        /// # Panics
        ///
        /// Where a [`Trace`](crate::Trace) of the value does.
        ///
        /// # Examples
        ///
        /// ```
        /// use gc_core::Trace;
        #[doc = concat!("use gc_core::", $module, "::{self as gc, Gc};")]
        ///
        /// #[derive(Trace)]
        /// struct Pair(Gc<str>, Gc<str>);
        ///
        /// let text: Gc<str> = Gc::from("spam");
        /// let pair = Gc::new(Pair(text.clone(), text.clone()));
        /// let held = gc::referents(&pair);
        /// assert_eq!(held.len(), 2);
        /// assert!(held[0].ptr_eq(&held[1]));
        /// assert_eq!(held[0].downcast_ref::<str>(), Some("spam"));
        /// assert!(gc::referents(&text).is_empty());
        /// ```
        #[doc(alias = "gc.get_referents")]
        #[must_use]
        pub fn referents<T: ?Sized>(of: &Gc<T>) -> Vec<AnyGc> {
            crate::inspect::referents(of)
        }

        /// The garbage that a heap keeps.
        pub type Garbage = crate::inspect::Garbage<$kind>;

        /// Sets what the heap's collections tell of, and whether they keep what they find: Python's
        /// `gc.set_debug`.
        ///
        /// # Examples
        ///
        /// What keeps a request alive once it is done with?
        ///
        /// ```
        /// use gc_core::{DebugFlags, Trace};
        #[doc = concat!("use gc_core::", $module, "::{self as gc, Gc};")]
        /// use std::sync::OnceLock;
        ///
        /// #[derive(Trace)]
        /// struct Request {
        ///     path: &'static str,
        ///     response: OnceLock<Gc<Response>>,
        /// }
        ///
        /// #[derive(Trace)]
        /// struct Response {
        ///     to: Gc<Request>,
        /// }
        ///
        /// gc::set_debug(DebugFlags::SAVE_ALL);
        /// let request = Gc::new(Request { path: "/", response: OnceLock::new() });
        /// let _ = request.response.set(Gc::new(Response { to: request.clone() }));
        /// drop(request);
        /// assert_eq!(gc::collect().total(), 2);
        ///
        /// for object in gc::garbage().to_vec() {
        ///     if let Some(request) = object.downcast_ref::<Request>() {
        ///         assert_eq!(request.path, "/");
        ///         assert!(object.referents()[0].is::<Response>());
        ///     }
        /// }
        ///
        /// gc::set_debug(DebugFlags::empty());
        /// gc::garbage().clear();
        /// assert_eq!(gc::collect().total(), 2);
        /// ```
        #[doc(alias = "gc.set_debug")]
        pub fn set_debug(flags: crate::DebugFlags) {
            <$kind>::with_heap(|heap| heap.set_debug(flags));
        }

        /// What [`set_debug`] has set, nothing at first: Python's `gc.get_debug`.
        #[doc(alias = "gc.get_debug")]
        #[must_use]
        pub fn debug() -> crate::DebugFlags {
            <$kind>::with_heap(crate::heap::Heap::debug)
        }

        /// The garbage that collections have kept because of
        /// [`DebugFlags::SAVE_ALL`](crate::DebugFlags::SAVE_ALL): Python's `gc.garbage`.
        #[doc(alias = "gc.garbage")]
        #[must_use]
        pub fn garbage() -> Garbage {
            crate::inspect::Garbage::new()
        }
    };
}
pub(crate) use debug;
