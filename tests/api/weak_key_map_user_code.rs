//! `WeakKeyMap` and the user's own code: panics, and uses of the map inside of them.

use super::gc::{self, Gc, Node, Shared, Slot, WeakKeyMap, alone};
use gc_core::weakref::ByIdentity;
use gc_core::{Trace, UserCode};
use gc_tests::{Log, bang, caught, unraisable};
use std::hash::{Hash, Hasher};

type Nodes = WeakKeyMap<Node, Node, ByIdentity>;

fn nodes() -> Nodes {
    WeakKeyMap::by_identity()
}

#[test]
fn a_value_whose_destructor_panics_loses_nothing() {
    /// A key with three values, of which the first panics.
    fn key(log: &Log) -> (Gc<Node>, Vec<Nodes>) {
        let (key, maps) = (Node::new(0, log), (0..3).map(|_| nodes()).collect::<Vec<_>>());
        for (name, map) in (1..).zip(&maps) {
            let value = Node::new(name, log);
            value.on_drop(move || {
                if name == 1 {
                    bang("first");
                }
            });
            map.insert_gc(&key, value);
        }
        (key, maps)
    }
    alone(|| {
        unraisable::listen();
        let log = Log::new();
        let (dying, _maps) = key(&log);
        assert_eq!(caught(|| drop(dying)), Some("first"));
        assert_eq!((log.dropped(), gc::live()), (vec![0, 1, 2, 3], 0));

        let log = Log::new();
        let (dying, _maps) = key(&log);
        dying.on_drop(|| bang("key"));
        assert_eq!(caught(|| drop(dying)), Some("key"));
        assert_eq!((log.dropped().len(), gc::live()), (4, 0));
        assert_eq!(gc::heard_of(), [UserCode::Drop]);

        let log = Log::new();
        let (dying, _maps) = key(&log);
        dying.on_drop(|| bang("key"));
        dying.link(&dying);
        drop(dying);
        assert_eq!(gc::collect().collected, 4);
        assert_eq!((log.dropped().len(), gc::live()), (4, 0));
        assert_eq!(gc::heard_of(), [UserCode::Drop; 2]);

        let log = Log::new();
        let (emptied, _maps) = key(&log);
        assert_eq!(caught(|| drop(Gc::try_unwrap(emptied).ok())), Some("first"));
        assert_eq!((log.dropped().len(), gc::live()), (4, 0));

        let log = Log::new();
        let (kept, maps) = key(&log);
        assert_eq!(caught(|| maps[0].clear()), Some("first"));
        assert!(maps[0].is_empty() && maps[1].contains_key(&kept));
        assert_eq!((caught(|| drop(maps)), log.dropped(), gc::live()), (None, vec![1, 2, 3], 1));
    });
}

/// A key whose `Hash` and `Eq` do what a test wants.
#[derive(Trace)]
struct Fussy {
    number: u32,
    #[trace(skip)]
    on_eq: Slot<Option<gc::OnDrop>>,
    on_hash: Slot<bool>,
}

impl Fussy {
    fn new(number: u32) -> Gc<Fussy> {
        Gc::new(Fussy { number, on_eq: Slot::new(None), on_hash: Slot::new(false) })
    }
}

impl PartialEq for Fussy {
    fn eq(&self, other: &Self) -> bool {
        for hook in [&self.on_eq, &other.on_eq] {
            if let Some(hook) = hook.take() {
                hook();
            }
        }
        self.number == other.number
    }
}

impl Eq for Fussy {}

impl Hash for Fussy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if self.on_hash.get() {
            bang("hash");
        }
        (self.number / 10).hash(state);
    }
}

#[test]
fn a_panic_in_hash_or_eq_leaves_the_map_as_it_was() {
    alone(|| {
        let map = WeakKeyMap::new();
        let (a, b) = (Fussy::new(1), Fussy::new(2));
        map.insert(&a, "a");
        let panicking = || {
            a.on_eq.set(Some(Box::new(|| bang("eq"))));
        };
        panicking();
        assert_eq!(caught(|| drop(map.insert(&b, "b"))), Some("eq"));
        panicking();
        assert_eq!(caught(|| drop(map.get(&*b))), Some("eq"));
        panicking();
        assert_eq!(caught(|| drop(map.remove(&*b))), Some("eq"));
        panicking();
        assert_eq!(caught(|| drop(map.entry(&b))), Some("eq"));
        b.on_hash.set(true);
        assert_eq!(caught(|| drop(map.insert(&b, "b"))), Some("hash"));
        b.on_hash.set(false);
        // Nothing was left with the key that did not get in.
        assert_eq!((map.len(), gc::live()), (1, 3));
        assert_eq!(map.insert(&b, "b"), None);
        assert_eq!((map.get(&*a).as_deref(), map.get(&*b).as_deref()), (Some(&"a"), Some(&"b")));
    });
}

#[test]
fn an_eq_may_use_the_map() {
    alone(|| {
        let map = Shared::new(WeakKeyMap::new());
        let (a, b) = (Fussy::new(1), Fussy::new(2));
        map.insert(&a, 1);
        let (inner, other) = (map.clone(), Slot::new(Some(b.clone())));
        a.on_eq.set(Some(Box::new(move || {
            // It puts in the very key that is being looked for.
            let other = other.take().unwrap();
            assert_eq!(inner.insert(&other, 2), None);
        })));
        assert_eq!(map.insert(&b, 3).as_deref(), Some(&2));
        assert_eq!((map.len(), map.get(&*b).as_deref()), (2, Some(&3)));

        let inner = map.clone();
        b.on_eq.set(Some(Box::new(move || inner.clear())));
        assert!(map.remove(&*b).is_none());
        assert_eq!((map.len(), gc::live()), (0, 2));
    });
}

#[test]
fn a_trace_that_panics_hides_what_is_attached() {
    alone(|| {
        unraisable::listen();
        let log = Log::new();
        let (map, key) = (nodes(), Node::new(0, &log));
        map.insert_gc(&key, key.clone());
        let panics = Shared::new(Slot::new(true));
        let inner = panics.clone();
        key.on_trace(move || if inner.get() { bang("trace") });
        drop(key);
        assert_eq!((gc::collect().collected, map.len()), (0, 1));
        panics.set(false);
        assert_eq!((gc::collect().collected, map.len()), (1, 0));
        assert_eq!(gc::heard_of(), [UserCode::Trace]);
    });
}
