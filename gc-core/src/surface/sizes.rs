//! How large objects are.

/// See the file, and the module that it is in.
macro_rules! sizes {
    ($kind:ty, $module:literal) => {
        /// How many bytes an object takes by itself: Python's `sys.getsizeof(o)`.
        ///
        /// That is its box, with the counts in front of the value, and the memory that the value owns
        /// by value: the buffer of a `String`, that of a `Vec` by its capacity and what its elements
        /// own, the table of a map, what is in a `Box`, what stands behind a `Mutex` or a `RefCell`.
        /// Other objects are not in it.
        ///
        /// # What is not in it
        ///
        /// - What the value's [`Trace`](crate::Trace) does not see: `#[trace(skip)]` and
        ///   `#[trace(unsafe(with = ...))]` fields, the types that derive it as `#[trace(leaf)]`,
        ///   [`new_opaque`](crate::handle::Gc::new_opaque) values, closures. Of these only their own size
        ///   counts.
        /// - What is behind a lock that is taken, or a `RefCell` that is mutably borrowed.
        /// - What is shared: the contents of an `Rc` or `Arc` ([`deep_size`] has these).
        /// - What an [`ExternalMemory`] reports, which may be a buffer that is counted already.
        /// - What the operating system or the allocator adds.
        ///
        /// A hash table tells its capacity only, so its size is computed by the layout that std's has. That
        /// is right to the byte until entries are removed: then a table may tell of less room than it has, and
        /// counts as one that has no more, but for its entries at least. The nodes of a `BTreeMap` are found by looking at all of its keys.
        /// Std's other containers tell what they have allocated, but for `vec::IntoIter` and
        /// `LineWriter`, and so do most of other crates: what is left out is in their line in
        /// `trace/external`. The tests compare all of it with what is allocated.
        ///
        /// # Panics
        ///
        /// If a [`Trace::measure`](crate::Trace::measure) written by hand does.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use gc_core::", $module, "::{self as gc, Gc};")]
        ///
        /// let empty = Gc::new(Vec::<u64>::new());
        /// let four = Gc::new(vec![1_u64, 2, 3, 4]);
        /// assert_eq!(gc::shallow_size(&four), gc::shallow_size(&empty) + 4 * 8);
        /// ```
        #[doc(alias = "sys.getsizeof")]
        #[doc(alias = "asizeof.flatsize")]
        #[must_use]
        pub fn shallow_size<T: ?Sized>(gc: &Gc<T>) -> usize {
            crate::inspect::shallow_size(gc)
        }

        /// How many bytes an object and all that it holds take: pympler's `asizeof`.
        ///
        /// That is the [`shallow_size`] of all objects that are reached along the handles in them, each
        /// counted once, cycles or not. What [`WeakKeyMap`]s keep for an object is held by it. What `Rc`s and `Arc`s share is in it too, each allocation once;
        /// but not what its contents own in turn, which cannot be traced. Handles of
        /// the other kind of heap are not followed, weak ones neither.
        ///
        /// It needs a word or two for each object, no stack, and time for each edge. In
        /// [`sync`](crate::sync) it takes the place of a collection meanwhile: other threads go on, and one that
        /// calls [`collect`] waits for it. If a collection is going on already, it makes
        /// candidates of the objects that it looks at. What others change while it looks is in the sum or not.
        ///
        /// # Panics
        ///
        /// If a [`Trace`](crate::Trace) written by hand does.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use gc_core::", $module, "::{self as gc, Gc};")]
        ///
        /// let part = Gc::new(String::from("shared"));
        /// let whole = Gc::new([part.clone(), part.clone()]);
        /// assert_eq!(gc::deep_size(&whole), gc::shallow_size(&whole) + gc::shallow_size(&part));
        /// ```
        #[doc(alias = "pympler.asizeof")]
        #[doc(alias = "asizeof.asizeof")]
        #[must_use]
        pub fn deep_size<T: ?Sized>(gc: &Gc<T>) -> usize {
            crate::inspect::deep_size(gc)
        }
    };
}
pub(crate) use sizes;
