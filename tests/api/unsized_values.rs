//! Strings, slices, trait objects, and the way back from `dyn Any`.

use super::gc::{self, Canary, Gc, Plain, Slot, UniqueGc, Weak, alone};
use gc_core::{Finalize, Finalizing, Trace, coerce};
use gc_tests::{Event, Log};
use std::any::Any;
use std::fmt::Display;

#[test]
fn strings() {
    alone(|| {
        let a = Gc::<str>::from("spam");
        let b = Gc::<str>::from(String::from("spam"));
        let c: Gc<str> = Gc::from(Box::<str>::from("spam"));
        assert!(a == b && b == c && !Gc::ptr_eq(&a, &b));
        assert_eq!((a.len(), &a[1..3], Gc::<str>::from("").len()), (4, "pa", 0));
        drop(a.clone());
        assert_eq!(gc::counts()[0], 0, "a string is never a candidate");
        assert!(!Gc::is_tracked(&a) && !Gc::is_tracked(&b));
        drop((a, b, c));
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn a_slice_of_handles_is_collected() {
    alone(|| {
        #[derive(Trace)]
        struct Item(Canary, Slot<Option<Gc<[Item]>>>);

        let log = Log::new();
        let items: Gc<[Item]> =
            (0..3).map(|name| Item(Canary::new(name, &log), Slot::new(None))).collect();
        items[1].1.set(Some(items.clone()));
        assert!(Gc::is_tracked(&items));
        drop(items);
        assert_eq!(gc::collect().collected, 1);
        assert_eq!(log.take(), [0, 1, 2].map(Event::Dropped));
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn the_elements_of_a_slice_are_finalized() {
    alone(|| {
        #[derive(Trace)]
        #[trace(finalize)]
        struct Item(usize, #[trace(skip)] Log);
        impl Finalize for Item {
            fn finalize(&self, _: &Finalizing<'_>) {
                self.1.push(Event::Finalized(self.0));
            }
        }

        let log = Log::new();
        let items: Gc<[Item]> = (0..3).map(|name| Item(name, log.clone())).collect();
        drop(items);
        assert_eq!(log.take(), [0, 1, 2].map(Event::Finalized));
        let items: Gc<[Item]> = coerce!(Gc::new([Item(7, log.clone()), Item(8, log.clone())]));
        drop(items);
        assert_eq!(log.take(), [7, 8].map(Event::Finalized));
    });
}

trait Shape: Trace + gc::Value {
    fn area(&self) -> u32;
    fn own(&self, other: Gc<dyn Shape>);
}

#[derive(Trace)]
struct Square {
    side: u32,
    canary: Canary,
    other: Slot<Option<Gc<dyn Shape>>>,
}

impl Square {
    fn new(side: u32, log: &Log) -> Square {
        Square { side, canary: Canary::new(side as usize, log), other: Slot::new(None) }
    }
}

impl Shape for Square {
    fn area(&self) -> u32 {
        assert_eq!(self.canary.name(), self.side as usize);
        self.side * self.side
    }

    fn own(&self, other: Gc<dyn Shape>) {
        self.other.set(Some(other));
    }
}

#[test]
fn a_cycle_of_trait_objects_made_in_both_ways() {
    alone(|| {
        let log = Log::new();
        let coerced: Gc<dyn Shape> = coerce!(Gc::new(Square::new(2, &log)));
        let boxed: Gc<dyn Shape> = Gc::from(Box::new(Square::new(3, &log)) as Box<dyn Shape>);
        coerced.own(boxed.clone());
        boxed.own(coerced.clone());
        assert_eq!((coerced.area(), boxed.area()), (4, 9));
        assert_eq!(gc::collect().collected, 0);
        assert_eq!((coerced.area(), boxed.area()), (4, 9));
        drop((coerced, boxed));
        assert_eq!((gc::collect().collected, log.dropped()), (2, vec![2, 3]));
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn a_coerced_handle_is_the_same_object() {
    alone(|| {
        let log = Log::new();
        let square = Gc::new(Square::new(5, &log));
        let shape: Gc<dyn Shape> = coerce!(square.clone());
        assert_eq!((Gc::strong_count(&square), Gc::strong_count(&shape)), (2, 2));
        assert_eq!(Gc::as_ptr(&square).cast::<()>(), Gc::as_ptr(&shape).cast::<()>());
        assert_eq!(Gc::edge(&square), Gc::edge(&shape));
        drop(square);
        assert_eq!((shape.area(), log.take()), (25, vec![]));
        drop(shape);
        assert_eq!(log.take(), [Event::Dropped(5)]);
    });
}

#[test]
fn coerce_infers_its_target_and_evaluates_once() {
    alone(|| {
        let mut made = 0;
        let mut make = || {
            made += 1;
            Gc::new(made)
        };
        let shown: Gc<dyn Display> = coerce!(make());
        assert_eq!((shown.to_string().as_str(), made), ("1", 1));
        let slice: Gc<[&str]> = coerce!(Gc::new(["a", "b"]));
        assert_eq!(slice.join("+"), "a+b");
        let closure: Gc<dyn Fn(u8) -> u8> = coerce!(Gc::new_opaque(|n: u8| n + 1));
        assert_eq!(closure(1), 2);
    });
}

#[test]
fn coerce_takes_weak_and_unique_handles_too() {
    alone(|| {
        let log = Log::new();
        let square = Gc::new(Square::new(2, &log));
        let weak: Weak<dyn Shape> = coerce!(Gc::downgrade(&square));
        assert_eq!(weak.upgrade().map(|shape| shape.area()), Some(4));
        assert_eq!((Gc::strong_count(&square), Gc::weak_count(&square)), (1, 1));
        let mut unique: UniqueGc<dyn Shape> = coerce!(UniqueGc::new(Square::new(3, &log)));
        let weak_unique = UniqueGc::downgrade(&unique);
        assert_eq!((unique.area(), weak_unique.upgrade().is_none()), (9, true));
        let _: &mut dyn Shape = &mut *unique;
        let shape: Gc<dyn Shape> = UniqueGc::publish(unique);
        assert_eq!(weak_unique.upgrade().map(|shape| shape.area()), Some(9));
        drop((square, shape));
        assert!(weak.upgrade().is_none() && weak_unique.upgrade().is_none());
        assert_eq!((log.dropped(), gc::live()), (vec![2, 3], 0));
    });
}

#[test]
fn get_mut_of_a_coerced_handle() {
    alone(|| {
        let mut slice: Gc<[u8]> = coerce!(Gc::new([1_u8, 2]));
        if let Some(slice) = Gc::get_mut(&mut slice) {
            slice[0] = 7;
        }
        assert_eq!(*slice, [7, 2]);
        let mut shown: Gc<dyn Any> = coerce!(Gc::new(5_u8));
        let number = Gc::get_mut(&mut shown).and_then(|any| any.downcast_mut::<u8>());
        assert_eq!(number, Some(&mut 5));
        let other = shown.clone();
        assert!(Gc::get_mut(&mut shown).is_none());
        drop(other);
    });
}

#[test]
fn downcast_gives_the_type_back_or_the_handle() {
    alone(|| {
        let log = Log::new();
        let plain = Plain::new(1, &log);
        let any: Gc<dyn Any> = coerce!(plain.clone());
        let any = any.downcast::<u8>().expect_err("it is no number");
        assert_eq!(Gc::strong_count(&plain), 2, "nothing was dropped");
        let back = any.downcast::<Plain>().expect("it is a Plain");
        assert!(Gc::ptr_eq(&back, &plain));
        drop((plain, back));
        assert_eq!((log.take(), gc::live()), (vec![Event::Dropped(1)], 0));
    });
}

#[test]
fn downcast_of_a_zero_sized_and_of_an_aligned_value() {
    alone(|| {
        #[derive(Trace)]
        #[repr(align(128))]
        struct Aligned(u8);
        let any: [Gc<dyn Any>; 2] = [coerce!(Gc::new(())), coerce!(Gc::new(Aligned(3)))];
        let [unit, aligned] = any;
        assert!(unit.downcast::<()>().is_ok());
        assert_eq!(aligned.downcast::<Aligned>().map(|a| a.0).ok(), Some(3));
    });
}

/// Brings itself back when it dies.
#[derive(Trace)]
#[trace(finalize)]
struct Phoenix {
    #[trace(skip)]
    nest: gc::Shared<Slot<Option<Gc<dyn Shape>>>>,
    canary: Canary,
}

impl Shape for Phoenix {
    fn area(&self) -> u32 {
        u32::try_from(self.canary.name()).expect("small")
    }

    fn own(&self, _: Gc<dyn Shape>) {}
}

impl Finalize for Phoenix {
    fn finalize(&self, cx: &Finalizing<'_>) {
        let me: Option<Gc<Phoenix>> = cx.handle();
        // Made from a `Box<dyn Shape>`, the object is a `dyn Shape` and nothing more.
        let me = me.map(|me| coerce!(me)).or_else(|| cx.handle::<dyn Shape, _>());
        self.nest.set(me);
    }
}

fn check_phoenix(make: impl FnOnce(Phoenix) -> Gc<dyn Shape>) {
    let log = Log::new();
    let nest = gc::Shared::new(Slot::new(None));
    drop(make(Phoenix { nest: nest.clone(), canary: Canary::new(4, &log) }));
    let back = nest.take();
    assert_eq!(back.as_ref().map(|back| back.area()), Some(4));
    assert_eq!(log.take(), []);
    drop(back);
    assert_eq!(log.take(), [Event::Dropped(4)]);
}

#[test]
fn resurrection_through_a_trait_object() {
    alone(|| {
        check_phoenix(|phoenix| coerce!(Gc::new(phoenix)));
    });
}

#[test]
fn resurrection_through_a_trait_object_that_came_in_a_box() {
    alone(|| {
        check_phoenix(|phoenix| Gc::from(Box::new(phoenix) as Box<dyn Shape>));
    });
}
