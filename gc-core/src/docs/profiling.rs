//! What does a piece of my program allocate, and what of it stays?
//!
//! [`profile`](crate::unsync::profile) measures a closure, and a
//! [`Profiler`](crate::unsync::Profiler) whatever lies between its start and its stop. Both read
//! the heap's counters twice. No object is looked at, so this may stay in a program that has a
//! large heap.
//!
//! ```
//! use gc_core::{Profiles, Trace, unsync::{self, Gc}};
//! use std::cell::RefCell;
//!
//! #[derive(Trace)]
//! struct Request {
//!     path: Gc<str>,
//!     context: RefCell<Option<Gc<Request>>>, // leads back to the request: a cycle
//! }
//!
//! fn handle(path: &str) -> usize {
//!     let request = Gc::new(Request { path: path.into(), context: RefCell::default() });
//!     *request.context.borrow_mut() = Some(request.clone());
//!     request.path.len()
//! }
//!
//! let mut profiles = Profiles::default();
//! for path in ["/", "/about"] {
//!     profiles.push(unsync::profile(path, || handle(path)).1);
//! }
//! profiles.push(unsync::profile("collect", || unsync::collect()).1);
//!
//! // Each request leaves two objects to the next collection.
//! let alive: Vec<_> = profiles.iter().map(|profile| profile.objects.alive()).collect();
//! assert_eq!(alive, [2, 2, -4]);
//! assert_eq!(profiles[2].collected(), 2); // and their paths died by count
//! println!("{profiles}");
//! ```
//!
//! That prints (release build):
//!
//! ```text
//!            objects                    bytes                collections                    resident
//! scope    allocated  freed  alive  allocated  freed  alive         runs  collected   time    change     time
//! /                2      0      2         81      0     81            0          0      0  +0.0 MiB    7.4µs
//! /about           2      0      2         86      0     86            0          0      0  +0.0 MiB  261.0ns
//! collect          0      4     -4          0    167   -167            1          2  7.2µs  +0.0 MiB    8.5µs
//! ```
//!
//! A single [`Profile`](crate::Profile), here the last, shows more of its own:
//!
//! ```text
//! collect: 8.5µs
//!             allocated      freed     alive
//! objects             0          4        -4
//! bytes               0        167      -167
//!           collections  collected      time
//! young               0          0         0
//! middle              0          0         0
//! old                 1          2     7.2µs
//!                before      after    change
//! resident      2.1 MiB    2.1 MiB  +0.0 MiB
//! virtual       3.1 MiB    3.1 MiB  +0.0 MiB
//! ```
//!
//! # What is counted
//!
//! | figure | counts |
//! |---|---|
//! | objects allocated | objects made, by whatever way: `new`, `from`, `new_cyclic`, a `UniqueGc` |
//! | objects freed | objects whose value was dropped or moved out (`try_unwrap`, `make_mut`), whenever they were made |
//! | bytes | of the boxes of these objects, as the allocator is asked for them: 16 bytes before the value (32 in `sync`), the value, and 16 more if it was made from a `Box`, `Vec`, slice or string; with padding to the value's alignment |
//! | alive | the difference. It is below zero if more of what was there before has ended |
//! | collections | those that have ended meanwhile, by the oldest generation that they took, as in [`stats`](crate::unsync::stats) |
//! | resident, virtual | [`process_memory`](crate::process_memory): the whole process |
//!
//! Not in the bytes is what values own outside of their boxes (the elements of a `Vec` in a field),
//! nor what the allocator takes to keep account.
//!
//! An object is freed, for these figures, when its value ends. The memory of the box is free at that
//! moment as well ([for the next object](super::performance#memory-of-dead-objects), or to the
//! allocator), but for three cases: a weak handle keeps it until the last of them is
//! dropped; in `sync` a candidate that died by count keeps it until its list is gone through; and
//! what a leaked handle leads to is kept for good.
//!
//! The resident memory says less than it seems to: allocators keep what was freed, and the system
//! counts in pages. Compare it over many rounds of the same work.
//!
//! # Whose heap
//!
//! In `unsync` the figures are those of the calling thread's heap: what other threads do is not in
//! them, and the profiler stays on its thread. In [`sync`](crate::sync) they are those of the whole
//! process: what others allocate in the meantime is in them too, and a collection of another
//! thread. They are exact if the others rest when it starts and when it stops; otherwise objects
//! that were in the making just then may be missed or seen in part.
//!
//! ```
//! use gc_core::{sync, unsync};
//! use std::thread;
//!
//! let work = || (drop(unsync::Gc::new(1_u8)), drop(sync::Gc::new(1_u8)));
//! let elsewhere = || thread::spawn(work).join().unwrap();
//! let (_, here) = unsync::profile("elsewhere", elsewhere);
//! assert_eq!(here.objects.allocated, 0);
//! let (_, all) = sync::profile("elsewhere", elsewhere);
//! assert_eq!((all.objects.allocated, all.bytes.freed), (1, 33));
//! ```
//!
//! # What it costs
//!
//! Every object is counted, whether somebody measures or not: one addition when it is made and
//! one when it ends, for the bytes. To start and to stop reads one set of counters (in `sync` one
//! for each thread), the clock, and the process's figures from the system, which is the most of it.
