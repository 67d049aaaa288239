//! CPython's `test_weakref`, scenario by scenario (see `tests/README.md`).

use super::gc::{self, Gc, Node, Slot, Weak, WeakCallback, WeakKey, alone, self_loop};
use gc_core::Trace;
use gc_tests::{Event, Log, bang, caught, unraisable};
use std::hash::{BuildHasher, RandomState};

/// A callback that logs its number.
fn watch(node: &Gc<Node>, number: usize, log: &Log) -> WeakCallback<Node> {
    let log = log.clone();
    Gc::downgrade_with(node, move || log.push(Event::Called(number)))
}

#[test]
fn test_049_basic_ref() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(7, &log);
        let weak = Gc::downgrade(&node);
        let again = weak.upgrade().expect("it is alive");
        assert!(Gc::ptr_eq(&again, &node));
        assert_eq!(format!("{weak:?}"), "(Weak)");
        drop((node, again));
        assert!(weak.upgrade().is_none());
        assert_eq!(format!("{weak:?}"), "(Weak)");
    });
}

#[test]
fn test_053_multiple_callbacks() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let callbacks = [watch(&node, 1, &log), watch(&node, 2, &log)];
        drop(node);
        assert_eq!(log.called(), [2, 1], "the newest first");
        assert!(callbacks.iter().all(|callback| callback.upgrade().is_none()));
    });
}

#[test]
fn test_054_multiple_selfref_callbacks() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let weak = [Gc::downgrade(&node), Gc::downgrade(&node)];
        let inner = log.clone();
        let saw_none = move || {
            assert!(weak.iter().all(|weak| weak.upgrade().is_none()));
            inner.push(Event::Called(1));
        };
        let callbacks = [Gc::downgrade_with(&node, saw_none.clone()), Gc::downgrade_with(&node, saw_none)];
        drop(node);
        assert_eq!(log.called(), [1, 1]);
        drop(callbacks);
    });
}

#[test]
fn test_057_ref_reuse() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let first = Gc::downgrade(&node);
        let second = Gc::downgrade(&node);
        let callback = watch(&node, 1, &log);
        assert!(Weak::ptr_eq(&first, &second) && Weak::ptr_eq(&first, callback.weak()));
        assert_eq!(Gc::weak_count(&node), 3);
        drop(second);
        assert_eq!(Gc::weak_count(&node), 2);
        callback.cancel();
        assert_eq!(Gc::weak_count(&node), 1);
        drop(node);
        assert_eq!(log.called(), []);
    });
}

#[test]
fn test_069_proxy_iter() {
    alone(|| {
        let log = Log::new();
        let root = gc::Shared::new(Slot::new(Some(Node::new(0, &log))));
        let weak = root.with(|root| root.as_ref().map(Gc::downgrade)).expect("it is there");
        // The last root goes while a call goes on through the weak handle.
        let name = weak.upgrade().map(|node| {
            drop(root.take());
            assert_eq!(log.take(), []);
            node.name()
        });
        assert_eq!((name, log.take()), (Some(0), vec![Event::Finalized(0), Event::Dropped(0)]));
        assert!(weak.upgrade().is_none());
    });
}

#[test]
fn test_075_getweakrefs() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        // Whichever of the weak handles are left, that many are counted.
        for left in 0_u32..8 {
            let callback = watch(&node, 1, &log);
            let mut weak = [Some(Gc::downgrade(&node)), Some(Gc::downgrade(&node)), Some(callback.weak().clone())];
            for (index, weak) in weak.iter_mut().enumerate() {
                if left & (1 << index) == 0 {
                    *weak = None;
                }
            }
            assert_eq!(Gc::weak_count(&node), left.count_ones() as usize + 1, "and the callback's own");
            drop(callback);
            assert_eq!(Gc::weak_count(&node), left.count_ones() as usize);
        }
        assert_eq!(Gc::weak_count(&node), 0);
    });
}

#[test]
fn test_077_callbacks_protected() {
    alone(|| {
        unraisable::listen();
        let log = Log::new();
        let node = Node::new(0, &log);
        let callback = watch(&node, 1, &log);
        let word = caught(|| {
            let _dropped_by_the_panic = node;
            bang("the panic goes on");
        });
        assert_eq!(word, Some("the panic goes on"));
        assert_eq!(log.take(), [Event::Finalized(0), Event::Called(1), Event::Dropped(0)]);
        assert_eq!(unraisable::heard(), []);
        drop(callback);
    });
}

