//! What the collector and a dying object need to know of a value's type.

use super::alloc;
use super::{GcBox, Ledger, Object};
use crate::sharing::Sharing;
use crate::trace::{Depth, Finalizing, Sizer, Trace, Tracer};
use std::any::{TypeId, type_name};
use std::fmt;
use std::marker::PhantomData;
use std::mem::needs_drop;
use std::ptr::{self, NonNull};

/// The functions of one type of value. Its alignment makes room for the flags
/// in the low bits of a pointer to it.
#[derive(Debug)]
#[repr(align(2048))]
pub(crate) struct VTable<S: Sharing> {
    /// Shows the value's edges.
    pub(super) trace: unsafe fn(Object<S>, &mut Tracer<'_>),
    /// Runs the value's finalizers.
    pub(super) finalize: unsafe fn(Object<S>, &Finalizing<'_>),
    /// Tells what the value owns outside of the box, in bytes.
    pub(super) measure: unsafe fn(Object<S>, &mut Sizer<'_>),
    /// How long the box is, in bytes.
    pub(super) box_size: unsafe fn(Object<S>) -> usize,
    /// The same for all boxes of the type; zero if each is to be asked.
    pub(super) thin_size: usize,
    /// Drops the value in place; `None` if there is nothing to drop.
    pub(super) drop_value: Option<unsafe fn(Object<S>)>,
    /// Frees the box.
    pub(super) free: unsafe fn(Object<S>),
    /// Drops the value in place and frees the box, even if the destructor panics.
    pub(super) end: unsafe fn(Object<S>),
    /// Whether a finalizer may be in there at all.
    pub(super) may_finalize: fn() -> bool,
    pub(super) type_name: fn() -> &'static str,
    pub(super) type_id: fn() -> TypeId,
    /// Where the value stands in the box.
    pub(super) place: unsafe fn(Object<S>) -> *const (),
    /// Writes the value's debug text, if it has any.
    pub(super) debug: unsafe fn(Object<S>, &mut fmt::Formatter<'_>) -> Option<fmt::Result>,
}

const _: () =
    assert!(align_of::<VTable<crate::sharing::Local>>() == crate::sharing::Flags::TABLE_ALIGN);

impl<S: Ledger> VTable<S> {
    /// The table of a sized, traced type.
    pub(crate) const fn of<T: Trace + 'static>() -> &'static Self {
        Of::<Thin<T>, S>::SIZED
    }

    /// The table of a sized type that tells nothing of itself.
    pub(crate) const fn opaque<T: 'static>() -> &'static Self {
        Of::<Thin<T>, S>::OPAQUE
    }

    /// The table of a traced type whose boxes keep a wide pointer to themselves.
    /// Such a type cannot be asked whether a finalizer is in there; who knows it tells.
    pub(crate) const fn wide<T: ?Sized + Trace + 'static>(may_finalize: bool) -> &'static Self {
        if may_finalize { Of::<Wide<T>, S>::TRACED } else { Of::<Wide<T>, S>::UNFINALIZED }
    }
}

/// How a thin pointer to a box becomes a pointer to the whole box.
trait Shape<S: Sharing> {
    type Value: ?Sized + 'static;

    /// # Safety
    ///
    /// `object` is a box of this shape and value type that has not been freed.
    unsafe fn widen(object: Object<S>) -> NonNull<GcBox<Self::Value, S>>;

    /// # Safety
    ///
    /// As for `widen`; nobody uses the box afterwards.
    unsafe fn free(object: Object<S>);

    /// # Safety
    ///
    /// As for `widen`.
    unsafe fn size(object: Object<S>) -> usize;

    /// What `size` gives for every box, or zero, if it is not the same.
    const SIZE: usize;

    /// Counts the bytes of a box that ends, unless who ends it has done so by `SIZE`.
    ///
    /// # Safety
    ///
    /// As for `widen`.
    unsafe fn count(object: Object<S>);
}

/// A box made for a sized value.
struct Thin<T>(PhantomData<T>);

impl<T: 'static, S: Ledger> Shape<S> for Thin<T> {
    type Value = T;

    #[inline]
    unsafe fn widen(object: Object<S>) -> NonNull<GcBox<T, S>> {
        object.as_erased().cast()
    }

    #[inline]
    unsafe fn free(object: Object<S>) {
        // SAFETY: the caller promises a box of this type, so `thin` made it.
        unsafe { alloc::free_thin::<T, S>(object) };
    }

    unsafe fn size(_: Object<S>) -> usize {
        alloc::size_of_thin::<T, S>()
    }

    const SIZE: usize = alloc::size_of_thin::<T, S>();

    #[inline]
    unsafe fn count(_: Object<S>) {}
}

/// A box made for an unsized value, with the wide pointer in front.
struct Wide<T: ?Sized>(PhantomData<T>);

impl<T: ?Sized + 'static, S: Ledger> Shape<S> for Wide<T> {
    type Value = T;

    #[inline]
    unsafe fn widen(object: Object<S>) -> NonNull<GcBox<T, S>> {
        // SAFETY: the caller promises a box of this shape.
        unsafe { alloc::read_wide::<T, S>(object) }
    }

    #[inline]
    unsafe fn free(object: Object<S>) {
        // SAFETY: the caller promises a box of this shape.
        unsafe { alloc::free_wide::<T, S>(object) };
    }

    unsafe fn size(object: Object<S>) -> usize {
        // SAFETY: the caller promises a box of this shape.
        let (_, layout) = unsafe { alloc::layout_of_wide::<T, S>(object) };
        layout.size()
    }

    const SIZE: usize = 0;

    unsafe fn count(object: Object<S>) {
        S::count_wide(object.box_size());
    }
}

/// The functions of a table, for a shape that holds the value's type.
struct Of<H, S>(PhantomData<(H, S)>);

impl<H: Shape<S>, S: Sharing> Of<H, S> {
    const OPAQUE: &'static VTable<S> = &VTable {
        trace: |_, _| (),
        finalize: |_, _| (),
        measure: |_, _| (),
        box_size: H::size,
        thin_size: H::SIZE,
        drop_value: Self::DROP,
        free: H::free,
        end: Self::end,
        may_finalize: || false,
        type_name: type_name::<H::Value>,
        type_id: TypeId::of::<H::Value>,
        place: Self::place,
        debug: |_, _| None,
    };

    const DROP: Option<unsafe fn(Object<S>)> =
        if needs_drop::<H::Value>() { Some(Self::drop_value) } else { None };

    /// # Safety
    ///
    /// `object` is a box of this type that has not been freed.
    unsafe fn place(object: Object<S>) -> *const () {
        // SAFETY: by the caller's promise this is such a box.
        let whole = unsafe { H::widen(object) };
        GcBox::value_ptr(whole).cast()
    }

    /// # Safety
    ///
    /// `object` is a box of this type with a live value.
    unsafe fn value<'a>(object: Object<S>) -> &'a H::Value {
        // SAFETY: by the caller's promise this is such a box.
        let whole = unsafe { H::widen(object) };
        // SAFETY: the value is alive and nobody has a unique reference to it:
        // `get_mut` gives those only for objects that the collector cannot reach.
        unsafe { &(*whole.as_ptr()).value }
    }

    /// # Safety
    ///
    /// As for `value`, and nobody refers to the value now or uses it afterwards.
    unsafe fn drop_value(object: Object<S>) {
        // SAFETY: by the caller's promise this is such a box.
        let whole = unsafe { H::widen(object) };
        // SAFETY: `whole` points to a box that has not been freed.
        let value = unsafe { &raw mut (*whole.as_ptr()).value };
        // SAFETY: the caller promises a live value that nobody refers to.
        unsafe { ptr::drop_in_place(value) };
    }

    /// # Safety
    ///
    /// As for `drop_value`, and nobody uses the box afterwards.
    unsafe fn end(object: Object<S>) {
        // SAFETY: as the caller promises.
        unsafe { H::count(object) };
        let _memory = scopeguard::guard(object, |object| {
            // SAFETY: this is a box of this type by the caller's promise, which nobody
            // uses any more.
            unsafe { H::free(object) };
        });
        if needs_drop::<H::Value>() {
            // SAFETY: as the caller promises.
            unsafe { Self::drop_value(object) };
        }
    }
}

impl<H: Shape<S>, S: Sharing> Of<H, S>
where
    H::Value: Trace,
{
    const TRACED: &'static VTable<S> = &VTable {
        trace: Self::trace,
        finalize: Self::finalize,
        measure: Self::measure,
        may_finalize: || true,
        debug: Self::debug,
        ..*Self::OPAQUE
    };

