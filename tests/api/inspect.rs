//! Handles without a type, what objects refer to, and their text.

use super::gc::{self, AnyGc, Gc, Lock, Node, Slot, Weak, alone, lock, ring};
use gc_core::{Generation, Trace, Tracer, coerce};
use gc_tests::{Event, Log, bang, caught};
use std::any::{Any, TypeId};
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::OnceLock;

/// The names of nodes.
fn names(objects: &[AnyGc]) -> Vec<usize> {
    objects.iter().map(|object| object.downcast_ref::<Node>().expect("a node").name()).collect()
}

#[test]
fn it_holds_its_object() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let weak = Gc::downgrade(&node);
        let any = AnyGc::from(node);
        assert_eq!((any.strong_count(), any.weak_count()), (1, 1));
        let other = any.clone();
        assert_eq!(any.strong_count(), 2);
        drop(any);
        assert!(weak.upgrade().is_some());
        drop(other);
        assert!(weak.upgrade().is_none());
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn dropping_one_makes_a_candidate() {
    alone(|| {
        let nodes = ring(3, &Log::new());
        let any = AnyGc::from(&nodes[0]);
        drop(nodes);
        assert_eq!(gc::collect().collected, 0, "it is held");
        drop(any);
        assert_eq!(gc::collect().collected, 3);
    });
}

#[test]
fn leaves_die_by_their_last_handle_of_either_kind() {
    alone(|| {
        for _ in 0..2 {
            let number = Gc::new(5);
            let any = AnyGc::from(&number);
            assert!(!any.is_tracked() && !any.is_finalized());
            drop(number);
            assert_eq!((any.downcast_ref(), gc::live()), (Some(&5), 1));
        }
        let weak = Gc::downgrade(&Gc::<str>::from("text"));
        assert!(weak.upgrade().is_none());
        drop(AnyGc::from(Gc::<str>::from("text")));
        drop(AnyGc::from(Gc::new_opaque(Log::new())));
        assert_eq!((gc::live(), gc::collect().candidates), (0, 0));
    });
}

#[test]
fn a_downcast_gives_the_count_on() {
    alone(|| {
        let any = AnyGc::from(Gc::new(7_u8));
        assert!(any.is::<u8>() && !any.is::<u16>());
        assert_eq!((any.value_type_id(), any.type_name()), (TypeId::of::<u8>(), "u8"));
        assert_eq!(any.downcast_ref::<u16>(), None);
        let any = any.downcast::<u16>().expect_err("another type");
        let number = any.downcast::<u8>().expect("its type");
        assert_eq!((*number, Gc::strong_count(&number)), (7, 1));
    });
}

#[test]
fn unsized_values_come_back_as_what_they_were_made_with() {
    alone(|| {
        let text = AnyGc::from(Gc::<str>::from("text"));
        assert_eq!(text.downcast_ref::<str>(), Some("text"));
        assert_eq!(&*text.downcast::<str>().expect("text"), "text");

        // By coercion: the object knows its own type.
        let erased: Gc<dyn Any> = coerce!(Gc::new(5_u8));
        let any = AnyGc::from(erased);
        assert!(!any.is::<dyn Any>());
        assert_eq!(*any.downcast::<u8>().expect("its own type"), 5);

        let slice = AnyGc::from(Gc::<[u32]>::from([1, 2, 3]));
        assert_eq!((slice.downcast_ref::<[u32]>(), slice.type_name()), (Some(&[1, 2, 3][..]), "[u32]"));
    });
}

#[test]
fn pinned_objects_come_back_pinned() {
    alone(|| {
        let any = AnyGc::from(Gc::pin(5));
        assert_eq!(any.downcast_ref::<i32>(), Some(&5), "it may be looked at");
        let any = any.downcast::<i32>().expect_err("it could be moved");
        let pinned = any.downcast_pinned::<i32>().expect("pinned");
        let any = AnyGc::from(Gc::new(5)).downcast_pinned::<i32>().expect_err("not pinned");
        assert_eq!((*pinned, any.strong_count()), (5, 1));
    });
}