#[test]
fn test_079_callback_in_cycle() {
    alone(|| {
        let log = Log::new();
        // Handle, callback and object, all in the same garbage.
        let i = self_loop(0, &log);
        let j = self_loop(1, &log);
        i.link(&j);
        j.link(&i);
        let callback = watch(&j, 1, &log);
        i.callbacks.with_mut(|callbacks| callbacks.push(callback));
        drop((i, j));
        assert_eq!(gc::collect().collected, 2);
        assert_eq!((log.called(), log.dropped()), (vec![], vec![0, 1]));
    });
}

#[test]
fn test_080_callback_reachable_one_way() {
    alone(|| {
        let log = Log::new();
        // The owner of the callback reaches the cycle; the cycle does not reach it.
        let cycle = self_loop(0, &log);
        let owner = Node::new(1, &log);
        owner.link(&cycle);
        let callback = watch(&cycle, 1, &log);
        owner.callbacks.with_mut(|callbacks| callbacks.push(callback));
        drop(cycle);
        assert_eq!(gc::collect().collected, 0);
        owner.unlink();
        assert_eq!(gc::collect().collected, 1);
        assert_eq!(log.called(), [1], "its owner is not garbage");

        let cycle = self_loop(2, &log);
        cycle.link(&owner);
        let callback = watch(&cycle, 2, &log);
        owner.callbacks.with_mut(|callbacks| callbacks.push(callback));
        drop((cycle, owner));
        assert_eq!(gc::collect().collected, 2, "the owner died with the cycle");
        assert_eq!(log.called(), [1], "so this time it did not run");
    });
}

#[test]
fn test_082_callback_in_cycle_resurrection() {
    alone(|| {
        let log = Log::new();
        let shelf = gc::Shared::new(Slot::new(Vec::new()));
        let c = self_loop(0, &log);
        let i = self_loop(1, &log);
        i.link(&c);
        c.link(&i);
        // A callback in the garbage that would bring the garbage back.
        let (onto, back) = (shelf.clone(), Gc::downgrade(&i));
        let inside = Gc::downgrade_with(&c, move || onto.with_mut(|nodes| nodes.extend(back.upgrade())));
        i.callbacks.with_mut(|callbacks| callbacks.push(inside));
        let outside = watch(&i, 1, &log);
        drop((c, i));
        assert_eq!(gc::collect().collected, 2);
        assert_eq!(log.called(), [1], "the outside one ran");
        assert!(shelf.with(Vec::is_empty), "the inside one did not");
        drop(outside);
    });
}

#[test]
fn test_083_callbacks_on_callback() {
    alone(|| {
        let log = Log::new();
        // The callback is an object itself, and is watched from outside and from
        // inside of the garbage it is part of.
        let c = self_loop(0, &log);
        let callback_object = Node::new(1, &log);
        c.link(&callback_object);
        callback_object.link(&c);
        let on_c = watch(&c, 1, &log);
        callback_object.callbacks.with_mut(|callbacks| callbacks.push(on_c));
        let internal = watch(&callback_object, 2, &log);
        c.callbacks.with_mut(|callbacks| callbacks.push(internal));
        let external = watch(&callback_object, 3, &log);
        drop((c, callback_object));
        assert_eq!(log.called(), []);
        assert_eq!(gc::collect().collected, 2);
        assert_eq!(log.called(), [3]);
        drop(external);
    });
}

#[test]
fn test_086_ref_created_during_del() {
    alone(|| {
        for cyclic in [false, true] {
            let log = Log::new();
            let made = gc::Shared::new(Slot::new(None));
            let node = if cyclic { self_loop(0, &log) } else { Node::new(0, &log) };
            let onto = made.clone();
            node.on_finalize(move |_, cx| {
                let me: Gc<Node> = cx.handle().expect("the whole value is a Node");
                onto.set(Some(Gc::downgrade(&me)));
            });
            drop(node);
            assert_eq!(gc::collect().collected, usize::from(cyclic));
            assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
            let weak = made.take().expect("the finalizer made it");
            assert!(weak.upgrade().is_none());
        }
    });
}

#[test]
fn test_089_equality() {
    alone(|| {
        let (x, y, z) = (Gc::new(1), Gc::new(1), Gc::new(2));
        let [a, b, c, d] = [&x, &y, &z, &x].map(WeakKey::new);
        // Alive they are as their objects are.
        assert!(a == b && a != c && a == d && a == a.clone());
        drop((x, y, z));
        let _ = gc::collect();
        // Dead they are equal to what leads to the same object.
        assert!(a != b && a != c && a == d && a == a.clone());
    });
}

#[test]
fn test_091_hashing() {
    alone(|| {
        let (x, y) = (Gc::new(42), Gc::new(42));
        let (a, b) = (WeakKey::new(&x), WeakKey::new(&y));
        let state = RandomState::new();
        let before = state.hash_one(&a);
        assert_eq!(before, state.hash_one(&b), "equal ones have one hash");
        drop((x, y));
        // It was taken when they were made, so it is there when they are dead.
        assert_eq!((state.hash_one(&a), state.hash_one(&b)), (before, before));
    });
}

