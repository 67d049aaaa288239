//! Auto traits: as `Arc`'s. These are checked when this file compiles.

use gc_core::sync::background::Background;
use gc_core::sync::{
    AnyGc, ExitGuard, Finalizer, Garbage, Gc, PauseGuard, UniqueGc, Weak, WeakCallback,
};
use gc_tests::{assert_impl, assert_not_impl};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::marker::PhantomPinned;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard};

assert_impl!(Gc<u8>: Send, Sync);
assert_impl!(Gc<str>: Send, Sync);
assert_impl!(Gc<Mutex<Cell<u8>>>: Send, Sync);
assert_impl!(Gc<dyn Any + Send + Sync>: Send, Sync);
assert_impl!(Weak<u8>: Send, Sync);
assert_impl!(UniqueGc<u8>: Send, Sync);
assert_impl!(WeakCallback<u8>: Send, Sync);
assert_impl!(PauseGuard: Send, Sync);
assert_impl!(ExitGuard: Send, Sync);
assert_impl!(Finalizer<u8, fn()>: Send, Sync);
assert_impl!(Finalizer<u8, Box<dyn FnOnce() + Send>>: Send, Sync);
assert_impl!(gc_core::sync::CollectHook: Send, Sync);
assert_impl!(gc_core::sync::ExternalMemory: Send, Sync);
assert_impl!(Background: Send, Sync);
assert_impl!(AnyGc: Send, Sync);
assert_impl!(Garbage: Send, Sync);

// A handle gives out references on any thread, and the last one drops the value on any:
// what may go to another thread but not be shared, or be shared but not go, has neither.
assert_not_impl!(Gc<Cell<u8>>: Send);
assert_not_impl!(Gc<Cell<u8>>: Sync);
assert_not_impl!(Gc<MutexGuard<'static, u8>>: Send);
assert_not_impl!(Gc<MutexGuard<'static, u8>>: Sync);
assert_not_impl!(Gc<RefCell<u8>>: Send);
assert_not_impl!(Gc<Rc<u8>>: Send);
assert_not_impl!(Gc<Rc<u8>>: Sync);
assert_not_impl!(Gc<dyn Any>: Send);
assert_not_impl!(Gc<dyn Any + Send>: Sync);
assert_not_impl!(Weak<Cell<u8>>: Send);
assert_not_impl!(Weak<Cell<u8>>: Sync);
assert_not_impl!(Weak<MutexGuard<'static, u8>>: Send);
assert_not_impl!(Weak<MutexGuard<'static, u8>>: Sync);
assert_not_impl!(WeakCallback<Cell<u8>>: Send);
assert_not_impl!(WeakCallback<Cell<u8>>: Sync);
assert_not_impl!(Finalizer<Cell<u8>, fn()>: Send);
assert_not_impl!(Finalizer<Cell<u8>, fn()>: Sync);
assert_not_impl!(Finalizer<u8, Box<dyn FnOnce()>>: Send);
assert_not_impl!(Finalizer<u8, Box<dyn FnOnce()>>: Sync);
assert_not_impl!(UniqueGc<Rc<u8>>: Send);
assert_not_impl!(UniqueGc<Rc<u8>>: Sync);

assert_impl!(Gc<u8>: Unpin);
assert_impl!(Gc<PhantomPinned>: Unpin);
assert_impl!(Gc<dyn Fn()>: Unpin);
assert_impl!(Weak<PhantomPinned>: Unpin);
assert_impl!(UniqueGc<u8>: Unpin);
assert_impl!(WeakCallback<PhantomPinned>: Unpin);

assert_impl!(Arc<Mutex<Cell<u8>>>: UnwindSafe, RefUnwindSafe);
assert_impl!(Gc<Mutex<Cell<u8>>>: UnwindSafe, RefUnwindSafe);
assert_impl!(Gc<u8>: UnwindSafe, RefUnwindSafe);
assert_not_impl!(Arc<Cell<u8>>: UnwindSafe);
assert_not_impl!(Gc<Cell<u8>>: UnwindSafe);
assert_not_impl!(Arc<Cell<u8>>: RefUnwindSafe);
assert_not_impl!(Gc<Cell<u8>>: RefUnwindSafe);
assert_not_impl!(Weak<Cell<u8>>: UnwindSafe);

mod slots {
    use super::*;
    use gc_core::sync::{AtomicGc, AtomicOptionGc};

    assert_impl!(AtomicGc<u8>: Send, Sync);
    assert_impl!(AtomicOptionGc<u8>: Send, Sync);
    assert_not_impl!(AtomicGc<Cell<u8>>: Send);
    assert_not_impl!(AtomicGc<Cell<u8>>: Sync);
    assert_not_impl!(AtomicOptionGc<Cell<u8>>: Send);
    assert_not_impl!(AtomicOptionGc<Cell<u8>>: Sync);
    assert_impl!(AtomicGc<PhantomPinned>: Unpin);
}

mod weak_collections {
    use super::*;
    use gc_core::handle::Shared;
    use gc_core::sync::{Interner, WeakKey, WeakKeyMap, WeakSet, WeakValueMap};
    use gc_core::weakref::{ByIdentity, Entry, Iter, Key, SetIter};

    assert_impl!(WeakValueMap<String, u8>: Send, Sync);
    assert_impl!(WeakValueMap<u8, dyn Any + Send + Sync>: Send, Sync);
    assert_impl!(WeakKeyMap<String, u8>: Send, Sync);
    assert_impl!(WeakSet<u8>: Send, Sync);
    assert_impl!(WeakSet<f32, ByIdentity>: Send, Sync);
    assert_impl!(WeakKey<str>: Send, Sync);
    assert_impl!(Interner<str>: Send, Sync);
    assert_impl!(Key<u8>: Send, Sync);
    assert_impl!(Entry<'static, u8, u8, Shared>: Send, Sync);
    assert_impl!(Iter<u8, u8, Shared>: Send, Sync);
    assert_impl!(SetIter<u8, Shared>: Send, Sync);

    // Keys are compared, shown and dropped on any thread, and values too.
    assert_not_impl!(WeakValueMap<Cell<u8>, u8>: Send);
    assert_not_impl!(WeakValueMap<Cell<u8>, u8>: Sync);
    assert_not_impl!(WeakValueMap<Rc<u8>, u8>: Send);
    assert_not_impl!(WeakValueMap<MutexGuard<'static, u8>, u8>: Send);
    assert_not_impl!(WeakValueMap<u8, Cell<u8>>: Send);
    assert_not_impl!(WeakValueMap<u8, Cell<u8>>: Sync);
    assert_not_impl!(WeakKeyMap<Cell<u8>, u8>: Send);
    assert_not_impl!(WeakKeyMap<u8, Cell<u8>>: Send);
    assert_not_impl!(WeakKeyMap<u8, Cell<u8>>: Sync);
    assert_not_impl!(WeakSet<Cell<u8>>: Send);
    assert_not_impl!(WeakSet<Cell<u8>>: Sync);
    assert_not_impl!(Interner<dyn Any>: Send);
    assert_not_impl!(Interner<dyn Any>: Sync);
    assert_not_impl!(WeakKey<Cell<u8>>: Send);
    assert_not_impl!(Key<Cell<u8>>: Send);

    assert_impl!(WeakValueMap<String, u8>: UnwindSafe, RefUnwindSafe, Unpin);
    assert_impl!(WeakSet<u8>: UnwindSafe, RefUnwindSafe, Unpin);
    assert_not_impl!(WeakValueMap<u8, Cell<u8>>: RefUnwindSafe);
}
