//! What is the same as with `Rc` or with `Arc`, and what differs?
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
//! There is [a page](super::from_python) with all names of Python's `gc`, `weakref` and `sys`, and [one with
//! examples](super::from_python::snippets).
