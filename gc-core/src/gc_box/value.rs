//! From a box to its value and back.

use super::{GcBox, Object};
use super::{MAX_ALIGN, MIN_ALIGN, alloc};
use crate::sharing::Sharing;
use std::any::{Any, TypeId};
use std::num::NonZero;
use std::ptr::NonNull;

impl<T: ?Sized, S: Sharing> GcBox<T, S> {
    /// Where the value stands.
    #[inline]
    pub(crate) fn value_ptr(whole: NonNull<Self>) -> *const T {
        let whole = whole.as_ptr();
        // SAFETY: every pointer of this type points to a box that has not been
        // freed; all of them are made in this module and kept by handles.
        unsafe { &raw const (*whole).value }
    }

    /// The value, for as long as the handle that keeps `whole` is borrowed.
    #[inline]
    pub(crate) fn value(whole: &NonNull<Self>) -> &T {
        // SAFETY: the handle holds a count, so the value is alive (in garbage that is
        // being reclaimed only code that has promised not to, by obligation 4 of
        // `Trace`, could come here). Unique references are given out only
        // where no handle but one exists, which is then borrowed uniquely.
        unsafe { &(*whole.as_ptr()).value }
    }

    /// The value, uniquely.
    ///
    /// # Safety
    ///
    /// The value is alive, and for the life of the reference nobody else looks at it.
    #[inline]
    pub(crate) unsafe fn value_mut<'a>(whole: NonNull<Self>) -> &'a mut T {
        // SAFETY: as the caller promises.
        unsafe { &mut (*whole.as_ptr()).value }
    }

    /// The box that the place of a value is in, whether the value is there or not.
    ///
    /// Nothing is read or borrowed: in a destructor that a collection runs, the
    /// value may be the very one that is being dropped.
    ///
    /// # Safety
    ///
    /// `place` is what [`value_ptr`](GcBox::value_ptr) gave for a box of this kind that has not
    /// been freed, made for a `T` or coerced to one.
    #[inline]
    pub(crate) unsafe fn of_place(place: *const T) -> NonNull<Self> {
        let offset = Self::value_offset(place);
        // SAFETY: the place is that many bytes inside its box.
        let whole = unsafe { place.byte_sub(offset) } as *mut Self;
        // SAFETY: a pointer into an allocation is not null.
        unsafe { NonNull::new_unchecked(whole) }
    }

    /// As [`value_ptr`](GcBox::value_ptr), for a pointer that may stand for [no box](GcBox::nowhere).
    #[inline]
    pub(crate) fn place_ptr(whole: NonNull<Self>) -> *const T {
        if Self::is_nowhere(whole) { whole.as_ptr() as *const T } else { Self::value_ptr(whole) }
    }

    /// As [`of_place`](GcBox::of_place), for what [`place_ptr`](GcBox::place_ptr) gave.
    ///
    /// # Safety
    ///
    /// As for `of_place`, if there is a box.
    #[inline]
    pub(crate) unsafe fn of_place_ptr(place: *const T) -> NonNull<Self> {
        match NonNull::new(place as *mut Self) {
            Some(whole) if Self::is_nowhere(whole) => whole,
            // SAFETY: as the caller promises.
            _ => unsafe { Self::of_place(place) },
        }
    }

    /// How far inside its box the value stands that `place` points to, in bytes.
    ///
    /// For an unsized `T` that depends on an alignment which only its vtable
    /// knows. It is asked of a box that is not there, at a place with room for it.
    #[inline]
    fn value_offset(place: *const T) -> usize {
        let room = NonNull::from(&ROOM).cast::<u8>();
        let model = alloc::with_address(place as *mut Self, room);
        // SAFETY: the field begins inside of `ROOM`, which is larger than any
        // alignment that a box can have.
        let value = unsafe { &raw const (*model.as_ptr()).value };
        value.addr() - room.addr().get()
    }
}

/// See [`GcBox::value_offset`]. Never written or read.
static ROOM: [u8; MAX_ALIGN + MIN_ALIGN] = [0; MAX_ALIGN + MIN_ALIGN];

impl<T, S: Sharing> GcBox<T, S> {
    /// Moves the value out.
    ///
    /// # Safety
    ///
    /// The value is alive, nobody refers to it, and nobody uses or drops it afterwards.
    #[inline]
    pub(crate) unsafe fn take_value(whole: NonNull<Self>) -> T {
        let value = GcBox::value_ptr(whole);
        // SAFETY: as the caller promises.
        unsafe { value.read() }
    }

    /// Writes the value of a box that has none.
    ///
    /// # Safety
    ///
    /// The box has no value, and nobody refers to the place.
    #[inline]
    pub(crate) unsafe fn put_value(whole: NonNull<Self>, value: T) {
        // SAFETY: `whole` points to a box that has not been freed.
        let place = unsafe { &raw mut (*whole.as_ptr()).value };
        // SAFETY: as the caller promises.
        unsafe { place.write(value) };
    }
}

impl<T: ?Sized + 'static, S: Sharing> GcBox<T, S> {
    /// Whether pointers to such boxes are one word long.
    const THIN: bool = size_of::<*const Self>() == size_of::<*const ()>();

    /// The box that `object` is, if it was made for a `T`.
    pub(crate) fn of_object(object: Object<S>) -> Option<NonNull<Self>> {
        if object.type_id() != TypeId::of::<T>() {
            return None;
        }
        if Self::THIN {
            let thin = object.as_erased();
            // SAFETY: a pointer of one word is read as another of one word; it points
            // to a box for a `T`, as its table says.
            return Some(unsafe { (&raw const thin).cast::<NonNull<Self>>().read() });
        }
        // SAFETY: a box whose table names an unsized type was made wide.
        Some(unsafe { alloc::read_wide(object) })
    }
}

impl<T: Any, S: Sharing> GcBox<T, S> {
    /// The same box with its value's own type, if that is `T`.
    pub(crate) fn downcast_any(whole: NonNull<GcBox<dyn Any, S>>) -> Option<NonNull<Self>> {
        GcBox::value(&whole).is::<T>().then(|| whole.cast())
    }
}

impl<T, S: Sharing> GcBox<T, S> {
    /// The pointer that stands for no box at all.
    #[inline]
    pub(crate) const fn nowhere() -> NonNull<Self> {
        NonNull::without_provenance(NonZero::<usize>::MAX)
    }
}

impl<T: ?Sized, S: Sharing> GcBox<T, S> {
    /// Whether `whole` is [`nowhere`](GcBox::nowhere), coerced or not. No box is
    /// there: boxes are aligned.
    #[inline]
    pub(crate) fn is_nowhere(whole: NonNull<Self>) -> bool {
        whole.cast::<()>().addr() == NonZero::<usize>::MAX
    }
}

impl<T: ?Sized + 'static, S: Sharing> GcBox<T, S> {
    /// Checks that a sized `T` is what the box was made for, before that is
    /// forgotten by a coercion. A handle that is wide already was checked when it became so.
    ///
    /// # Panics
    ///
    /// If `T` is a supertype of the value's own type instead.
    #[inline]
    pub(crate) fn assert_made_as(whole: NonNull<Self>) {
        assert!(
            !Self::THIN
                || Self::is_nowhere(whole)
                || Object::new(whole).type_id() == TypeId::of::<T>(),
            "gc-core: cannot coerce a handle whose type is a supertype of what it was made with"
        );
    }
}