#[test]
fn identity() {
    alone(|| {
        #[derive(Trace)]
        #[repr(align(64))]
        struct Aligned(u8);

        let aligned = Gc::new(Aligned(1));
        let [a, b] = [AnyGc::from(&aligned), AnyGc::from(aligned.clone())];
        assert!(a.ptr_eq(&b) && !a.ptr_eq(&Gc::new(1).into()));
        assert_eq!((a.as_ptr(), aligned.0), (Gc::as_ptr(&aligned).cast(), 1));
        let text = Gc::<str>::from("text");
        assert_eq!(AnyGc::from(&text).as_ptr(), Gc::as_ptr(&text).cast());
        let address = format!("{:p}>", aligned);
        assert!(format!("{a:?}").ends_with(&address), "{a:?}");
        assert_eq!(format!("{a:p}"), format!("{aligned:p}"));
    });
}

#[test]
fn one_in_an_object_is_an_edge() {
    alone(|| {
        #[derive(Trace)]
        struct Bag(Slot<Vec<AnyGc>>);

        let bag = Gc::new(Bag(Slot::new(Vec::new())));
        bag.0.with_mut(|all| all.extend([AnyGc::from(&bag), Gc::new(5).into()]));
        assert_eq!(gc::referents(&bag).len(), 2);
        drop(bag);
        assert_eq!((gc::collect().collected, gc::live()), (1, 0));
    });
}

#[test]
fn generations_and_finalizers_are_told() {
    alone(|| {
        let log = Log::new();
        let shelf = gc::Shared::new(Slot::new(Vec::new()));
        let node = Node::new(0, &log);
        let any = AnyGc::from(&node);
        assert_eq!((any.generation(), any.is_tracked(), any.is_finalized()), (Generation::Young, true, false));
        let _ = gc::collect();
        drop(any);
        let _ = gc::collect();
        assert_eq!(AnyGc::from(&node).generation(), Generation::Old);
        node.resurrect_to(&shelf);
        drop(node);
        assert!(shelf.with(|nodes| AnyGc::from(&nodes[0]).is_finalized()));
        drop(shelf.take());
    });
}

#[test]
fn test_025_get_referents() {
    alone(|| {
        // Direct children, in order, duplicates kept.
        let log = Log::new();
        let nodes: Vec<_> = (0..4).map(|name| Node::new(name, &log)).collect();
        for to in [1, 2, 1] {
            nodes[0].link(&nodes[to]);
        }
        nodes[2].link(&nodes[3]);
        assert_eq!(names(&gc::referents(&nodes[0])), [1, 2, 1]);
        assert_eq!(gc::referents(&nodes[1]).len(), 0);
        // Several at once.
        let several: Vec<_> = [&nodes[0], &nodes[2]].into_iter().flat_map(gc::referents).collect();
        assert_eq!(names(&several), [1, 2, 1, 3]);
        // A tuple, a map and a slice.
        let tuple = Gc::new((nodes[3].clone(), nodes[1].clone()));
        assert_eq!(names(&gc::referents(&tuple)), [3, 1]);
        let map = Gc::new(BTreeMap::from([(1, nodes[2].clone()), (0, nodes[0].clone())]));
        assert_eq!(names(&gc::referents(&map)), [0, 2]);
        let slice: Gc<[Gc<Node>]> = nodes.iter().cloned().collect();
        assert_eq!(names(&gc::referents(&slice)), [0, 1, 2, 3]);
        assert_eq!(names(&AnyGc::from(slice).referents()), [0, 1, 2, 3]);
        // Atoms.
        assert_eq!(gc::referents(&Gc::new(1)).len(), 0);
        assert_eq!(gc::referents(&Gc::<str>::from("a")).len(), 0);
    });
}

#[test]
fn what_is_hidden_or_weak_is_no_referent() {
    alone(|| {
        let log = Log::new();
        let [a, b] = [Node::new(0, &log), Node::new(1, &log)];
        a.hidden.with_mut(|hidden| hidden.push(b.clone()));
        a.weak.with_mut(|weak| weak.push(Gc::downgrade(&b)));
        a.callbacks.with_mut(|all| all.push(Gc::downgrade_with(&b, || ())));
        assert_eq!(gc::referents(&a).len(), 0);
        let opaque = Gc::new_opaque(vec![b.clone()]);
        assert_eq!(gc::referents(&opaque).len(), 0);
        let weak: Gc<Weak<Node>> = Gc::new(Gc::downgrade(&b));
        assert_eq!(gc::referents(&weak).len(), 0);
    });
}

