//! When does it collect, and how do I steer that?
//!
//! First: most programs need nothing of this page. Deaths by count free at once whatever the
//! settings, and the work of automatic collections grows in proportion to what the program does.
//!
//! # The rule
//!
//! The schedule is that of CPython 3.11 to 3.13 (`gc_select_generation` and `gc_collect_main` in
//! `Modules/gcmodule.c`), counted in candidates. There are three numbers,
//! [`thresholds`](crate::unsync::thresholds), by default (2000, 10, 10):
//!
//! - When there are more than `young` candidates since the last collection, the next `Gc::new`
//!   collects the young generation.
//! - When there were more than `middle` young collections in a row, the middle generation is
//!   collected with it.
//! - When there were more than `old` middle ones, the old generation is collected too, if the
//!   brake lets it.
//!
//! A collection looks only at objects of the generations it collects, and takes all others as
//! alive. What survives moves to the next generation. [`counts`](crate::unsync::counts) says
//! where the schedule stands: candidates, young collections, middle collections.
//!
//! A worked example with (9, 2, 2). Each turn makes an object that is kept and that loses one
//! of its two handles, so it becomes a candidate. A collection is due after ten of them.
//!
//! ```
//! use gc_core::{Thresholds, unsync::{self, Gc}};
//!
//! unsync::set_thresholds(Thresholds { young: 9, middle: 2, old: 2 });
//! let (mut kept, mut history) = (Vec::new(), String::new());
//! for number in 0..270 {
//!     let before = unsync::stats();
//!     let object = Gc::new(vec![Gc::new(number)]);
//!     for (name, (now, before)) in "YMF".chars().zip(unsync::stats().into_iter().zip(before)) {
//!         if now.collections > before.collections {
//!             history.push(name);
//!         }
//!     }
//!     kept.push(object.clone());
//! }
//! // Young three times, then middle; after three middle ones a full one.
//! assert_eq!(history, "YYYMYYYMYYYMFYYYMYYYMYYYMF");
//! ```
//!
//! # Candidates, not allocations
//!
//! CPython counts the objects that were made, less those that died. Here an object counts when it
//! loses a handle and lives on, because only that can make garbage of it; once between two
//! collections; and it no longer counts when it dies by count. One candidate may lead to many
//! objects, so with some about a collection comes also when there are five objects more, for each
//! candidate of the young threshold, than the last one has left. Two consequences:
//!
//! - Making objects alone starts nothing. CPython 3.13 runs 499 collections while it makes a
//!   million objects that all live (455 young, 41 middle, 3 full).
//! - A program that clones and drops handles to living objects makes candidates of them, and
//!   collections that find nothing. Borrow where a borrow will do.
//!
//! Where every object is garbage in a cycle, both come out the same:
//!
//! ```
//! use gc_core::{Thresholds, Trace, unsync::{self, Gc}};
//! use std::cell::RefCell;
//!
//! #[derive(Trace)]
//! struct Loop(RefCell<Option<Gc<Loop>>>);
//!
//! let collections = || unsync::stats().map(|generation| generation.collections);
//!
//! unsync::set_thresholds(Thresholds::PY311);
//! let alive: Vec<_> = (0..100_000).map(|_| Gc::new(Loop(RefCell::default()))).collect();
//! assert_eq!(collections(), [0, 0, 0]);
//! let _ = unsync::collect();
//!
//! for _ in 0..100_000 {
//!     let node = Gc::new(Loop(RefCell::default()));
//!     *node.0.borrow_mut() = Some(node.clone());
//! }
//! // One for every 701 of them, and every twelfth takes the middle generation.
//! assert_eq!(collections(), [131, 11, 1]);
//! # drop(alive);
//! ```
//!
//! # The brake
//!
//! A full collection looks at everything that old candidates reach, so it must be worth it. It
//! runs only if one of these holds, and otherwise a middle or a young one runs in its place:
//!
//! - The old generation has grown by a quarter since the last full collection. Growth is net:
//!   objects that were promoted and died by count since do not count. (In CPython they do, a
//!   known flaw: GH-122569.)
//! - There is an old candidate, and since the last full collection four times as many candidates
//!   were counted as there are old objects. (CPython has no such rule: garbage in an old
//!   generation that does not grow stays there.)
//!
//! Memory that objects report is a third reason, see [below](#external-memory).
//!
//! # What to set
//!
//! | you want | do |
//! |---|---|
//! | no collection at a certain point | [`pause`](crate::unsync::pause) for the scope |
//! | collections where you choose, as between frames or requests | [`disable`](crate::unsync::disable), and [`collect_generation`](crate::unsync::collect_generation)`(Generation::Young)` there; now and then [`collect`](crate::unsync::collect) |
//! | fewer collections, more garbage in between | a larger `young` |
//! | less garbage in between | a smaller `young` |
//! | none at all | `young: 0`, or `disable` |
//! | collections that leave alone what is there for good | [`freeze`](#freezing) |
//! | collections that come when much memory is held, not many objects | [`ExternalMemory`](#external-memory) |
//!
//! While collections are off, garbage in cycles stays, and each candidate takes 16 bytes in a
//! table. Objects that own much memory elsewhere (a large `Vec`, a texture) count as one
//! candidate like all others, unless they [report it](#external-memory).
//!
//! The settings of `unsync` are the calling thread's, and each new thread starts with the default.
//! Those of [`sync`](crate::sync) are the process's. Its threads tell each other of their
//! candidates in steps of 32, so a collection may be late by up to 31 for each thread; and its
//! candidates take no memory of their own, but one that has died by count keeps its memory, its
//! value dropped, until the next collection, or until there are 1024 such and as many as candidates
//! alive.
//!
//! Where no thread can be spared for a collection, `sync` has the
//! [background collector](super::threads#the-background-collector).
//!
//! # Freezing
//!
//! [`freeze`](crate::unsync::freeze) sets all that there is aside: collections pass over it, as if
//! it were held from outside. Two kinds of program want that. One builds something large at its
//! start that stays to the end, and need not have it looked at again. The other is about to `fork`,
//! where a collection of the child that writes to the objects it looks at has the system copy their
//! memory. It collects first, so that no garbage is set aside, with collections off until then, as
//! what they free leaves holes that are written to later
//! ([CPython's advice](https://docs.python.org/3/library/gc.html#gc.freeze)):
//!
//! ```
//! use gc_core::{Trace, unsync::{self, Gc}};
//! use std::cell::RefCell;
//!
//! #[derive(Trace)]
//! struct Page {
//!     links: RefCell<Vec<Gc<Page>>>,
//! }
//!
//! fn pages(count: usize) -> Vec<Gc<Page>> {
//!     let pages: Vec<_> = (0..count).map(|_| Gc::new(Page { links: RefCell::default() })).collect();
//!     for (at, page) in pages.iter().enumerate() {
//!         page.links.borrow_mut().push(pages[(at + 1) % count].clone());
//!     }
//!     pages
//! }
//!
//! unsync::disable();
//! let site = pages(1000);
//! let _ = unsync::collect();
//! unsync::freeze();
//! // … fork …
//! unsync::enable();
//!
//! // A handle to a page comes and goes. Without the freeze the next collection would visit them all.
//! drop(site[0].clone());
//! drop(pages(2));
//! let report = unsync::collect();
//! assert_eq!((report.visited, report.collected), (2, 2));
//! assert_eq!(unsync::frozen_count(), 1000);
//! ```
//!
//! What is frozen dies by count as ever, and counts are kept in the objects: to clone and to drop
//! handles writes to them, whatever is frozen. Garbage among the frozen stays until
//! [`unfreeze`](crate::unsync::unfreeze), after which they are old objects.
//! While something is frozen, what a full collection finds alive stays a candidate, as a frozen object
//! may be all that holds it: the next full one looks at it again.
//!
//! # External memory
//!
//! The schedule counts objects. If few of them hold much memory that is not theirs to count (TLS
//! contexts, textures, mapped files, tables in a C library), garbage in cycles may be large before it
//! is many. That is what happened to Python's httpx when a client was made for each request: 420 MB,
//! where 80 were needed (CPython's GH-142516). A field of type
//! [`ExternalMemory`](crate::unsync::ExternalMemory) says how much a value holds, and the schedule
//! goes by that, too:
//!
//! - When the bytes reported have grown by more than
//!   [the threshold](crate::unsync::external_threshold), 16 MiB, since the last collection, the next
//!   report of more of them runs one; a young one, or a middle one if young ones have been enough.
//! - It is a full one when they have grown by more than half of what the last full one has left and
//!   four thresholds.
//!
//! So with L bytes left by the last full collection and a threshold of T never more than
//! 1.5 L + 5 T are outstanding, and what is reported at once. And full collections come further
//! apart the more there is, so that their work stays in proportion to what the program reports.
//!
//! Growth is net: memory that is given back makes room. A report may run a collection as `Gc::new`
//! may, and where that would not, because collections are off or one is going on, it does not either.
//!
//! # Hearing of collections
//!
//! [`on_collect`](crate::unsync::on_collect) has a function called before and after each, with its
//! report: for a log, for a metric, to switch something off meanwhile.
//!
//! ```
//! use gc_core::{Phase, unsync};
//!
//! let _hook = unsync::on_collect(|phase, report| {
//!     if phase == Phase::Stop && report.duration.as_millis() >= 10 {
//!         eprintln!("{report}");
//!     }
//! });
//! let _ = unsync::collect();
//! ```
//!
//! # Reading a report
//!
//! [`collect`](crate::unsync::collect) returns a [`Report`](crate::Report), and
//! [`stats`](crate::unsync::stats) the sums over all collections, automatic ones too, by the
//! oldest generation that was collected. Take the difference of two readings to measure a stretch
//! of the program, or a [profile](super::profiling), which has the objects and bytes as well.
//!
//! ```
//! use gc_core::{Trace, unsync::{self, Gc}};
//! use std::cell::RefCell;
//!
//! #[derive(Trace)]
//! struct Person {
//!     name: Gc<str>,
//!     friends: RefCell<Vec<Gc<Person>>>,
//! }
//!
//! let person = |name| Gc::new(Person { name: Gc::from(name), friends: RefCell::default() });
//! let (ann, bob, eve) = (person("Ann"), person("Bob"), person("Eve"));
//! ann.friends.borrow_mut().extend([bob.clone(), eve.clone()]);
//! bob.friends.borrow_mut().push(ann.clone());
//! drop((ann, bob));
//! assert_eq!((&*eve.name, unsync::live()), ("Eve", 6));
//!
//! let before = unsync::stats()[2];
//! let report = unsync::collect();
//! assert_eq!(report.candidates, 2); // Ann and Bob each lost a handle
//! assert_eq!(report.visited, 3); // and they reach Eve
//! assert_eq!(report.collected, 2); // Ann and Bob; their names died by count
//! assert_eq!(unsync::live(), 2); // Eve and her name
//! assert_eq!((unsync::stats()[2] - before).duration, report.duration);
//! ```
//!
//! | what you see | what it means |
//! |---|---|
//! | `visited` much larger than `collected`, again and again | collections find little: raise `young`, or drop fewer clones of living handles |
//! | `candidates` near zero in full collections, [`live`](crate::unsync::live) grows | it is held from somewhere, or out of sight: see [`limits`](super::limits) |
//! | `resurrected` above zero | finalizers keep objects; they stay candidates |
//! | `uncollectable` above zero | values were dropped, but handles to them were leaked (a destructor panicked, `ManuallyDrop`, `mem::forget`), so their memory was kept |
//! | an empty report | it was called inside another collection on the same thread, or there was no memory for one |
//! | a long `duration` with few `visited` | finalizers and destructors: they are in it; in `sync` also other threads that had the processor meanwhile |
