//! What is never freed, and what can't it do?
//!
//! # What the collector cannot see, it keeps
//!
//! An object dies in a collection only if edges that the collector was shown account for all its
//! handles. A handle anywhere else counts as held from outside. So nothing in use is ever freed
//! for want of sight, and a cycle through something hidden is never freed at all.
//!
//! | a `Gc` inside | is seen? | instead |
//! |---|---|---|
//! | `Rc`, `Arc`, `&'static` | no: several owners would show it several times | `Gc` |
//! | a closure, `dyn Fn`, `dyn Any` | no | a struct with a method, or a `fn` with its data beside it |
//! | a field with `#[trace(skip)]`, a type with `#[trace(leaf)]` | no, by your word | leave the attribute away |
//! | an object from `Gc::new_opaque` | no, by your word | `Gc::new` |
//! | a `UniqueGc` | no: you may be writing to it | `publish` it |
//! | an object of the other heap (`sync` in `unsync`) | no | one kind for one graph |
//! | what a weak callback owns | no | a `Weak` |
//! | the key of a `WeakValueMap` | no: who looks for a key shares it meanwhile | a `WeakKey` |
//! | a channel, a `BufWriter`, a `JoinHandle`, a future | no | a `Weak` |
//! | an `ArcSwap` | no: several owners would show it several times | a `RwLock<Gc<T>>` |
//! | a `static`, a `thread_local!`, a local variable | no: these are what is outside | |
//! | a `LazyCell` or `LazyLock` before it is forced | no | |
//! | a raw pointer | no | [`adapting`](super::adapting) |
//! | a `RefCell` | not while it is borrowed mutably | release the borrow |
//! | a `Mutex` or `RwLock`, a shard of a `DashMap` | not while it is locked (for writing) | release the lock |
//! | a tokio `Mutex` or `RwLock` | not in an object of one thread | std's lock, or a `RefCell` |
//!
//! The usual mistake, and its mending:
//!
//! ```
//! use gc_core::{Trace, unsync::{self, Gc}};
//! use std::{cell::RefCell, rc::Rc};
//!
//! #[derive(Trace, Default)]
//! struct Leaks {
//!     others: Rc<RefCell<Vec<Gc<Leaks>>>>,
//! }
//!
//! let node = Gc::new(Leaks::default());
//! node.others.borrow_mut().push(node.clone());
//! let others = node.others.clone();
//! drop(node);
//! assert_eq!(unsync::collect().collected, 0);
//! # others.take();
//!
//! #[derive(Trace, Default)]
//! struct Freed {
//!     others: Gc<RefCell<Vec<Gc<Freed>>>>,
//! }
//!
//! let node = Gc::new(Freed::default());
//! node.others.borrow_mut().push(node.clone());
//! drop(node);
//! assert_eq!(unsync::collect().collected, 2);
//! ```
//!
//! A `RefCell` that is borrowed mutably when a collection comes hides what is in it for that
//! collection. That costs nothing in the end, because its object is in use: it is found by a later
//! one. A `RefMut` that was leaked hides it for ever.
//!
//! ```
//! use gc_core::{Trace, unsync::{self, Gc}};
//! use std::cell::RefCell;
//!
//! #[derive(Trace, Default)]
//! struct Node(RefCell<Vec<Gc<Node>>>);
//!
//! let node = Gc::new(Node::default());
//! let borrowed = node.0.borrow_mut();
//! assert_eq!(unsync::collect().collected, 0); // and no panic
//! drop(borrowed);
//! ```
//!
//! To find out what keeps an object, compare `Gc::strong_count` with the handles that you know of.
//! What is above that is out of sight. (In `sync` a collection that looks at the object counts for
//! one.) [`leaks`](super::leaks) has the tools.
//!
//! # What does not compile
//!
//! - **`Drop` beside `derive(Trace)`**: see [`finalizers`](super::finalizers).
//! - **Values that borrow.** `T` is `'static`: a finalizer may keep a value for as long as it
//!   likes.
//! - **Sending a handle of `unsync` to another thread.** Each thread has its own heap there, and
//!   the counts are plain. Those of [`sync`](crate::sync) may be sent; see
//!   [`threads`](super::threads).
//! - **A value of `sync` that is not `Send` and `Sync`**, such as a `RefCell` or an `Rc`.
//! - **Coercion without [`coerce!`](crate::coerce)**: that would need an unstable feature of Rust.
//!
//! ```compile_fail,E0277
//! use gc_core::unsync::Gc;
//!
//! let five = Gc::new(5);
//! std::thread::spawn(move || assert_eq!(*five, 5));
//! ```
//!
//! Its twin, with a handle that may be sent:
//!
//! ```
//! use gc_core::sync::Gc;
//!
//! let five = Gc::new(5);
//! std::thread::spawn(move || assert_eq!(*five, 5)).join().unwrap();
//! ```
//!
//! # What follows handles by itself
//!
//! A `Debug`, `PartialEq`, `Ord` or `Hash` that is derived asks the values behind handles, as with
//! `Rc`. Around a cycle that has no end: the stack overflows, and the process aborts. (Python's
//! `repr` notices, its `==` raises a `RecursionError`.) So write them by hand for types that form
//! cycles, over what tells one object from another. For a look at any object there is
//! [`debug_text`](crate::unsync::AnyGc::debug_text), which stops after 200 bytes; for maps and sets of
//! such objects there are those [by identity](crate::weakref::ByIdentity).
//!
//! # What has an end
//!
//! - There can be 2³² − 1 handles of `unsync` to an object and about as many weak ones. One more
//!   aborts the process, as an overflow does with `Rc`. With 2²⁷ handles of `sync` at once an
//!   object becomes [immortal](super::threads#immortal-objects).
//! - A collection can look at about 2³² objects, and as many edges. One that would need more, or
//!   for which there is no memory, is given up: everything is as before, and the report says that
//!   nothing was done.
//! - A collection stops its thread until it is done, and nothing else does any of its work. Other
//!   threads go on; in `sync` they may [meet it at a lock](super::threads#what-waits-for-whom). It
//!   takes time in proportion to what it visits, plus your finalizers and destructors.
//!   [`performance`](super::performance) says how much memory.
//! - Objects never move. Memory comes from the global allocator, one allocation for each object, and
//!   [some of it is kept](super::performance#memory-of-dead-objects) for the next objects.
//!
//! # What ends with the thread
//!
//! A thread's heap in `unsync` ends with it: see [`finalizers`](super::finalizers). Objects that
//! somebody still holds then (a leaked handle, a `static` that got one by force) stay as they are.
//! The heap of `sync` ends with the process, which collects nothing: see
//! [`threads`](super::threads#the-end-of-the-process).
