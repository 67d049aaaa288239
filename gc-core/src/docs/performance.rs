//! What does each operation do, and how much memory does it take?
//!
//! Figures are in the README. This page says what is done, so that you can tell what a change to
//! your program will do to them.
//!
//! # Operations
//!
//! With `unsync`:
//!
//! | operation | what it does |
//! |---|---|
//! | follow a handle | nothing but the load; the value stands 16 bytes into the allocation, or further where it is aligned to more |
//! | clone | adds one to a count of 32 bits, and aborts on overflow |
//! | drop, not the last | subtracts one and tests three flags. The first such drop since the last collection also enters the object in a table (16 bytes) |
//! | drop, the last | finalizer, weak handles, callbacks, if there are any; takes the object out of that table, if it is in there; drops the value; keeps the memory for the next object, or frees it. Eight levels nest, what is deeper waits in a list (8 bytes each) |
//! | `Gc::new` | compares two numbers to see whether a collection is due; takes the memory of a [dead object](#memory-of-dead-objects), or allocates; writes 16 bytes and the value |
//! | `downgrade`, dropping a `Weak` | adds or subtracts one, in the object or, if it is a candidate, in its entry in the table |
//! | `upgrade` | tests a count and a flag, adds one |
//! | `get_mut` | compares counts and the type; takes the object out of the table |
//! | `downgrade_with` | also boxes the closure and enters it in a search tree (O(log n) in all callbacks of the thread) |
//! | `finalize` | the same, an allocation for what its handles share, and an entry in a second tree |
//! | an entry of a weak map or set, in and out | a `downgrade_with`, and a place in a hash table; of a `WeakKeyMap` also one in a search tree by the key's address, for what belongs to the key |
//! | a look-up there | takes the weak handles of the entries with the key's hash out, upgrades each and compares; nothing is borrowed meanwhile |
//! | `freeze` | a step for each candidate; no object is visited |
//! | `referents` | traces the object once, clones each handle |
//! | `deep_size` | traces each object that is reached once, with a handle to each until the end; no recursion |
//! | `profile` | reads the heap's counters twice, and the process's figures from the system |
//! | a collection | traces what the candidates reach in its generations, once; once more what is suspected, if a finalizer ran |
//!
//! What is different with `sync`:
//!
//! | operation | what it does |
//! |---|---|
//! | follow a handle | nothing but the load; the value stands 32 bytes into the allocation |
//! | clone | one atomic addition, as `Arc` |
//! | drop, not the last | one compare-exchange, where `Arc` subtracts: again, if another thread was quicker. The first since the last collection also puts the object on a list of the thread's (a second compare-exchange, no memory) |
//! | drop, the last | a load and a store, if nobody else could know of the object (no weak handle, not a candidate); otherwise as above. A candidate keeps its memory until the list is gone through |
//! | `Gc::new` | looks at one flag to see whether a collection is due, which other threads write seldom |
//! | `downgrade`, dropping a `Weak` | an atomic addition, a subtraction, always in the object |
//! | `upgrade` | a load and a compare-exchange, again if another thread was quicker |
//! | `get_mut` | a compare-exchange |
//! | `downgrade_with`, dropping a `WeakCallback` | takes a mutex of the process for the search tree |
//! | a collection | takes a handle to each object that it looks at; traces what it takes for garbage once more, with locks held; three times more, if a finalizer runs |
//!
//! A leaf (a `Gc<str>`, a `Gc<Vec<u8>>`, a struct of numbers) is never a candidate and never
//! traced. Whether a type is one is known when your program is compiled.
//!
//! # Memory of an object
//!
//! 16 bytes stand before the value, as with `Rc`, and 32 in `sync`; 16 more if the object was made
//! from a `Box`, a `Vec`, a slice or a string, because the length or the table of the trait has to
//! be found from a thin pointer. The allocation is aligned to 16. A handle is 8 bytes, 16 to an
//! unsized value, and `Option` adds nothing. (On a 64-bit machine.)
//!
//! ```
//! use gc_core::{sync, unsync::{Gc, Weak}};
//!
//! assert_eq!(size_of::<Option<Gc<u64>>>(), 8);
//! assert_eq!(size_of::<Option<sync::Gc<u64>>>(), 8);
//! assert_eq!(size_of::<Weak<u64>>(), 8);
//! assert_eq!(size_of::<Gc<str>>(), 16);
//! assert_eq!(Gc::as_ptr(&Gc::new(1_u8)).addr() % 16, 0);
//! ```
//!
//! Between collections a candidate takes 16 bytes more, in a table (nothing in `sync`, where there
//! is room in the object), and a weak callback about 32 and its closure.
//!
//! # Memory of dead objects
//!
//! What an object stood in is kept for the next one of the same length, which asks the allocator for
//! nothing then. Each thread keeps its own, apart for `unsync` and `sync`; in `sync` it is the thread on
//! which the object has ended, but for the [background collector](crate::sync::background), which keeps
//! nothing. It is bounded, in bytes:
//!
//! | after | at most |
//! |---|---|
//! | deaths by count | 128 KiB, or what the last collection on the thread has left |
//! | a collection | 1 MiB. What has lain there unused since the one before goes back to the allocator when it begins |
//! | [`collect`](crate::unsync::collect) | the same, but *all* that was there before goes back. So one that finds nothing leaves nothing: who counts bytes calls it until it does |
//! | the end of the thread | nothing |
//!
//! Not kept is what is longer than 256 bytes with what stands before the value, is aligned to more than 16,
//! has a length that four does not divide, or was made from an unsized value. A build with
//! `RUSTFLAGS="--cfg gc_plain_memory"` keeps nothing at all, so that memcheck and AddressSanitizer see the
//! end of each object.
//!
//! ```
//! use gc_core::unsync::Gc;
//!
//! let first = Gc::new([1_u64, 2]);
//! let place = Gc::as_ptr(&first).addr();
//! drop(first);
//! let second = Gc::new(String::from("another type").into_boxed_str());
//! # if cfg!(not(any(miri, gc_plain_memory))) {
//! assert_eq!(Gc::as_ptr(&second).addr(), place);
//! # }
//! ```
//!
//! # Memory of a collection
//!
//! A collection works on a copy of the graph in arrays of numbers. While it runs it takes
//!
//! | for each | bytes | what for |
//! |---|---|---|
//! | object visited | 33 | its address (8), its weak shares and whether it was touched (8), where its edges begin and end (8), its handles, all and those without an edge (8), what is known of it (1) |
//! | edge between objects visited | 4 | the number of its target |
//! | object alive | up to 4 | the list of what is still to be marked |
//! | `WeakCallback` in an object visited | 24 | which object owns it, and which callback it is |
//!
//! and 8 bytes for each edge of the object that has most of them. That is the sum of the arrays
//! in the collector's source (`Snapshot`, `Graph`, `Parked`). They grow by doubling, and above
//! 65 536 entries up to fourfold, as far as there are so many objects; what is not filled is not
//! touched. The one that grows is there twice for a moment. With `visited`
//! from a [`Report`](crate::Report) that tells the size.
//!
//! All of it goes back when the collection ends, but for arrays of 4 to 256 KiB, which are kept for
//! the next one: in all less than 2 MiB for each thread, and once for `sync`.
//!
//! In `sync` it is 25 bytes for each object visited instead of 33, as the object has room for the
//! rest. To verify what it takes for garbage it needs 8 bytes more for each object visited and up
//! to 24 for each that is suspected; and for the largest cycle (or for all that is suspected, where
//! finalizers run) 48 for each object, 4 for each edge and 40 for each lock that is held. That is
//! the sum of the arrays in the source as well (`Group`, `Search`, `Guards`), and was not measured.
//!
//! Edges to leaves and to older generations are not recorded: a young collection costs what the
//! young candidates reach among young objects, however large the heap is.
//!
//! # What helps
//!
//! - **Borrow instead of cloning.** A clone that is dropped makes its object a candidate. In `sync`
//!   it also takes the line of memory with the count from the other threads, as with `Arc`.
//! - **Own by value.** A part that only one object holds can be a field or a `Box` in it. That is
//!   one object and one edge less to look at.
//! - **Keep data without handles in leaves.** A large `Vec<u8>` in an object is passed over
//!   without a look at its elements, as its type says that there is nothing in it.
//! - **Say `#[trace(leaf)]`** for a recursive type without handles (`struct Json { children:
//!   Vec<Json> }`). The question whether it is a leaf would go on for ever, so the derive says no
//!   unless you say yes.
//! - **Build under [`pause`](crate::unsync::pause)** where you know that all of it will live.
//! - **Drop what you can by count.** An edge that you clear by hand breaks the cycle, and all of
//!   it dies at once, without a collection.
