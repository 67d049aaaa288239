//! The core of both slots: a pointer to a box, or none, that owns one count.
//!
//! # Loads
//!
//! A load pins the epoch, reads the pointer and counts up. Whoever changes the pointer takes over the
//! count of the handle that left, and [retires](heap::retire) it: it is given back only when all
//! have unpinned who were pinned then. So a load finds a count that is not zero. A change itself
//! reads nothing behind the pointer but what it owns a count of, and need not pin.
//!
//! # The collector's look
//!
//! Design section 6 verifies with the locks of a group held, so that there is an instant s, after
//! the first pass over the counts and before the locks are released, at which every
//! handle that was recorded stands where it was seen. Nobody is to wait for this slot, so the
//! collector does not hold it, but finds out afterwards whether it could have: it sets a tag in the
//! pointer when it looks and takes it off when it would release a lock. All changes
//! of the slot are read-modify-writes; each but the collector's writes a pointer without a tag; and
//! only the collector, which is one at a time, sets any. So if the tag is still there then:
//!
//! 1. *Nothing changed between.* No change stands between the setting of the tag and its end in the
//!    slot's modification order, whatever pointers came and went. The count that was
//!    seen is still the slot's, as it would be behind a lock.
//! 2. *Its birth is counted* in the first pass: the tag was set by an Acquire that reads the
//!    Release with which the handle was put in, after it was counted.
//! 3. *Its death is not.* It dies after a later change has taken it out. That change is an
//!    Acquire which reads the tag's end, a Release (or what follows that in a release sequence),
//!    and the first pass comes before that end in the collector's program. So its decrement comes after
//!    the first pass in the order of the count's word.
//!
//! That is I1 and what I2 needs of it. If the tag is gone, the object that owns the slot leaves the
//! group with all that it was seen to reach, as if its lock could not be had.
//!
//! A *loader that has read the pointer and not counted up yet* has a borrow that began at the
//! slot's handle. While the handle is in the slot that borrow goes through the slot, so the loader
//! has a handle to what owns the slot, and I3 speaks of that one. If the handle has left the slot it
//! is retired, recorded nowhere, and alive until the loader unpins; so the count does not match and
//! the object leaves the group. When the retired count is given back, what the loader added
//! is there: the loader counts up, unpins (Release), the epochs go on (Acquire), a batch is ripe
//! (Release, Acquire), the count is given back (Release), and the first pass reads
//! that (Acquire). So in the proof a load is a borrow of a handle that lasts until it unpins.
//!
//! Whoever else traces the slot ([`AnyGc::referents`](crate::inspect::AnyGc::referents)) sets no
//! tag: after a change the collector would take it for its own.
//!
//! Discovery needs the target to be there until it is pinned by a count, and verification reads
//! the head of the target after the look; so the look has an epoch guard, which pins
//! before the pointer is read and unpins when the tag is taken off. What is deferred runs in `pin`,
//! also here, under the collector flag; it only sets flags, see `heap::retired`.

use crate::gc_box::GcBox;
use crate::handle::Gc;
use crate::heap;
use crate::primitive::Ordering::{self, AcqRel, Acquire, Relaxed, Release};
use crate::primitive::{AtomicPtr, const_fn, mutated, order};
use crate::sharing::{Shared, Sharing};
use crate::trace::Tracer;
use crossbeam_epoch::Guard;
use std::marker::PhantomData;
use std::mem::{self, ManuallyDrop};
use std::ptr::{self, NonNull};

/// The collector is looking. Boxes are aligned to 16.
const TAG: usize = 1;

type Whole<T> = *mut GcBox<T, Shared>;

fn is_tagged<T>(word: Whole<T>) -> bool {
    word.addr() & TAG != 0
}

fn without_tag<T>(word: Whole<T>) -> Whole<T> {
    word.map_addr(|addr| addr & !TAG)
}

/// The pointer that stands for a handle.
fn raw<T>(handle: Option<&Gc<T, Shared>>) -> Whole<T> {
    handle.map_or(ptr::null_mut(), |handle| Gc::ptr(handle).as_ptr())
}

/// What a change is: it publishes what is put in, to the Acquire of who loads it; and Acquire, for
/// what was taken out, and for the collector's look (3 above).
fn change() -> Ordering {
    order!(AcqRel unless "atomic_store_relaxed")
}

