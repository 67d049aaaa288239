//! CPython's tests of `weakref.WeakKeyDictionary`, by their number in the full list.

use super::gc::{self, Gc, Shared, Slot, WeakKeyMap, alone, self_loop};
use gc_core::Trace;
use gc_core::weakref::ByIdentity;
use gc_tests::Log;
use std::hash::{Hash, Hasher};

/// A key that is compared by its number.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Trace)]
struct Object(usize);

fn objects(count: usize) -> Vec<Gc<Object>> {
    (0..count).map(|number| Gc::new(Object(number))).collect()
}

/// Objects, and a map with a value for each.
fn filled(count: usize) -> (Vec<Gc<Object>>, WeakKeyMap<Object, usize>) {
    let keys = objects(count);
    let map = keys.iter().map(|key| (key, key.0 * 10)).collect();
    (keys, map)
}

#[test]
fn test_110_weak_keyed_len_cycles() {
    alone(|| {
        let log = Log::new();
        let map = WeakKeyMap::by_identity();
        for number in 0..20 {
            map.insert(&self_loop(number, &log), 1);
        }
        let mut iter = map.iter();
        let first = iter.next();
        let _ = gc::collect();
        assert_eq!((map.len(), first.is_some()), (1, true));
        drop((iter, first));
        let _ = gc::collect();
        assert_eq!(map.len(), 0);
    });
}

#[test]
fn test_116_weak_keyed_iters() {
    alone(|| {
        let (keys, map) = filled(10);
        let mut numbers: Vec<_> = map.keys().map(|key| key.0).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..10).collect::<Vec<_>>());
        assert!(map.iter().all(|(key, value)| *value == key.0 * 10));
        assert_eq!(map.values().map(|value| *value).sum::<usize>(), 450);
        assert_eq!((&map).into_iter().count(), 10);
        let refs = map.key_refs();
        assert_eq!(refs.iter().filter_map(gc::Weak::upgrade).count(), 10);
        drop(keys);
        assert!(refs.iter().all(|weak| weak.upgrade().is_none()));
        assert_eq!((map.keys().count(), map.key_refs().len()), (0, 0));
    });
}

#[test]
fn test_120_make_weak_keyed_dict_from_dict() {
    alone(|| {
        let key = Gc::new(Object(1));
        let map = WeakKeyMap::from([(&key, 364)]);
        assert_eq!(map.get(&*key).as_deref(), Some(&364));
        let pairs = std::collections::HashMap::from([(key.clone(), Gc::new(365))]);
        let map: WeakKeyMap<_, _> = pairs.into_iter().collect();
        assert_eq!(map.get(&*key).as_deref(), Some(&365));
    });
}

#[test]
fn test_126_weak_keyed_dict_popitem() {
    alone(|| {
        let (keys, map) = filled(2);
        let (one, value) = map.pop().unwrap();
        assert_eq!((map.len(), *value), (1, one.0 * 10));
        let (other, value) = map.pop().unwrap();
        assert_eq!((map.len(), *value, one.0 + other.0), (0, other.0 * 10, 1));
        assert!(map.pop().is_none() && keys.len() == 2);
    });
}

#[test]
fn test_132_weak_keyed_delitem() {
    alone(|| {
        let (keys, map) = filled(2);
        assert_eq!(map.remove(&*keys[0]).as_deref(), Some(&0));
        assert_eq!((map.len(), map.contains_key(&*keys[0])), (1, false));
        assert!(map.keys().all(|key| Gc::ptr_eq(&key, &keys[1])));
    });
}

#[test]
fn test_133_weak_keyed_union_operators() {
    alone(|| {
        let keys = objects(3);
        let mut one = WeakKeyMap::from([(&keys[0], "one"), (&keys[1], "one")]);
        let other = WeakKeyMap::from([(&keys[1], "other"), (&keys[2], "other")]);
        // `one | other`: a copy, extended by the other.
        let mut union = one.clone();
        union.extend(&other);
        assert_eq!((one.len(), other.len(), union.len()), (2, 2, 3));
        let values = |map: &WeakKeyMap<Object, &'static str>| {
            [0, 1, 2].map(|number| map.get(&Object(number)).map(|value| *value))
        };
        assert_eq!(values(&union), [Some("one"), Some("other"), Some("other")]);
        // The two share the values.
        let [theirs, ours] = [&other, &union].map(|map| map.get(&*keys[2]).unwrap());
        assert!(Gc::ptr_eq(&theirs, &ours));
        // `one |= pairs`
        one.extend([(&keys[2], "pair"), (&keys[0], "pair")]);
        assert_eq!(values(&one), [Some("pair"), Some("one"), Some("pair")]);
        drop((theirs, ours, keys));
        assert_eq!((one.len(), other.len(), union.len(), gc::live()), (0, 0, 0, 0));
    });
}

