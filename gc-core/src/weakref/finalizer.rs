//! Functions that run when an object is dead, or the program ends: whatever comes first.

use crate::handle::{Gc, Weak};
use crate::heap::{AtExit, Callback, Space, Store};
use crate::sharing::{Carries, Guarded};
use crate::trace::{Depth, Trace, Tracer};
use crate::unraisable::{UserCode, guarded};
use std::any::type_name;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// A function that runs once, when its object is dead, or at
/// [exit](crate::unsync::exit_guard), or when somebody [calls](Finalizer::call) it: Python's
/// `weakref.finalize`. [`finalize`](crate::unsync::finalize) makes one.
///
/// The heap keeps the function: to drop this handle changes nothing, and clones are handles to the
/// same function.
#[doc(alias = "weakref.finalize")]
pub struct Finalizer<T: ?Sized, F, S: Space> {
    entry: Arc<Entry<T, F, S>>,
}

/// What the handles to a finalizer, the object's callback and the heap's list share. The first of
/// them that takes the function runs it.
struct Entry<T: ?Sized, F, S: Space> {
    /// It also keeps the object's address from being used again.
    weak: Weak<T, S>,
    /// That of the callback, as soon as there is one.
    number: OnceLock<u64>,
    function: S::Guarded<Function<F>>,
}

/// The function, until somebody takes it.
struct Function<F>(Option<F>);

impl<F> fmt::Debug for Function<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Function").field(&self.0.is_some()).finish()
    }
}

impl<T: ?Sized, F, S: Space> Entry<T, F, S> {
    /// Takes the function, for whoever gets it to run, and tells whether the exit is over, so that
    /// it is not to run. Both at one moment: what is taken before the exit is over runs.
    fn take(&self) -> Option<(F, bool)> {
        let number = self.number.get();
        let (function, exit, over) = S::with_heap(|heap| {
            heap.store.with_extras(|extras| {
                let function = self.function.with(|function| function.0.take());
                let exit = number.and_then(|&number| extras.exits.remove(number));
                (function, exit, extras.exits.is_over())
            })
        });
        // Here and below with nothing of the heap's borrowed.
        drop(exit);
        let function = function?;
        if let (Some(&number), Some(object)) = (number, self.weak.object()) {
            let callback = S::with_heap(|heap| heap.unwatch(object.as_erased(), number));
            drop(callback);
        }
        Some((function, over))
    }

    fn is_alive(&self) -> bool {
        self.function.with(|function| function.0.is_some())
    }
}

impl<T: ?Sized, R, F: FnOnce() -> R, S: Space> Entry<T, F, S> {
    /// Runs the function, unless somebody has; after the exit it is only dropped.
    fn run(&self) -> Option<R> {
        let (function, over) = self.take()?;
        if over { None } else { Some(function()) }
    }
}

impl<T: ?Sized, R, F: FnOnce() -> R, S: Space> AtExit for Entry<T, F, S> {
    fn call_at_exit(&self) {
        // Whatever the heap says by now: another thread may have had an exit of its own since this
        // one has taken the finalizer out of the list.
        let run = || drop(self.take().map(|(function, _)| function()));
        guarded(UserCode::Callback, type_name::<T>, run);
    }
}

impl<T: ?Sized + 'static, R, F: FnOnce() -> R + 'static, S: Space> Finalizer<T, F, S> {
    /// See [`finalize`](crate::unsync::finalize).
    pub(crate) fn new(object: &Gc<T, S>, function: F) -> Self
    where
        S: Carries<F>,
    {
        let entry = Arc::new(Entry {
            weak: Gc::downgrade(object),
            number: OnceLock::new(),
            function: S::Guarded::new(Function(Some(function))),
        });
        let watching = Arc::clone(&entry);
        // What goes to another thread with it may do so: `function` by `Carries`, and a weak
        // handle whatever its type says, as the value was admitted when it was made.
        let callback: Callback = Box::new(move || drop(watching.run()));
        // Nobody else knows the entry before it has its number: the object is alive.
        let number = S::with_heap(|heap| heap.watch(Gc::object(object), callback));
        let _ = entry.number.set(number);
        let finalizer = Finalizer { entry };
        finalizer.set_at_exit(true);
        finalizer
    }