    const UNFINALIZED: &'static VTable<S> =
        &VTable { finalize: |_, _| (), may_finalize: || false, ..*Self::TRACED };

    /// # Safety
    ///
    /// `object` is a box of this type with a live value.
    unsafe fn trace(object: Object<S>, tracer: &mut Tracer<'_>) {
        // SAFETY: as the caller promises.
        let value = unsafe { Self::value(object) };
        value.trace(tracer);
    }

    /// # Safety
    ///
    /// `object` is a box of this type with a live value.
    unsafe fn finalize(object: Object<S>, cx: &Finalizing<'_>) {
        // SAFETY: as the caller promises.
        let value = unsafe { Self::value(object) };
        value.finalize_within(cx);
    }

    /// # Safety
    ///
    /// `object` is a box of this type with a live value.
    unsafe fn debug(object: Object<S>, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        // SAFETY: as the caller promises.
        let value = unsafe { Self::value(object) };
        value.debug_within(f)
    }

    /// # Safety
    ///
    /// `object` is a box of this type with a live value.
    unsafe fn measure(object: Object<S>, sizer: &mut Sizer<'_>) {
        // SAFETY: as the caller promises.
        let value = unsafe { Self::value(object) };
        value.measure(sizer);
    }
}

impl<T: Trace + 'static, S: Ledger> Of<Thin<T>, S> {
    /// A sized type can be asked whether there is a finalizer in it.
    const SIZED: &'static VTable<S> =
        &VTable { may_finalize: || T::may_finalize(Depth::START), ..*Self::TRACED };
}
