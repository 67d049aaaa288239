//! How do I run code when an object dies?
//!
//! With a hook: say `#[trace(finalize)]` and implement [`Finalize`](crate::Finalize). A type that
//! derives `Trace` cannot implement `Drop`, because in a cycle a destructor would find its
//! neighbours gone. The hook runs before anything is taken apart, so it may follow every handle.
//!
//! ```
//! use gc_core::{Finalize, Finalizing, Trace, unsync::{self, Gc}};
//! use std::cell::RefCell;
//!
//! thread_local!(static LOG: RefCell<Vec<String>> = RefCell::default());
//!
//! #[derive(Trace)]
//! #[trace(finalize)]
//! struct Account {
//!     name: &'static str,
//!     partner: RefCell<Option<Gc<Account>>>,
//! }
//!
//! impl Finalize for Account {
//!     fn finalize(&self, _: &Finalizing<'_>) {
//!         let partner = self.partner.borrow();
//!         let partner = partner.as_ref().map_or("nobody", |partner| partner.name);
//!         LOG.with_borrow_mut(|log| log.push(format!("{} closed, partner {partner}", self.name)));
//!     }
//! }
//!
//! let account = |name| Gc::new(Account { name, partner: RefCell::default() });
//! let (a, b) = (account("a"), account("b"));
//! *a.partner.borrow_mut() = Some(b.clone());
//! *b.partner.borrow_mut() = Some(a.clone());
//! drop((a, b));
//! let _ = unsync::collect();
//! assert_eq!(LOG.take(), ["a closed, partner b", "b closed, partner a"]);
//! ```
//!
//! Without handles in the type there is no such danger: `#[trace(leaf)]` lets it keep its `Drop`.
//! So does a field with a `Drop` of its own, if its type is a leaf or the field is skipped.
//!
//! # Where a hook is found
//!
//! In the object's value and in what that holds by value, at any depth: `Gc<Node>`,
//! `Gc<RefCell<Node>>`, `Gc<Vec<Node>>`, a field of a field. Outer hooks run before inner ones.
//! A hook inside a `RefCell` runs while the cell is borrowed (shared), one inside a lock while
//! that is held. A hook inside a [`Cell`](std::cell::Cell) or a skipped field does not run.
//!
//! # Any `Gc::new` may run finalizers
//!
//! A collection starts inside [`Gc::new`](crate::unsync::Gc::new), and runs the finalizers, weak
//! callbacks and destructors of whatever garbage it finds, which may have nothing to do with what
//! you are just doing. What you have read before it may have changed after it, if some hook
//! changes it.
//!
//! ```
//! use gc_core::{Finalize, Finalizing, Thresholds, Trace, unsync::{self, Gc}};
//! use std::cell::{Cell, RefCell};
//!
//! thread_local!(static OPEN: Cell<u32> = const { Cell::new(0) });
//!
//! #[derive(Trace)]
//! #[trace(finalize)]
//! struct Door(RefCell<Option<Gc<Door>>>);
//!
//! impl Finalize for Door {
//!     fn finalize(&self, _: &Finalizing<'_>) {
//!         OPEN.set(OPEN.get() - 1);
//!     }
//! }
//!
//! fn door() -> Gc<Door> {
//!     let door = Gc::new(Door(RefCell::default()));
//!     OPEN.set(OPEN.get() + 1);
//!     *door.0.borrow_mut() = Some(door.clone());
//!     door
//! }
//!
//! unsync::set_thresholds(Thresholds { young: 1, ..Thresholds::DEFAULT });
//! drop(door());
//! drop(door());
//! let before = OPEN.get();
//! let _third = Gc::new(3);
//! assert_eq!((before, OPEN.get()), (2, 0));
//! ```
//!
//! So make the object first and read afterwards. Do not make one while you hold a `RefCell`
//! borrow that a hook may want. Where neither can be had,
//! [`pause`](crate::unsync::pause) keeps collections away for a scope. A hook that must not meet
//! a borrow takes `try_borrow_mut` and leaves its work in a queue otherwise.
//!
//! With [`sync`](crate::sync) a hook may run on any thread, and what was a borrow that panics is a
//! lock that waits for ever: see [`threads`](super::threads#locks). Mind `drop` as well as
//! `Gc::new`.
//!
//! # Once
//!
//! A hook runs once for its object. A collection runs the hooks of all the garbage, and only
//! then looks at what was resurrected. So a neighbour that is resurrected along with the object
//! that wanted it has had its hook too, and will die without one:
//!
//! ```
//! use gc_core::{Finalize, Finalizing, Trace, unsync::{self, Gc}};
//! use std::cell::{Cell, RefCell};
//!
//! thread_local! {
//!     static SAVED: RefCell<Option<Gc<Node>>> = RefCell::default();
//!     static RUNS: Cell<u32> = const { Cell::new(0) };
//! }
//!
//! #[derive(Trace)]
//! #[trace(finalize)]
//! struct Node {
//!     wants_to_live: bool,
//!     other: RefCell<Option<Gc<Node>>>,
//! }
//!
//! impl Finalize for Node {
//!     fn finalize(&self, cx: &Finalizing<'_>) {
//!         RUNS.set(RUNS.get() + 1);
//!         if self.wants_to_live {
//!             SAVED.set(cx.handle());
//!         }
//!     }
//! }
//!
//! let node = |wants_to_live| Gc::new(Node { wants_to_live, other: RefCell::default() });
//! let (a, b) = (node(true), node(false));
//! *a.other.borrow_mut() = Some(b.clone());
//! *b.other.borrow_mut() = Some(a.clone());
//! drop((a, b));
//!
//! let report = unsync::collect();
//! assert_eq!((report.collected, report.resurrected, RUNS.get()), (0, 2, 2));
//! let saved = SAVED.take().unwrap();
//! assert!(Gc::is_finalized(saved.other.borrow().as_ref().unwrap()));
//!
//! drop(saved);
//! assert_eq!((unsync::collect().collected, RUNS.get()), (2, 2));
//! ```
//!
//! [`Finalizing::handle`](crate::Finalizing::handle) asks for the type of the object's whole
//! value, which may be more than the type with the hook: `RefCell<Node>` for a
//! `Gc<RefCell<Node>>`.
//!
//! # What is different inside a hook
//!
//! - [`collect`](crate::unsync::collect) returns an empty report if a collection is running the
//!   hook. In a death by count it works. So does `unsync::collect` in a hook that a collection of
//!   `sync` runs, and the other way round: they are different heaps.
//! - [`Gc::get_mut`](crate::unsync::Gc::get_mut) gives `None` for the objects that the running
//!   collection is about, though there be one handle only; and `make_mut` makes a copy. Use a
//!   `RefCell`. Objects of leaf types are not concerned, nor is a death by count.
//! - A `Gc::new` in a hook makes an object, but starts no collection inside another one.
//!
//! ```
//! use gc_core::{Finalize, Finalizing, Trace, unsync::{self, Gc}};
//! use std::cell::{Cell, RefCell};
//!
//! thread_local!(static COULD_WRITE: Cell<Option<bool>> = const { Cell::new(None) });
//!
//! #[derive(Trace)]
//! #[trace(finalize)]
//! struct Table {
//!     rows: RefCell<Gc<Vec<Gc<str>>>>,
//!     me: RefCell<Option<Gc<Table>>>,
//! }
//!
//! impl Finalize for Table {
//!     fn finalize(&self, _: &Finalizing<'_>) {
//!         COULD_WRITE.set(Some(Gc::get_mut(&mut self.rows.borrow_mut()).is_some()));
//!     }
//! }
//!
//! let table = || Gc::new(Table { rows: RefCell::default(), me: RefCell::default() });
//! drop(table());
//! assert_eq!(COULD_WRITE.get(), Some(true));
//!
//! let cycle = table();
//! *cycle.me.borrow_mut() = Some(cycle.clone());
//! drop(cycle);
//! let _ = unsync::collect();
//! assert_eq!(COULD_WRITE.get(), Some(false));
//! ```
//!
//! # For an object whose type has no hook
//!
//! [`finalize`](crate::unsync::finalize) is Python's `weakref.finalize`: from outside, for any
//! object, with what it needs in a closure. The heap keeps the closure, so the handle that
//! comes back is only for who wants to call it early, to take it back, or to ask.
//!
//! ```
//! use gc_core::unsync::{self, Gc};
//! use std::{cell::RefCell, rc::Rc};
//!
//! let log = Rc::new(RefCell::new(Vec::new()));
//! let note = |line| { let log = log.clone(); move || log.borrow_mut().push(line) };
//!
//! let directory = Gc::new("/tmp/work".to_string());
//! unsync::finalize(&directory, note("removed"));
//! let flush = unsync::finalize(&directory, note("flushed"));
//! let lock = unsync::finalize(&directory, note("unlocked"));
//! flush.call(); // early, and not again
//! let (_directory, unlock) = lock.detach().unwrap(); // never mind
//! drop((directory, _directory));
//! assert_eq!(*log.borrow(), ["flushed", "removed"]);
//! # drop(unlock);
//! ```
//!
//! | | runs | sees the object | may resurrect it | several |
//! |---|---|---|---|---|
//! | [`Finalize`](crate::Finalize) | before weak handles die | yes | yes | one for each value with a hook |
//! | [`finalize`](crate::unsync::finalize) | after, when the object is dead for good | no | no | newest first |
//! | [`downgrade_with`](crate::unsync::Gc::downgrade_with) | with those, in one order by age, if its handle still exists | no | no | newest first |
//!
//! The closure must not own a handle to the object, directly or by way of others: that would keep
//! it alive. (With `Finalize` there is no such danger.)
//!
//! # At exit
//!
//! Rust has no `atexit`. An [`exit_guard`](crate::unsync::exit_guard) in `main` is one for the
//! functions of [`finalize`](crate::unsync::finalize): its drop runs those that have not run,
//! newest first over all objects (garbage in cycles too), with no automatic collection meanwhile,
//! and no function runs afterwards. It does what CPython does (`finalize._exitfunc` in
//! `Lib/weakref.py`), and it does so too when a panic unwinds `main`.
//!
//! ```
//! use gc_core::unsync::{self, Gc};
//! use std::{cell::RefCell, rc::Rc};
//!
//! thread_local!(static CACHE: RefCell<Option<Gc<String>>> = const { RefCell::new(None) });
//!
//! let saved = Rc::new(RefCell::new(Vec::new()));
//! let main = || {
//!     let _exit = unsync::exit_guard();
//!     let cache = Gc::new("cache".to_string());
//!     let inner = saved.clone();
//!     unsync::finalize(&cache, move || inner.borrow_mut().push("saved"));
//!     let temporary = unsync::finalize(&cache, || unreachable!("only if the cache dies"));
//!     temporary.set_at_exit(false);
//!     CACHE.set(Some(cache)); // outlives `main`
//! };
//! main();
//! assert_eq!(*saved.borrow(), ["saved"]);
//! ```
//!
//! [`std::process::exit`] and an abort drop no guard. Finalizers of the other kind
//! ([`Finalize`](crate::Finalize)) belong to a death and know no exit: see below.
//!
//! # Panics
//!
//! | a panic in | goes to | and then |
//! |---|---|---|
//! | a finalizer | the hook for panics | it counts as run |
//! | a weak callback, a function of `finalize` that runs by a death or at exit | the hook | it counts as run |
//! | a function of `finalize`, in `call` | the caller | it counts as run |
//! | a `trace` | the hook | its object counts as held from outside in this collection |
//! | a function that [hears of collections](crate::unsync::on_collect) | the hook for panics | it counts as called |
//! | a waker, because the collector unlocks a lock of tokio | the hook | it counts as run |
//! | a destructor, in a collection | the hook | the value counts as dropped |
//! | a destructor, in a death by count | whoever dropped the handle | after all else that died with it is gone; further panics go to the hook |
//! | a destructor, in a death by count while the thread unwinds | the hook | the thread goes on unwinding |
//!
//! One thing aborts the process, as with `Rc`, in a collection as well: a destructor panics, and
//! while that unwinds, the destructor of a value around it panics too. "Around" reaches over up to
//! eight objects within each other, as in [the order of drops](super::cycles#the-order-of-drops).
//!
//! [`set_unraisable_hook`](crate::set_unraisable_hook) sets the hook, for the whole process.
//! Without one, a line goes to standard error.
//!
//! ```
//! use gc_core::{Finalize, Finalizing, Trace, UserCode, set_unraisable_hook, unsync::Gc};
//! use std::sync::Mutex;
//!
//! static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());
//!
//! #[derive(Trace)]
//! #[trace(finalize)]
//! struct Socket;
//!
//! impl Finalize for Socket {
//!     fn finalize(&self, _: &Finalizing<'_>) {
//!         panic!("already closed");
//!     }
//! }
//!
//! set_unraisable_hook(Some(Box::new(|event| {
//!     assert_eq!(event.code, UserCode::Finalize);
//!     SEEN.lock().unwrap().extend(event.message().map(String::from));
//! })));
//! drop(Gc::new(Socket)); // goes on after the panic
//! set_unraisable_hook(None);
//! assert_eq!(*SEEN.lock().unwrap(), ["already closed"]);
//! ```
//!
//! With `panic = "abort"` the first panic ends the process, as ever.
//!
//! # At the end of a thread
//!
//! When a thread ends, its heap in `unsync` is collected with finalizers, and again for as long as
//! garbage is found, 64 times at most. In [`sync`](crate::sync) nothing is collected then, and
//! others find what it has left: see [`threads`](super::threads#the-end-of-a-thread).
//!
//! ```
//! use gc_core::{Finalize, Finalizing, Trace, unsync::Gc};
//! use std::cell::RefCell;
//! use std::sync::atomic::{AtomicBool, Ordering};
//!
//! static CLOSED: AtomicBool = AtomicBool::new(false);
//!
//! #[derive(Trace)]
//! #[trace(finalize)]
//! struct File(RefCell<Option<Gc<File>>>);
//!
//! impl Finalize for File {
//!     fn finalize(&self, _: &Finalizing<'_>) {
//!         CLOSED.store(true, Ordering::Relaxed);
//!     }
//! }
//!
//! std::thread::spawn(|| {
//!     let file = Gc::new(File(RefCell::default()));
//!     *file.0.borrow_mut() = Some(file.clone());
//! }).join().unwrap();
//! assert!(CLOSED.load(Ordering::Relaxed));
//! ```
//!
//! This is a thread-local's destructor, with what that means:
//!
//! - [`std::process::exit`] and an abort run none, and of the main thread std does not promise
//!   it. If your finalizers matter, call [`collect`](crate::unsync::collect) at the end of `main`.
//! - It is registered by the thread's first candidate, and runs among the thread's other
//!   destructors. Handles in your own `thread_local!`s may be dropped before it or after it, in an
//!   order that the platform chooses. Both are safe. After it, what dies by count dies as ever,
//!   weak handles and callbacks work, and what is left in cycles is collected right after the
//!   destructor that has left it there. That goes for the first seven such destructors of a thread;
//!   with later ones, up to a quarter as many candidates may be left as the last look has visited.
//! - A finalizer that runs there may find a `thread_local!` of yours gone: use `try_with`.
