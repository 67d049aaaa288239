//! The strictest of crates: no unsafe code, no warning.
#![forbid(unsafe_code)]
#![deny(warnings, unused, nonstandard_style, rust_2018_idioms, future_incompatible)]
#![deny(missing_docs, missing_debug_implementations, single_use_lifetimes, unused_lifetimes)]
#![deny(unused_qualifications, trivial_bounds, trivial_casts, unreachable_pub, unused_results)]
#![deny(let_underscore_drop, unit_bindings, elided_lifetimes_in_paths, unused_import_braces)]

use gc_core::unsync::Gc;
use gc_core::{Depth, Finalize, Finalizing, Trace, Tracer};
use std::fmt::Debug;

/// Old.
#[deprecated]
#[derive(Debug, Trace)]
pub(crate) struct Old(#[deprecated] pub(crate) u8);

/// A struct.
#[derive(Debug, Trace)]
#[trace(finalize)]
pub(crate) struct Node<'a, T, const N: usize>
where
    T: Clone,
{
    name: &'a str,
    values: [T; N],
    next: Option<Gc<Node<'a, T, N>>>,
    depth: Gc<u8>,
    #[trace(skip)]
    skipped: Vec<T>,
}

impl<T: Clone, const N: usize> Finalize for Node<'_, T, N> {
    fn finalize(&self, _: &Finalizing<'_>) {}
}

/// An enum.
#[derive(Debug, Trace)]
enum Value<T> {
    Nothing,
    Something(T),
    #[trace(skip)]
    Hidden,
}

fn shown(value: &dyn Debug) -> bool {
    !format!("{value:?}").is_empty()
}

fn main() {
    let depth = Gc::new(1);
    let next = None;
    let node = Node { name: "a", values: [1, 2], next, depth, skipped: Vec::new() };
    assert!(shown(&(node.name, node.values, &node.next, &node.depth, &node.skipped)));
    #[expect(deprecated, reason = "the expansion names it as well, and says nothing")]
    let old = Gc::new(Old(1));
    assert!(shown(&old));
    let values = [Value::Nothing, Value::Something(1), Value::Hidden];
    assert!(shown(&values) && Value::<u8>::is_leaf(Depth::START));
    let _: fn(&Value<u8>, &mut Tracer<'_>) = Trace::trace;
}
