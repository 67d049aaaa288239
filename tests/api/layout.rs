//! Sizes, alignments, variance.

use super::gc::{self, Canary, Gc, Node, Slot, UniqueGc, Weak, alone};
use gc_core::{Trace, coerce};
use gc_tests::{Event, Log};

#[test]
fn handles_are_one_word_and_have_a_niche() {
    assert_eq!(size_of::<Gc<u64>>(), 8);
    assert_eq!(size_of::<Option<Gc<u64>>>(), 8);
    assert_eq!(size_of::<Gc<Node>>(), 8);
    assert_eq!(size_of::<Option<Gc<Node>>>(), 8);
    assert_eq!(size_of::<Weak<Node>>(), 8);
    assert_eq!(size_of::<Option<Weak<Node>>>(), 8);
    assert_eq!(size_of::<UniqueGc<Node>>(), 8);
    assert_eq!(size_of::<Gc<str>>(), 16);
    assert_eq!(size_of::<Option<Gc<dyn Trace>>>(), 16);
}

fn check_address<T: Trace + gc::Value + 'static>(value: T, align: usize) {
    let handle = Gc::new(value);
    let address = Gc::as_ptr(&handle).addr();
    assert_eq!(address % 16, 0, "the address of a value of align {align}");
    assert_eq!(address % align, 0, "the address of a value of align {align}");
    assert_eq!(address, (&raw const *handle).addr(), "deref leads there too");
}

#[test]
fn values_stand_at_multiples_of_16() {
    alone(|| {
        check_address(1_u8, 1);
        check_address([0_u8; 3], 1);
        check_address(1_u64, 8);
        check_address(1_u128, 16);
        check_address((), 1);
        check_address([0_u128; 0], 16);
        check_address(Aligned64(1), 64);
        check_address(Aligned4096(1), 4096);
        assert_eq!(Gc::as_ptr(&Gc::<str>::from("a")).addr() % 16, 0);
        assert_eq!(Gc::as_ptr(&Gc::<[u8]>::from(vec![1])).addr() % 16, 0);
    });
}

#[derive(Debug, PartialEq, Trace)]
#[repr(align(64))]
struct Aligned64(u8);

#[derive(Debug, PartialEq, Trace)]
#[repr(align(4096))]
struct Aligned4096(u8);

#[test]
fn over_aligned_values_in_every_form() {
    alone(|| {
        let page = Gc::new(Aligned4096(1));
        assert_eq!(page.0, 1);
        let pages: Gc<[Aligned4096]> = vec![Aligned4096(2), Aligned4096(3)].into();
        assert_eq!((pages[0].0, pages[1].0), (2, 3));
        assert_eq!(Gc::as_ptr(&pages).addr() % 4096, 0);
        let boxed: Gc<Aligned64> = Gc::from(Box::new(Aligned64(4)));
        assert_eq!((boxed.0, Gc::as_ptr(&boxed).addr() % 64), (4, 0));
        let weak = Gc::downgrade(&boxed);
        let unwrapped = Gc::try_unwrap(boxed);
        assert_eq!(unwrapped, Ok(Aligned64(4)));
        assert!(weak.upgrade().is_none());
        let empty: Gc<[Aligned4096]> = Vec::new().into();
        assert_eq!((empty.len(), Gc::as_ptr(&empty).addr() % 4096), (0, 0));
    });
}

#[test]
fn an_over_aligned_cycle_is_collected() {
    alone(|| {
        #[derive(Trace)]
        #[repr(align(256))]
        struct Page {
            canary: Canary,
            next: Slot<Option<Gc<Page>>>,
        }

        let log = Log::new();
        let page = Gc::new(Page { canary: Canary::new(0, &log), next: Slot::new(None) });
        page.next.set(Some(page.clone()));
        assert_eq!((Gc::as_ptr(&page).addr() % 256, page.canary.name()), (0, 0));
        drop(page);
        assert_eq!((gc::collect().collected, log.take()), (1, vec![Event::Dropped(0)]));
    });
}

#[test]
fn zero_sized_values_are_objects_of_their_own() {
    alone(|| {
        let (a, b) = (Gc::new(()), Gc::new(()));
        assert!(!Gc::ptr_eq(&a, &b) && Gc::ptr_eq(&a, &a.clone()));
        assert!(!Weak::ptr_eq(&Gc::downgrade(&a), &Gc::downgrade(&b)));
        assert_eq!(gc::live(), 2);
        let none: Gc<[()]> = vec![(); 1000].into();
        assert_eq!(none.len(), 1000);
        drop((a, b, none));
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn the_header_of_a_small_value_is_as_long_as_it_should_be() {
    alone(|| {
        // Two boxes that stand side by side would show all of it, but
        // an allocator may put anything between; the offset of the value shows the rest.
        let handle = Gc::new(1_u64);
        // An edge carries the address of the box, and below that the kind of heap.
        let edge = Gc::edge(&handle).into_raw().addr().get() & !15;
        let header = Gc::as_ptr(&handle).addr() - edge;
        assert_eq!(header, gc::HEADER, "bytes in front of a value");
    });
}

/// A handle to something long-lived is one to something short-lived.
fn _covariant<'short>(long: Gc<&'static str>, weak: Weak<&'static str>) -> (Gc<&'short str>, Weak<&'short str>) {
    (long, weak)
}

#[test]
fn a_large_value() {
    alone(|| {
        let large = Gc::new([7_u8; 1 << 17]);
        assert!(large.iter().all(|&byte| byte == 7));
        let slice: Gc<[u8]> = coerce!(large.clone());
        assert_eq!((slice.len(), Gc::strong_count(&large)), (1 << 17, 2));
    });
}
