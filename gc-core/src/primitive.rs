//! Atomics, locks, statics and thread-locals: std's, or those of a model checker.
//!
//! The only file that names loom or shuttle. With `--cfg loom` the thread-safe half of the crate
//! runs on loom's types, which try every order that memory allows; with `--cfg shuttle` on
//! shuttle's, which try random schedules. The one-thread half uses none of this.

#[cfg(not(any(loom, shuttle)))]
mod backend {
    pub(crate) use std::sync::atomic::{
        AtomicBool, AtomicIsize, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, fence,
    };
    pub(crate) use std::sync::{Condvar, Mutex, MutexGuard};
    pub(crate) use std::thread;
    pub(crate) use std::thread_local as per_thread;

    /// How often to repeat what may be in vain while others are busy.
    pub(crate) const ATTEMPTS: usize = 32;

    /// A static's value that is made when it is first used.
    pub(crate) type Lazy<T> = std::sync::LazyLock<T>;

    /// A lock that is tried more often than waited for.
    #[derive(Debug)]
    pub struct TryMutex<T>(Mutex<T>);

    pub(crate) type TryMutexGuard<'a, T> = MutexGuard<'a, T>;

    impl<T> TryMutex<T> {
        pub(crate) const fn new(value: T) -> Self {
            TryMutex(Mutex::new(value))
        }

        /// The lock, if nobody has it. What a panic has left is as good as anything.
        pub(crate) fn try_lock(&self) -> Option<TryMutexGuard<'_, T>> {
            match self.0.try_lock() {
                Ok(guard) => Some(guard),
                Err(std::sync::TryLockError::Poisoned(error)) => Some(error.into_inner()),
                Err(std::sync::TryLockError::WouldBlock) => None,
            }
        }