#[test]
fn what_a_weak_map_keeps_for_an_object_is_a_referent_of_it() {
    alone(|| {
        let log = Log::new();
        let [key, first, second] = [0, 1, 2].map(|name| Node::new(name, &log));
        let map: gc::WeakKeyMap<Node, Node, gc_core::weakref::ByIdentity> = gc::WeakKeyMap::default();
        map.insert_gc(&key, second.clone());
        key.link(&first);
        assert_eq!(names(&gc::referents(&key)), [1, 2], "after those in its value");
        let label: Gc<str> = Gc::from("no handle fits in here");
        let notes = gc::WeakKeyMap::from([(&label, 5)]);
        let held = gc::referents(&label);
        assert_eq!((held.len(), held[0].downcast_ref()), (1, Some(&5)));
        drop((map, notes));
        assert_eq!(names(&gc::referents(&key)), [1]);
    });
}

#[test]
fn what_is_locked_is_left_out() {
    alone(|| {
        #[derive(Trace)]
        struct Two(Lock<Option<Gc<u8>>>, Gc<u8>);

        let two = Gc::new(Two(Lock::new(Some(Gc::new(1))), Gc::new(2)));
        let found = || -> Vec<u8> {
            gc::referents(&two).iter().map(|it| *it.downcast_ref().expect("a number")).collect()
        };
        assert_eq!(found(), [1, 2]);
        let taken = lock(&two.0);
        assert_eq!(found(), [2]);
        drop(taken);
        assert_eq!(found(), [1, 2], "and nothing stays locked");
        assert!(gc::try_lock(&two.0).is_some());
    });
}

#[test]
fn referents_hold_what_is_taken_away_meanwhile() {
    alone(|| {
        let log = Log::new();
        let [a, b] = [Node::new(0, &log), Node::new(1, &log)];
        a.give(b);
        let found = gc::referents(&a);
        a.unlink();
        assert_eq!((names(&found), log.dropped()), (vec![1], vec![]));
        drop(found);
        assert_eq!(log.dropped(), [1]);
    });
}

#[test]
fn a_trace_that_panics_passes_it_on_and_leaves_nothing_locked() {
    alone(|| {
        struct Bad(Slot<Vec<Gc<u8>>>);

        // SAFETY: what is in the slot is shown once, and then it panics.
        unsafe impl Trace for Bad {
            fn trace(&self, tracer: &mut Tracer<'_>) {
                self.0.trace(tracer);
                bang("in trace");
            }
        }

        let number = Gc::new(1);
        let bad = Gc::new(Bad(Slot::new(vec![number.clone()])));
        assert_eq!(caught(|| drop(gc::referents(&bad))), Some("in trace"));
        assert_eq!(Gc::strong_count(&number), 2, "no handle was made");
        // Neither locked nor poisoned.
        drop(bad.0.take());
        assert_eq!(Gc::strong_count(&number), 1);
    });
}

#[test]
fn referents_of_a_dying_object_can_be_asked_for_in_its_finalizer() {
    alone(|| {
        let log = Log::new();
        let nodes = ring(2, &log);
        nodes[0].on_finalize(|_, cx| {
            let me: Gc<Node> = cx.handle().expect("the whole value is a Node");
            assert_eq!(names(&gc::referents(&me)), [1]);
        });
        drop(nodes);
        assert_eq!(gc::collect().collected, 2);
        assert_eq!(super::gc::heard_of(), []);
    });
}

