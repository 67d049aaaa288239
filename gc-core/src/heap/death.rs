//! How objects die by count: in the one order of finalizer, weak handles,
//! callbacks, value, memory, and without recursion.
//!
//! A value that is dropped drops its handles, and those may be the last ones in
//! turn. They wait in `Heap::dying` until the drop that began it all comes to
//! them: CPython's trashcan. The first few levels end inside each other, as `Rc`'s do.

use super::callbacks::Callback;
use super::{Heap, KEPT, Space, Store, give_back, release_share};
use crate::gc_box::Object;
use crate::primitive::mutated;
use crate::sharing::{Flags, Head, Released, Sharing};
use crate::trace::Finalizing;
use crate::unraisable::{UserCode, guarded};
use scopeguard::ScopeGuard;
use std::cell::Cell;
use std::ptr::NonNull;
use std::thread;

/// Ends an object whose last handle was dropped.
#[inline]
pub(crate) fn dispose<S: Space>(object: Object<S>) {
    if !object.head().flags().any(Flags::DEAD) {
        // (A handle inside garbage to other garbage is left to the collector, which frees both.)
        // A small closure: a large one would not be inlined into the access of a thread-local.
        S::with_heap(|heap| heap.dispose(object));
    }
}

/// The same for a value of type `T`, which has no destructor. It is a call, so that loops which drop
/// handles that are not the last stay small; and one for each `T`, so that it is compiled
/// where the handle is dropped, from where a thread-local is two instructions away.
#[inline(never)]
#[allow(clippy::extra_unused_type_parameters, reason = "it is what makes one for each type")]
pub(crate) fn dispose_plain<T: ?Sized, S: Space>(object: Object<S>) {
    let head = object.head();
    let flags = head.flags();
    let unseen = flags.without(Flags::ANY_AGE) == Flags::PLAIN && head.is_lonely();
    if unseen && S::with_heap(|heap| heap.store.young_died(flags, object.thin_size())) {
        // SAFETY: the count is zero and the one share is the value's own, so nobody refers to the
        // value or the box.
        unsafe { object.end() };
    } else {
        dispose(object);
    }
}

/// Whether there is neither a finalizer to run nor a weak handle, and no table leads
/// to the object, as it is with most that die.
#[inline]
fn is_unseen<S: Sharing>(object: Object<S>, flags: Flags) -> bool {
    let any = Flags::LEAF.with(Flags::ANY_AGE);
    flags.without(any) == Flags::FINALIZED && object.head().is_lonely()
}

/// Ends an object that [`is_unseen`], whose count is zero and whose death is counted.
#[inline]
fn end_unseen<S: Space>(object: Object<S>) {
    // SAFETY: the count is zero and the one share is the value's own, so nobody
    // refers to the value or the box.
    unsafe { object.end() };
}

/// Whether an object is being dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disposal {
    /// No.
    None,
    /// Yes: others that die meanwhile wait until the caller further up comes to them.
    Running,
    /// Yes, and some are waiting.
    Deferred,
}

/// What becomes of a panic in a destructor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnPanic {
    /// It goes on to whoever dropped the handle, as with `Rc`.
    Raise,
    /// It goes to the unraisable hook.
    Report,
}

impl<S: Space> Heap<S> {
    /// The end of an object whose value was moved out, or never put in: its
    /// identity dies, so weak handles die, callbacks run and what was attached goes, but no finalizer does. It has no
    /// strong handle any more.
    pub(crate) fn end_emptied(&self, object: Object<S>) {
        self.store.forget(object);
        let flags = object.head().flags();
        object.head().set(Flags::DEAD);
        self.died(object, flags);
        // The memory goes back even if a destructor of what is attached panics.
        let _memory = scopeguard::guard(object, |object| release_share(object));
        if flags.any(Flags::WATCHED) {
            self.run_callbacks(object);
            self.drop_attached(object);
        }
    }

    /// So deep objects end inside each other, as `Rc`'s do, before they wait: a
    /// call is cheaper than the work list, as long as the processor remembers
    /// where all of them return to.
    const DEEPEST: u8 = 8;

    /// Ends `object` and all that dies with it, or leaves it to the caller further
    /// up that is doing just that.
    #[inline(never)]
    fn dispose(&self, object: Object<S>) {
        let flags = object.head().flags();
        // A destructor that panics while this thread unwinds would end the process.
        if !is_unseen(object, flags) || thread::panicking() {
            self.dispose_slowly(object);
        } else if self.disposal.get() != Disposal::None {
            self.dispose_nested(object, flags);
        } else if self.store.young_died(flags, object.thin_size()) {
            // `in_disposal`, with nothing that is not needed here.
            self.disposal.set(Disposal::Running);
            let unwinding = scopeguard::guard(self, Self::leave_unwinding);
            end_unseen(object);
            ScopeGuard::into_inner(unwinding);
            self.leave(OnPanic::Raise);
        } else {
            self.dispose_slowly(object);
        }
    }

