//! How large objects are: by themselves, and with all that they hold.

use gc_core::{Finalize, Finalizing, Sizer, Trace, Tracer};
use super::gc::{self, Gc, Lock, Shared, Slot, UniqueGc, Weak, WeakValueMap, alone, lock};
use gc_tests::bang;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Trace, Default)]
struct Link {
    next: Slot<Option<Gc<Link>>>,
}

fn linked(next: Option<Gc<Link>>) -> Gc<Link> {
    Gc::new(Link { next: Slot::new(next) })
}

#[test]
fn a_list_of_numbers_without_and_with_its_elements() {
    // Python: getsizeof([1, 2, 3, 4]) is 88, and 200 with the four ints added.
    alone(|| {
        let plain = Gc::new(vec![1_i64, 2, 3, 4]);
        let empty = gc::shallow_size(&Gc::new(Vec::<i64>::new()));
        assert_eq!(empty, gc::HEADER + size_of::<Vec<i64>>());
        assert_eq!(gc::shallow_size(&plain), empty + 4 * 8);
        assert_eq!(gc::deep_size(&plain), gc::shallow_size(&plain));

        let objects = Gc::new((1..=4).map(Gc::new).collect::<Vec<Gc<i64>>>());
        assert_eq!(gc::shallow_size(&objects), empty + 4 * 8);
        assert_eq!(gc::deep_size(&objects), empty + 4 * 8 + 4 * (gc::HEADER + 8));
    });
}

#[test]
fn what_is_shared_is_counted_once() {
    alone(|| {
        let part = Gc::new(String::from("a part of all of them"));
        let pairs: Vec<_> = (0..3).map(|_| Gc::new((part.clone(), part.clone()))).collect();
        let all = Gc::new((pairs.clone(), part.clone()));
        let size = gc::shallow_size(&all) + 3 * gc::shallow_size(&pairs[0]);
        assert_eq!(gc::deep_size(&all), size + gc::shallow_size(&part));
    });
}

#[test]
fn a_cycle_is_counted_once_around() {
    alone(|| {
        let first = linked(None);
        let second = linked(Some(first.clone()));
        first.next.set(Some(second.clone()));
        assert_eq!(gc::deep_size(&first), 2 * gc::shallow_size(&first));
        let own = linked(None);
        own.next.set(Some(own.clone()));
        assert_eq!(gc::deep_size(&own), gc::shallow_size(&own));
        own.next.set(None);
        first.next.set(None);
    });
}

#[test]
fn a_long_list_needs_no_stack() {
    let nodes = if cfg!(miri) { 200 } else { 1_000_000 };
    gc::on_stack(256 << 10, move || {
        let mut head = linked(None);
        for _ in 1..nodes {
            head = linked(Some(head));
        }
        assert_eq!(gc::deep_size(&head), nodes * gc::shallow_size(&head));
    });
}

#[test]
fn to_look_at_objects_changes_nothing_about_them() {
    alone(|| {
        let last = linked(None);
        let head = linked(Some(linked(Some(last.clone()))));
        let _ = gc::collect();
        let before = (gc::counts(), gc::live(), Gc::strong_count(&last));
        let _ = (gc::shallow_size(&head), gc::deep_size(&head));
        assert_eq!((gc::counts(), gc::live(), Gc::strong_count(&last)), before);
        // No object has become a candidate.
        assert_eq!(gc::collect().candidates, 0);
    });
}

#[test]
fn handles_out_of_sight_are_not_followed() {
    #[derive(Trace)]
    struct Partly {
        seen: Gc<u64>,
        #[trace(skip)]
        _skipped: Gc<u64>,
        #[trace(skip)]
        _text: String,
        _weak: Weak<u64>,
    }

    alone(|| {
        let (seen, other) = (Gc::new(1), Gc::new(2));
        let weak = Gc::downgrade(&other);
        let object = Gc::new(Partly {
            seen,
            _skipped: other.clone(),
            _text: "not asked for".into(),
            _weak: weak,
        });
        assert_eq!(gc::shallow_size(&object), gc::HEADER + size_of::<Partly>());
        assert_eq!(gc::deep_size(&object), gc::shallow_size(&object) + gc::shallow_size(&object.seen));
        let opaque = Gc::new_opaque(String::from("says nothing of itself"));
        assert_eq!(gc::shallow_size(&opaque), gc::HEADER + size_of::<String>());
    });
}

