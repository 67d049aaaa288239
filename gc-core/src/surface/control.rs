//! Freezing, hooks, memory outside of the heap.

/// See the file, and the module that it is in.
macro_rules! control {
    ($kind:ty, $module:literal) => {
        /// Keeps a function that is called before and after each collection, see [`on_collect`].
        pub type CollectHook = crate::handle::CollectHook<$kind>;

        /// Bytes that a value holds outside of the heap, as a field of the value.
        pub type ExternalMemory = crate::handle::ExternalMemory<$kind>;

        /// Sets all objects that there are aside, so that collections pass over them: Python's
        /// `gc.freeze()`.
        ///
        /// They count as held from outside, and so does what they refer to. They die by count as
        /// ever. What is garbage among them, or becomes it, is found after an [`unfreeze`]. Objects
        /// that are made from here on are collected as ever, and so a program that has set itself up
        /// is out of their collections' way. A process that is about to `fork` calls it for another
        /// reason: collections write to the objects that they look at, and the memory of those would
        /// be copied.
        ///
        /// Called again it freezes what was made meanwhile, too. [`counts`] begin at zero. No object
        /// is visited, nor does any code of the program's run; it takes a step for each candidate.
        /// Until an [`unfreeze`], full collections look again at what survives them, which frozen
        /// garbage might hold.
        /// Inside a collection (a finalizer, a callback, a destructor, a hook that it runs), and
        /// where there is no memory to note the candidates down, it does nothing.
        ///
        /// In `unsync` it is about the calling thread's objects, and what is frozen when the thread
        /// ends is collected then all the same. An object of a thread has room to note which of four
        /// eras it was made in, and each freeze needs one that nobody alive is of. So a fourth freeze
        /// adds nothing to what is frozen, if objects from before each of the three others are alive;
        /// those that a full collection meets after an [`unfreeze`] do not count there, as it moves
        /// them to the present era. In `sync` there is room for eight million. There the call waits
        /// for its turn as [`collect`] does, and what other threads make at that moment may be frozen
        /// or not.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use gc_core::{Generation, Trace, ", $module, "::{self as gc, Gc}};")]
        /// use std::sync::Mutex;
        ///
        /// #[derive(Trace)]
        /// struct Loop(Mutex<Option<Gc<Loop>>>);
        ///
        /// fn looped() -> Gc<Loop> {
        ///     let node = Gc::new(Loop(Mutex::new(None)));
        ///     *node.0.lock().unwrap() = Some(node.clone());
        ///     node
        /// }
        ///
        /// let setup = looped();
        /// gc::freeze();
        /// assert_eq!((gc::frozen_count(), Gc::generation(&setup)), (1, Generation::Old));
        ///
        /// // It is garbage now, and no collection looks at it.
        /// drop((setup, looped()));
        /// assert_eq!(gc::collect().visited, 1);
        ///
        /// gc::unfreeze();
        /// assert_eq!((gc::frozen_count(), gc::collect().collected), (0, 1));
        /// ```
        #[doc(alias = "gc.freeze")]
        pub fn freeze() {
            <$kind>::with_heap(crate::collector::freeze);
        }

        /// Makes old objects of all that is frozen: Python's `gc.unfreeze()`.
        ///
        /// The next full collection looks at them. See [`freeze`]; inside a collection this does
        /// nothing either.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use gc_core::", $module, "::{self as gc, Gc};")]
        ///
        /// let kept = Gc::new(vec![Gc::new(1)]);
        /// gc::freeze();
        /// gc::unfreeze();
        /// assert_eq!(gc::frozen_count(), 0);
        /// # drop(kept);
        /// ```
        #[doc(alias = "gc.unfreeze")]
        pub fn unfreeze() {
            <$kind>::with_heap(crate::collector::unfreeze);
        }

        /// How many objects are frozen and have not died since: Python's `gc.get_freeze_count()`.
        ///
        /// Unlike in Python, those that cannot hold a handle are among them
        /// ([`Gc::is_tracked`](crate::handle::Gc::is_tracked)), though no collection ever looks at
        /// one. In `sync` the number is exact when no other thread uses the heap.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use gc_core::", $module, "::{self as gc, Gc};")]
        ///
        /// let number = Gc::new(5);
        /// let list = Gc::new(vec![number.clone()]);
        /// gc::freeze();
        /// assert_eq!(gc::frozen_count(), 2);
        /// drop((list, number));
        /// assert_eq!(gc::frozen_count(), 0);
        /// # gc::unfreeze();
        /// ```
        #[doc(alias = "gc.get_freeze_count")]
        #[must_use]
        pub fn frozen_count() -> usize {
            <$kind>::with_heap(Heap::frozen)
        }

        /// Has `f` called at the beginning and at the end of each collection, automatic ones
        /// included, for as long as the guard lives: Python's `gc.callbacks`.
        ///
        /// At [`Start`](crate::Phase::Start) the [`Report`] says which generation is to be collected,
        /// and is empty otherwise; at [`Stop`](crate::Phase::Stop) it is the one that
        /// [`collect`] returns. Hooks are called in the order in which they were entered. Each that
        /// has heard of a beginning hears of the end, unless it is taken away before. An automatic
        /// collection that is left out because another thread is collecting is not told of; where
        /// that thread has begun just then, the end is an empty report.
        /// Hooks that are entered during a collection hear of the next.
        ///
        /// Inside of a hook [`collect`] does nothing, on that thread. What the hook owns counts as
        /// held from outside. The collections at the end of a thread are not told of, as in Python
        /// those at its exit; by then no hook is left.
        ///
        /// In `sync` hooks are called on the thread that collects, which may be the
        /// [background collector](crate::sync::background)'s, and by several at once; none holds a
        /// lock of this crate meanwhile.
        ///
        /// # Panics
        ///
        /// A panic in the hook goes to [`set_unraisable_hook`](crate::set_unraisable_hook)'s, and
        /// the collection goes on.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use gc_core::{Phase, ", $module, "::{self as gc}};")]
        /// use std::sync::{Arc, Mutex};
        ///
        /// let log = Arc::new(Mutex::new(Vec::new()));
        /// let hook = gc::on_collect({
        ///     let log = log.clone();
        ///     move |phase, report| log.lock().unwrap().push((phase, report.generation as u8))
        /// });
        /// let _ = gc::collect();
        /// assert_eq!(*log.lock().unwrap(), [(Phase::Start, 2), (Phase::Stop, 2)]);
        ///
        /// drop(hook);
        /// let _ = gc::collect();
        /// assert_eq!(log.lock().unwrap().len(), 2);
        /// ```
        #[doc(alias = "gc.callbacks")]
        pub fn on_collect<F>(f: F) -> CollectHook
        where
            F: Fn(crate::Phase, &Report) + 'static,
            $kind: crate::sharing::Admits<F>,
        {
            CollectHook::new(f)
        }

        /// How many bytes all [`ExternalMemory`] of this heap reports.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use gc_core::", $module, "::{self as gc, ExternalMemory};")]
        ///
        /// let (texture, page) = (ExternalMemory::new(64 << 20), ExternalMemory::new(4096));
        /// assert_eq!(gc::external_bytes(), (64 << 20) + 4096);
        /// # drop((texture, page));
        /// ```
        #[must_use]
        pub fn external_bytes() -> usize {
            <$kind>::with_heap(Heap::external)
        }

        /// By how many bytes [`external_bytes`] must have grown since the last collection for one to
        /// be due: 16 MiB, unless it was set.
        #[must_use]
        pub fn external_threshold() -> usize {
            <$kind>::with_heap(Heap::external_threshold)
        }

        /// Sets [`external_threshold`], in bytes. Zero: whatever is reported, no collection is due
        /// for it.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use gc_core::", $module, " as gc;")]
        ///
        /// gc::set_external_threshold(1 << 20);
        /// assert_eq!(gc::external_threshold(), 1 << 20);
        /// ```
        pub fn set_external_threshold(bytes: usize) {
            <$kind>::with_heap(|heap| heap.set_external_threshold(bytes));
        }
    };
}
pub(crate) use control;