#[test]
fn test_092_trashcan_16602() {
    alone(|| {
        let log = Log::new();
        let mut chain = Node::new(0, &log);
        let last = Gc::downgrade(&chain);
        for name in 1..100 {
            let node = Node::new(name, &log);
            node.link(&chain);
            chain = node;
        }
        // When the head is dead its tail waits for its end: that end is not to be
        // seen half done.
        let seen = gc::Shared::new(Slot::new(Vec::new()));
        let onto = seen.clone();
        let callback = Gc::downgrade_with(&chain, move || {
            let tail = last.upgrade();
            onto.with_mut(|seen| seen.push(tail.as_ref().map(Gc::strong_count)));
        });
        drop(chain);
        assert_eq!(seen.take(), [Some(2)], "whole, held by its chain and by the callback");
        assert_eq!(log.dropped(), (0..100).collect::<Vec<_>>());
        drop(callback);
    });
}

#[test]
fn test_094_callback_attribute_after_deletion() {
    alone(|| {
        let log = Log::new();
        // What a callback owned is gone when it has run, its handle alive or not.
        let owned = Node::new(1, &log);
        let node = Node::new(0, &log);
        let callback = Gc::downgrade_with(&node, move || assert_eq!(owned.name(), 1));
        drop(node);
        assert_eq!(log.dropped(), [0, 1]);
        assert!(callback.upgrade().is_none());
    });
}

#[test]
fn test_096_callback_gcs() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        drop(self_loop(1, &log));
        let onto = log.clone();
        let callback = Gc::downgrade_with(&node, move || {
            assert_eq!(gc::collect().collected, 1);
            onto.push(Event::Called(0));
        });
        drop(node);
        let expected = [
            Event::Finalized(0),
            Event::Finalized(1),
            Event::Dropped(1),
            Event::Called(0),
            Event::Dropped(0),
        ];
        assert_eq!(log.take(), expected);
        drop(callback);
    });
}

#[test]
fn test_101_subclass_refs_with_cycle() {
    alone(|| {
        #[derive(Trace)]
        struct Own {
            weak: Vec<WeakCallback<Node>>,
            strong: Option<Gc<Node>>,
        }

        for callbacks in [1, 2] {
            let log = Log::new();
            let node = Node::new(0, &log);
            let weak = (0..callbacks).map(|number| watch(&node, number, &log)).collect();
            let own = Gc::new(Own { weak, strong: Some(node) });
            assert_eq!((own.weak.len(), own.strong.is_some()), (callbacks, true));
            drop(own);
            assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)], "the handles went first");
        }
    });
}

/// A method of an object that it does not keep alive: Python's `weakref.WeakMethod`.
struct WeakMethod<R> {
    object: Weak<Node>,
    method: fn(&Node) -> R,
}

impl<R> WeakMethod<R> {
    fn new(object: &Gc<Node>, method: fn(&Node) -> R) -> Self {
        WeakMethod { object: Gc::downgrade(object), method }
    }

    fn call(&self) -> Option<R> {
        self.object.upgrade().map(|object| (self.method)(&object))
    }
}

#[test]
fn test_102_alive() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(7, &log);
        let method = WeakMethod::new(&node, Node::name);
        assert_eq!(method.call(), Some(7));
        assert!(method.object.upgrade().is_some_and(|object| Gc::ptr_eq(&object, &node)));
        assert_eq!((method.method)(&node), node.name());
        drop(node);
        assert_eq!(method.call(), None);
    });
}

#[test]
fn test_105_callback_when_object_dead() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let method = WeakMethod::new(&node, Node::name);
        let (inner, weak) = (log.clone(), method.object.clone());
        let callback = Gc::downgrade_with(&node, move || {
            assert!(weak.upgrade().is_none());
            inner.push(Event::Called(1));
        });
        drop(node);
        assert_eq!((log.called(), method.call()), (vec![1], None));
        drop((callback, method));
        let _ = gc::collect();
        assert_eq!(log.called(), [1], "once");
    });
}

#[test]
fn test_107_no_cycles() {
    alone(|| {
        let log = Log::new();
        let node = Node::new(0, &log);
        let method = WeakMethod::new(&node, Node::name);
        node.weak.with_mut(|weak| weak.push(method.object.clone()));
        // The object has what refers to it weakly, and dies by count.
        drop(node);
        assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)]);
        assert_eq!((method.call(), gc::collect().collected), (None, 0));
    });
}
