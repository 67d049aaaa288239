//! One walk over the parts of a std type, for the collector, for finalizers and for sizes.

use super::{Depth, Finalizing, Trace, Tracer};
use crate::sharing::Kind;
use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;

/// The guard of a lock or of a borrow.
///
/// # Safety
///
/// It leads to the same place wherever it is moved to. Until it is dropped nobody drops or moves what
/// is there, or the handles in it, or the lock. Dropping it does not panic and runs no user code,
/// but where it says so the wakers of tasks.
pub(super) unsafe trait Guard: Deref {
    /// Dropping it may wake a task, for which user code may run. It is taken only where
    /// [`Visit::bears_wakers`].
    const WAKES: bool = false;
    /// The thread that has it may change what is there, for which it has shared references.
    const YIELDS: bool = false;
}

/// What a type's parts are handed to, one after another.
pub(super) trait Visit {
    /// Whether no value of type `T` has anything for this visitor.
    fn passes_over<T: Trace>() -> bool;

    /// Hands over one part.
    fn one<T: Trace + ?Sized>(&mut self, part: &T);

    /// Hands over parts of one type; does not look for them where none has anything to show.
    #[inline]
    fn all<'p, T: Trace + 'p>(&mut self, parts: impl IntoIterator<Item = &'p T>) {
        if !Self::passes_over::<T>() {
            for part in parts {
                self.one(part);
            }
        }
    }

    /// Hands over the entries of a map, each key before its value.
    #[inline]
    fn entries<'p, K, V>(&mut self, entries: impl IntoIterator<Item = (&'p K, &'p V)>)
    where
        K: Trace + 'p,
        V: Trace + 'p,
    {
        if !(Self::passes_over::<K>() && Self::passes_over::<V>()) {
            for (key, value) in entries {
                self.one(key);
                self.one(value);
            }
        }
    }

    /// Hands over what is behind a lock, which is a part like any other; no user code finds the
    /// lock poisoned by what happens meanwhile.
    #[inline]
    fn under<G: Guard<Target: Trace>>(&mut self, guard: G) {
        self.walk_under(guard, |value, visit| visit.one(value));
    }

    /// The same for what is no part itself, but has parts.
    fn walk_under<G: Guard>(&mut self, guard: G, walk: impl FnOnce(&G::Target, &mut Self));

    /// The same for a borrow, which only this thread could see.
    fn borrowed<G: Guard<Target: Trace>>(&mut self, guard: G);

    /// Hands over what is in a cell, unless it is mutably borrowed.
    #[inline]
    fn cell<T: Trace>(&mut self, cell: &RefCell<T>)
    where
        Self: Sized,
    {
        borrow(cell, self);
    }

    /// Whether a waker may run when a guard is dropped. If not, what is behind it is not shown.
    fn bears_wakers(&mut self) -> bool;

    /// Notes that a lock could not be had.
    fn busy(&mut self);
}

/// Hands `visit` what is in a cell under a borrow.
#[inline]
fn borrow<T: Trace>(cell: &RefCell<T>, visit: &mut impl Visit) {
    match cell.try_borrow() {
        Ok(guard) => visit.borrowed(guard),
        Err(_) => visit.busy(),
    }
}

/// Walks what is behind a guard, and drops that. A panic would poison a lock for the user, so it
/// is caught before, for the caller to let it go on.
#[inline]
pub(super) fn walk_and_release<G: Guard>(
    guard: G,
    walk: impl FnOnce(&G::Target),
) -> thread::Result<()> {
    let outcome = catch_unwind(AssertUnwindSafe(|| walk(&*guard)));
    drop(guard);
    outcome
}

/// Whether a lock need not be taken, because its value has nothing for this visitor.
pub(super) fn passes_over<T: Trace, V: Visit>(_: &V) -> bool {
    V::passes_over::<T>()
}

