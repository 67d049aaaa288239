//! Fields that a function traces.

use gc_core::unsync::{self, Gc};
use gc_core::{Depth, Trace, Tracer};
use std::cell::RefCell;

/// Of a crate that knows nothing of ours.
struct Slots<T>(RefCell<Vec<T>>);

fn trace_slots<T: Trace>(slots: &Slots<T>, tracer: &mut Tracer<'_>) {
    slots.0.trace(tracer);
}

trait Adapter {
    /// # Safety
    ///
    /// Only for [`Node`].
    unsafe fn trace_slots(slots: &Slots<Gc<Node>>, tracer: &mut Tracer<'_>);
}

#[derive(Trace)]
struct Node {
    name: String,
    // SAFETY: each shows every handle in its slots once.
    #[trace(unsafe(with = trace_slots))]
    out: Slots<Gc<Node>>,
    #[trace(unsafe(with = crate::trace_slots::<Gc<Node>>))]
    into: Slots<Gc<Node>>,
    #[trace(unsafe(with = Self::trace_own))]
    own: Slots<Gc<Node>>,
    #[trace(unsafe(with = <Self as Adapter>::trace_slots))]
    adapted: Slots<Gc<Node>>,
}

impl Node {
    fn trace_own(slots: &Slots<Gc<Self>>, tracer: &mut Tracer<'_>) {
        trace_slots(slots, tracer);
    }
}

impl Adapter for Node {
    unsafe fn trace_slots(slots: &Slots<Gc<Node>>, tracer: &mut Tracer<'_>) {
        trace_slots(slots, tracer);
    }
}

#[derive(Trace)]
enum Generic<T: Trace> {
    // SAFETY: as above.
    Tuple(#[trace(unsafe(with = trace_slots))] Slots<T>, T),
    Unsized(#[trace(unsafe(with = trace_text))] Box<str>),
}

fn trace_text(_: &Box<str>, _: &mut Tracer<'_>) {}

fn slots<T>() -> Slots<T> {
    Slots(RefCell::new(Vec::new()))
}

fn main() {
    let (out, into, own, adapted) = (slots(), slots(), slots(), slots());
    let node = Gc::new(Node { name: "a".to_string(), out, into, own, adapted });
    for slots in [&node.out, &node.into, &node.own, &node.adapted] {
        slots.0.borrow_mut().extend([node.clone(), node.clone()]);
    }
    drop(node);
    assert_eq!(unsync::collect().collected, 1);

    assert!(!Generic::<u8>::is_leaf(Depth::START));
    drop((Generic::Tuple(slots(), 1), Generic::<u8>::Unsized("".into())));
}
