//! Panics of user code that the collector runs, and the hook that hears of them.

use std::any::Any;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError, RwLock};

/// Which code of the user's panicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UserCode {
    /// [`Trace::trace`](crate::Trace::trace): the object counts as alive.
    Trace,
    /// [`Finalize::finalize`](crate::Finalize::finalize): it counts as run.
    Finalize,
    /// The callback of a weak handle, or a function of [`finalize`](crate::unsync::finalize): it
    /// counts as run.
    Callback,
    /// A destructor: the value counts as dropped.
    Drop,
    /// The waker of a task that waited for a lock which the collector had: it counts as run. The
    /// type is that of the lock's guard.
    Waker,
    /// A hook on collections, see [`on_collect`](crate::unsync::on_collect), or a debug sink, see
    /// [`set_debug_sink`](crate::set_debug_sink): it counts as called. The type says which.
    Hook,
}

impl fmt::Display for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            UserCode::Trace => "trace",
            UserCode::Finalize => "finalizer",
            UserCode::Callback => "weak callback",
            UserCode::Drop => "destructor",
            UserCode::Waker => "waker",
            UserCode::Hook => "hook",
        })
    }
}

/// A panic that had no caller to go to: what Python's `sys.unraisablehook` is told. Which panics
/// these are is in [the guide](crate::docs::finalizers#panics).
#[derive(Debug)]
#[non_exhaustive]
pub struct Unraisable<'a> {
    /// What was running.
    pub code: UserCode,
    /// The type of the object that it ran for.
    pub type_name: &'static str,
    /// What the panic carried.
    pub payload: &'a (dyn Any + Send),
}

impl Unraisable<'_> {
    /// The panic's message, where it carried one.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.payload
            .downcast_ref::<&'static str>()
            .copied()
            .or_else(|| self.payload.downcast_ref::<String>().map(String::as_str))
    }
}

impl fmt::Display for Unraisable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gc-core: ignored a panic in a {} of {}", self.code, self.type_name)?;
        match self.message() {
            Some(message) => write!(f, ": {message}"),
            None => Ok(()),
        }
    }
}

/// A function of the user's, or none, for the whole process.
#[derive(Debug)]
pub(crate) struct Setting<F: ?Sized>(RwLock<Option<Arc<F>>>);

impl<F: ?Sized> Setting<F> {
    pub(crate) const fn new() -> Self {
        Setting(RwLock::new(None))
    }

    /// Puts another in the place of what is there.
    pub(crate) fn set(&self, function: Option<Box<F>>) {
        let old = {
            let mut slot = self.0.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *slot, function.map(Arc::from))
        };
        // Dropped with the lock released: what the function owns may call back.
        drop(old);
    }

    /// What is there, to be called with the lock released.
    pub(crate) fn get(&self) -> Option<Arc<F>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

static HOOK: Setting<dyn Fn(&Unraisable<'_>) + Send + Sync> = Setting::new();

/// Sets what is told of panics in user code that the collector had to swallow
/// (Python's `sys.unraisablehook`), for the whole process. `None` is the
/// default: one line on standard error.
///
/// A panic in the hook itself is dropped without a word.
///
/// # Examples
///
/// ```
/// use gc_core::set_unraisable_hook;
///
/// set_unraisable_hook(Some(Box::new(|event| eprintln!("{event}"))));
/// set_unraisable_hook(None);
/// ```
#[doc(alias = "sys.unraisablehook")]
#[allow(clippy::type_complexity, reason = "the type is the documentation")]
pub fn set_unraisable_hook(hook: Option<Box<dyn Fn(&Unraisable<'_>) + Send + Sync>>) {
    HOOK.set(hook);
}

/// Runs user code; a panic in it is reported and `None` comes back.
#[inline]
pub(crate) fn guarded<R>(
    code: UserCode,
    type_name: impl FnOnce() -> &'static str,
    f: impl FnOnce() -> R,
) -> Option<R> {
    // Nothing that a panicking user function was given is looked at again
    // without the checks that the collector makes of every object anyway.
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(value) => Some(value),
        Err(payload) => {
            report(code, type_name(), payload);
            None
        }
    }
}

/// Tells the hook of a panic that was caught.
#[cold]
pub(crate) fn report(code: UserCode, type_name: &'static str, payload: Box<dyn Any + Send>) {
    let hook = HOOK.get();
    let told = catch_unwind(AssertUnwindSafe(|| {
        let event = Unraisable { code, type_name, payload: &*payload };
        match hook {
            Some(hook) => hook(&event),
            None => eprintln!("{event}"),
        }
    }));
    // A payload may panic when it is dropped; losing it is the lesser evil.
    if let Err(again) = told {
        std::mem::forget(again);
    }
    dismiss(payload);
}

/// Drops what a panic has left behind. Its destructor is user code.
pub(crate) fn dismiss(payload: Box<dyn Any + Send>) {
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(again);
    }
}