impl Visit for Tracer<'_> {
    #[inline]
    fn passes_over<T: Trace>() -> bool {
        T::is_leaf(Depth::START)
    }

    #[inline]
    fn one<T: Trace + ?Sized>(&mut self, part: &T) {
        part.trace(self);
    }

    #[inline]
    fn walk_under<G: Guard>(&mut self, guard: G, walk: impl FnOnce(&G::Target, &mut Self)) {
        debug_assert!(!G::WAKES || self.bears_wakers());
        if G::YIELDS {
            self.loosen();
        }
        let value: *const G::Target = &*guard;
        // SAFETY: a walk hands over parts of the value only, and `Guard` promises the rest. Wakers
        // run only where user code does no harm.
        if unsafe { self.hold(guard) } {
            // SAFETY: the guard is held, so the value stays where it is; only who has made the tracer
            // can release it, after the walk.
            walk(unsafe { &*value }, self);
        }
    }

    /// Not on one thread: what was seen before must not change while more is looked at.
    /// Beside running threads a waker can do no more than they do; but where locks of other objects are
    /// held as well it might wait for one of these.
    #[inline]
    fn bears_wakers(&mut self) -> bool {
        if self.holds_many() {
            Tracer::busy(self);
            return false;
        }
        self.kind() == Kind::Shared
    }

    /// Locks within are exclusively ours while the cell is, so their guards are kept only because
    /// they are there; but then the cell must stay as it is too.
    #[inline]
    fn borrowed<G: Guard<Target: Trace>>(&mut self, guard: G) {
        let before = self.held();
        let walk = Borrowed { tracer: self, guard: ManuallyDrop::new(guard), before };
        walk.tracer.one(&**walk.guard);
    }

    #[inline]
    fn cell<T: Trace>(&mut self, cell: &RefCell<T>) {
        if !T::only_shows(Depth::START) {
            return borrow(cell, self);
        }
        // SAFETY: nobody borrows the cell while the reference lives, as that kind of trace runs no
        // code that could.
        match unsafe { cell.try_borrow_unguarded() } {
            Ok(value) => self.one(value),
            Err(_) => self.busy(),
        }
    }

    #[inline]
    fn busy(&mut self) {
        Tracer::busy(self);
    }
}

/// A borrow under which a walk goes on. At its end, after a panic too, it is dropped, or kept with
/// the guards that were taken under it. (Not by scopeguard, which moves what it has to drop it.)
struct Borrowed<'a, 't, G: Guard> {
    tracer: &'a mut Tracer<'t>,
    guard: ManuallyDrop<G>,
    /// How many guards there were before.
    before: usize,
}

impl<G: Guard> Drop for Borrowed<'_, '_, G> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: it is taken here only.
        let guard = unsafe { ManuallyDrop::take(&mut self.guard) };
        if self.tracer.held() > self.before {
            self.tracer.keep_borrow(guard, self.before);
        }
    }
}

impl Tracer<'_> {
    /// Keeps the guard of a borrow under which guards other than the first `before` were taken.
    #[cold]
    fn keep_borrow<G: Guard>(&mut self, guard: G, before: usize) {
        // SAFETY: a walk hands over parts of the value only, and `Guard` promises the rest.
        if !unsafe { self.hold(guard) } {
            self.release_after(before);
        }
    }
}

impl Visit for &Finalizing<'_> {
    #[inline]
    fn passes_over<T: Trace>() -> bool {
        !T::may_finalize(Depth::START)
    }

    #[inline]
    fn one<T: Trace + ?Sized>(&mut self, part: &T) {
        part.finalize_within(self);
    }

    #[inline]
    fn walk_under<G: Guard>(&mut self, guard: G, walk: impl FnOnce(&G::Target, &mut Self)) {
        let outcome = walk_and_release(guard, |value| walk(value, self));
        if G::WAKES {
            self.note_user_code();
        }
        outcome.unwrap_or_else(|payload| resume_unwind(payload));
    }

    #[inline]
    fn bears_wakers(&mut self) -> bool {
        true
    }

    #[inline]
    fn borrowed<G: Guard<Target: Trace>>(&mut self, guard: G) {
        self.one(&*guard);
    }

    #[inline]
    fn busy(&mut self) {}
}

