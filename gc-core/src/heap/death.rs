//! How objects die by count: in the one order of finalizer, weak handles,
//! callbacks, value, memory, and without recursion.
//!
//! A value that is dropped drops its handles, and those may be the last ones in
//! turn. They wait in `Heap::dying` until the drop that began it all comes to
//! them: CPython's trashcan, without its depth counter. What the value of an
//! object holds is dropped right after it and in the order of its fields, as
//! drop glue would have it.

use super::callbacks::Callback;
use super::{Heap, Space};
use crate::gc_box::Object;
use crate::sharing::{Flags, Head, Released, Sharing};
use crate::trace::Finalizing;
use crate::unraisable::{UserCode, guarded};
use std::cell::Cell;
use std::ptr::NonNull;
use std::thread;

/// Ends an object whose last handle was dropped.
#[inline]
pub(crate) fn dispose<S: Space>(object: Object<S>) {
    let flags = object.head().flags();
    if flags.any(Flags::DEAD) {
        // A handle inside garbage to other garbage: the collector frees both.
        return;
    }
    let plain = flags.all(Flags::LEAF.with(Flags::FINALIZED))
        && !flags.any(Flags::WATCHED)
        && !object.needs_drop();
    S::with_heap(|heap| if plain { heap.end_plain(object, flags) } else { heap.dispose(object) });
}

/// What becomes of a panic in a destructor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnPanic {
    /// It goes on to whoever dropped the handle, as with `Rc`.
    Raise,
    /// It goes to the unraisable hook.
    Report,
}

impl<S: Sharing> Heap<S> {
    /// The death of an object that nobody is told of.
    #[inline]
    fn end_plain(&self, object: Object<S>, flags: Flags) {
        object.head().set(Flags::DEAD);
        self.died(flags);
        self.give_back_value_share(object);
    }

    /// Gives back the share that a value holds in its box.
    #[inline]
    pub(crate) fn give_back_value_share(&self, object: Object<S>) {
        if self.release_share(object) {
            // SAFETY: the value is dropped, and this was the last share.
            unsafe { object.free() };
        }
    }
}

impl<S: Space> Heap<S> {
    /// The end of an object whose value was moved out, or never put in: its
    /// identity dies, so weak handles die and callbacks run, but no finalizer does.
    pub(crate) fn end_emptied(&self, object: Object<S>) {
        self.forget(object);
        let flags = object.head().flags();
        object.head().set_strong(0);
        object.head().set(Flags::DEAD);
        self.died(flags);
        if flags.any(Flags::WATCHED) {
            self.run_callbacks(object);
        }
        self.give_back_value_share(object);
    }

    /// Ends `object` and all that dies with it, or leaves it to the caller further
    /// up that is doing just that.
    fn dispose(&self, object: Object<S>) {
        if self.disposing.get() && self.defer(object) {
            return;
        }
        // A destructor that panics while this thread unwinds would end the process.
        let on_panic = if thread::panicking() { OnPanic::Report } else { OnPanic::Raise };
        self.in_disposal(on_panic, || self.end_object(object, on_panic));
    }

    /// Gives back the handle with which a collection held `object` for a while. Nobody is
    /// there to take a panic of the destructor, if it was the last one.
    pub(crate) fn unpin(&self, object: Object<S>) {
        if object.head().unpin() && !object.head().flags().any(Flags::DEAD) {
            self.in_disposal(OnPanic::Report, || self.end_object(object, OnPanic::Report));
        }
    }

    /// Lets `object` wait. `false` if there is no memory to remember it by; it is
    /// then ended at once, which may go deep.
    fn defer(&self, object: Object<S>) -> bool {
        // A dying object is nobody's candidate: a collection must not meet it.
        self.forget(object);
        let mut dying = self.dying.borrow_mut();
        let room = dying.try_reserve(1).is_ok();
        if room {
            dying.push(object);
        }
        room
    }