/// A handle or none, for any thread to read and replace.
///
/// # Invariants
///
/// 1. What `word` points to without its tag, if not null, is a box, and one of its counts is the slot's.
/// 2. A handle leaves by `retire`, or by way of a unique reference to the slot, which no load and no
///    look can be borrowing.
pub(super) struct Slot<T> {
    word: AtomicPtr<GcBox<T, Shared>>,
    /// It is `Send` and `Sync` as the handle is.
    owned: PhantomData<Gc<T, Shared>>,
}

impl<T> Slot<T> {
    const_fn! {
        pub(super) fn none() -> Self {
            Slot { word: AtomicPtr::new(ptr::null_mut()), owned: PhantomData }
        }
    }

    pub(super) fn new(handle: Option<Gc<T, Shared>>) -> Self {
        let word = AtomicPtr::new(raw(handle.as_ref()));
        mem::forget(handle);
        Slot { word, owned: PhantomData }
    }

    pub(super) fn load(&self) -> Option<Gc<T, Shared>> {
        let _pinned = (!mutated!("atomic_load_unpinned")).then(heap::pin);
        let acquire = order!(Acquire unless "atomic_load_relaxed");
        // Acquire: pairs with the Release in a change (or of who published the slot).
        let whole = NonNull::new(without_tag(self.word.load(acquire)))?;
        // It was in the slot after the pin, so its count there is not given back yet.
        Some(Gc::clone(&ManuallyDrop::new(Gc::from_ptr(whole))))
    }

    /// A handle that has left the slot: its count is retired, and there is one for the caller.
    fn taken_out(old: Whole<T>) -> Option<Gc<T, Shared>> {
        let old = ManuallyDrop::new(Gc::from_ptr(NonNull::new(old)?));
        if mutated!("atomic_swap_gives_count") {
            return Some(ManuallyDrop::into_inner(old));
        }
        let handle = Gc::clone(&old);
        heap::retire(Gc::object(&old));
        Some(handle)
    }

    pub(super) fn store(&self, new: Option<Gc<T, Shared>>) {
        let old = self.exchange(new);
        if let Some(old) = NonNull::new(old) {
            heap::retire(Gc::object(&ManuallyDrop::new(Gc::from_ptr(old))));
        }
    }

    pub(super) fn swap(&self, new: Option<Gc<T, Shared>>) -> Option<Gc<T, Shared>> {
        Slot::taken_out(self.exchange(new))
    }

    /// Puts another handle in; the count of the one that was there is the caller's.
    fn exchange(&self, new: Option<Gc<T, Shared>>) -> Whole<T> {
        let old = if mutated!("atomic_store_by_parts") {
            let old = self.word.load(Acquire);
            self.word.store(raw(new.as_ref()), Release);
            old
        } else {
            self.word.swap(raw(new.as_ref()), change())
        };
        mem::forget(new);
        without_tag(old)
    }

    /// Puts `new` in if `current` is in there. If not, what is there and `new` come back.
    #[allow(clippy::type_complexity, reason = "both slots make their own of it")]
    pub(super) fn compare_exchange(
        &self,
        current: Option<&Gc<T, Shared>>,
        new: Option<Gc<T, Shared>>,
    ) -> Result<Option<Gc<T, Shared>>, (Option<Gc<T, Shared>>, Option<Gc<T, Shared>>)> {
        let expected = raw(current);
        loop {
            if self.try_exchange(expected, raw(new.as_ref())) {
                mem::forget(new);
                return Ok(Slot::taken_out(expected));
            }
            let now = self.load();
            // (If it is back, somebody else has changed the slot, so all together go on.)
            if raw(now.as_ref()) != expected {
                return Err((now, new));
            }
        }
    }

    /// The caller has a handle to what is expected, so its address means nothing else.
    fn try_exchange(&self, expected: Whole<T>, new: Whole<T>) -> bool {
        let mut word = self.word.load(Relaxed);
        if mutated!("atomic_cas_heeds_tag") {
            return self.word.compare_exchange(expected, new, change(), Relaxed).is_ok();
        }
        while without_tag(word) == expected {
            if mutated!("atomic_cas_by_parts") {
                self.word.store(new, Release);
                return true;
            }
            // Relaxed on failure: the pointer is compared and not followed.
            match self.word.compare_exchange_weak(word, new, change(), Relaxed) {
                Ok(_) => return true,
                Err(now) => word = now,
            }
        }
        false
    }

    /// The same as `swap` for who has the slot to himself: the count itself changes hands.
    pub(super) fn replace(&mut self, new: Option<Gc<T, Shared>>) -> Option<Gc<T, Shared>> {
        // Relaxed: whoever has handed the slot over has seen to the rest.
        let old = self.word.load(Relaxed);
        self.word.store(raw(new.as_ref()), Relaxed);
        mem::forget(new);
        NonNull::new(without_tag(old)).map(Gc::from_ptr)
    }

