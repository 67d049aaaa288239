//! Auto traits: as `Rc`'s. These are checked when this file compiles.

use gc_core::unsync::{
    AnyGc, CollectHook, ExitGuard, ExternalMemory, Finalizer, Garbage, Gc, PauseGuard, UniqueGc,
    Weak, WeakCallback,
};
use gc_tests::{assert_impl, assert_not_impl};
use std::cell::{Cell, RefCell};
use std::marker::PhantomPinned;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::rc::Rc;

assert_not_impl!(Gc<u8>: Send);
assert_not_impl!(Gc<u8>: Sync);
assert_not_impl!(Gc<str>: Send);
assert_not_impl!(Gc<str>: Sync);
assert_not_impl!(Gc<RefCell<u8>>: Send);
assert_not_impl!(Gc<RefCell<u8>>: Sync);
assert_not_impl!(Weak<u8>: Send);
assert_not_impl!(Weak<u8>: Sync);
assert_not_impl!(WeakCallback<u8>: Send);
assert_not_impl!(WeakCallback<u8>: Sync);
assert_not_impl!(UniqueGc<u8>: Send);
assert_not_impl!(UniqueGc<u8>: Sync);
assert_not_impl!(PauseGuard: Send);
assert_not_impl!(PauseGuard: Sync);
assert_not_impl!(AnyGc: Send);
assert_not_impl!(AnyGc: Sync);
assert_not_impl!(Garbage: Send);
assert_not_impl!(Garbage: Sync);
assert_not_impl!(ExitGuard: Send);
assert_not_impl!(ExitGuard: Sync);
assert_not_impl!(Finalizer<u8, fn()>: Send);
assert_not_impl!(Finalizer<u8, fn()>: Sync);
assert_not_impl!(CollectHook: Send);
assert_not_impl!(CollectHook: Sync);
assert_not_impl!(ExternalMemory: Send);
assert_not_impl!(ExternalMemory: Sync);

assert_impl!(Gc<u8>: Unpin);
assert_impl!(Gc<PhantomPinned>: Unpin);
assert_impl!(Gc<dyn Fn()>: Unpin);
assert_impl!(Weak<PhantomPinned>: Unpin);
assert_impl!(UniqueGc<u8>: Unpin);

assert_impl!(Rc<u8>: UnwindSafe, RefUnwindSafe);
assert_impl!(Gc<u8>: UnwindSafe, RefUnwindSafe);
assert_impl!(Gc<ExternalMemory>: UnwindSafe, RefUnwindSafe);
assert_impl!(CollectHook: UnwindSafe, RefUnwindSafe);
assert_not_impl!(Rc<Cell<u8>>: UnwindSafe);
assert_not_impl!(Gc<Cell<u8>>: UnwindSafe);
assert_not_impl!(Rc<Cell<u8>>: RefUnwindSafe);
assert_not_impl!(Gc<Cell<u8>>: RefUnwindSafe);
assert_not_impl!(Weak<Cell<u8>>: UnwindSafe);

mod weak_collections {
    use super::*;
    use gc_core::unsync::{Interner, WeakKey, WeakSet, WeakValueMap};

    assert_not_impl!(WeakValueMap<u8, u8>: Send);
    assert_not_impl!(WeakValueMap<u8, u8>: Sync);
    assert_not_impl!(WeakSet<u8>: Send);
    assert_not_impl!(WeakSet<u8>: Sync);
    assert_not_impl!(WeakKey<u8>: Send);
    assert_not_impl!(WeakKey<u8>: Sync);
    assert_not_impl!(Interner<str>: Send);
    assert_not_impl!(Interner<str>: Sync);

    assert_impl!(WeakValueMap<String, u8>: UnwindSafe, RefUnwindSafe, Unpin);
    assert_impl!(WeakSet<u8>: UnwindSafe, RefUnwindSafe, Unpin);
    assert_not_impl!(WeakValueMap<u8, Cell<u8>>: RefUnwindSafe);
}
