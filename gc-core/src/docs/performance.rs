//! What does each operation do, and how much memory does it take?
//!
//! Figures are in the README. This page says what is done, so that you can tell what a change to
//! your program will do to them.
//!
//! # Operations
//!
//! | operation | what it does |
//! |---|---|
//! | follow a handle | nothing but the load; the value stands 16 bytes into the allocation, or further where it is aligned to more |
//! | clone | adds one to a count of 32 bits, and aborts on overflow |
//! | drop, not the last | subtracts one and tests three flags. The first such drop since the last collection also enters the object in a table (16 bytes) |
//! | drop, the last | finalizer, weak handles, callbacks, if there are any; takes the object out of that table, if it is in there; drops the value; frees. Eight levels nest, what is deeper waits in a list (8 bytes each) |
//! | `Gc::new` | compares two numbers to see whether a collection is due, allocates, writes 16 bytes and the value |
//! | `downgrade`, dropping a `Weak` | adds or subtracts one, in the object or, if it is a candidate, in its entry in the table |
//! | `upgrade` | tests a count and a flag, adds one |
//! | `get_mut` | compares counts and the type; takes the object out of the table |
//! | `downgrade_with` | also boxes the closure and enters it in a search tree (O(log n) in all callbacks of the thread) |
//! | a collection | traces what the candidates reach in its generations, once; once more what is suspected, if a finalizer ran |
//!
//! A leaf (a `Gc<str>`, a `Gc<Vec<u8>>`, a struct of numbers) is never a candidate and never
//! traced. Whether a type is one is known when your program is compiled.
//!
//! # Memory of an object
//!
//! 16 bytes stand before the value, as with `Rc`; 32 if the object was made from a `Box`, a
//! `Vec`, a slice or a string, because the length or the table of the trait has to be found from
//! a thin pointer. The allocation is aligned to 16. A handle is 8 bytes, 16 to an unsized value,
//! and `Option` adds nothing. (On a 64-bit machine.)
//!
//! ```
//! use gc_core::unsync::{Gc, Weak};
//!
//! assert_eq!(size_of::<Option<Gc<u64>>>(), 8);
//! assert_eq!(size_of::<Weak<u64>>(), 8);
//! assert_eq!(size_of::<Gc<str>>(), 16);
//! assert_eq!(Gc::as_ptr(&Gc::new(1_u8)).addr() % 16, 0);
//! ```
//!
//! Between collections a candidate takes 16 bytes more, in a table, and a weak callback about
//! 32 and its closure.
//!
//! # Memory of a collection
//!
//! A collection works on a copy of the graph in arrays of numbers. While it runs it takes
//!
//! | for each | bytes | what for |
//! |---|---|---|
//! | object visited | 25 | its address (8), its weak shares and whether it was touched (8), where its edges begin (4), how many edges lead to it (4), what is known of it (1) |
//! | edge between objects visited | 4 | the number of its target |
//! | object alive | up to 4 | the list of what is still to be marked |
//! | `WeakCallback` in an object visited | 24 | which object owns it, and which callback it is |
//!
//! and 8 bytes for each edge of the object that has most of them. That is the sum of the arrays
//! in the collector's source (`Snapshot`, `Graph`, `Parked`). They grow by doubling, so up to
//! twice as much is reserved, and the one that grows is there twice for a moment. With `visited`
//! from a [`Report`](crate::Report) that tells the size. A full collection of a million living
//! objects with two edges each: 33 bytes for each by the table, and between 41 and 74 at the
//! peak, measured with an allocator that counts, as the number is just below or just above a
//! power of two.
//!
//! All of it goes back when the collection ends, but for tables with room for up to 16 384
//! entries, which are kept for the next one: at most 1 MiB for each thread.
//!
//! Edges to leaves and to older generations are not recorded: a young collection costs what the
//! young candidates reach among young objects, however large the heap is.
//!
//! # What helps
//!
//! - **Borrow instead of cloning.** A clone that is dropped makes its object a candidate.
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