/// Implements [`Trace`] for types that never show a handle:
/// `{parameters} Type, ...`, without the braces where there are none. What a type owns outside of
/// itself is told after it: `Type => |this, sizer| call`.
macro_rules! leaf {
    ($(
        $(#[$attr:meta])* $({$($param:tt)*})? $type:ty
            $(=> |$this:ident, $sizer:ident| $measure:expr)?
    ),+ $(,)?) => {$(
        $(#[$attr])*
        // SAFETY: nothing is shown (obligation 1), touched (2) or looked into (5), so this is a
        // leaf (3). A handle that is not shown counts as a reference from outside, so no
        // destructor finds what it points to gone (4).
        unsafe impl $(<$($param)*>)? $crate::Trace for $type {
            #[inline]
            fn trace(&self, _: &mut $crate::Tracer<'_>) {}

            #[inline]
            fn is_leaf(_: $crate::Depth) -> bool {
                true
            }

            #[inline]
            fn only_shows(_: $crate::Depth) -> bool {
                true
            }

            fn debug_within(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Option<::std::fmt::Result> {
                #[allow(unused_imports, reason = "whether it is needed depends on the type")]
                use $crate::__private::LacksDebug as _;
                $crate::__private::DebugProbe(self).__gc_debug(f)
            }
            $(fn measure(&self, $sizer: &mut $crate::Sizer<'_>) {
                let $this = self;
                $measure;
            })?
        }
    )+};
}
pub(super) use leaf;

/// Implements [`Trace`] for types that own values of other types:
/// `{parameters} Type => [types of the parts], |this, visit| walk;`, and for those with memory of their
/// own, in which the parts stand: `..., |this, visit| walk, owns bytes;`. With `shows T` at the end the
/// walk is known to do no more than go through memory to values of type `T`.
///
/// The walk is bound by the obligations of [`Trace`]: it hands `visit` only
/// what `this` owns by value, each part once, and looks behind a lock or a
/// borrow flag only by handing on its guard. The type's destructor may run the
/// destructors of its parts and none of their other code.
macro_rules! owner {
    ($(
        $(#[$attr:meta])*
        {$($param:tt)*} $type:ty => [$($part:ty),+], |$this:ident, $visit:ident| $walk:expr
            $(, owns $own:expr)? $(, shows $shows:ty)?;
    )+) => {$(
        $(#[$attr])*
        // SAFETY: as this macro asks, the walk shows each part that is owned once (obligation 1),
        // under its lock if it has one (5), through shared references only (2), and the
        // destructor is that of the parts (4). Without a part that shows an edge there is none (3).
        unsafe impl<$($param)*> $crate::Trace for $type {
            #[inline]
            fn trace(&self, tracer: &mut $crate::Tracer<'_>) {
                let ($this, $visit) = (self, tracer);
                $walk;
            }

            #[inline]
            fn is_leaf(depth: $crate::Depth) -> bool {
                $(<$part as $crate::Trace>::is_leaf(depth))&&+
            }

            $(#[inline]
            fn only_shows(depth: $crate::Depth) -> bool {
                <$shows as $crate::Trace>::only_shows(depth)
            })?

            #[inline]
            fn may_finalize(depth: $crate::Depth) -> bool {
                $(<$part as $crate::Trace>::may_finalize(depth))||+
            }

            #[inline]
            fn finalize_within(&self, mut cx: &$crate::Finalizing<'_>) {
                let ($this, $visit) = (self, &mut cx);
                $walk;
            }

            fn debug_within(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Option<::std::fmt::Result> {
                let mut shown = $crate::trace::shown::Shown::new::<Self>(f);
                let ($this, $visit) = (self, &mut shown);
                $walk;
                Some(shown.finish())
            }

            fn measure(&self, sizer: &mut $crate::Sizer<'_>) {
                if ::std::mem::needs_drop::<Self>() {
                    let ($this, $visit) = (self, sizer);
                    $($visit.add($own);)?
                    $walk;
                }
            }
        }
    )+};
}
pub(super) use owner;