/// (What cannot be a key for want of weak handles to it does not compile.)
#[test]
fn test_135_weak_keyed_bad_delitem() {
    alone(|| {
        let (keys, map) = filled(0);
        assert!(keys.is_empty() && map.remove(&Object(0)).is_none());
        assert!(map.get(&Object(0)).is_none() && !map.contains_key(&Object(0)));
        let key = Gc::new(Object(0));
        map.insert(&key, 1);
        drop(key);
        assert!(map.remove(&Object(0)).is_none());
    });
}

/// What [`Cascading`]'s comparisons let go of.
type Shelf = Shared<Slot<Vec<Gc<Cascading>>>>;

/// A key whose comparison drops the last handle to another.
#[derive(Trace)]
struct Cascading {
    number: usize,
    #[trace(skip)]
    shelf: Slot<Option<Shelf>>,
}

impl PartialEq for Cascading {
    fn eq(&self, other: &Self) -> bool {
        if let Some(shelf) = self.shelf.get() {
            drop(shelf.with_mut(Vec::pop));
        }
        self.number == other.number
    }
}

impl Eq for Cascading {}

impl Hash for Cascading {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.number.hash(state);
    }
}

#[test]
fn test_136_weak_keyed_cascading_deletes() {
    alone(|| {
        let (map, shelf) = (WeakKeyMap::new(), Shelf::default());
        for number in 0..4 {
            let key = Gc::new(Cascading { number, shelf: Slot::new(None) });
            map.insert(&key, number);
            shelf.with_mut(|keys| keys.push(key));
        }
        shelf.with(|keys| keys.iter().for_each(|key| key.shelf.set(Some(shelf.clone()))));
        // Each deletion compares once, and that drops the last key.
        let mut count = 0;
        while let Some(key) = shelf.with(|keys| keys.get(count).cloned()) {
            assert_eq!(map.remove(&*key).as_deref(), Some(&count));
            count += 1;
        }
        assert_eq!((map.len(), count), (0, 2));
        shelf.take();
    });
}

#[test]
fn test_138_make_weak_keyed_dict_repr() {
    alone(|| {
        let map: WeakKeyMap<Object, i32> = WeakKeyMap::new();
        assert_eq!(format!("{map:?}"), "{}");
        let key = Gc::new(Object(1));
        map.insert(&key, 2);
        assert_eq!(format!("{map:?}"), "{Object(1): 2}");
        let map: WeakKeyMap<Object, i32, ByIdentity> = WeakKeyMap::from_iter([(&key, 3)]);
        assert_eq!(format!("{map:?}"), "{Object(1): 3}");
    });
}

/// Keys die while a copy is made. (On one thread; in `sync/weak_keys.rs` on another.)
#[test]
fn test_142_threaded_weak_key_dict_copy() {
    alone(|| {
        const COUNT: usize = if cfg!(miri) { 10 } else { 100 };
        let log = Log::new();
        let keys: Vec<_> = (0..COUNT).map(|number| self_loop(number, &log)).collect();
        let map: WeakKeyMap<_, _, ByIdentity> = keys.iter().map(|key| (key, key.name())).collect();
        let mut keys = keys.into_iter();
        let mut steps = 0;
        let one_less = |_: &(_, Gc<usize>)| {
            steps += 1;
            drop(keys.next());
            let _ = gc::collect();
        };
        let copy: WeakKeyMap<_, _, ByIdentity> = map.iter().inspect(one_less).collect();
        let _ = gc::collect();
        // What was still to come when its key died is in neither.
        assert!(0 < steps && steps <= COUNT, "{steps}");
        assert_eq!((map.len(), copy.len(), keys.len()), (keys.len(), keys.len(), COUNT - steps));
        assert!(copy.iter().all(|(key, value)| key.name() == *value));
        drop(keys);
        let _ = gc::collect();
        assert_eq!((map.len(), copy.len(), gc::live()), (0, 0, 0));
    });
}