        /// The lock, when its turn comes.
        pub(crate) fn lock(&self) -> TryMutexGuard<'_, T> {
            super::lock(&self.0)
        }
    }

    /// A static, behind a function: model checkers make a new one for each run.
    macro_rules! global {
        ($(#[$attr:meta])* $vis:vis fn $name:ident() -> &'static $type:ty { $value:expr }) => {
            $(#[$attr])*
            #[inline]
            $vis fn $name() -> &'static $type {
                static VALUE: $type = $value;
                &VALUE
            }
        };
    }
    pub(crate) use global;

    /// A thread-local whose value is a constant.
    macro_rules! per_thread_const {
        ($(#[$attr:meta])* static $name:ident: $type:ty = $value:expr;) => {
            std::thread_local! { $(#[$attr])* static $name: $type = const { $value }; }
        };
    }
    pub(crate) use per_thread_const;

    /// A constructor: `const` where the atomics' are.
    macro_rules! const_fn {
        ($(#[$attr:meta])* $vis:vis fn $($rest:tt)*) => {
            $(#[$attr])* $vis const fn $($rest)*
        };
    }
    pub(crate) use const_fn;
}

#[cfg(any(loom, shuttle))]
mod backend {
    #[cfg(loom)]
    use loom as checker;
    #[cfg(shuttle)]
    use shuttle as checker;

    pub(crate) use checker::sync::atomic::{
        AtomicBool, AtomicIsize, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, fence,
    };
    pub(crate) use checker::sync::{Condvar, Mutex, MutexGuard};
    pub(crate) use checker::thread;
    pub(crate) use checker::thread_local as per_thread;

    use std::cell::UnsafeCell;
    use std::ops::{Deref, DerefMut};
    use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

    /// Few: a checker tries all that may happen between two of them.
    pub(crate) const ATTEMPTS: usize = 3;

    /// The same interface as std's. [`global!`] itself makes its value when that is first used.
    #[derive(Debug)]
    pub(crate) struct Lazy<T>(T);

    impl<T> Lazy<T> {
        pub(crate) fn new(make: fn() -> T) -> Self {
            Lazy(make())
        }
    }

    impl<T> Deref for Lazy<T> {
        type Target = T;

        fn deref(&self) -> &T {
            &self.0
        }
    }

    /// On an atomic of the checker's, since loom takes a pending `try_lock` of
    /// its own for one that blocks (tokio-rs/loom#376).
    #[derive(Debug)]
    pub struct TryMutex<T> {
        taken: AtomicBool,
        value: UnsafeCell<T>,
    }

    // SAFETY: `taken` gives the value to one thread at a time.
    unsafe impl<T: Send> Sync for TryMutex<T> {}

    #[derive(Debug)]
    pub struct TryMutexGuard<'a, T>(&'a TryMutex<T>);

    impl<T> TryMutex<T> {
        pub(crate) fn new(value: T) -> Self {
            TryMutex { taken: AtomicBool::new(false), value: UnsafeCell::new(value) }
        }

        pub(crate) fn try_lock(&self) -> Option<TryMutexGuard<'_, T>> {
            // Acquire: pairs with the Release in the guard's `drop`.
            let taken = self.taken.compare_exchange(false, true, Acquire, Relaxed);
            taken.is_ok().then(|| TryMutexGuard(self))
        }

        pub(crate) fn lock(&self) -> TryMutexGuard<'_, T> {
            loop {
                if let Some(guard) = self.try_lock() {
                    return guard;
                }
                thread::yield_now();
            }
        }
    }

    impl<T> Deref for TryMutexGuard<'_, T> {
        type Target = T;

        fn deref(&self) -> &T {
            // SAFETY: the guard is the only one there is.
            unsafe { &*self.0.value.get() }
        }
    }

    impl<T> DerefMut for TryMutexGuard<'_, T> {
        fn deref_mut(&mut self) -> &mut T {
            // SAFETY: the guard is the only one there is.
            unsafe { &mut *self.0.value.get() }
        }
    }

    impl<T> Drop for TryMutexGuard<'_, T> {
        fn drop(&mut self) {
            // Release: pairs with the Acquire in `try_lock`.
            self.0.taken.store(false, Release);
        }
    }

    macro_rules! global {
        ($(#[$attr:meta])* $vis:vis fn $name:ident() -> &'static $type:ty { $value:expr }) => {
            $(#[$attr])*
            $vis fn $name() -> &'static $type {
                #[cfg(loom)]
                use loom::lazy_static;
                #[cfg(shuttle)]
                use shuttle::lazy_static;
                lazy_static! { static ref VALUE: $type = $value; }
                &VALUE
            }
        };
    }
    pub(crate) use global;

    macro_rules! per_thread_const {
        ($(#[$attr:meta])* static $name:ident: $type:ty = $value:expr;) => {
            $crate::primitive::per_thread! { $(#[$attr])* static $name: $type = $value; }
        };
    }
    pub(crate) use per_thread_const;

    macro_rules! const_fn {
        ($(#[$attr:meta])* $vis:vis fn $($rest:tt)*) => {
            $(#[$attr])* $vis fn $($rest)*
        };
    }
    pub(crate) use const_fn;
}

pub(crate) use backend::*;
pub(crate) use std::sync::atomic::Ordering;

use std::sync::{PoisonError, TryLockError};
use std::time::Instant;

/// The lock, whatever a panic has left behind in it: our own state is whole at every
/// point where user code can panic.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The lock, if nobody has it, whatever a panic has left behind in it.
pub(crate) fn try_lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    match mutex.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(error)) => Some(error.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// Waits for a notification, or until the deadline. It may also return for no reason, so the
/// caller looks at the clock and at what it waits for.
///
/// Model checkers have no clock: there it waits for the notification.
pub(crate) fn wait_until<'a, T>(
    condvar: &Condvar,
    guard: MutexGuard<'a, T>,
    deadline: Option<Instant>,
) -> MutexGuard<'a, T> {
    match deadline {
        #[cfg(not(any(loom, shuttle)))]
        Some(deadline) => {
            let left = deadline.saturating_duration_since(Instant::now());
            let woken = condvar.wait_timeout(guard, left);
            woken.unwrap_or_else(PoisonError::into_inner).0
        }
        _ => condvar.wait(guard).unwrap_or_else(PoisonError::into_inner),
    }
}

/// Whether the code is to be wrong in the way that has this name, for a model to find: see
/// `.ci/mutations`. Models ask when they run (`GC_MUTATION`), since to build each takes longer.
#[cfg(not(all(test, loom)))]
macro_rules! mutated {
    ($name:literal) => {
        cfg!(gc_mutation = $name)
    };
}

#[cfg(all(test, loom))]
macro_rules! mutated {
    ($name:literal) => {
        $crate::primitive::is_mutated($name)
    };
}
pub(crate) use mutated;

/// The ordering that is given; `Relaxed` in the mutation of that name.
macro_rules! order {
    ($order:ident unless $mutation:literal) => {
        if $crate::primitive::mutated!($mutation) {
            $crate::primitive::Ordering::Relaxed
        } else {
            $order
        }
    };
}
pub(crate) use order;

#[cfg(all(test, loom))]
pub(crate) fn is_mutated(name: &str) -> bool {
    static NAME: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    NAME.get_or_init(|| std::env::var("GC_MUTATION").ok()).as_deref() == Some(name)
}

/// Runs `f`, which is no part of what models are about (figures, epochs, memory that is
/// kept): loom does not try what others may do meanwhile.
#[cfg(not(all(test, loom)))]
#[inline]
pub(crate) fn aside<R>(f: impl FnOnce() -> R) -> R {
    f()
}

/// Runs the part of a collection that comes before verification.
#[cfg(not(all(test, loom)))]
#[inline]
pub(crate) fn survey<R>(f: impl FnOnce() -> R) -> R {
    f()
}

/// Runs what is left of that when small garbage was looked for.
#[cfg(not(all(test, loom)))]
#[inline]
pub(crate) fn survey_rest<R>(f: impl FnOnce() -> R) -> R {
    f()
}

/// Whether a collection looks for small garbage first.
#[cfg(not(all(test, any(loom, shuttle))))]
#[inline]
pub(crate) fn small() -> bool {
    true
}

/// From here on no other orders are tried.
#[cfg(all(test, loom))]
pub(crate) use loom::skip_branch as skip_rest;

#[cfg(all(test, loom))]
pub(crate) use {aside::aside, guess::small, guess::survey, guess::survey_rest};

#[cfg(all(test, loom))]
mod aside {
    use std::cell::Cell;

    std::thread_local! {
        /// How many calls are going on, in all threads of the model: loom runs them on one of std's.
        static CALLS: Cell<u32> = const { Cell::new(0) };
    }

    /// Also when it is left by a panic.
    struct Aside;

    impl Aside {
        fn begin() -> Self {
            if CALLS.replace(CALLS.get() + 1) == 0 {
                loom::stop_exploring();
            }
            Aside
        }
    }

    impl Drop for Aside {
        fn drop(&mut self) {
            CALLS.set(CALLS.get() - 1);
            if CALLS.get() == 0 {
                loom::explore();
            }
        }
    }

    pub(crate) fn aside<R>(f: impl FnOnce() -> R) -> R {
        let _aside = Aside::begin();
        f()
    }
}

#[cfg(all(test, shuttle))]
pub(crate) use guess::small;

/// What a program is run with under shuttle.
#[cfg(all(test, shuttle))]
pub(crate) mod guess {
    use std::cell::Cell;

    std::thread_local! {
        /// Small garbage is looked for first.
        pub(crate) static SMALL: Cell<bool> = const { Cell::new(true) };
    }

    pub(crate) fn small() -> bool {
        SMALL.get()
    }
}

/// What a model has the collector take for granted, so that fewer steps lead to what it is about.
#[cfg(all(test, loom))]
pub(crate) mod guess {
    use std::cell::Cell;

    std::thread_local! {
        /// What leads to verification is one step, and suspects everything that it has met.
        /// Verification is to be right whatever it is given.
        pub(crate) static ALL: Cell<bool> = const { Cell::new(false) };
        /// All suspects are verified as one group, as before finalizers.
        pub(crate) static TOGETHER: Cell<bool> = const { Cell::new(false) };
        /// Small garbage is looked for first.
        pub(crate) static SMALL: Cell<bool> = const { Cell::new(false) };
    }

    pub(crate) fn small() -> bool {
        SMALL.get()
    }

    pub(crate) fn survey<R>(f: impl FnOnce() -> R) -> R {
        if ALL.get() && !SMALL.get() { super::aside(f) } else { f() }
    }

    pub(crate) fn survey_rest<R>(f: impl FnOnce() -> R) -> R {
        if ALL.get() { super::aside(f) } else { f() }
    }
}

/// Memory of which loom says when it is used in an order that nobody has made sure of.
#[cfg(all(test, loom))]
pub(crate) use loom::cell::UnsafeCell as Tracked;

/// Runs a model in every order with at most `preemptions` preemptions (`LOOM_MAX_PREEMPTIONS`
/// overrides it).
#[cfg(all(test, loom))]
pub(crate) fn model(preemptions: usize, f: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(Some(preemptions));
    builder.max_branches = builder.max_branches.max(5_000);
    builder.check(f);
}

/// Runs a model in some random orders.
#[cfg(all(test, shuttle))]
pub(crate) fn model(_preemptions: usize, f: impl Fn() + Send + Sync + 'static) {
    shuttle::check_random(f, 2000);
}

/// Runs a program in `iterations` orders: random ones, or those with so many `preemptions`.
#[cfg(all(test, shuttle))]
pub(crate) fn schedules(
    seed: u64,
    preemptions: Option<usize>,
    iterations: usize,
    f: impl Fn() + Send + Sync + 'static,
) {
    use shuttle::scheduler::{PctScheduler, RandomScheduler};
    let mut config = shuttle::Config::new();
    // Deaths end inside each other, and checks of all objects are no small functions.
    config.stack_size = 1 << 18;
    config.silence_warnings = true;
    match preemptions {
        None => {
            let scheduler = RandomScheduler::new_from_seed(seed, iterations);
            shuttle::Runner::new(scheduler, config).run(f);
        }
        Some(depth) => {
            let scheduler = PctScheduler::new_from_seed(seed, depth, iterations);
            shuttle::Runner::new(scheduler, config).run(f);
        }
    }
}