    /// Shows the handle, and lets the collector know later whether it has stayed.
    pub(super) fn trace(&self, tracer: &mut Tracer<'_>) {
        if tracer.kind() != Shared::KIND {
            return;
        }
        if !tracer.collects() && !mutated!("atomic_anybody_tags") {
            return self.trace_beside(tracer);
        }
        // Before the pointer is read: what it leads to is there for as long.
        let epoch = (!mutated!("atomic_hold_unpinned")).then(heap::pin);
        let Ok(tag) = Tag::set(&self.word) else { return tracer.busy() };
        let Some((tag, whole)) = tag else { return };
        let target = Gc::object(&ManuallyDrop::new(Gc::from_ptr(whole))).as_erased();
        // SAFETY: the slot is part of the value that is traced. What changes it clears the tag,
        // and `Look::end` tells of that. It runs no user code: unpinning runs at most what is
        // deferred, which is to set flags and to free records of threads.
        if unsafe { tracer.hold_checked(Look { tag, epoch }, Look::end) } {
            tracer.handle(Shared::KIND, target);
        }
    }

    /// The same for whoever is not the collector, and sets no tag: it is a load whose count is
    /// taken before the guard is released, by whoever is shown the handle.
    fn trace_beside(&self, tracer: &mut Tracer<'_>) {
        // Before the pointer is read, as in a load.
        let epoch = heap::pin();
        // Acquire: pairs with the Release in a change (or of who published the slot).
        let Some(whole) = NonNull::new(without_tag(self.word.load(Acquire))) else { return };
        let target = Gc::object(&ManuallyDrop::new(Gc::from_ptr(whole))).as_erased();
        // SAFETY: the guard borrows nothing. It was in the slot after the pin, so its count there
        // is not given back until the guard is dropped, which runs at most what is deferred: to set
        // flags and to free records of threads.
        if unsafe { tracer.hold(epoch) } {
            tracer.handle(Shared::KIND, target);
        }
    }
}

impl<T> Drop for Slot<T> {
    fn drop(&mut self) {
        // Nobody can be loading.
        drop(self.replace(None));
    }
}

/// The tag in a slot, for as long as the collector wants to know whether the slot changes.
struct Tag<'s, T>(&'s AtomicPtr<GcBox<T, Shared>>);

impl<'s, T> Tag<'s, T> {
    /// Sets the tag, and says what stands in the slot. Nothing needs no tag: what is put in later
    /// counts as held from outside. `Err` if there is a tag already, so that the slot has been shown before.
    #[allow(clippy::type_complexity, reason = "used in one place")]
    fn set(
        word: &'s AtomicPtr<GcBox<T, Shared>>,
    ) -> Result<Option<(Self, NonNull<GcBox<T, Shared>>)>, ()> {
        let mut now = word.load(Relaxed);
        while let Some(whole) = NonNull::new(now) {
            if is_tagged(now) {
                return Err(());
            }
            let tagged = now.map_addr(|addr| addr | TAG);
            // Acquire: pairs with the Release in a change (2 above).
            match word.compare_exchange_weak(now, tagged, Acquire, Relaxed) {
                Ok(_) => return Ok(Some((Tag(word), whole))),
                Err(other) => now = other,
            }
        }
        Ok(None)
    }

    /// Takes the tag off: was it still there?
    fn clear(&self) -> bool {
        let mut now = self.0.load(Relaxed);
        while is_tagged(now) {
            // Release: pairs with the Acquire in a change (3 above).
            match self.0.compare_exchange_weak(now, without_tag(now), Release, Relaxed) {
                Ok(_) => return true,
                Err(other) => now = other,
            }
        }
        mutated!("atomic_release_says_true")
    }
}

impl<T> Drop for Tag<'_, T> {
    /// Where there was no memory to keep the look.
    fn drop(&mut self) {
        self.clear();
    }
}

/// The collector's look at a slot.
struct Look<'s, T> {
    tag: Tag<'s, T>,
    epoch: Option<Guard>,
}

/// With the function that ends it, it is kept without memory of its own.
const _: () = assert!(size_of::<Look<'_, ()>>() <= 3 * size_of::<usize>());

impl<T> Look<'_, T> {
    /// Whether nothing was put in meanwhile.
    fn end(self) -> bool {
        let unchanged = self.tag.clear();
        mem::forget(self.tag);
        drop(self.epoch);
        unchanged
    }
}