#[test]
fn what_is_shared_without_a_handle_is_in_deep_sizes_once() {
    alone(|| {
        let shared = Shared::new([0_u64; 10]);
        let object = Gc::new(vec![Gc::new(shared.clone()), Gc::new(shared.clone()), Gc::new(shared)]);
        let objects = gc::shallow_size(&object) + 3 * gc::shallow_size(&object[0]);
        assert_eq!(gc::shallow_size(&object[0]), gc::HEADER + 8);
        assert_eq!(gc::deep_size(&object), objects + 16 + 80);
    });
}

#[test]
fn what_is_behind_a_lock_that_is_taken_is_left_out() {
    alone(|| {
        let object = Gc::new(Lock::new((String::from("twelve bytes"), Some(Gc::new(1_u64)))));
        let (shallow, deep) = (gc::shallow_size(&object), gc::deep_size(&object));
        let guard = lock(&object);
        assert_eq!(gc::shallow_size(&object), shallow - 12);
        assert_eq!(gc::deep_size(&object), shallow - 12);
        drop(guard);
        assert_eq!((gc::shallow_size(&object), gc::deep_size(&object)), (shallow, deep));
    });
}

#[test]
fn a_unique_object_belongs_to_the_one_that_holds_it() {
    alone(|| {
        let inner = gc::shallow_size(&Gc::new(String::from("inner")));
        let object = Gc::new(UniqueGc::new(String::from("inner")));
        assert_eq!(gc::shallow_size(&object), gc::HEADER + 8 + inner);
    });
}

/// What derives `Trace` asks each field of the variant that it is.
#[test]
fn an_enum_is_measured_by_its_variant() {
    #[derive(Trace)]
    enum Shape {
        Nothing,
        Text(String),
        Named { first: Box<u32>, _second: u8 },
        #[trace(skip)]
        Skipped(Box<u32>),
    }

    alone(|| {
        let own = |shape| gc::shallow_size(&Gc::new(shape)) - gc::HEADER - size_of::<Shape>();
        assert_eq!(own(Shape::Nothing), 0);
        assert_eq!(own(Shape::Text("four".into())), 4);
        let named = Shape::Named { first: Box::new(1), _second: 2 };
        assert!(matches!(&named, Shape::Named { first, .. } if **first == 1));
        assert_eq!(own(named), 4);
        let skipped = Shape::Skipped(Box::new(1));
        assert!(matches!(&skipped, Shape::Skipped(one) if **one == 1));
        assert_eq!(own(skipped), 0);
    });
}

/// Panics when it is traced or measured, if it is told to, or makes objects.
struct Odd {
    traced: AtomicUsize,
    measured: AtomicUsize,
    text: String,
}

const PANIC: usize = 1;
const ALLOCATE: usize = 2;

impl Odd {
    fn new(traced: usize, measured: usize) -> Odd {
        Odd { traced: traced.into(), measured: measured.into(), text: "four".into() }
    }

    fn act(&self, what: &AtomicUsize) {
        match what.load(Ordering::Relaxed) {
            PANIC => bang("it was told to"),
            ALLOCATE => drop((0..10).map(|_| Gc::new(0)).collect::<Vec<_>>()),
            _ => {}
        }
    }
}

// SAFETY: it shows nothing, and runs no code that is not allowed in here.
unsafe impl Trace for Odd {
    fn trace(&self, _: &mut Tracer<'_>) {
        self.act(&self.traced);
    }

    fn measure(&self, sizer: &mut Sizer<'_>) {
        self.act(&self.measured);
        self.text.measure(sizer);
    }
}

#[test]
fn a_panic_reaches_the_caller_and_leaves_no_lock_poisoned_and_no_handle_behind() {
    alone(|| {
        for (traced, measured) in [(PANIC, 0), (0, PANIC)] {
            let last = Gc::new(Mutex::new((Slot::new(0), Odd::new(traced, measured))));
            let object = Gc::new((Gc::new(7), last.clone()));
            let outcome = catch_unwind(AssertUnwindSafe(|| gc::deep_size(&object)));
            assert!(outcome.is_err());
            assert!(!last.is_poisoned());
            assert_eq!((Gc::strong_count(&last), Gc::strong_count(&object.0)), (2, 1));
            last.lock().expect("no poison").1 = Odd::new(0, 0);
            assert!(gc::deep_size(&object) > gc::shallow_size(&last));
            drop((object, last));
            assert_eq!(gc::live(), 0);
        }
    });
}

#[test]
fn no_collection_starts_from_within() {
    alone(|| {
        let object = Gc::new(Odd::new(ALLOCATE, ALLOCATE));
        gc::disable();
        for _ in 0..1100 {
            let own = linked(None);
            own.next.set(Some(own.clone()));
        }
        gc::enable();
        // The next `Gc::new` finds a collection due.
        let collections = || gc::stats().map(|of| of.collections);
        let before = (collections(), gc::live());
        let _ = (gc::shallow_size(&object), gc::deep_size(&object));
        assert_eq!((collections(), gc::live()), before);
        let _ = gc::collect();
    });
}

