//! Allocation and layout of boxes. Every `alloc` and `dealloc` of the crate is here.

use super::pool::{Class, KEEPS, Pool};
use super::{GcBox, Ledger, MAX_ALIGN, MIN_ALIGN, Object, VTable};
use crate::sharing::{Flags, Head, Sharing};
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::mem::ManuallyDrop;
use std::ptr::{self, NonNull};

/// The layout of a box whose value has layout `value`, and where the value stands in it.
///
/// It is the layout of `GcBox` by the rules of `repr(C)`, without the padding at
/// the end (nothing refers to a box as a whole), and aligned to [`MIN_ALIGN`].
#[inline]
const fn layout_of<S: Sharing>(value: Layout) -> (Layout, usize) {
    let Ok((layout, offset)) = Layout::new::<S::Head>().extend(value) else {
        panic!("a value this large cannot be allocated")
    };
    let Ok(layout) = layout.align_to(MIN_ALIGN) else {
        panic!("a value this large cannot be allocated")
    };
    assert!(layout.align() <= MAX_ALIGN, "values can be aligned to 65536 bytes at most");
    (layout, offset)
}

/// Bytes in front of a wide box with this alignment.
#[inline]
const fn prefix_of(align: usize) -> usize {
    if align > MIN_ALIGN { align } else { MIN_ALIGN }
}

/// Frees a block.
///
/// # Safety
///
/// It was allocated here with this layout, and nobody uses it afterwards.
#[allow(clippy::disallowed_methods, reason = "this is the one place that frees")]
pub(super) unsafe fn free_block(block: NonNull<u8>, layout: Layout) {
    // SAFETY: as the caller promises.
    unsafe { dealloc(block.as_ptr(), layout) };
}

/// Allocates `layout`, which is not empty, or ends the program as std does.
#[inline]
#[allow(clippy::disallowed_methods, reason = "this is the one place that allocates")]
pub(super) fn allocate(layout: Layout) -> NonNull<u8> {
    // SAFETY: every layout here has a head in it, so its size is not zero.
    let block = unsafe { alloc(layout) };
    NonNull::new(block).unwrap_or_else(|| handle_alloc_error(layout))
}

/// A block with the layout of `class`: one that the thread has kept, or a new one.
#[inline]
fn take_or_allocate<S: Ledger>(class: Class) -> NonNull<u8> {
    /// A call with one argument, as this stands wherever an object is made.
    #[inline(never)]
    fn allocate_new(class: Class) -> NonNull<u8> {
        allocate(class.layout())
    }
    S::with_pool(|pool| pool.take(class)).unwrap_or_else(|| allocate_new(class))
}

/// Leaves a block to the thread's next objects, or frees it.
///
/// # Safety
///
/// It was allocated with the layout of `class`, and nobody uses it afterwards.
#[inline]
unsafe fn keep_or_free<S: Ledger>(block: NonNull<u8>, class: Class) {
    // SAFETY: as the caller promises.
    if !S::with_pool(|pool| unsafe { pool.put(block, class) }) {
        // SAFETY: as the caller promises, and it was not put there.
        unsafe { free_refused::<S>(block, class) };
    }
}

/// Frees a block that the thread has no room for; or keeps it, if it is the first of all.
///
/// # Safety
///
/// As for [`keep_or_free`].
#[inline(never)]
unsafe fn free_refused<S: Ledger>(block: NonNull<u8>, class: Class) {
    if S::with_pool(Pool::is_new) {
        open_pool::<S>();
        // SAFETY: as the caller promises.
        if S::with_pool(|pool| unsafe { pool.put(block, class) }) {
            return;
        }
    }
    // SAFETY: as the caller promises, and it was not put there.
    unsafe { free_block(block, class.layout()) };
}

/// Opens the thread's pool, if somebody will empty it in the end.
#[cold]
fn open_pool<S: Ledger>() {
    let attended = S::attend_pool();
    S::with_pool(|pool| if attended { pool.open() } else { pool.close() });
}

impl<T, S: Sharing> GcBox<T, S> {
    /// How long such a box is, in bytes.
    pub(crate) const SIZE: usize = size_of_thin::<T, S>();

