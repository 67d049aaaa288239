//! What is counted for a profile: objects made and ended, and the bytes of their boxes.

use super::gc::{self, Gc, HEADER, Node, Profiler, Slot, UniqueGc, Value, alone, ring};
use gc_core::{Flow, Generation, Profile, Trace};
use gc_tests::{Log, bang, caught, unraisable};
use std::mem::size_of;

/// In front of the head of a box that was made from an unsized value.
const PREFIX: usize = 16;

/// What `f` has made and ended.
fn flows<R>(f: impl FnOnce() -> R) -> (R, Flow, Flow) {
    let (result, profile) = gc::profile("test", f);
    (result, profile.objects, profile.bytes)
}

/// Checks that `make` makes one object with a box of so many bytes, and that the drop of its
/// handle gives the same back.
#[track_caller]
fn takes<H>(bytes: usize, make: impl FnOnce() -> H) {
    let (handle, objects, made) = flows(make);
    assert_eq!(objects, Flow { allocated: 1, freed: 0 });
    assert_eq!(made, Flow { allocated: bytes, freed: 0 });
    let ((), objects, made) = flows(|| drop(handle));
    assert_eq!(objects, Flow { allocated: 0, freed: 1 });
    assert_eq!(made, Flow { allocated: 0, freed: bytes });
}

#[derive(Trace)]
#[repr(align(64))]
struct Aligned([u8; 64]);

trait Sound: Trace + Value {}

#[derive(Trace)]
struct Bird(Gc<u64>);

impl Sound for Bird {}

#[test]
fn a_box_is_head_and_value() {
    alone(|| {
        takes(HEADER, || Gc::new(()));
        takes(HEADER + 1, || Gc::new(7_u8));
        takes(HEADER + 8, || Gc::new(7_u64));
        takes(HEADER + 24, || Gc::new("a string".to_string()));
        takes(HEADER + 8, || Gc::new_opaque(7_u64));
        takes(64 + 64, || Gc::new(Aligned([0; 64])));
        takes(HEADER + size_of::<Node>(), || Node::new(0, &Log::new()));
        takes(HEADER + 8, || Gc::new_cyclic(|_| 7_u64));
        takes(HEADER + 8, || UniqueGc::new(7_u64));
        takes(HEADER + 8, || UniqueGc::publish(UniqueGc::new(7_u64)));
    });
}

#[test]
fn a_box_of_an_unsized_value_has_its_prefix_counted() {
    alone(|| {
        takes(PREFIX + HEADER + 5, || Gc::<str>::from("hello"));
        takes(PREFIX + HEADER, || Gc::<str>::from(""));
        takes(PREFIX + HEADER + 24, || Gc::<[u64]>::from(vec![1, 2, 3]));
        takes(64 + 64 + 2 * 64, || Gc::<[Aligned]>::from(vec![Aligned([0; 64]), Aligned([0; 64])]));
        let five = Gc::new(5);
        let inner = five.clone();
        takes(PREFIX + HEADER + 2 * size_of::<Gc<u64>>(), move || {
            Gc::<[Gc<u64>]>::from(vec![inner.clone(), inner])
        });
        let inner = five.clone();
        takes(PREFIX + HEADER + size_of::<Bird>(), move || {
            Gc::<dyn Sound>::from(Box::new(Bird(inner)) as Box<dyn Sound>)
        });
        drop(five);
    });
}

#[test]
fn a_value_ends_before_its_weak_handles_do() {
    alone(|| {
        let text = Gc::<str>::from("hello");
        let number = Gc::new(7_u64);
        let weak = (Gc::downgrade(&text), Gc::downgrade(&number));
        let bytes = PREFIX + HEADER + 5 + HEADER + 8;
        let ((), objects, freed) = flows(|| drop((text, number)));
        assert_eq!(objects, Flow { allocated: 0, freed: 2 });
        assert_eq!(freed, Flow { allocated: 0, freed: bytes });
        let ((), objects, freed) = flows(|| drop(weak));
        assert_eq!((objects, freed), (Flow::default(), Flow::default()));
    });
}

#[test]
fn a_value_that_is_moved_out_has_ended() {
    alone(|| {
        let number = Gc::new(7_u64);
        let bytes = HEADER + 8;
        let (seven, objects, freed) = flows(|| Gc::try_unwrap(number).expect("one handle"));
        assert_eq!((seven, objects), (7, Flow { allocated: 0, freed: 1 }));
        assert_eq!(freed, Flow { allocated: 0, freed: bytes });

        let mut number = Gc::new(7_u64);
        let weak = Gc::downgrade(&number);
        let ((), objects, moved) = flows(|| *Gc::make_mut(&mut number) += 1);
        assert_eq!(objects, Flow { allocated: 1, freed: 1 });
        assert_eq!(moved, Flow { allocated: bytes, freed: bytes });
        drop(weak);
    });
}

