//! `#[derive(Trace)]` for [gc-core](https://docs.rs/gc-core), which re-exports it. Nothing in
//! here is of use without that crate.
//!
//! Read the input (`input`, with the grammar of the attributes in `attr`), check it
//! (`valid`, into `errors`), write the implementation (`expand`, with the where-clause from
//! `bounds`) or, where something is wrong, `fallback`.

#![forbid(unsafe_code)]

mod attr;
mod bounds;
mod errors;
mod expand;
mod fallback;
mod input;
mod place;
mod valid;

use errors::Errors;
use input::Input;
use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Implements `Trace` for a struct or an enum: the collector finds the handles in every field.
///
/// ```
/// use gc_core::Trace;
///
/// #[derive(Trace)]
/// enum Shape {
///     Dot,
///     Circle { radius: f64, label: Option<String> },
///     Group(Vec<Shape>),
/// }
/// # fn is_trace<T: Trace>() {}
/// # is_trace::<Shape>();
/// ```
///
/// The derive is safe: whatever type it accepts, with whatever attributes but the two in
/// `unsafe(...)`, keeps what `Trace` asks for. `#![forbid(unsafe_code)]` lets it pass, and stops
/// those two.
///
/// | on | attribute | |
/// |---|---|---|
/// | a field | `#[trace(skip)]` | leave it out |
/// | | `#[trace(unsafe(with = path))]` | trace it with a function |
/// | a variant | `#[trace(skip)]` | leave all of it out |
/// | the type | `#[trace(leaf)]` | leave all of it out; it may implement `Drop` |
/// | | `#[trace(finalize)]` | it has a hook: `impl Finalize` |
/// | | `#[trace(unsafe(drop))]` | it may implement `Drop` all the same |
/// | | `#[trace(bound = "T: Trace")]` | take these bounds instead of those found |
/// | | `#[trace(crate = path)]` | where `gc_core` is, under another name |
///
/// Several can stand in one `#[trace(...)]`.
///
/// # Leaving things out
///
/// `#[trace(skip)]` is for what is not `Trace` and owns no handle. It is not unsafe: a `Gc` in a
/// skipped field counts as a reference from outside, so a cycle through it is never collected.
/// Finalizers in there do not run, and what it owns is in no size. Function pointers own nothing and are left out by themselves.
///
/// `#[trace(leaf)]` says so of the whole type: nothing is asked of its fields, and of its type
/// parameters neither.
///
/// ```
/// use gc_core::Trace;
/// use std::process::Child;
///
/// #[derive(Trace)]
/// #[trace(leaf)]
/// struct Worker(Child);
///
/// impl Drop for Worker {
///     fn drop(&mut self) {
///         let _ = self.0.kill();
///     }
/// }
/// # fn is_trace<T: Trace>() {}
/// # is_trace::<Worker>();
/// ```
///
/// # `Drop`
///
/// The objects of a cycle are dropped one after another, so in a destructor the target of a handle
/// may be gone. A type that derives `Trace` therefore cannot implement `Drop`:
///
/// ```compile_fail,E0277
/// # use gc_core::Trace;
/// #[derive(Trace)]
/// struct Node {
///     next: Option<Box<Node>>,
/// }
///
/// impl Drop for Node {
///     fn drop(&mut self) {}
/// }
/// ```
///
/// What must run when an object dies goes in a hook, `#[trace(finalize)]` and `impl Finalize`,
/// which finds everything in place; or in the destructor of a field, of a type that is skipped or
/// a leaf. Where neither will do, `#[trace(unsafe(drop))]` lifts the rule.
///
/// **The promise of `unsafe(drop)`:** the destructor, and what it calls, neither follows nor
/// clones a handle that this type or anything in it shows to the collector, and lets no one else
/// do so. It may read every other field and drop or forget whatever it likes.
///
/// ```
/// use gc_core::Trace;
///
/// #[derive(Trace)]
/// // SAFETY: the destructor looks at the name only.
/// #[trace(unsafe(drop))]
/// struct Named<T> {
///     name: String,
///     value: T,
/// }
///
/// impl<T> Drop for Named<T> {
///     fn drop(&mut self) {
///         println!("{} is gone", self.name);
///     }
/// }
/// # fn is_trace<T: Trace>() {}
/// # is_trace::<Named<u8>>();
/// ```
///
/// # A function for a field
///
/// `#[trace(unsafe(with = path))]` has the field traced by a function, which takes the place of
/// the field type's `Trace`: `fn(&FieldType, &mut Tracer<'_>)`, safe or `unsafe`. It is for a
/// foreign type that owns handles.
///
/// **The promise of `with`:** of this field, the function and the field type's destructor keep
/// what the section "Safety" of `Trace` asks for. Above all, it shows each handle that the field
/// owns at most once, and no other.
///
/// That the promise stands at the field, and not in an `unsafe fn`, is on purpose: who declares a
/// function `unsafe` asks something of its callers and vouches for nothing. Finalizers in such
/// a field do not run, and the type never counts as a leaf.
///
/// ```
/// use gc_core::{Trace, Tracer};
///
/// # mod foreign { #[derive(Default)] pub struct Pair<T>(pub T, pub T); }
/// fn trace_pair<T: Trace>(pair: &foreign::Pair<T>, tracer: &mut Tracer<'_>) {
///     pair.0.trace(tracer);
///     pair.1.trace(tracer);
/// }
///
/// #[derive(Trace)]
/// struct Node {
///     // SAFETY: `trace_pair` shows both once, and a `Pair` has no destructor.
///     #[trace(unsafe(with = trace_pair))]
///     children: foreign::Pair<Option<Box<Node>>>,
/// }
/// # fn is_trace<T: Trace>() {}
/// # is_trace::<Node>();
/// ```
///
/// # Finalizers
///
/// `#[trace(finalize)]` makes the collector call the type's own hook: `impl Finalize` must be
/// there, under no stricter bounds than `Trace`. Hooks of the fields run without being named.
///
/// # Generic types
///
/// A field whose type mentions a type parameter must be `Trace`, which becomes a bound of the
/// implementation: `item: T::Item` gives `T::Item: Trace`, a `Gc<T>` asks nothing of `T`. A type
/// that owns itself, or behind a `Box`, `Vec` or the like some other generic type, would make the
/// compiler ask in circles (E0275); such a field asks `T: Trace` of each parameter `T` in it.
///
/// The derive sees the names of types and no more. Where that makes it ask too much or too little
/// (behind a type alias, for example), say what you need; `bound = ""` asks for nothing:
///
/// ```
/// use gc_core::Trace;
/// use std::marker::PhantomData;
///
/// #[derive(Trace)]
/// struct Id<T>(u32, PhantomData<T>);
///
/// // Without `bound`: T: Trace, as we cannot see that an `Id` owns no `T`.
/// #[derive(Trace)]
/// #[trace(bound = "")]
/// struct Index<T> {
///     ids: Vec<Id<T>>,
/// }
///
/// struct NotTraced;
/// # fn is_trace<T: Trace>() {}
/// is_trace::<Index<NotTraced>>();
/// ```
///
/// Only what borrows nothing goes on the heap, so a type with a lifetime parameter is `Trace`
/// where that is `'static`. The last field of a struct may be unsized; such a struct never counts
/// as a leaf.
///
/// # Another name for gc-core
///
/// ```
/// mod reexported {
///     pub use gc_core as engine;
/// }
///
/// #[derive(reexported::engine::Trace)]
/// #[trace(crate = crate::reexported::engine)]
/// struct Point(f64, f64);
/// # fn main() {}
/// ```
#[proc_macro_derive(Trace, attributes(trace))]
pub fn derive_trace(input: TokenStream) -> TokenStream {
    derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// The same, for the tests.
fn derive(original: &DeriveInput) -> proc_macro2::TokenStream {
    let mut errors = Errors::default();
    let input = Input::new(original, &mut errors);
    valid::check(&input, &mut errors);
    match errors.finish() {
        None => expand::expand(&input),
        Some(errors) => fallback::expand(&input, errors),
    }
}