    /// The same inside another disposal.
    #[inline]
    fn dispose_nested(&self, object: Object<S>, flags: Flags) {
        let depth = self.depth.get();
        let nests = depth < Self::DEEPEST && self.on_panic.get() == OnPanic::Raise;
        if nests && self.store.young_died(flags, object.thin_size()) {
            self.depth.set(depth + 1);
            end_unseen(object);
            self.depth.set(depth);
        } else {
            self.dispose_slowly(object);
        }
    }

    /// The same where more than that is to be thought of.
    #[inline(never)]
    fn dispose_slowly(&self, object: Object<S>) {
        // A dying object is nobody's candidate: a collection must not meet it. (Beside threads it
        // is counted once, when it is dead.)
        if !S::Store::BESIDE {
            self.store.forget(object);
        }
        if self.disposal.get() != Disposal::None {
            let depth = self.depth.get();
            if depth < Self::DEEPEST && !thread::panicking() {
                self.depth.set(depth + 1);
                self.end_object(object, self.on_panic.get());
                self.depth.set(depth);
            } else {
                self.defer(object);
            }
        } else if thread::panicking() {
            self.dispose_reporting(object);
        } else {
            self.in_disposal(OnPanic::Raise, || self.die(object));
        }
    }

    /// Gives back the handle with which a collection held `object` for a while. Nobody is
    /// there to take a panic of the destructor, if it was the last one.
    #[inline]
    pub(crate) fn unpin(&self, object: Object<S>) {
        if object.head().unpin() && !object.head().flags().any(Flags::DEAD) {
            self.dispose_reporting(object);
        }
    }

