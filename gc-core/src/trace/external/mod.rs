//! Types of other crates, a file for each, behind the feature of its name.
//!
//! Sizes are what a type's interface tells of its buffers; what is left out stands in its line. `tests/external_sizes.rs`
//! compares them with what is allocated.
//!
//! Left out, with the reason:
//!
//! - `im`, `rpds`, `imbl`, and whatever else shares structure (`triomphe`,
//!   `arc-swap`): several values own one node together, so what each of them
//!   shows would be counted several times, and an object in use be freed.
//! - tinyvec over arrays of one's own: its `Array` is a safe trait, whose
//!   `as_slice` may show what the value does not own. std's arrays are in.
//! - petgraph's `MatrixGraph`: its `Nullable` is a safe trait too, which hands
//!   out the weights. `Csr`, `List` and `Acyclic` do not give every weight once
//!   without going through indices and visitor traits.
//! - Maps of many locks other than `dashmap`, which lets its locks be tried one by one: an
//!   iterator over them waits for each lock, and a collector must not wait.
//! - `bumpalo`: whether a destructor runs is the arena's affair, and what it
//!   holds cannot be listed.
//! - Queues and channels (`crossbeam`, `flume`): what is under way cannot be seen. Those of
//!   `tokio` are leaves, as std's.
//! - Guards, drains and borrowing iterators: they own nothing, or their
//!   destructors mend what they borrow. They are not kept in objects.
//! - hashbrown's collections with an allocator of one's own, as std's.

#[cfg(feature = "arrayvec")]
mod arrayvec;
#[cfg(feature = "bytes")]
mod bytes;
#[cfg(feature = "chrono")]
mod chrono;
#[cfg(feature = "compact_str")]
mod compact_str;
#[cfg(feature = "dashmap")]
mod dashmap;
#[cfg(feature = "either")]
mod either;
#[cfg(feature = "hashbrown")]
mod hashbrown;
#[cfg(feature = "indexmap")]
mod indexmap;
#[cfg(feature = "once_cell")]
mod once_cell;
#[cfg(feature = "ordered-float")]
mod ordered_float;
#[cfg(feature = "parking_lot")]
mod parking_lot;
#[cfg(feature = "petgraph")]
mod petgraph;
#[cfg(feature = "semver")]
mod semver;
#[cfg(feature = "serde_json")]
mod serde_json;
#[cfg(feature = "slotmap")]
mod slotmap;
#[cfg(feature = "smallvec")]
mod smallvec;
#[cfg(feature = "smol_str")]
mod smol_str;
#[cfg(feature = "thin-vec")]
mod thin_vec;
#[cfg(feature = "time")]
mod time;
#[cfg(feature = "tinyvec")]
mod tinyvec;
#[cfg(feature = "tokio")]
mod tokio;
#[cfg(feature = "url")]
mod url;
#[cfg(feature = "uuid")]
mod uuid;