    /// A box with `value` in it.
    #[inline]
    pub(crate) fn allocate(
        value: T,
        vtable: &'static VTable<S>,
        flags: Flags,
        strong: u32,
    ) -> NonNull<Self>
    where
        S: Ledger,
    {
        let whole = Self::allocate_empty(vtable, flags, strong);
        // SAFETY: the box was just made, without a value, and nobody knows of it yet.
        unsafe { GcBox::put_value(whole, value) };
        whole
    }

    /// A box with a head and room for a value, which is not there.
    #[inline]
    pub(crate) fn allocate_empty(
        vtable: &'static VTable<S>,
        flags: Flags,
        strong: u32,
    ) -> NonNull<Self>
    where
        S: Ledger,
    {
        let layout = const { layout_of_thin::<T, S>() };
        let block = match const { Class::of(layout_of_thin::<T, S>()) } {
            Some(class) if KEEPS => take_or_allocate::<S>(class),
            _ => allocate(layout),
        };
        #[cfg(all(test, loom))]
        super::quarantine::allocated::<S>(block, layout);
        let head = S::Head::new(NonNull::from(vtable).cast(), flags, strong);
        // SAFETY: `block` is a fresh allocation with room for a head at its start.
        unsafe { block.cast::<S::Head>().write(head) };
        block.cast()
    }
}

/// The layout of a box that [`GcBox::allocate`] makes for a `T`.
const fn layout_of_thin<T, S: Sharing>() -> Layout {
    let (layout, _) = layout_of::<S>(Layout::new::<T>());
    layout
}

/// How long it is, in bytes.
pub(super) const fn size_of_thin<T, S: Sharing>() -> usize {
    layout_of_thin::<T, S>().size()
}

/// Frees a box that [`GcBox::allocate`] made.
///
/// # Safety
///
/// `object` is such a box for a `T`, not freed yet, and nobody uses it afterwards.
#[inline]
pub(super) unsafe fn free_thin<T, S: Ledger>(object: Object<S>) {
    #[cfg(all(test, loom))]
    if super::quarantine::freed(object) {
        return;
    }
    let block = object.as_erased().cast();
    match const { Class::of(layout_of_thin::<T, S>()) } {
        // SAFETY: the caller promises a block that was allocated with this layout.
        Some(class) if KEEPS => unsafe { keep_or_free::<S>(block, class) },
        // SAFETY: as above.
        _ => unsafe { free_block(block, const { layout_of_thin::<T, S>() }) },
    }
}

/// A wide box for a value like `like`: head and prefix are written, the value is not.
///
/// # Panics
///
/// If the layout is larger than the address space allows.
fn allocate_wide<T: ?Sized, S: Sharing>(
    like: *const T,
    value: Layout,
    vtable: &'static VTable<S>,
    flags: Flags,
) -> NonNull<GcBox<T, S>> {
    const { assert!(size_of::<*const T>() <= MIN_ALIGN) };
    let (layout, _) = layout_of::<S>(value);
    let block = allocate(whole_layout(layout));
    // SAFETY: the block begins with the prefix and goes on with the box.
    let start = unsafe { block.add(prefix_of(layout.align())) };
    // SAFETY: the head is the first field of the box, which is inside the block.
    unsafe { start.cast::<S::Head>().write(S::Head::new(NonNull::from(vtable).cast(), flags, 1)) };
    let whole = with_address(like as *mut GcBox<T, S>, start);
    // SAFETY: `MIN_ALIGN` bytes before the box belong to the prefix.
    let slot = unsafe { start.sub(MIN_ALIGN) }.cast::<NonNull<GcBox<T, S>>>();
    // SAFETY: the slot is aligned to `MIN_ALIGN` and a wide pointer fits in there.
    unsafe { slot.write(whole) };
    whole
}

/// A box's layout with the prefix in front of it.
const fn whole_layout(layout: Layout) -> Layout {
    let size = layout.size() + prefix_of(layout.align());
    match Layout::from_size_align(size, layout.align()) {
        Ok(layout) => layout,
        Err(_) => panic!("a value this large cannot be allocated"),
    }
}