#[test]
fn a_destructor_may_ask_for_the_size_of_what_is_already_gone() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);

    #[derive(Trace)]
    // SAFETY: the destructor follows no handle; whether `deep_size` does is what is tested.
    #[trace(unsafe(drop))]
    struct Asks(Slot<Option<Gc<Asks>>>, String);

    impl Drop for Asks {
        fn drop(&mut self) {
            self.0.with(|other| {
                let other = other.as_ref().expect("it is set");
                // The string of the other may be freed: its box is there.
                assert_eq!(gc::deep_size(other), gc::HEADER + size_of::<Asks>());
                assert_eq!(gc::shallow_size(other), gc::HEADER + size_of::<Asks>());
            });
            ASKED.fetch_add(1, Ordering::Relaxed);
        }
    }

    alone(|| {
        let before = ASKED.load(Ordering::Relaxed);
        let asks = || Gc::new(Asks(Slot::new(None), "text".into()));
        let (one, two) = (asks(), asks());
        one.0.set(Some(two.clone()));
        two.0.set(Some(one.clone()));
        drop((one, two));
        assert_eq!(gc::collect().collected, 2);
        assert_eq!(ASKED.load(Ordering::Relaxed), before + 2);
    });
}

#[test]
fn a_finalizer_may_ask_for_the_size_of_its_own_cycle() {
    static SIZE: AtomicUsize = AtomicUsize::new(0);

    #[derive(Trace)]
    #[trace(finalize)]
    struct Asks(Slot<Option<Gc<Asks>>>, String);

    impl Finalize for Asks {
        fn finalize(&self, _: &Finalizing<'_>) {
            let other = self.0.get().expect("it is set");
            SIZE.store(gc::deep_size(&other), Ordering::Relaxed);
        }
    }

    alone(|| {
        let asks = || Gc::new(Asks(Slot::new(None), "text".into()));
        let (one, two) = (asks(), asks());
        one.0.set(Some(two.clone()));
        two.0.set(Some(one.clone()));
        let size = gc::deep_size(&one);
        assert_eq!(size, 2 * (gc::HEADER + size_of::<Asks>() + 4));
        drop((one, two));
        // Nobody was resurrected by it.
        let report = gc::collect();
        assert_eq!((report.collected, report.resurrected), (2, 0));
        assert_eq!(SIZE.swap(0, Ordering::Relaxed), size);
    });
}

#[test]
fn a_weak_map_is_as_large_as_its_table_and_its_keys() {
    fn map<const N: usize>(values: &[Gc<usize>]) -> WeakValueMap<[u8; N], usize> {
        let key = |value: &Gc<usize>| {
            let mut key = [0; N];
            key[0] = u8::try_from(**value).expect("there are few");
            key
        };
        values.iter().map(|value| (key(value), value)).collect()
    }

    alone(|| {
        let values: Vec<_> = (0..50).map(Gc::new).collect();
        let empty = gc::shallow_size(&Gc::new(map::<100>(&[])));
        let (small, large) = (Gc::new(map::<4>(&values)), Gc::new(map::<100>(&values)));
        assert!(gc::shallow_size(&small) > empty + 50 * (16 + 4 + size_of::<u64>()));
        assert_eq!(gc::shallow_size(&large) - gc::shallow_size(&small), 50 * 96);
        assert_eq!(gc::deep_size(&large), gc::shallow_size(&large), "it holds no value");
        // What two of them share belongs to neither.
        let pair = Gc::new((map::<100>(&values), large.clone(), WeakValueMap::clone(&large)));
        let shared = gc::deep_size(&large) - gc::shallow_size(&large);
        assert_eq!(shared, 50 * (16 + 100));
        let apart = gc::shallow_size(&pair) + gc::shallow_size(&large);
        assert_eq!(gc::deep_size(&pair), apart + shared);
    });
}

#[test]
fn what_a_weak_map_keeps_for_an_object_is_held_by_it() {
    alone(|| {
        let (key, value) = (Gc::new(1_u64), Gc::new(2_u64));
        let alone = gc::deep_size(&key);
        let map = gc::WeakKeyMap::new();
        map.insert_gc(&key, value.clone());
        assert_eq!(gc::deep_size(&key), alone + gc::shallow_size(&value));
        assert_eq!(gc::shallow_size(&key), alone);
        assert!(map.remove(&1).is_some());
        assert_eq!(gc::deep_size(&key), alone);
    });
}
