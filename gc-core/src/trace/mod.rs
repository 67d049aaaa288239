//! What a type tells the collector about itself: [`Trace`], and what the
//! collector hands it to tell it with: [`Tracer`] and [`Edge`].

mod depth;
pub(crate) mod derived;
mod edge;
mod finalize;
mod held;
mod memory;
mod sizer;
mod tracer;

mod visit;

mod cell;
mod container;
mod lazy;
mod leaf;
mod pointer;
mod scalar;
mod shown;
mod sync;
mod wrapper;

mod external;

#[cfg(test)]
mod tests;

pub use depth::Depth;
pub use edge::Edge;
pub(crate) use edge::Found;
pub use finalize::{Finalize, Finalizing};
pub use sizer::Sizer;
pub use tracer::Tracer;

use std::fmt;

/// A type whose [`Gc`](crate::unsync::Gc) handles the collector can find.
///
/// Derive it: `#[derive(Trace)]` is safe and complete. Write it by hand only to
/// adapt a type that keeps its handles in a form the derive does not know.
///
/// # Examples
///
/// ```
/// use gc_core::{Trace, unsync::Gc};
/// use std::cell::RefCell;
///
/// #[derive(Trace)]
/// struct Node {
///     name: String,
///     next: RefCell<Option<Gc<Node>>>,
/// }
///
/// let node = Gc::new(Node { name: "a".into(), next: RefCell::new(None) });
/// *node.next.borrow_mut() = Some(node.clone());
/// assert_eq!(node.name, "a");
/// drop(node);
/// assert_eq!(gc_core::unsync::collect().collected, 1);
/// ```
///
/// # What is not traced
///
/// Types that own values which they do not tell of have no implementation:
/// `dyn Any`, `dyn Fn` and closures, `UnsafeCell`. Mark such a field
/// `#[trace(skip)]`, or put such a value into an object with
/// [`Gc::new_opaque`](crate::unsync::Gc::new_opaque). Shared ownership ends the trace: `Rc`, `Arc`
/// and `&'static T` show nothing, because what several owners show together
/// would be counted several times. A `Gc` that is out of the collector's sight counts as held from
/// outside, so the worst that can come of it is a cycle that is never freed.
///
/// # Types of other crates
///
/// They implement `Trace` behind features of this crate that are named like the
/// crates:
///
/// - collections, whose contents are traced: `arrayvec`, `dashmap`, `hashbrown`,
///   `indexmap`, `petgraph`, `slotmap`, `smallvec`, `thin-vec`, `tinyvec`;
/// - types around one value: `either`, `once_cell`, `ordered-float`, `parking_lot`,
///   `tokio`;
/// - types that own no handle: `bytes`, `chrono`, `compact_str`, `semver`,
///   `serde_json`, `smol_str`, `time`, `url`, `uuid`.
///
/// Persistent collections (`im`, `rpds`) have no implementation: they share
/// their nodes as `Arc` does. A field of such a type is `#[trace(skip)]`.
///
/// # Safety
///
/// The collector frees an object when the edges that it was shown account for
/// every handle there is. So an implementation must see to it that
///
/// 1. [`trace`](Trace::trace) shows the tracer only handles that `self` owns, still owns when
///    the call returns, and gives back in its destructor; each of them at most once a call. Where
///    other threads may change the value, `self` owns them until the guards are released that the call
///    has left with [`Tracer::hold`]. (So what stands in a slot without a lock, an atomic pointer of
///    your own, is not shown, unless some such guard keeps it there.) One edge too many frees an object that is in use; one too few merely leaks
///    it, so leaving a handle out is always sound. (A type without drop glue is
///    taken to own none: its objects do not become candidates.)
/// 2. `trace` neither drops, moves nor clones a handle that was there before the
///    call, nor writes to a [`Cell`](std::cell::Cell) or replaces a lock that is being traced, and
///    runs no code that does. It may make, clone and drop handles of its own. It may also panic, and the panic
///    hooks may do as they like (the collector looks again after them), unless the
///    value may stand in a `Cell`, which they could replace. (They run while the collector holds
///    locks, in `sync` of other objects too: one that waits for such a lock waits for itself.)
///    A panic that it catches itself is like any code that it runs.
/// 3. [`is_leaf`](Trace::is_leaf) is `true` only if `trace` never shows an edge.
/// 4. The type's destructor, if it has one, does not touch what a handle that
///    `trace` shows points to: in a cycle that object may already be gone. (This
///    is why the derive forbids `Drop` beside it.)
/// 5. Where the value stands behind a lock or a borrow flag, `trace` looks at it
///    only while it holds that lock or a shared borrow, and shows nothing where
///    it cannot have one. It leaves the guard with [`Tracer::hold`], which keeps it beyond
///    the call. An implementation that releases the guard itself is sound only where all objects
///    belong to one thread and no lock stands behind the guard. `trace` never waits, for a lock or
///    for anything else: the collector holds the locks of other objects meanwhile, and whoever has
///    what it would wait for may be waiting for one of these. And what `trace` hands the tracer
///    on to is part of `self`, as the tracer keeps the guards of locks in there as well.
/// 6. [`finalize_within`](Trace::finalize_within) calls hooks through
///    [`Finalizing::run`] and runs no other code that could take a handle: the
///    collector looks again at the objects only if that was called.
/// 7. For [`measure`](Trace::measure) goes what 2 says of `trace`. It looks behind a lock or a borrow flag
///    only while it holds it, for which it does not wait, and releases it before it returns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not implement `Trace`",
    label = "the collector cannot look into this type",
    note = "a type of this crate: `#[derive(Trace)]`",
    note = "a field that owns no `Gc`: `#[trace(skip)]`",
    note = "a value of a foreign type that owns no `Gc`: `Gc::new_opaque`"
)]
#[doc(alias = "tp_traverse")]
pub unsafe trait Trace {
    /// Shows `tracer` every [`Gc`](crate::unsync::Gc) that `self` owns, once.
    ///
    /// A panic in here is caught by the collector, which then treats the object
    /// as alive.
    fn trace(&self, tracer: &mut Tracer<'_>);

    /// Whether a value of this type can never show an edge.
    ///
    /// Objects of such a type are never looked at by the collector. `false` is
    /// always a correct answer. `depth` bounds how far the question is handed on
    /// through types that contain each other, see [`Depth`].
    fn is_leaf(depth: Depth) -> bool
    where
        Self: Sized,
    {
        let _ = depth;
        false
    }

    /// Whether `trace` shows handles and does nothing else: no code runs that is not this crate's, nothing
    /// panics, no guard is left. A cell around such a value need not be borrowed meanwhile.
    #[doc(hidden)]
    #[inline]
    fn only_shows(depth: Depth) -> bool
    where
        Self: Sized,
    {
        let _ = depth;
        false
    }

    /// Whether a value of this type may hold something with a [`Finalize`] hook.
    ///
    /// `true` costs a call of [`finalize_within`](Trace::finalize_within) when
    /// an object dies; `false` means that this call is left out.
    fn may_finalize(depth: Depth) -> bool
    where
        Self: Sized,
    {
        let _ = depth;
        false
    }

    /// Runs the [`Finalize`] hooks of `self` and of what it holds by value, outer
    /// ones first, as drop glue does with destructors.
    fn finalize_within(&self, cx: &Finalizing<'_>) {
        let _ = cx;
    }

    /// Writes what a debugger shows of the value, as [`fmt::Debug`] does; `None`, with nothing
    /// written, where there is nothing to show.
    ///
    /// The derive writes what the type's own `Debug` says, where there is one. It is for
    /// [`AnyGc::debug_text`](crate::inspect::AnyGc::debug_text), and never called by a collection.
    fn debug_within(&self, f: &mut fmt::Formatter<'_>) -> Option<fmt::Result> {
        let _ = f;
        None
    }

    /// Adds to `sizer` the memory that `self` owns outside of itself: a string's buffer, what the
    /// elements of a vector own, but no other object. Left out, the value counts with its own size
    /// only.
    ///
    /// It is called by [`shallow_size`](crate::unsync::shallow_size) and
    /// [`deep_size`](crate::unsync::deep_size). The derive asks all fields but those that are
    /// `#[trace(skip)]` or `#[trace(unsafe(with))]`.
    fn measure(&self, sizer: &mut Sizer<'_>) {
        let _ = sizer;
    }
}