    /// Drops a handle that a collection has kept, as its owner would have. Nobody is there to take
    /// a panic of the destructor, if it was the last one.
    /// `true` if it was.
    pub(crate) fn drop_handle(&self, object: Object<S>) -> bool {
        if mutated!("last_pin_in_silence") {
            self.unpin(object);
            return false;
        }
        match object.head().release() {
            Released::Alive => false,
            Released::Candidate => {
                self.store.suspect(object);
                false
            }
            Released::Last => {
                self.dispose_reporting(object);
                true
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn dispose_reporting(&self, object: Object<S>) {
        self.in_disposal(OnPanic::Report, || self.end_object(object, OnPanic::Report));
    }

    /// Lets `object` wait. Where there is no memory to remember it by, it is ended
    /// at once, which may go deep.
    #[inline]
    fn defer(&self, object: Object<S>) {
        self.store.arm();
        // While it waits the list is its one holder: weak handles still upgrade, and
        // a collection lets it be.
        object.head().revive();
        let mut dying = self.dying.borrow_mut();
        if dying.len() == dying.capacity() && dying.try_reserve(1).is_err() {
            drop(dying);
            if self.still_dies(object) {
                self.die_seen(object);
            }
        } else {
            dying.push(object);
            self.disposal.set(Disposal::Deferred);
        }
    }

    /// Runs `f`, and then ends what died by it, even if it panics. No other
    /// disposal is going on, see [`suspend_disposal`](Heap::suspend_disposal).
    pub(crate) fn in_disposal(&self, on_panic: OnPanic, f: impl FnOnce()) {
        debug_assert_eq!(self.disposal.get(), Disposal::None);
        self.disposal.set(Disposal::Running);
        self.on_panic.set(on_panic);
        let unwinding = scopeguard::guard(self, Self::leave_unwinding);
        f();
        ScopeGuard::into_inner(unwinding);
        self.leave(on_panic);
        self.on_panic.set(OnPanic::Raise);
    }

    /// The end of a disposal, when what began it is dropped.
    #[inline]
    fn leave(&self, on_panic: OnPanic) {
        // A panic that a destructor has caught has left it higher.
        self.depth.set(0);
        if self.disposal.get() == Disposal::Deferred {
            self.end_deferred(on_panic);
        } else {
            self.disposal.set(Disposal::None);
        }
    }

    #[inline(never)]
    fn end_deferred(&self, on_panic: OnPanic) {
        let unwinding = scopeguard::guard(self, Self::leave_unwinding);
        self.end_dying(on_panic);
        ScopeGuard::into_inner(unwinding);
        self.disposal.set(Disposal::None);
    }

    /// What is left when a destructor has panicked is ended all the same.
    #[cold]
    #[inline(never)]
    fn leave_unwinding(&self) {
        self.end_dying(OnPanic::Report);
        self.depth.set(0);
        self.on_panic.set(OnPanic::Raise);
        self.disposal.set(Disposal::None);
    }

    /// Ends everything that was deferred, depth first.
    #[inline(never)]
    fn end_dying(&self, on_panic: OnPanic) {
        self.on_panic.set(on_panic);
        // The first that was deferred is the first to go.
        self.dying.borrow_mut().reverse();
        while let Some((object, below)) = self.next_dying() {
            // (A panic may have left it higher.)
            self.depth.set(0);
            if self.still_dies(object) {
                self.end_object(object, on_panic);
            }
            if self.dying.borrow().len() > below + 1 {
                self.dying.borrow_mut()[below..].reverse();
            }
        }
        give_back(&mut self.dying.borrow_mut(), if self.store.is_ending() { 0 } else { KEPT });
    }

    /// Gives back the handle that held a dying object for a while. `false` if somebody has got
    /// another one meanwhile, from a weak handle.
    fn still_dies(&self, object: Object<S>) -> bool {
        match object.head().release() {
            Released::Last => true,
            Released::Alive => false,
            Released::Candidate => {
                self.store.suspect(object);
                false
            }
        }
    }

    /// Takes out the object that is to be ended next, and tells how many wait below it.
    #[inline]
    fn next_dying(&self) -> Option<(Object<S>, usize)> {
        let mut dying = self.dying.borrow_mut();
        dying.pop().map(|object| (object, dying.len()))
    }

    /// Ends one object.
    #[inline]
    fn end_object(&self, object: Object<S>, on_panic: OnPanic) {
        match on_panic {
            OnPanic::Raise => self.die(object),
            OnPanic::Report => {
                guarded(UserCode::Drop, object.type_namer(), || self.die(object));
            }
        }
    }

    /// The whole end of one object whose count is zero.
    #[inline]
    fn die(&self, object: Object<S>) {
        let flags = object.head().flags();
        if is_unseen(object, flags) {
            self.die_unseen(object, flags);
        } else {
            self.die_seen(object);
        }
    }

    /// The end of an object that [`is_unseen`].
    #[inline]
    fn die_unseen(&self, object: Object<S>, flags: Flags) {
        self.ends(object, flags);
        end_unseen(object);
    }

    /// The end of an object that has a finalizer or is known to weak handles, a
    /// buffer of candidates, or a snapshot.
    #[inline(never)]
    fn die_seen(&self, object: Object<S>) {
        let head = object.head();
        if !head.flags().any(Flags::FINALIZED) && self.finalize_resurrects(object) {
            return;
        }
        self.store.forget(object);
        let flags = head.flags();
        head.set(Flags::DEAD);
        if flags.any(Flags::WATCHED) {
            self.run_callbacks(object);
        }
        self.died(object, flags);
        // The memory goes back even if the destructor panics.
        let _memory = scopeguard::guard(object, |object| release_share(object));
        // SAFETY: the count is zero and no weak handle upgrades any more, so nobody
        // refers to the value; DEAD keeps it from being dropped again.
        unsafe { self.drop_whole(object) };
    }

    /// Runs the finalizer of an object whose count is zero, which has not been
    /// done. `true` if there are handles to it now.
    #[inline(never)]
    fn finalize_resurrects(&self, object: Object<S>) -> bool {
        // The finalizer sees an object that somebody holds, as any other.
        object.head().revive();
        self.finalize(object);
        !self.still_dies(object)
    }

    /// Runs an object's finalizers and marks that. `true` if there were any.
    pub(crate) fn finalize(&self, object: Object<S>) -> bool {
        object.head().set(Flags::FINALIZED);
        let ran = Cell::new(false);
        let name = object.type_namer();
        let cx = Finalizing::new(object.edge(), name, &ran);
        let finished = guarded(UserCode::Finalize, name, || {
            // SAFETY: the caller sees to it that the object is alive and held for
            // the time being; a unique reference needs a count of one and a handle
            // that the collector cannot reach, and this object's are reachable.
            unsafe { object.finalize(&cx) };
        });
        // The panic hooks are user code as well.
        ran.get() || finished.is_none()
    }

    /// Runs the callbacks of a dead object, newest first.
    pub(crate) fn run_callbacks(&self, object: Object<S>) {
        loop {
            let newest =
                self.store.with_callbacks(|callbacks| callbacks.pop_newest(object.as_erased()));
            let Some(callback) = newest else { return };
            guarded(UserCode::Callback, object.type_namer(), callback);
        }
    }

    /// Enters a callback for when `object` is dead.
    pub(crate) fn watch(&self, object: Object<S>, callback: Callback) -> u64 {
        self.store.arm();
        object.head().set(Flags::WATCHED);
        self.store.with_callbacks(|callbacks| callbacks.add(object.as_erased(), callback))
    }

    /// Takes a callback out that has not run, for the caller to drop.
    pub(crate) fn unwatch(&self, watched: NonNull<()>, id: u64) -> Option<Callback> {
        self.store.with_callbacks(|callbacks| callbacks.remove(watched, id))
    }
}