#[test]
fn garbage_in_cycles_is_counted_when_it_is_collected_with_all_that_dies_of_it() {
    alone(|| {
        #[derive(Trace)]
        struct Looped {
            me: Slot<Option<Gc<Looped>>>,
            text: Gc<str>,
            parts: Slot<Option<Gc<[Gc<Looped>]>>>,
        }

        let one = HEADER + size_of::<Looped>();
        let text = PREFIX + HEADER + 3;
        let parts = PREFIX + HEADER + size_of::<Gc<Looped>>();
        let ((), objects, bytes) = flows(|| {
            let text = Gc::from("abc");
            let me = Slot::new(None);
            let looped = Gc::new(Looped { me, text, parts: Slot::new(None) });
            looped.me.set(Some(looped.clone()));
            // An unsized box that is garbage itself.
            looped.parts.set(Some(Gc::from(vec![looped.clone()])));
            assert_eq!(&*looped.text, "abc");
        });
        assert_eq!(objects, Flow { allocated: 3, freed: 0 });
        assert_eq!(bytes, Flow { allocated: one + text + parts, freed: 0 });

        let profiler = Profiler::start("collect");
        let report = gc::collect();
        let profile: Profile = profiler.stop();
        assert_eq!(profile.objects, Flow { allocated: 0, freed: 3 });
        assert_eq!(profile.bytes.alive().unsigned_abs(), one + text + parts);
        assert!(profile.bytes.alive() < 0);
        let old = profile.generations[Generation::Old as usize];
        assert_eq!((old.collections, old.collected), (1, report.collected));
        assert_eq!((profile.collections(), profile.collected()), (1, 2));
        assert_eq!(profile.collecting(), report.duration);
        assert!(profile.duration >= profile.collecting());
    });
}

#[test]
fn a_destructor_that_panics_has_ended_its_value() {
    alone(|| {
        unraisable::listen();
        let log = Log::new();
        let (text, node) = (Gc::<[Gc<Node>]>::from(vec![Node::new(0, &log)]), Node::new(1, &log));
        text[0].on_drop(|| bang("in a slice"));
        node.on_drop(|| bang("alone"));
        let one = HEADER + size_of::<Node>();
        let (panics, objects, bytes) = flows(|| [caught(|| drop(text)), caught(|| drop(node))]);
        assert_eq!(panics, [Some("in a slice"), Some("alone")]);
        assert_eq!(objects, Flow { allocated: 0, freed: 3 });
        assert_eq!(bytes.freed, PREFIX + HEADER + size_of::<Gc<Node>>() + 2 * one);
    });
}

/// One that was resurrected, and one that a `new_cyclic` has not finished.
#[test]
fn what_does_not_come_to_an_end_is_not_counted_as_freed() {
    alone(|| {
        let log = Log::new();
        let shelf = gc::Shared::new(Slot::new(Vec::new()));
        let node = Node::new(0, &log);
        node.resurrect_to(&shelf);
        let ((), objects, bytes) = flows(|| drop(node));
        assert_eq!((objects, bytes), (Flow::default(), Flow::default()));
        let ((), objects, _) = flows(|| drop(shelf.take()));
        assert_eq!(objects, Flow { allocated: 0, freed: 1 });

        let unfinished = || drop(Gc::<u64>::new_cyclic(|_| bang("unfinished")));
        let (panic, objects, bytes) = flows(|| caught(unfinished));
        assert_eq!(panic, Some("unfinished"));
        assert_eq!(objects, Flow { allocated: 1, freed: 1 });
        assert_eq!(bytes, Flow { allocated: HEADER + 8, freed: HEADER + 8 });
    });
}

#[test]
fn profiles_may_overlap() {
    alone(|| {
        let outer = Profiler::start("outer");
        let first = Gc::new(1_u8);
        let inner = Profiler::start("inner");
        drop(first);
        let _second = Gc::new(2_u8);
        assert_eq!(outer.so_far().objects, Flow { allocated: 2, freed: 1 });
        let outer = outer.stop();
        let _third = Gc::new(3_u8);
        let inner = inner.stop();
        assert_eq!((&*outer.label, outer.objects.alive()), ("outer", 1));
        assert_eq!((&*inner.label, inner.objects), ("inner", Flow { allocated: 2, freed: 1 }));
    });
}

#[test]
fn live_is_what_was_made_less_what_has_ended() {
    alone(|| {
        let log = Log::new();
        let (nodes, objects, _) = flows(|| ring(10, &log));
        assert_eq!((gc::live(), objects.alive()), (10, 10));
        let ((), objects, _) = flows(|| {
            drop(nodes);
            let _ = gc::collect();
        });
        assert_eq!((gc::live(), objects.alive()), (0, -10));
    });
}