/// `wide` with its address replaced by `address`, its length or vtable kept.
///
/// There is no stable function for this; the first word of a wide pointer being
/// its address is what every compiler does and what this checks.
pub(super) fn with_address<T: ?Sized, S: Sharing>(
    mut wide: *mut GcBox<T, S>,
    address: NonNull<u8>,
) -> NonNull<GcBox<T, S>> {
    let first = (&raw mut wide).cast::<*mut u8>();
    // SAFETY: a pointer is at least one word long, and `wide` is a local of ours.
    let before = unsafe { first.read() };
    assert!(ptr::addr_eq(before, wide), "a wide pointer does not begin with its address");
    // SAFETY: as above; the first word is the address, as was just checked.
    unsafe { first.write(address.as_ptr()) };
    // The address is that of an allocation, so not null.
    NonNull::new(wide).unwrap_or_else(|| unreachable!("the address of a box is not null"))
}

/// The wide pointer in front of a wide box.
///
/// # Safety
///
/// `object` is a box that [`allocate_wide`] made for a `T`.
#[inline]
pub(super) unsafe fn read_wide<T: ?Sized, S: Sharing>(object: Object<S>) -> NonNull<GcBox<T, S>> {
    // SAFETY: such a box has a prefix of at least `MIN_ALIGN` bytes.
    let slot = unsafe { object.as_erased().byte_sub(MIN_ALIGN) };
    // SAFETY: `allocate_wide` wrote it, with this type.
    unsafe { slot.cast::<NonNull<GcBox<T, S>>>().read() }
}

/// How many bytes stand in front of a wide box, and the layout of all of it.
///
/// # Safety
///
/// `object` is a box that [`allocate_wide`] made for a `T`, and has not been freed.
pub(super) unsafe fn layout_of_wide<T: ?Sized, S: Sharing>(object: Object<S>) -> (usize, Layout) {
    // SAFETY: as the caller promises.
    let whole = unsafe { read_wide::<T, S>(object) };
    let value = GcBox::value_ptr(whole) as *const ManuallyDrop<T>;
    // SAFETY: the box has not been freed. Its value may be dropped, but only its
    // size and alignment are asked for, which come from the wide pointer.
    let value = unsafe { &*value };
    let (layout, _) = layout_of::<S>(Layout::for_value(value));
    (prefix_of(layout.align()), whole_layout(layout))
}

/// Frees a wide box.
///
/// # Safety
///
/// `object` is a box that [`allocate_wide`] made for a `T`, and nobody uses it afterwards.
#[allow(clippy::disallowed_methods, reason = "this is the one place that frees")]
pub(super) unsafe fn free_wide<T: ?Sized, S: Sharing>(object: Object<S>) {
    // SAFETY: as the caller promises.
    let (prefix, layout) = unsafe { layout_of_wide::<T, S>(object) };
    // SAFETY: the block begins that many bytes before the box.
    let block = unsafe { object.as_erased().byte_sub(prefix) };
    // SAFETY: it was allocated with this layout.
    unsafe { dealloc(block.as_ptr().cast(), layout) };
}

/// Moves a boxed value into a wide box.
pub(crate) fn from_box<T: ?Sized, S: Sharing>(
    value: Box<T>,
    vtable: &'static VTable<S>,
    flags: Flags,
) -> NonNull<GcBox<T, S>> {
    let layout = Layout::for_value(&*value);
    let whole = allocate_wide::<T, S>(&raw const *value, layout, vtable, flags);
    let source = Box::into_raw(value);
    // SAFETY: `whole` was just made for a value of this layout.
    let target = unsafe { &raw mut (*whole.as_ptr()).value };
    // SAFETY: both are that many bytes long, and a fresh block does not overlap a box.
    unsafe { ptr::copy_nonoverlapping(source.cast::<u8>(), target.cast::<u8>(), layout.size()) };
    // SAFETY: the pointer is that of a `Box`; the value has been moved out, and
    // `ManuallyDrop` keeps it from being dropped a second time.
    drop(unsafe { Box::from_raw(source as *mut ManuallyDrop<T>) });
    whole
}
