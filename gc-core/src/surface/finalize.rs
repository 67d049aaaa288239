//! Functions that run when an object is dead or the program ends.

/// See the file, and the module that it is in.
macro_rules! finalize {
    ($kind:ty, $module:literal) => {
        /// A function that runs once: when its object is dead, at exit, or when it is called.
        #[doc(alias = "weakref.finalize")]
        pub type Finalizer<T, F> = $crate::weakref::Finalizer<T, F, $kind>;

        /// Runs the finalizers that are left when it is dropped, see [`exit_guard`].
        #[doc(alias = "atexit")]
        pub type ExitGuard = $crate::weakref::ExitGuard<$kind>;

        /// Has `function` run when `object` is dead: Python's `weakref.finalize`.
        ///
        /// It runs once, on whichever comes first: the death of the object, which is when its weak
        /// callbacks run (after the object's own finalizer, if that does not resurrect it, and
        /// before its value is dropped); a [`call`](crate::weakref::Finalizer::call); or the
        /// [exit](exit_guard). Several of one object run newest first. The heap keeps the function,
        /// so the handle that comes back may be dropped. In `sync` it runs on whichever thread finds
        /// the object dead, and is `Send`.
        ///
        /// The function must not own a handle to the object, which would keep it alive until the
        /// exit; nor do so by way of other objects. A weak handle to the object in it is dead when
        /// it runs by the object's death. While it is to run the object has one more weak handle:
        /// [`Gc::get_mut`](crate::handle::Gc::get_mut) gives `None`.
        ///
        /// # Panics
        ///
        /// Never. If the function panics when the object dies or at exit,
        /// [`set_unraisable_hook`](crate::set_unraisable_hook)'s hook is told.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use gc_core::", $module, "::{self as gc, Gc};")]
        /// use std::sync::mpsc;
        ///
        /// let (closed, log) = mpsc::channel();
        /// let connection = Gc::new("db".to_string());
        /// let name = connection.to_string();
        /// gc::finalize(&connection, move || closed.send(format!("{name} closed")));
        /// assert!(log.try_recv().is_err());
        /// drop(connection);
        /// assert_eq!(log.recv().unwrap(), "db closed");
        /// ```
        #[doc(alias = "weakref.finalize")]
        pub fn finalize<T, F, R>(object: &Gc<T>, function: F) -> Finalizer<T, F>
        where
            T: ?Sized + 'static,
            F: FnOnce() -> R + 'static,
            $kind: $crate::handle::Carries<F>,
        {
            Finalizer::new(object, function)
        }

        /// A guard whose drop is the exit to this heap's finalizers: what Python does before it
        /// ends, for who holds the guard in `main`.
        ///
        /// When it is dropped, and it is the last guard there is, it runs all
        /// [finalizers](finalize) that are left, newest first over all objects, but for those that
        /// [want otherwise](crate::weakref::Finalizer::set_at_exit). No collection starts by itself
        /// meanwhile. Those that are made meanwhile are the next to run; so if each makes another,
        /// it never ends, as in Python. Afterwards no finalizer of the heap runs any more, old or
        /// new, until another guard is made. (Python can only end once.)
        ///
        /// In `unsync` this is about the thread's heap. In `sync` it is about that of the process:
        /// hold one guard in `main`, and let the threads end that use it before it is dropped.
        ///
        /// It also runs them where the guard is dropped because of a panic. Like any value it is not
        /// dropped by [`std::process::exit`] nor by an abort.
        ///
        /// # Panics
        ///
        /// Never, nor does its drop. If a finalizer panics, the others run, and
        /// [`set_unraisable_hook`](crate::set_unraisable_hook)'s hook is told.
        ///
        /// # Examples
        ///
        /// ```
        #[doc = concat!("use gc_core::", $module, "::{self as gc, Gc};")]
        /// use std::sync::mpsc;
        ///
        /// let (sender, log) = mpsc::channel();
        /// let guard = gc::exit_guard();
        /// let file = Gc::new("file".to_string());
        /// gc::finalize(&file, { let sender = sender.clone(); move || sender.send("saved") });
        /// gc::finalize(&file, move || sender.send("flushed"));
        /// drop(guard);
        /// assert_eq!(log.iter().collect::<Vec<_>>(), ["flushed", "saved"]);
        /// # drop(file);
        /// ```
        #[doc(alias = "atexit")]
        #[doc(alias = "atexit.register")]
        pub fn exit_guard() -> ExitGuard {
            ExitGuard::new()
        }
    };
}
pub(crate) use finalize;
