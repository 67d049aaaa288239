//! Boxes of dead objects are kept for the next ones, and are not kept for ever: the table in
//! `gc_core::docs::performance`.

use gc_core::Trace;
use std::panic::resume_unwind;

/// Not where the end of each box is to be seen.
pub(crate) const KEEPS: bool = !cfg!(any(miri, gc_plain_memory));

/// What deaths by count leave, and what a collection leaves, in bytes.
const FEW: isize = 128 << 10;
const MANY: isize = 1 << 20;

#[derive(Trace)]
#[trace(leaf)]
#[repr(align(64))]
struct Aligned(#[allow(dead_code, reason = "for its length")] [u8; 64]);

struct Panics(#[allow(dead_code, reason = "makes its box one that is kept")] u64);

impl Drop for Panics {
    fn drop(&mut self) {
        // Past the hook, which takes memory.
        resume_unwind(Box::new("in a destructor"));
    }
}

/// The contracts, for one kind of heap.
macro_rules! contracts {
    ($kind:ident) => {
        mod $kind {
            use super::*;
            use crate::HELD;
            use gc_core::Generation;
            use gc_core::$kind::{self as gc, Gc};
            use gc_tests::$kind::{Slot, alone};
            use std::panic::{AssertUnwindSafe, catch_unwind};

            #[derive(Default, Trace)]
            struct Node {
                next: Slot<Option<Gc<Node>>>,
                #[allow(dead_code, reason = "for its length")]
                rest: [u64; 6],
            }

            /// Runs `f` on a thread that has all that it needs for its first object, and no boxes.
            fn prepared(f: fn()) {
                alone(move || {
                    gc::disable();
                    drop(Gc::new(0_u64));
                    drop(Gc::new(vec![Gc::new(0_u64)]).clone());
                    empty();
                    f();
                });
            }

            /// Nothing is kept when it has found nothing.
            fn empty() {
                while gc::collect().total() > 0 {}
            }

            fn address<T: 'static>(object: &Gc<T>) -> usize {
                Gc::as_ptr(object).addr()
            }

            /// Garbage with a box each, some four megabytes of it.
            fn garbage() {
                for _ in 0..50_000 {
                    let node = Gc::<Node>::default();
                    node.next.set(Some(node.clone()));
                }
            }

            #[test]
            #[cfg_attr(any(miri, gc_plain_memory), ignore = "no boxes are kept")]
            fn the_box_of_a_dead_object_is_the_next_ones_whatever_its_type() {
                prepared(|| {
                    let first = Gc::new([1_u64, 2]);
                    let place = address(&first);
                    drop(first);
                    let second = Gc::new(String::from("another type").into_boxed_str());
                    assert_eq!((address(&second), &**second), (place, "another type"));
                    drop(second);
                    let third = Gc::new([7_u32; 4]);
                    assert_eq!((address(&third), *third), (place, [7; 4]));
                    let weak = Gc::downgrade(&third);
                    drop(third);
                    // The weak handle keeps the box.
                    let fourth = Gc::new([8_u32; 4]);
                    assert_ne!(address(&fourth), place);
                    drop(weak);
                    assert_eq!(address(&Gc::new([9_u8; 16])), place);
                });
            }

            #[test]
            fn what_is_made_as_others_die_asks_for_no_memory() {
                prepared(|| {
                    drop([Gc::new(1_u64), Gc::new(2)]);
                    let before = HELD.get();
                    let mut last = Gc::new(0_u64);
                    for number in 1..1000 {
                        last = Gc::new(number);
                    }
                    assert_eq!(*last, 999);
                    let taken = HELD.get() - before;
                    assert_eq!(taken == 0, KEEPS, "{taken} bytes");
                });
            }

            #[test]
            fn deaths_by_count_leave_little() {
                prepared(|| {
                    let before = HELD.get();
                    drop((0..100_000_u64).map(Gc::new).collect::<Vec<_>>());
                    let kept = HELD.get() - before;
                    assert!(kept <= FEW, "{kept} bytes");
                    assert_eq!(kept > FEW - 256, KEEPS, "{kept} bytes");
                    empty();
                    assert!(HELD.get() - before < FEW / 2);
                });
            }

            #[test]
            fn a_collection_leaves_a_megabyte_which_goes_if_nobody_needs_it() {
                prepared(|| {
                    // Tables have their size.
                    garbage();
                    let _ = gc::collect_generation(Generation::Young);
                    empty();
                    let before = HELD.get();
                    garbage();
                    let _ = gc::collect_generation(Generation::Young);
                    let kept = HELD.get() - before;
                    assert!(kept < MANY + FEW / 2, "{kept} bytes");
                    assert_eq!(kept > MANY - FEW / 2, KEEPS, "{kept} bytes");
                    // It has lain there for one collection, and then for two.
                    let _ = gc::collect_generation(Generation::Young);
                    assert_eq!(HELD.get() - before > MANY - FEW / 2, KEEPS);
                    let _ = gc::collect_generation(Generation::Young);
                    let kept = HELD.get() - before;
                    assert!(kept < FEW / 2, "{kept} bytes");
                });
            }

            #[test]
            fn a_full_collection_that_finds_nothing_gives_all_back() {
                prepared(|| {
                    garbage();
                    assert_eq!(gc::collect().total(), 50_000);
                    let before = HELD.get();
                    assert_eq!(gc::collect().total(), 0);
                    let given_back = before - HELD.get();
                    assert_eq!(given_back > MANY - FEW / 2, KEEPS, "{given_back} bytes");
                });
            }

            #[test]
            fn boxes_that_are_long_or_aligned_or_wide_or_odd_are_not_kept() {
                prepared(|| {
                    let before = HELD.get();
                    drop((Gc::new([1_u64; 40]), Gc::new(Aligned([1; 64]))));
                    drop((Gc::<str>::from("wide"), Gc::<[u64]>::from(vec![1, 2, 3])));
                    drop((Gc::new(1_u8), Gc::new([1_u16; 3])));
                    assert_eq!(HELD.get(), before);
                });
            }

            #[test]
            fn a_box_whose_destructor_has_panicked_is_kept_once() {
                prepared(|| {
                    let panicking = || {
                        let object = Gc::new_opaque(Panics(1));
                        let panic = catch_unwind(AssertUnwindSafe(|| drop(object)));
                        assert!(panic.is_err());
                    };
                    panicking();
                    let before = HELD.get();
                    (0..20).for_each(|_| panicking());
                    assert_eq!(HELD.get(), before);
                    let places: Vec<_> = (0..100_u64).map(Gc::new).collect();
                    assert!(places.iter().zip(0..).all(|(place, number)| **place == number));
                });
            }
        }
    };
}

contracts!(unsync);
contracts!(sync);
