//! Handles as plain pointers, there and back.

use super::gc::{self, Canary, Gc, Node, Slot, Weak, alone};
use gc_core::{Edge, Trace, Tracer, coerce};
use gc_tests::{Event, Log};
use std::ptr::NonNull;

#[test]
fn a_sized_value() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(3, &log);
        let raw = Gc::into_raw(node.clone());
        assert_eq!(raw, Gc::as_ptr(&node));
        assert_eq!(Gc::strong_count(&node), 2, "the count went with the pointer");
        drop(node);
        assert_eq!(log.take(), []);
        // SAFETY: the pointer comes from `into_raw` and is turned back once.
        let back = unsafe { Gc::from_raw(raw) };
        assert_eq!((back.name(), Gc::strong_count(&back)), (3, 1));
        drop(back);
        assert_eq!(log.take(), [Event::Finalized(3), Event::Dropped(3)]);
    });
}

#[test]
fn a_slice() {
    alone(|| {
        let log = Log::new();
        for length in 0..4 {
            let slice: Gc<[Canary]> = (0..length).map(|name| Canary::new(name, &log)).collect();
            let raw = Gc::into_raw(slice);
            // SAFETY: the pointer comes from `into_raw` and is turned back once.
            let back = unsafe { Gc::from_raw(raw) };
            assert_eq!(back.iter().map(Canary::name).sum::<usize>(), (0..length).sum());
            drop(back);
            assert_eq!(log.take().len(), length);
        }
    });
}

#[test]
fn a_slice_that_was_an_array() {
    alone(|| {
        let slice: Gc<[u64]> = coerce!(Gc::new([1_u64, 2, 3]));
        // SAFETY: the pointer comes from `into_raw` and is turned back once.
        let back = unsafe { Gc::from_raw(Gc::into_raw(slice)) };
        assert_eq!(*back, [1, 2, 3]);
    });
}

#[test]
fn a_string() {
    alone(|| {
        let raw = Gc::into_raw(Gc::<str>::from("spam"));
        // SAFETY: the pointer comes from `into_raw` and is turned back once.
        let back = unsafe { Gc::from_raw(raw) };
        assert_eq!(&*back, "spam");
    });
}

trait Named: Trace + gc::Value {
    fn name(&self) -> usize;
}

#[derive(Trace)]
#[repr(align(64))]
struct Aligned(Canary);

impl Named for Aligned {
    fn name(&self) -> usize {
        self.0.name()
    }
}

#[test]
fn a_trait_object_of_an_over_aligned_value() {
    alone(|| {
        let log = Log::new();
        let boxed: Box<dyn Named> = Box::new(Aligned(Canary::new(8, &log)));
        let from_box: Gc<dyn Named> = Gc::from(boxed);
        let coerced: Gc<dyn Named> = coerce!(Gc::new(Aligned(Canary::new(9, &log))));
        for (named, name) in [(from_box, 8), (coerced, 9)] {
            let raw = Gc::into_raw(named);
            assert_eq!(raw.addr() % 64, 0);
            // SAFETY: the pointer comes from `into_raw` and is turned back once.
            let back = unsafe { Gc::from_raw(raw) };
            assert_eq!(back.name(), name);
            drop(back);
            assert_eq!(log.take(), [Event::Dropped(name)]);
        }
    });
}

#[test]
fn from_raw_after_a_coercion_of_the_pointer() {
    alone(|| {
        let log = Log::new();
        let thin: *const Aligned = Gc::into_raw(Gc::new(Aligned(Canary::new(1, &log))));
        let raw: *const dyn Named = thin;
        // SAFETY: the pointer comes from `into_raw`, was coerced, and is turned back once.
        let back = unsafe { Gc::from_raw(raw) };
        assert_eq!(back.name(), 1);
    });
}

