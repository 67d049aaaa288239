//! Which handles for how many threads, and what may run where?
//!
//! # Which of the two
//!
//! | | [`unsync`](crate::unsync) | [`sync`](crate::sync) |
//! |---|---|---|
//! | like | `Rc` | `Arc` |
//! | a handle may go to another thread | no | yes |
//! | values | any `'static` | `'static`, `Send` and `Sync` |
//! | to change what is inside | `Cell`, `RefCell`, and locks | locks, `OnceLock`, atomics |
//! | before a value stand | 16 bytes | 32 bytes |
//! | a heap for | each thread | the process |
//! | while it is collected | its thread stands still | all other threads go on |
//! | finalizers, callbacks, destructors run on | the thread of the heap | whichever thread finds the object dead |
//! | a thread's end | collects its heap | collects nothing, and loses nothing |
//! | too many handles to one object | abort the process | make the object immortal |
//!
//! Take `unsync` for what stays on one thread: its counts are plain, and it asks less of the
//! values. Take `sync` where a handle has to cross, or where one thread is to collect what others
//! make. A program may use both. They do not mix in one graph: a `sync` object cannot hold an
//! `unsync` handle, which is not `Send`; and a `sync` handle in an `unsync` object counts as held
//! from outside. [`gc_core::Gc`](crate::Gc) and [`gc_core::Weak`](crate::Weak) are those of `sync`.
//!
//! ```
//! use gc_core::{Trace, sync::{self, Gc}};
//! use std::{sync::Mutex, thread};
//!
//! #[derive(Trace)]
//! struct Worker {
//!     name: String,
//!     colleagues: Mutex<Vec<Gc<Worker>>>,
//! }
//!
//! let worker = |name: &str| Gc::new(Worker { name: name.into(), colleagues: Mutex::default() });
//! let (ann, bob) = (worker("Ann"), worker("Bob"));
//!
//! let meets = |one: &Gc<Worker>, other: &Gc<Worker>| {
//!     let (one, other) = (one.clone(), other.clone());
//!     thread::spawn(move || one.colleagues.lock().unwrap().push(other))
//! };
//! let threads = [meets(&ann, &bob), meets(&bob, &ann)];
//! threads.into_iter().for_each(|thread| thread.join().unwrap());
//! assert_eq!(ann.colleagues.lock().unwrap()[0].name, "Bob");
//!
//! // With `Arc` the two would now be leaked. Any thread may collect them.
//! drop((ann, bob));
//! let report = thread::spawn(sync::collect).join().unwrap();
//! assert_eq!((report.collected, sync::live()), (2, 0));
//! ```
//!
//! What a value may not be shows when an object is made:
//!
//! ```compile_fail,E0277
//! use gc_core::sync::Gc;
//! use std::cell::RefCell;
//!
//! let shared = Gc::new(RefCell::new(5));
//! ```
//!
//! ```
//! use gc_core::sync::Gc;
//! use std::sync::Mutex;
//!
//! let shared = Gc::new(Mutex::new(5));
//! # drop(shared);
//! ```
//!
//! # Which types for fields
//!
//! | field | is seen? | mind |
//! |---|---|---|
//! | `Gc<T>` that is set once, when the object is made | yes | costs no lock |
//! | [`OnceLock`](std::sync::OnceLock), [`LazyLock`](std::sync::LazyLock), `once_cell::sync`, `tokio::sync::OnceCell` | what is set | costs no lock: what is set stays |
//! | [`Mutex`](std::sync::Mutex), `parking_lot::{Mutex, FairMutex, ReentrantMutex}` | while nobody has it locked | poisoned ones too |
//! | [`RwLock`](std::sync::RwLock), `parking_lot::RwLock` | while nobody has it locked for writing | the collector reads |
//! | `tokio::sync::{Mutex, RwLock}` | as above | for what is held over an `.await`; waking a task is the collector's when it unlocks |
//! | `dashmap::{DashMap, DashSet}` | each shard that nobody writes to | all shards are read-locked while their object is read |
//! | [`AtomicUsize`](std::sync::atomic::AtomicUsize) and its like | own no handle | [`AtomicPtr`](std::sync::atomic::AtomicPtr) is taken for one that owns nothing |
//! | [`AtomicGc`](crate::sync::AtomicGc), [`AtomicOptionGc`](crate::sync::AtomicOptionGc) | the handle in it | read and replaced without a lock; the collector makes nobody wait there |
//! | `ArcSwap`, `Arc`, channels, a `JoinHandle`, closures, concurrent queues | no | see below |
//!
//! Types of other crates need the feature of this crate that has the crate's name.
//!
//! The collector holds a lock for less time where it guards few handles. A large collection behind
//! one (a `Mutex<Vec<Gc<T>>>` of a million) is locked for as long as the collector reads all of it.
//! A `RwLock` lets readers go on meanwhile, and several objects with a part each let most writers.
//!
//! # What counts as held from outside
//!
//! What the collector is not shown, or not shown *now*, it keeps. That is never unsafe, and what it
//! costs is a cycle that stays. Beside what stands in [`limits`](super::limits):
//!
//! - **A message under way in a channel**, whoever holds its ends.
//! - **What an `ArcSwap` or an `Arc` leads to**: several owners would show it several times.
//! - **A `thread_local!` and a `static`**, as with any local variable.
//! - **A lock that is taken.** What it guards is not looked at in this collection. A guard that was
//!   leaked, or a thread that never lets go, keeps it for ever. A lock that is taken only now and
//!   then costs nothing in the end: whoever has it came by a handle, and when that goes the
//!   object is a candidate again.
//! - **A future that is not finished**, with its local variables: see [below](#async-runtimes).
//!
//! ```
//! use gc_core::{Trace, sync::{self, Gc}};
//! use std::sync::{Mutex, mpsc};
//!
//! #[derive(Trace)]
//! struct Inbox {
//!     sender: mpsc::Sender<Gc<Inbox>>,
//!     receiver: Mutex<mpsc::Receiver<Gc<Inbox>>>,
//! }
//!
//! let (sender, receiver) = mpsc::channel();
//! let inbox = Gc::new(Inbox { sender, receiver: Mutex::new(receiver) });
//! let weak = Gc::downgrade(&inbox);
//! inbox.sender.send(inbox.clone()).unwrap();
//! drop(inbox);
//! assert_eq!(sync::collect().collected, 0); // a message that only its own addressee could read
//!
//! let inbox = weak.upgrade().unwrap();
//! let message = inbox.receiver.lock().unwrap().recv().unwrap();
//! drop((inbox, message));
//! assert_eq!(sync::live(), 0);
//! ```
//!
//! # What may run where
//!
//! Three things run code of yours that you have not called: finalizers, weak callbacks, and
//! destructors of values. They run
//!
//! - on the thread that drops an object's **last handle**, inside that `drop`;
//! - on a thread that **collects**: by [`collect`](crate::sync::collect), or inside a `Gc::new`
//!   that finds a collection due;
//! - on the **background collector's** thread, if there is one: then `Gc::new` collects nothing.
//!
//! [Hooks](crate::sync::on_collect) on collections run there as well, but for the first of these; they
//! are `Send` and `Sync`, as two collections may call one at once. An
//! [`ExternalMemory`](crate::sync::ExternalMemory) that is made or set may collect as `Gc::new` may.
//!
//! So they may run on a thread that has never heard of the object. Values and callbacks are
//! `Send`, and the compiler sees to that. What it does not see:
//!
//! - **There are no thread-locals to rely on**: another thread has others, and the background
//!   thread none of yours.
//! - **Other threads run meanwhile.** A weak handle may be upgraded while its object's finalizer
//!   runs, and whoever keeps the new handle has resurrected the object;
//!   [`Gc::is_finalized`](crate::sync::Gc::is_finalized) tells.
//! - **A last handle may not be the last.** While a collection looks at an object it has a handle
//!   of its own to it. If yours goes in the meantime, the object ends on the collecting thread, in
//!   most cases before the finalizers and destructors of the garbage that the collection has found,
//!   and until it begins to end a weak handle may still upgrade. So do not take it that a value is gone when `drop`
//!   returns, or that its destructor runs on your thread, unless its type is a leaf: a collection
//!   never takes a handle to a leaf.
//!
//! ## Locks
//!
//! Whoever holds a lock and calls something that may run a finalizer which takes that lock waits
//! for himself, for ever. That is so in Python too. What may run one: `drop` of a handle, `Gc::new`
//! and whatever makes an object, `collect`, and waiting for somebody who does any of these
//! ([`Ticket::wait`](crate::sync::background::Ticket::wait),
//! [`Background::stop`](crate::sync::background::Background::stop)). The same goes for a callback
//! and a destructor, and for a lock that is not reentrant, a full channel, or any other thing there
//! is one of. What helps, best first:
//!
//! - **Finalizers that take no lock of the program's.** Send what is to be done to a thread that
//!   does it, by a channel that is not bounded:
//!
//! ```
//! use gc_core::{Finalize, Finalizing, Trace, sync::{self, Gc}};
//! use std::sync::{OnceLock, mpsc};
//!
//! #[derive(Trace)]
//! #[trace(finalize)]
//! struct Connection {
//!     number: u32,
//!     closing: mpsc::Sender<u32>,
//!     me: OnceLock<Gc<Connection>>,
//! }
//!
//! impl Finalize for Connection {
//!     fn finalize(&self, _: &Finalizing<'_>) {
//!         let _ = self.closing.send(self.number); // waits for nobody
//!     }
//! }
//!
//! let (closing, to_close) = mpsc::channel();
//! let connection = Gc::new(Connection { number: 7, closing, me: OnceLock::new() });
//! let _ = connection.me.set(connection.clone());
//! drop(connection);
//! let _ = sync::collect();
//! assert_eq!(to_close.recv(), Ok(7)); // here the thread takes what locks it likes
//! ```
//!
//! - **Drop handles when the lock is free.** An assignment under a guard drops the old value
//!   under it:
//!
//! ```
//! use gc_core::sync::Gc;
//! use std::{mem, sync::Mutex};
//!
//! let current = Mutex::new(Gc::new(String::from("old")));
//! let next = Gc::new(String::from("new")); // made before the lock is taken
//!
//! // Not `*current.lock().unwrap() = next`, which drops the old one under the lock.
//! let old = mem::replace(&mut *current.lock().unwrap(), next);
//! drop(old);
//! assert_eq!(**current.lock().unwrap(), "new");
//! ```
//!
//! - **The [background collector](#the-background-collector).** With it no `Gc::new` runs
//!   finalizers, so a lock may be held over one. `drop` still may run them.
//! - **[`pause`](crate::sync::pause)** for a scope: no collection starts by itself, on any thread.
//!
//! A hook that stands *inside* a lock of its object (`Gc<Mutex<Node>>`, `Node` with the hook) runs
//! while that is held, and must not take it again.
//!
//! # What waits for whom
//!
//! A collection waits for no thread: it only tries locks. What waits for a collection is this:
//!
//! | you call | it waits for |
//! |---|---|
//! | `lock()`, `write()` on a lock inside an object | the moment in which the collector reads that one object, or some small part of the graph, or verifies that one cycle |
//! | `Weak::upgrade` | the moment between the verification of a cycle and its death, if the object is in it |
//! | [`collect`](crate::sync::collect), [`collect_generation`](crate::sync::collect_generation) | another thread that collects, until it has looked at everything; not for user code that runs there |
//! | `Ticket::wait`, `Background::stop`, dropping a `Background` | the collections asked for, with all user code in them |
//! | `downgrade_with`, dropping a `WeakCallback`, the settings and figures of the heap | each other, for a few steps |
//!
//! Nothing else waits: to follow, clone or drop a handle, to make an object, to downgrade. (But a
//! `Gc::new` that finds a collection due, and nobody who runs it, runs it, which takes as long as
//! it takes.)
//!
//! **The moment of a lock.** Of what an object that lost a handle reaches the collector first reads some two thousand objects
//! at most (256 in the background), and holds their locks for that; where this goes on being in vain it is left out. Otherwise it reads
//! one object at a time, and holds its locks while it goes over the handles in there. What it then takes for garbage it verifies, one cycle after
//! another, with all locks of the cycle held while its handles are read and counted. Where
//! some finalizer has yet to run, all that this collection takes for garbage is verified at once
//! before it runs. Meanwhile no user code runs but `trace`, and the time is in
//! proportion to the handles that are read; longer, if the system takes the processor from the
//! collecting thread just then. Garbage nobody reaches but by a weak handle, so the
//! lock that you meet is one that is held for one object, or for a small look.
//!
//! **`try_lock` may fail because the collector looks.** Do not conclude from a failure that some
//! other thread of yours is at work there; where that matters, use `lock`. `try_read` does not meet
//! it, as the collector only reads; `try_write` does.
//!
//! # Counts while a collection looks
//!
//! The collector holds a handle of its own to each object that it looks at, from the time when it
//! finds it until it knows what becomes of it. That is what keeps the object where it is while
//! other threads go on. (One handle, counted like yours, is all that it asks of the
//! object; to hide it every reader of a count would have to look at one word more.) In a small look that
//! ends garbage at once, the locks around its handles keep it there instead.
//!
//! | function | beside a collection |
//! |---|---|
//! | `strong_count` | may be one too many; inside a finalizer more |
//! | `get_mut` | may be `None` for the only handle |
//! | `try_unwrap`, `into_inner` | may be `Err`, `None` for the only handle; **then `into_inner` has dropped it, and the value with it** |
//! | `make_mut` | may copy, or move the value to a new object, for the only handle |
//! | `unwrap_or_clone` | may copy |
//!
//! Leaves are never looked at, so for these (a `Gc<str>`, a `Gc<Vec<u8>>`) all of it is exact.
//!
//! ```
//! use gc_core::{Finalize, Finalizing, Trace, sync::{self, Gc}};
//! use std::sync::{OnceLock, atomic::{AtomicUsize, Ordering::Relaxed}};
//!
//! static SEEN: AtomicUsize = AtomicUsize::new(0);
//!
//! #[derive(Trace, Default)]
//! #[trace(finalize)]
//! struct Node(OnceLock<Gc<Node>>);
//!
//! impl Finalize for Node {
//!     fn finalize(&self, _: &Finalizing<'_>) {
//!         SEEN.store(self.0.get().map_or(0, Gc::strong_count), Relaxed);
//!     }
//! }
//!
//! let node = Gc::new(Node::default());
//! let _ = node.0.set(node.clone());
//! assert_eq!(Gc::strong_count(&node), 2);
//! drop(node); // now there is one
//! let _ = sync::collect();
//! assert!(SEEN.load(Relaxed) > 1);
//! ```
//!
//! Of several threads that call `into_inner` at once the last gets the value, unless the collection
//! is the last. Use instead:
//!
//! - to write before an object is shared: [`UniqueGc`](crate::sync::UniqueGc), whose `&mut` needs
//!   no count;
//! - to write after that: a lock in the value, not `get_mut`;
//! - to take the value out in the end: a `Mutex<Option<T>>` in the object, and `take()`, whoever
//!   else has handles. Or `try_unwrap`, with the handle that comes back tried again;
//! - to find out who holds an object: counts when nobody collects, with
//!   [`pause`](crate::sync::pause) and without other threads.
//!
//! ```
//! use gc_core::sync::Gc;
//! use std::{sync::Mutex, thread};
//!
//! let results = Gc::new(Mutex::new(Some(Vec::new())));
//! let threads: Vec<_> = (0..4)
//!     .map(|number| {
//!         let results = results.clone();
//!         thread::spawn(move || results.lock().unwrap().as_mut().unwrap().push(number))
//!     })
//!     .collect();
//! threads.into_iter().for_each(|thread| thread.join().unwrap());
//!
//! let mut results = results.lock().unwrap().take().unwrap(); // not `Gc::try_unwrap(results)`
//! results.sort();
//! assert_eq!(results, [0, 1, 2, 3]);
//! ```
//!
//! # The background collector
//!
//! [`background::start`](crate::sync::background::start) makes a thread that runs the automatic
//! collections, and with them the finalizers, callbacks and destructors of what they find. From
//! then on `Gc::new` only wakes it. One process has one.
//!
//! ```
//! use gc_core::{Trace, sync::{Gc, background::{self, Config, StartError}}};
//! use std::{sync::OnceLock, time::Duration};
//!
//! #[derive(Trace, Default)]
//! struct Loop(OnceLock<Gc<Loop>>);
//!
//! // By the thresholds, and at least once a minute.
//! let background = background::start(Config::default().interval(Duration::from_secs(60)))?;
//!
//! for _ in 0..10_000 {
//!     let node = Gc::new(Loop::default());
//!     let _ = node.0.set(node.clone());
//! }
//!
//! // Asked for: begins after this call, and also works in a pause.
//! let ticket = background.collect_now();
//! println!("{}", ticket.wait());
//!
//! // No automatic collection anywhere while this lives.
//! let quiet = background.pause();
//! drop(quiet);
//!
//! let figures = background.stop();
//! assert_eq!(figures.collected, 10_000);
//! println!("{figures}");
//! # Ok::<(), StartError>(())
//! ```
//!
//! - **`collect_now` gives a [`Ticket`](crate::sync::background::Ticket).** To drop it is to let
//!   the collection run by itself. `wait` waits for user code: with a lock held that some finalizer
//!   wants it waits for ever. `wait_timeout` gives up.
//! - **A pause is one of all automatic collections**: `Gc::new` neither collects nor wakes the
//!   thread. What is asked for runs all the same.
//! - **[`Figures::busy`](crate::sync::background::Figures::busy)** against the time that has passed
//!   tells how near the thread is to its limit. Nothing slows down a program that makes garbage
//!   faster than one thread collects it, and a finalizer that blocks stops all of them:
//!   memory grows.
//! - **To stop it** call `stop`, which returns the figures, or drop the guard. Both wait for what
//!   it is doing and was asked for. Afterwards `Gc::new` collects again.
//! - An [interval](crate::sync::background::Config::interval) is for programs that have times in
//!   which they make no objects: otherwise nobody notices that a collection is due.
//!
//! # The end of a thread
//!
//! When a thread ends, its candidates are handed over to all, and whoever collects next finds what
//! it has left. No finalizer runs because of the end itself, unlike with `unsync`. Handles in its
//! `thread_local!`s are dropped by their destructors, in any order; all of that is safe, and what
//! becomes a candidate there is not lost either.
//!
//! ```
//! use gc_core::{Trace, sync::{self, Gc}};
//! use std::sync::OnceLock;
//!
//! #[derive(Trace, Default)]
//! struct Loop(OnceLock<Gc<Loop>>);
//!
//! std::thread::spawn(|| {
//!     let node = Gc::new(Loop::default());
//!     let _ = node.0.set(node.clone());
//! }).join().unwrap();
//! assert_eq!(sync::live(), 1);
//! assert_eq!(sync::collect().collected, 1);
//! ```
//!
//! # The end of the process
//!
//! Nothing is collected when `main` returns or the process exits, and handles in `static`s are
//! never dropped. If your finalizers matter, stop the background collector and call
//! [`collect`](crate::sync::collect) at the end of `main`, when other threads have ended. A
//! collection frees what is garbage then; a finalizer may make new garbage, so ask again while the
//! report's [`total`](crate::Report::total) is not zero.
//!
//! # Fork
//!
//! The child of a `fork` has one thread, a copy of the one that called it, and all memory as it was
//! at that moment. If the process had other threads, the background collector's included, then
//! locks that they held stay locked in the child for ever: those of your objects, those of the
//! allocator on some systems, and the collector's. And the background thread is gone, though
//! [`is_running`](crate::sync::background::is_running) says that it is there, so `Gc::new` wakes
//! nobody and collects nothing. If another thread was collecting just then,
//! [`collect`](crate::sync::collect) waits in the child for ever, and so may `Gc::new`, the figures
//! and the settings, if one held what they lock for a few steps.
//!
//! - **Use the crate after a fork only in a child of a process that had one thread.** There nobody
//!   else held a lock, and both heaps go on in each of the two.
//! - Otherwise do between `fork` and `exec` what is async-signal-safe: make no objects, drop no
//!   handles, and do not drop a [`Background`](crate::sync::background::Background).
//! - Start threads, and the background collector, after the fork, in each of the two.
//!
//! # Immortal objects
//!
//! A count that is about to outgrow its bits is stopped instead, and its object stays:
//!
//! - From **134 217 728 (2²⁷) strong handles at once** on, the object lives for ever, with all that
//!   it holds. It is never finalized, and `strong_count` says some number of that size.
//! - From **33 554 432 (2²⁵) weak handles at once** on, less one or two, the value dies as ever,
//!   and its memory is not given back. `get_mut` is `None` from then on.
//!
//! It takes 1 GiB of handles to come there (256 MiB of weak ones), or a loop that leaks them. The
//! process goes on, as with the counters of the Linux kernel; `Arc` aborts it.
//!
//! # Async runtimes
//!
//! Handles may be held over an `.await`, and a task that holds them may move between threads:
//! `Gc<T>` is `Send` where `T` is `Send` and `Sync`.
//!
//! - **A task is outside.** The collector does not look into futures. What a task has in its
//!   variables, and what was moved into it, lives until the task has finished or is dropped. An
//!   object that keeps its own task alive (it owns what would cancel it) while the task owns a
//!   handle to the object is never freed: give the task a [`Weak`](crate::sync::Weak), and upgrade
//!   between two waits.
//!
//! ```
//! use gc_core::{Trace, sync::{self, Gc}};
//! use std::{future::pending, sync::OnceLock, task::{Context, Waker}};
//!
//! #[derive(Trace, Default)]
//! struct Session(OnceLock<Gc<Session>>);
//!
//! let session = Gc::new(Session::default());
//! let _ = session.0.set(session.clone());
//!
//! let mut task = Box::pin(async move {
//!     let _session = session;
//!     pending::<()>().await;
//! });
//! assert!(task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
//! assert_eq!(sync::collect().collected, 0);
//! drop(task);
//! assert_eq!(sync::collect().collected, 1);
//! ```
//!
//! - **Finalizers run on the runtime's workers** when a task drops the last handle, and when its
//!   `Gc::new` collects. They must not block there, no more than other code. A background collector
//!   takes the collections off the workers.
//! - **On the background thread there is no runtime**: `tokio::spawn` panics there, and the panic
//!   goes to the [hook](crate::set_unraisable_hook). Let the object own a
//!   `tokio::runtime::Handle` (`#[trace(skip)]`) or the sender of a channel that is not bounded.
//! - **`Ticket::wait` and `sync::collect` block their thread**: call them where blocking is
//!   allowed.
//! - **std's locks** are right for what is held between two `.await`s, and tokio's for what is held
//!   over one. A lock that is held over a long wait hides what it guards as long. When the
//!   collector unlocks a lock of tokio for which a task has begun to wait, it wakes that task;
//!   its waker runs on the collecting thread, in the middle of a collection. The wakers of runtimes
//!   put their task in a queue. One of your own should do no more.
