//! What is the same as with `Rc`, with `Arc` or in Python, and what differs?
//!
//! # Coming from `Rc`
//!
//! `Gc` has `Rc`'s methods under `Rc`'s names. To change a program over, derive
//! [`Trace`](derive@crate::Trace) on the types that hold handles, and look at these lines:
//!
//! | with `Rc` | here |
//! |---|---|
//! | `Rc::new(x)` | `Gc::new(x)`, where `x` is [`Trace`](trait@crate::Trace) and `'static` |
//! | `Rc::new(x)`, `x` of a foreign type | [`Gc::new_opaque(x)`](crate::unsync::Gc::new_opaque) |
//! | `a.clone()`, `*a`, `a == b`, `{a:?}`, `Rc::ptr_eq` | the same |
//! | `Rc::downgrade`, `Weak::upgrade`, `Rc::new_cyclic` | the same |
//! | a `Weak` that is there to break a cycle | a `Gc`: cycles are freed |
//! | `impl Drop for Node` | `#[trace(finalize)]` and [`Finalize`](crate::Finalize), see [`finalizers`](super::finalizers) |
//! | `Rc<dyn Shape>` from `Rc<Square>` | [`coerce!`](crate::coerce) |
//! | `Rc<str>`, `Rc<[T]>` from `&str`, `String`, `Vec` | the same, with `Gc::from` or `collect` |
//! | `Rc::get_mut`, `make_mut`, `try_unwrap`, `into_inner` | the same; the object's finalizer does not run when its value is taken out |
//! | `Rc::into_raw`, `from_raw` | the same; the low four bits of the address are free |
//! | `UniqueRc` (unstable) | [`UniqueGc`](crate::unsync::UniqueGc) |
//!
//! A doubly linked list, which with `Rc` needs `Weak` in one direction:
//!
//! ```
//! use gc_core::{Trace, unsync::{self, Gc}};
//! use std::cell::RefCell;
//!
//! #[derive(Trace)]
//! struct Item {
//!     text: &'static str,
//!     next: RefCell<Option<Gc<Item>>>,
//!     previous: RefCell<Option<Gc<Item>>>,
//! }
//!
//! fn item(text: &'static str) -> Gc<Item> {
//!     Gc::new(Item { text, next: RefCell::default(), previous: RefCell::default() })
//! }
//!
//! let (a, b) = (item("a"), item("b"));
//! *a.next.borrow_mut() = Some(b.clone());
//! *b.previous.borrow_mut() = Some(a.clone());
//! drop(a);
//! assert_eq!(b.previous.borrow().as_ref().unwrap().text, "a");
//! drop(b);
//! assert_eq!(unsync::collect().collected, 2);
//! ```
//!
//! Five things differ without a word from the compiler:
//!
//! - **`Gc::new` may run a collection**, and with it your finalizers, weak callbacks and
//!   destructors: see [`finalizers`](super::finalizers).
//! - **Garbage in cycles dies later**, at the next collection that finds it. What is in no
//!   cycle dies at once, as with `Rc`.
//! - **Deep structures die in another order.** The first eight levels nest as `Rc`'s do, what
//!   is deeper waits: see [`cycles`](super::cycles). In return no depth overflows the stack.
//! - **A panic in a destructor** is passed on only where there is a `drop` to pass it on from,
//!   which a collection has not: see [`finalizers`](super::finalizers).
//! - **Counts have 32 bits**, in `sync` 28. The program is aborted at 2³² handles to one object, as
//!   `Rc` does at 2⁶⁴; with `sync` the object becomes
//!   [immortal](super::threads#immortal-objects) at 2²⁷.
//!
//! # Coming from `Arc`
//!
//! [`sync::Gc`](crate::sync::Gc) has `Arc`'s methods as `unsync::Gc` has `Rc`'s, and all of the
//! above is true of it. `T` is `Send` and `Sync` wherever an object is made, and not only where a
//! handle crosses. Six more things differ:
//!
//! - **Locks in objects are met by the collector**, for a moment; `try_lock` may fail because of
//!   it.
//! - **Counts may be one too high while a collection looks**: `get_mut`, `try_unwrap`, `into_inner`
//!   and `make_mut` may find a handle that is the only one not to be that. A table of what to use
//!   instead is in [`threads`](super::threads#counts-while-a-collection-looks).
//! - **The last `drop` may leave the end of the object to another thread**, if a collection is
//!   looking at it just then.
//! - **Finalizers run on any thread**, so mind the locks that you hold: see
//!   [`threads`](super::threads#locks).
//! - **A `Weak` may wait** in `upgrade`, while the collector decides on its object.
//!
//! | with `Arc` | here |
//! |---|---|
//! | `Arc<Mutex<T>>` | `Gc<Mutex<T>>`, or a `Mutex` in a struct that derives `Trace` |
//! | `Arc<T>` in an `ArcSwap` | a `RwLock<Gc<T>>`: what is in an `ArcSwap` is out of sight |
//! | a `Weak` that breaks a cycle | a `Gc` |
//! | a `Weak` to an object that a task works for | the same: tasks are out of sight |
//!
//! # Where to stay
//!
//! Keep `Rc` or `Arc` where there are no cycles and the collector needs not look inside. Mind that
//! a `Gc` inside one of them is out of its sight: see [`limits`](super::limits).
//!
//! # Coming from Python
//!
//! | Python | here |
//! |---|---|
//! | `b = a` | `let b = a.clone()` |
//! | `del a` | `drop(a)` |
//! | `a is b`, `id(a)` | `Gc::ptr_eq(&a, &b)`, `Gc::as_ptr(&a)` |
//! | `sys.getrefcount(a)` | `Gc::strong_count(&a) + 1`: Python counts the argument too |
//! | `__del__` | [`Finalize`](crate::Finalize) |
//! | `weakref.ref(a)`, calling it | `Gc::downgrade(&a)`, `upgrade()` |
//! | `weakref.ref(a, callback)` | [`Gc::downgrade_with`](crate::unsync::Gc::downgrade_with) |
//! | `weakref.finalize(a, f)`, calling it | [`finalize`](crate::unsync::finalize)`(&a, f)`, [`call`](crate::unsync::Finalizer::call) |
//! | its `detach()`, `peek()`, `alive`, `atexit` | `detach()`, `peek()`, `is_alive()`, `at_exit()` and `set_at_exit(…)`; arguments are what the closure owns |
//! | `atexit`, for finalizers | an [`exit_guard`](crate::unsync::exit_guard) in `main` |
//! | `weakref.getweakrefcount(a)` | `Gc::weak_count(&a)` |
//! | `weakref.WeakValueDictionary` | [`WeakValueMap`](crate::unsync::WeakValueMap); `setdefault` is `get_or_insert_with`, `update` is `extend`, `popitem` is `pop` |
//! | `weakref.WeakSet` | [`WeakSet`](crate::unsync::WeakSet), with the operators on references: `&a | &b`; `add` is `insert`, `discard` is `remove` |
//! | a `weakref.ref` as a key, or in a set | [`WeakKey`](crate::unsync::WeakKey) |
//! | `weakref.WeakMethod(a.method)` | a `Weak<A>` and a `fn(&A)` |
//! | `sys.intern(s)`, `sys.getunicodeinternedsize()` | [`Interner`](crate::unsync::Interner): `intern`, `len` |
//! | `gc.collect()`, `gc.collect(0)` | [`collect`](crate::unsync::collect)`().total()`, [`collect_generation`](crate::unsync::collect_generation) |
//! | `gc.enable`, `disable`, `isenabled` | [`enable`](crate::unsync::enable), [`disable`](crate::unsync::disable), [`is_enabled`](crate::unsync::is_enabled), and [`pause`](crate::unsync::pause) for a scope |
//! | `gc.get_threshold`, `set_threshold` | [`thresholds`](crate::unsync::thresholds), [`set_thresholds`](crate::unsync::set_thresholds) |
//! | `gc.get_count`, `get_stats` | [`counts`](crate::unsync::counts), [`stats`](crate::unsync::stats) |
//! | `gc.freeze`, `unfreeze`, `get_freeze_count` | [`freeze`](crate::unsync::freeze), [`unfreeze`](crate::unsync::unfreeze), [`frozen_count`](crate::unsync::frozen_count) |
//! | `gc.callbacks` | [`on_collect`](crate::unsync::on_collect), whose guard takes the function away again |
//! | `gc.is_tracked`, `is_finalized` | `Gc::is_tracked`, `Gc::is_finalized` |
//! | `gc.get_referents(a)` | [`referents`](crate::unsync::referents)`(&a)`; for several, `flat_map` |
//! | a list of objects of any type | a `Vec` of [`AnyGc`](crate::unsync::AnyGc) |
//! | `gc.set_debug(gc.DEBUG_LEAK)`, `get_debug` | [`set_debug`](crate::unsync::set_debug)`(`[`DebugFlags::LEAK`](crate::DebugFlags::LEAK)`)`, [`debug`](crate::unsync::debug); the lines go to [`set_debug_sink`](crate::set_debug_sink) |
//! | `gc.garbage` | [`garbage`](crate::unsync::garbage), see [`leaks`](super::leaks) |
//! | `threading.Lock` in an object, `__del__` that takes it | the same deadlock: see [`threads`](super::threads#locks) |
//! | `memory_profiler.profile` | [`profile`](crate::unsync::profile), [`Profiler`](crate::unsync::Profiler): see [`profiling`](super::profiling) |
//! | `psutil.Process().memory_info()` | [`process_memory`](crate::process_memory)`()` |
//! | `sys.unraisablehook` | [`set_unraisable_hook`](crate::set_unraisable_hook) |
//!
//! `gc.get_objects` and `get_referrers` have no counterpart.
//!
//! What differs:
//!
//! - **The schedule counts candidates, not allocations**: see [`tuning`](super::tuning). To
//!   build a million objects starts no collection.
//! - **In a cycle the finalizers run first, and weak handles die after them.** CPython up to 3.14
//!   clears weak references first. Here both kinds of death have one order, and an object that
//!   is resurrected keeps its weak handles.
//! - **What is frozen at the end of a thread is collected then** (`unsync`). CPython leaves it.
//! - **There is no global lock.** In [`unsync`](crate::unsync) each thread has a heap of its own,
//!   and a collection is about one thread. In [`sync`](crate::sync) all threads share one, and go
//!   on while one of them, or the [background collector](crate::sync::background), collects.
//! - **Nothing runs while a value is only used**: a collection starts from `Gc::new`, never
//!   between two other statements. (With `sync` another thread may run one at any time.)
