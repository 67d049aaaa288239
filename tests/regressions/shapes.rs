//! Values of many sizes and alignments behind handles of every kind, for Miri; and
//! objects that leave the table of candidates in a disorderly way.

use super::gc::{self, Gc, Node, Slot, Value, Weak, alone};
use gc_core::{Trace, coerce};
use gc_tests::Log;

trait Shape: Trace + Value {
    fn sum(&self) -> usize;
    fn link(&self, to: Gc<dyn Shape>);
}

/// Shapes of some alignment, with an array of so many bytes.
macro_rules! shapes {
    ($($name:ident: $align:literal, $size:literal;)*) => {$(
        #[derive(Trace)]
        #[repr(align($align))]
        struct $name([u8; $size], Slot<Option<Gc<dyn Shape>>>, Vec<u8>);

        impl Shape for $name {
            fn sum(&self) -> usize {
                assert!((&raw const *self).addr().is_multiple_of(align_of::<$name>()));
                self.0.len() + self.2.len()
            }

            fn link(&self, to: Gc<dyn Shape>) {
                self.1.set(Some(to));
            }
        }

        impl Make for $name {
            fn make() -> $name {
                $name([0; $size], Slot::default(), vec![1; 3])
            }
        }
    )*};
}

trait Make: Shape + 'static {
    fn make() -> Self;
}

shapes! {
    Of1: 1, 0;
    Of2: 2, 1;
    Of8: 8, 3;
    Of16: 16, 17;
    Of32: 32, 5;
    Of256: 256, 1;
}

#[derive(Trace)]
#[repr(align(64))]
struct Nothing;

impl Shape for Nothing {
    fn sum(&self) -> usize {
        0
    }

    fn link(&self, _: Gc<dyn Shape>) {}
}

impl Make for Nothing {
    fn make() -> Nothing {
        Nothing
    }
}

/// Through a raw pointer and back, its counts up and down, and to its end.
fn exercise(shape: Gc<dyn Shape>) {
    let sum = shape.sum();
    let weak = Gc::downgrade(&shape);
    let raw = Gc::into_raw(shape);
    assert!(raw.cast::<u8>().addr().is_multiple_of(16));
    // SAFETY: the pointer came from `into_raw` just now.
    let shape = unsafe { Gc::from_raw(raw) };
    // SAFETY: the object is alive, and the count is given back right below.
    unsafe { Gc::increment_strong_count(Gc::as_ptr(&shape)) };
    assert_eq!(Gc::strong_count(&shape), 2);
    // SAFETY: the count was taken right above.
    unsafe { Gc::decrement_strong_count(Gc::as_ptr(&shape)) };
    assert_eq!(gc::collect().candidates, 1);
    assert_eq!(weak.upgrade().expect("alive").sum(), sum);
    drop(shape);
    assert!(weak.upgrade().is_none());
}

fn exercise_all<T: Make>() {
    exercise(coerce!(Gc::new(T::make())));
    let boxed: Box<dyn Shape> = Box::new(T::make());
    exercise(Gc::from(boxed));
    // A cycle of objects that were made in both ways.
    let boxed: Box<dyn Shape> = Box::new(T::make());
    let boxed: Gc<dyn Shape> = Gc::from(boxed);
    let new: Gc<dyn Shape> = coerce!(Gc::new(T::make()));
    new.link(boxed.clone());
    boxed.link(new.clone());
    let weak = [Gc::downgrade(&new), Gc::downgrade(&boxed)];
    drop((new, boxed));
    let _ = gc::collect();
    assert!(weak.iter().all(|weak| weak.upgrade().is_none()));
    assert_eq!(gc::live(), 0);
}

#[test]
fn of_every_alignment() {
    alone(|| {
        exercise_all::<Of1>();
        exercise_all::<Of2>();
        exercise_all::<Of8>();
        exercise_all::<Of16>();
        exercise_all::<Of32>();
        exercise_all::<Of256>();
    });
}

/// Of a leaf nothing becomes a candidate, so there is no cycle to exercise.
#[test]
fn of_no_size() {
    alone(|| {
        let boxed: Box<dyn Shape> = Box::new(Nothing::make());
        for shape in [coerce!(Gc::new(Nothing)), Gc::from(boxed)] {
            let shape: Gc<dyn Shape> = shape;
            let raw = Gc::into_raw(shape);
            assert!(raw.cast::<u8>().addr().is_multiple_of(64));
            // SAFETY: the pointer came from `into_raw` just now.
            assert_eq!(unsafe { Gc::from_raw(raw) }.sum(), 0);
        }
        let empty: Gc<[Gc<u8>]> = Gc::from(Vec::new());
        let raw = Gc::into_raw(empty);
        // SAFETY: the pointer came from `into_raw` just now.
        assert_eq!(unsafe { Gc::from_raw(raw) }.len(), 0);
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn candidates_that_leave_their_table_in_a_disorderly_way() {
    const N: usize = 200;
    alone(|| {
        let log = Log::new();
        let nodes: Vec<_> = (0..N).map(|name| Node::new(name, &log)).collect();
        let weak: Vec<Weak<Node>> = nodes.iter().map(Gc::downgrade).collect();
        drop(nodes.clone());
        let mut nodes: Vec<_> = nodes.into_iter().map(Some).collect();
        for step in 0..N {
            let index = step * 77 % N;
            nodes[index] = None;
            // The shares of one stand in the table, or back in its head.
            let other = &weak[(index + 13) % N];
            drop(other.clone());
            assert_eq!(other.weak_count(), usize::from(other.strong_count() > 0));
            assert_eq!(gc::counts()[0], N - 1 - step);
        }
        assert_eq!((gc::collect().candidates, gc::live()), (0, 0));
        assert!(weak.iter().all(|weak| weak.upgrade().is_none()));
    });
}