#[test]
fn text_is_what_debug_says() {
    alone(|| {
        #[derive(Debug, Trace)]
        struct Shown {
            name: &'static str,
        }
        #[derive(Trace)]
        struct Silent;
        trait Shape: Trace + gc::Value {}
        #[derive(Debug, Trace)]
        struct Square(u8);
        impl Shape for Square {}
        #[derive(Debug, Trace)]
        struct Generic<T>(T);
        #[derive(Trace)]
        #[trace(bound = "T: Trace + fmt::Debug")]
        struct Asking<T>(T);
        impl<T: fmt::Debug> fmt::Debug for Asking<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "asked for {:?}", self.0)
            }
        }
        #[derive(Trace)]
        #[trace(leaf)]
        struct Leaf;
        impl fmt::Debug for Leaf {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a leaf")
            }
        }

        fn text<T: ?Sized>(gc: Gc<T>) -> Option<String> {
            AnyGc::from(gc).debug_text()
        }
        let shown = Shown { name: "a" };
        assert_eq!(shown.name, "a");
        assert_eq!(text(Gc::new(shown)).as_deref(), Some(r#"Shown { name: "a" }"#));
        assert_eq!(text(Gc::new(Silent)), None);
        assert_eq!(text(Gc::new(Generic(5))), None, "its `Debug` asks for more than its `Trace`");
        assert_eq!(text(Gc::new(Asking(5))).as_deref(), Some("asked for 5"));
        assert_eq!(text(Gc::new(Leaf)).as_deref(), Some("a leaf"));
        assert_eq!(text(Gc::new_opaque(5)), None);
        assert_eq!(text(Gc::<str>::from("a")).as_deref(), Some(r#""a""#));
        assert_eq!(text(Gc::new(1.5)).as_deref(), Some("1.5"));
        let boxed: Box<dyn Shape> = Box::new(Square(2));
        let shape: Gc<dyn Shape> = Gc::from(boxed);
        assert_eq!(text(shape).as_deref(), Some("Square(2)"));
    });
}

#[test]
fn text_of_containers_is_that_of_their_parts() {
    alone(|| {
        #[derive(Trace)]
        struct Silent;

        fn text<T: ?Sized>(gc: &Gc<T>) -> String {
            AnyGc::from(gc).debug_text().expect("a container has a text")
        }
        let name = if text(&Gc::new(Lock::new(5))).starts_with("Mutex") { "Mutex" } else { "RefCell" };
        let cell = Gc::new(Lock::new(vec![Some(1), None]));
        assert_eq!(text(&cell), format!("{name}(Vec([Option(1), Option]))"));
        let taken = lock(&cell);
        assert_eq!(text(&cell), format!("{name}(<locked>)"));
        drop(taken);
        assert_eq!(text(&Gc::new((1, "two".to_string()))), r#"(1, "two")"#);
        assert_eq!(text(&Gc::new(BTreeMap::from([('a', 1)]))), "BTreeMap('a': 1)");
        assert_eq!(text(&Gc::new(HashSet::from([1]))), "HashSet(1)");
        assert_eq!(text(&Gc::<[u8]>::from([1, 2])), "[1, 2]");
        let silent = text(&Gc::new(Box::new((Silent,))));
        assert!(silent.ends_with("::Silent,)"), "{silent}");
        // A handle by its label, or a cycle would have no end.
        let number = Gc::new(5);
        let holder = Gc::new(vec![number.clone()]);
        assert_eq!(text(&holder), format!("Vec([{:?}])", AnyGc::from(number)));
    });
}

#[test]
fn text_has_an_end() {
    alone(|| {
        let long = "ä".repeat(300);
        let text = AnyGc::from(Gc::<str>::from(&*long)).debug_text().expect("text");
        assert!(text.len() <= 203 && text.ends_with("ä…"), "{text}");
        let fits = "a".repeat(198);
        let text = AnyGc::from(Gc::<str>::from(&*fits)).debug_text().expect("text");
        assert_eq!(text, format!("{fits:?}"), "200 bytes are not too long");

        #[derive(Debug, Trace)]
        struct Loop(OnceLock<Gc<Loop>>);
        let round = Gc::new(Loop(OnceLock::new()));
        let _ = round.0.set(round.clone());
        let text = AnyGc::from(round).debug_text().expect("text");
        assert!(text.starts_with("Loop(OnceLock(Loop(") && text.ends_with('…'), "{text}");
        assert_eq!(gc::collect().collected, 1);
    });
}

#[test]
fn a_debug_that_fails_or_panics() {
    alone(|| {
        #[derive(Trace)]
        struct Fails(bool);
        impl fmt::Debug for Fails {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("so far")?;
                if self.0 {
                    bang("in Debug");
                }
                Err(fmt::Error)
            }
        }

        let fails = AnyGc::from(Gc::new(Fails(false)));
        assert_eq!(fails.debug_text().as_deref(), Some("so far"));
        // Under a lock, which is not poisoned by it.
        let panics = Gc::new(Lock::new(Fails(true)));
        let any = AnyGc::from(&panics);
        assert_eq!(caught(|| drop(any.debug_text())), Some("in Debug"));
        assert!(gc::try_lock(&panics).is_some());
        lock(&panics).0 = false;
        assert!(any.debug_text().is_some());
    });
}