#[test]
fn a_tag_in_the_low_bits() {
    alone(|| {
        let raw = Gc::into_raw(Gc::new(5_u8));
        for tag in 0..16 {
            let tagged = raw.map_addr(|address| address | tag);
            assert_eq!(tagged.addr() & 15, tag);
            assert_eq!(tagged.map_addr(|address| address & !15), raw);
        }
        // SAFETY: the pointer comes from `into_raw` and is turned back once.
        assert_eq!(*unsafe { Gc::from_raw(raw) }, 5);
    });
}

#[test]
fn a_weak_handle() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(3, &log);
        let raw = Gc::downgrade(&node).into_raw();
        assert_eq!((raw, Gc::weak_count(&node)), (Gc::as_ptr(&node), 1), "its share went along");
        drop(node);
        assert_eq!(log.take(), [Event::Finalized(3), Event::Dropped(3)]);
        // SAFETY: the pointer comes from `into_raw` and is turned back once.
        let weak: Weak<Node> = unsafe { Weak::from_raw(raw) };
        assert!(weak.upgrade().is_none() && weak.as_ptr() == raw);
        // SAFETY: as above.
        let nothing: Weak<Node> = unsafe { Weak::from_raw(Weak::<Node>::new().into_raw()) };
        assert!(nothing.ptr_eq(&Weak::new()));
    });
}

#[test]
fn counts_through_the_pointer() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let raw = Gc::as_ptr(&node);
        // SAFETY: the object is alive.
        unsafe { Gc::increment_strong_count(raw) };
        assert_eq!((Gc::strong_count(&node), gc::counts()[0]), (2, 0));
        // SAFETY: this gives back the count taken above.
        unsafe { Gc::decrement_strong_count(raw) };
        assert_eq!((Gc::strong_count(&node), gc::counts()[0]), (1, 1), "a drop as any other");
        let raw = Gc::into_raw(node);
        // SAFETY: this is the count of the handle that was turned into the pointer.
        unsafe { Gc::decrement_strong_count(raw) };
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
        assert_eq!(gc::counts()[0], 0);
    });
}

/// A handle as a pointer, which may go where the handle may.
struct Raw<T>(*const T);

// SAFETY: it stands for a handle, and nobody uses it but as one.
unsafe impl<T> Send for Raw<T> where Gc<T>: Send {}

/// Keeps its handles as pointers that know no type, as an interpreter does.
struct Frame {
    canary: Canary,
    slots: Slot<Vec<Raw<Frame>>>,
}

impl Frame {
    fn visit(&self, visitor: &mut dyn FnMut(NonNull<()>)) {
        self.slots.with(|slots| {
            for slot in slots {
                // SAFETY: the slots come from `into_raw` and own their counts.
                visitor(unsafe { Gc::edge_of_raw(slot.0) }.into_raw());
            }
        });
    }
}

// SAFETY: each owned handle is shown once; the destructor drops them and looks at
// nothing that they point to.
unsafe impl Trace for Frame {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        // SAFETY: the pointers come from edges of living handles.
        self.visit(&mut |raw| tracer.edge(unsafe { Edge::from_raw(raw) }));
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        for slot in self.slots.take() {
            // SAFETY: the slot's own count is given back, once.
            unsafe { Gc::decrement_strong_count(slot.0) };
        }
    }
}

#[test]
fn a_cycle_of_raw_handles_is_collected() {
    alone(|| {
        let log = Log::new();
        let frames: Vec<_> = (0..3)
            .map(|name| Gc::new(Frame { canary: Canary::new(name, &log), slots: Slot::new(vec![]) }))
            .collect();
        for (at, frame) in frames.iter().enumerate() {
            let next = Gc::into_raw(frames[(at + 1) % 3].clone());
            frame.slots.with_mut(|slots| slots.push(Raw(next)));
        }
        assert_eq!((gc::collect().collected, frames[0].canary.name()), (0, 0));
        drop(frames);
        assert_eq!((gc::collect().collected, log.dropped()), (3, vec![0, 1, 2]));
        assert_eq!(gc::live(), 0);
    });
}