    /// Runs `f`, and then ends what died by it, even if it panics.
    pub(crate) fn in_disposal(&self, on_panic: OnPanic, f: impl FnOnce()) {
        let outer = self.disposing.replace(true);
        let base = self.dying.borrow().len();
        // What is left when a destructor has panicked is ended all the same.
        let _rest = scopeguard::guard(self, |heap| {
            heap.end_dying(base, OnPanic::Report);
            heap.disposing.set(outer);
        });
        f();
        // The first that was deferred is the first to go.
        self.dying.borrow_mut()[base..].reverse();
        self.end_dying(base, on_panic);
    }

    /// Ends everything that was deferred above `base`, depth first.
    fn end_dying(&self, base: usize, on_panic: OnPanic) {
        loop {
            let object = {
                let mut dying = self.dying.borrow_mut();
                if dying.len() <= base {
                    return;
                }
                dying.pop()
            };
            let Some(object) = object else { return };
            let mark = self.dying.borrow().len();
            self.end_object(object, on_panic);
            let mut dying = self.dying.borrow_mut();
            if dying.len() > mark + 1 {
                dying[mark..].reverse();
            }
        }
    }

    /// Ends one object.
    fn end_object(&self, object: Object<S>, on_panic: OnPanic) {
        match on_panic {
            OnPanic::Raise => self.die(object),
            OnPanic::Report => {
                guarded(UserCode::Drop, object.type_namer(), || self.die(object));
            }
        }
    }

    /// The whole end of one object whose count is zero.
    fn die(&self, object: Object<S>) {
        if self.finalize_resurrects(object) {
            return;
        }
        self.forget(object);
        let flags = object.head().flags();
        object.head().set(Flags::DEAD);
        if flags.any(Flags::WATCHED) {
            self.run_callbacks(object);
        }
        self.died(flags);
        // The memory goes back even if the destructor panics.
        let _memory = scopeguard::guard(object, |object| self.give_back_value_share(object));
        // SAFETY: the count is zero and no weak handle upgrades any more, so nobody
        // refers to the value; DEAD keeps it from being dropped again.
        unsafe { object.drop_value() };
    }

    /// Runs the finalizer of an object whose count is zero, if that has not been
    /// done. `true` if there are handles to it now.
    fn finalize_resurrects(&self, object: Object<S>) -> bool {
        if object.head().flags().any(Flags::FINALIZED) {
            return false;
        }
        // The finalizer sees an object that somebody holds, as any other.
        object.head().set_strong(1);
        self.finalize(object);
        match object.head().release() {
            Released::Last => false,
            Released::Alive => true,
            Released::Candidate => {
                self.suspect(object);
                true
            }
        }
    }

    /// Runs an object's finalizers and marks that. `true` if there were any.
    pub(crate) fn finalize(&self, object: Object<S>) -> bool {
        object.head().set(Flags::FINALIZED);
        let ran = Cell::new(false);
        let name = object.type_namer();
        let cx = Finalizing::new(object.edge(), object.type_id(), name, &ran);
        guarded(UserCode::Finalize, name, || {
            // SAFETY: the caller sees to it that the object is alive and held for
            // the time being; a unique reference needs a count of one and a handle
            // that the collector cannot reach, and this object's are reachable.
            unsafe { object.finalize(&cx) };
        });
        ran.get()
    }

    /// Runs the callbacks of a dead object, newest first.
    pub(crate) fn run_callbacks(&self, object: Object<S>) {
        object.head().clear(Flags::WATCHED);
        loop {
            let newest = self.callbacks.borrow_mut().pop_newest(object.as_erased());
            let Some(callback) = newest else { return };
            guarded(UserCode::Callback, object.type_namer(), callback);
        }
    }

    /// Enters a callback for when `object` is dead.
    pub(crate) fn watch(&self, object: Object<S>, callback: Callback) -> u64 {
        object.head().set(Flags::WATCHED);
        self.callbacks.borrow_mut().add(object.as_erased(), callback)
    }

    /// Takes a callback out that has not run, for the caller to drop.
    pub(crate) fn unwatch(&self, watched: NonNull<()>, id: u64) -> Option<Callback> {
        self.callbacks.borrow_mut().remove(watched, id)
    }
}