    /// Runs the function and gives its result, unless it has run, or is running, or was
    /// [detached](Finalizer::detach): Python's call of the finalizer. After the
    /// [exit](crate::unsync::exit_guard) it gives `None` and does not run the function either.
    ///
    /// # Panics
    ///
    /// If the function does. It counts as run.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{self, Gc};
    ///
    /// let object = Gc::new(5);
    /// let finalizer = unsync::finalize(&object, || "closed");
    /// assert_eq!(finalizer.call(), Some("closed"));
    /// assert_eq!(finalizer.call(), None);
    /// ```
    #[doc(alias = "weakref.finalize.__call__")]
    pub fn call(&self) -> Option<R> {
        self.entry.run()
    }

    /// Whether the function is to run at [exit](crate::unsync::exit_guard), if its object is alive
    /// then: Python's `finalize.atexit`. It is so from the beginning, until it has run.
    #[doc(alias = "weakref.finalize.atexit")]
    #[must_use]
    pub fn at_exit(&self) -> bool {
        let Some(&number) = self.entry.number.get() else { return false };
        S::with_heap(|heap| heap.store.with_extras(|extras| extras.exits.contains(number)))
    }

    /// Sets whether it is to run at exit. It changes nothing if it has run.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{self, Gc};
    ///
    /// let guard = unsync::exit_guard();
    /// let object = Gc::new(5);
    /// let finalizer = unsync::finalize(&object, || unreachable!("the object outlives the guard"));
    /// assert!(finalizer.at_exit());
    /// finalizer.set_at_exit(false);
    /// drop(guard);
    /// assert!(finalizer.is_alive());
    /// # drop(object);
    /// ```
    #[doc(alias = "weakref.finalize.atexit")]
    pub fn set_at_exit(&self, at_exit: bool) {
        let Some(&number) = self.entry.number.get() else { return };
        let entry: Arc<dyn AtExit> = self.entry.clone();
        let replaced = S::with_heap(|heap| {
            heap.store.with_extras(|extras| {
                // Who takes the function removes the entry at that moment: it does not come back.
                if at_exit && self.entry.is_alive() {
                    extras.exits.add(number, entry)
                } else {
                    extras.exits.remove(number)
                }
            })
        });
        drop(replaced);
    }
}

impl<T: ?Sized, F, S: Space> Finalizer<T, F, S> {
    /// Takes the function out, so that it will not run, and gives it back with a handle to the
    /// object. `None` if it has run or was taken, or if the object is dead: then it is about to run.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{self, Gc};
    ///
    /// let object = Gc::new(5);
    /// let finalizer = unsync::finalize(&object, || "closed");
    /// let (five, function) = finalizer.detach().unwrap();
    /// assert_eq!((*five, function()), (5, "closed"));
    /// assert!(finalizer.detach().is_none() && finalizer.call().is_none());
    /// ```
    #[doc(alias = "weakref.finalize.detach")]
    pub fn detach(&self) -> Option<(Gc<T, S>, F)> {
        let object = self.entry.weak.upgrade()?;
        let (function, _) = self.entry.take()?;
        Some((object, function))
    }

    /// A handle to the object, if it is alive and the function has not run.
    ///
    /// # Examples
    ///
    /// ```
    /// use gc_core::unsync::{self, Gc};
    ///
    /// let object = Gc::new(5);
    /// let finalizer = unsync::finalize(&object, || ());
    /// assert_eq!(finalizer.peek().as_deref(), Some(&5));
    /// finalizer.call();
    /// assert_eq!(finalizer.peek(), None);
    /// ```
    #[doc(alias = "weakref.finalize.peek")]
    #[must_use]
    pub fn peek(&self) -> Option<Gc<T, S>> {
        if self.is_alive() { self.entry.weak.upgrade() } else { None }
    }

    /// Whether the function has neither run nor been taken, nor is running: Python's
    /// `finalize.alive`.
    #[doc(alias = "weakref.finalize.alive")]
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.entry.is_alive()
    }
}

impl<T: ?Sized, F, S: Space> Clone for Finalizer<T, F, S> {
    /// Another handle to the same finalizer.
    fn clone(&self) -> Self {
        Finalizer { entry: Arc::clone(&self.entry) }
    }
}

impl<T: ?Sized, F, S: Space> fmt::Debug for Finalizer<T, F, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.is_alive() { "" } else { ", dead" };
        write!(f, "(Finalizer of {}{state})", type_name::<T>())
    }
}

// SAFETY: it shows no edge: what the function owns is kept by the heap, which is no object. To drop
// it gives back a share of an object and nothing else, as the function is gone before the last
// handle.
unsafe impl<T: ?Sized, F, S: Space> Trace for Finalizer<T, F, S> {
    #[inline]
    fn trace(&self, _: &mut Tracer<'_>) {}

    #[inline]
    fn is_leaf(_: Depth) -> bool {
        true
    }
}
