//! CPython's `test_weakref.MappingTestCase`, the scenarios of `WeakValueDictionary` (see
//! `tests/README.md`). Those with threads are in `sync/weak_threads.rs` too.

use super::gc::{self, Gc, Slot, WeakValueMap, alone, ring};
use gc_core::{Thresholds, Trace};
use gc_tests::Log;
use std::collections::HashMap;

/// How many objects the scenarios have.
const COUNT: usize = 20;

/// A map from numbers to themselves, and what keeps it full.
fn numbers() -> (WeakValueMap<usize, usize>, Vec<Gc<usize>>) {
    let objects: Vec<_> = (0..COUNT).map(Gc::new).collect();
    (objects.iter().enumerate().collect(), objects)
}

/// The entries in the order of their keys.
fn sorted(map: &WeakValueMap<usize, usize>) -> Vec<(usize, usize)> {
    let mut items: Vec<_> = map.iter().map(|(key, value)| (*key, *value)).collect();
    items.sort_unstable();
    items
}

/// What refers to itself.
#[derive(Trace)]
struct RefCycle(Slot<Option<Gc<RefCycle>>>);

fn ref_cycle() -> Gc<RefCycle> {
    let object = Gc::new(RefCycle(Slot::new(None)));
    object.0.set(Some(object.clone()));
    object
}

#[test]
fn test_111_weak_valued_len_cycles() {
    alone(|| {
        let items: Vec<_> = (0..20).map(|_| ref_cycle()).collect();
        let map: WeakValueMap<_, _> = items.iter().enumerate().collect();
        let mut iter = map.iter();
        drop(iter.next());
        drop(items);
        assert_eq!(gc::collect().collected, 20);
        assert!(map.len() <= 1);
        assert_eq!(iter.count(), 0);
        let _ = gc::collect();
        assert_eq!((map.len(), gc::live()), (0, 0));
    });
}

#[test]
fn test_113_weak_valued_len_race() {
    alone(|| {
        // A collection comes at every possible moment.
        for young in 1..if cfg!(miri) { 4 } else { 100 } {
            let _ = gc::collect();
            gc::set_thresholds(Thresholds { young, middle: young, old: young });
            let items: Vec<_> = (0..20).map(|_| ref_cycle()).collect();
            let map: WeakValueMap<_, _> = items.iter().enumerate().collect();
            drop(items);
            let mut iter = map.iter();
            drop(iter.next());
            let first = map.len();
            drop(iter);
            let second = map.len();
            assert!(second <= first && first <= 20, "{second} {first}");
        }
    });
}

#[test]
fn test_114_weak_values() {
    alone(|| {
        let (map, mut objects) = numbers();
        for object in &objects {
            assert_eq!(Gc::weak_count(object), 1);
            assert!(map.get(&**object).is_some_and(|there| Gc::ptr_eq(&there, object)));
        }
        let copy = map.clone();
        assert_eq!(sorted(&map), sorted(&copy));
        assert_eq!(sorted(&map), (0..COUNT).map(|number| (number, number)).collect::<Vec<_>>());
        drop(copy);
        assert_eq!(map.len(), COUNT);
        drop(objects.remove(0));
        assert_eq!((map.len(), map.get(&0)), (COUNT - 1, None));
        drop(objects);
        assert_eq!(map.len(), 0);
        // What is not held is gone at once.
        map.insert(1, &Gc::new(1));
        assert_eq!((map.get(&1), map.contains_key(&1), map.remove(&1)), (None, false, None));
    });
}

#[test]
fn test_117_weak_valued_iters() {
    alone(|| {
        let (map, objects) = numbers();
        let mut seen: HashMap<_, _> = map.iter().collect();
        assert!((&map).into_iter().all(|(key, value)| seen.remove(&*key) == Some(value)));
        assert!(seen.is_empty());
        let mut keys: Vec<_> = map.keys().map(|key| *key).collect();
        keys.sort_unstable();
        assert_eq!(keys, (0..COUNT).collect::<Vec<_>>());
        let mut values: Vec<_> = map.values().collect();
        values.sort_unstable();
        assert_eq!(values, objects);
        let mut refs: Vec<_> =
            map.value_refs().iter().map(|weak| weak.upgrade().expect("it is alive")).collect();
        refs.sort_unstable();
        assert!(refs.iter().zip(&objects).all(|(one, other)| Gc::ptr_eq(one, other)));
    });
}

/// Destroys one object after the first step of each kind of iterator.
fn destroy_while_iterating<I: Iterator>(
    map: &WeakValueMap<usize, usize>,
    objects: &mut Vec<Gc<usize>>,
    iter: impl FnOnce(&WeakValueMap<usize, usize>) -> I,
    number: impl Fn(I::Item) -> Option<usize>,
) {
    let before = map.len();
    let mut iter = iter(map);
    let first = iter.next().and_then(&number);
    let victim = objects.iter().position(|object| Some(**object) != first).expect("there are more");
    drop(objects.remove(victim));
    let rest = iter.filter_map(number).count();
    assert_eq!((rest, map.len()), (objects.len() - 1, before - 1));
}

#[test]
fn test_119_weak_values_destroy_while_iterating() {
    alone(|| {
        let (map, mut objects) = numbers();
        let objects = &mut objects;
        destroy_while_iterating(&map, objects, WeakValueMap::keys, |key| Some(*key));
        destroy_while_iterating(&map, objects, WeakValueMap::iter, |(key, _)| Some(*key));
        destroy_while_iterating(&map, objects, WeakValueMap::values, |value| Some(*value));
        let refs = |map: &WeakValueMap<_, _>| map.value_refs().into_iter();
        destroy_while_iterating(&map, objects, refs, |weak| weak.upgrade().map(|value| *value));
        destroy_and_mutate_while_iterating(&map, objects);
    });
}

fn destroy_and_mutate_while_iterating(
    map: &WeakValueMap<usize, usize>,
    objects: &mut Vec<Gc<usize>>,
) {
    // Each `change` comes in the middle of an iteration, when the object under `key` has died.
    let mut amid = |change: &dyn Fn(usize)| {
        let mut iter = map.iter();
        let first = iter.next().map(|(key, _)| *key);
        let victim = objects.iter().rposition(|object| Some(**object) != first).expect("more");
        let key = *objects.remove(victim);
        change(key);
        assert!(iter.all(|(other, _)| *other != key));
    };
    amid(&|key| assert!(!map.contains_key(&key)));
    amid(&|key| assert_eq!(map.remove(&key), None));
    amid(&|key| assert!(map.remove_entry(&key).is_none()));
    amid(&|key| {
        let value = Gc::new(key);
        assert_eq!(map.insert(key, &value), None);
        assert_eq!(map.get(&key), Some(value));
    });
    let copy = map.clone();
    amid(&|_| {
        (&*map).extend(&copy);
        assert_eq!(*map, copy);
    });
    amid(&|_| {
        map.clear();
        assert_eq!(map.len(), 0);
    });
}

#[test]
fn test_122_make_weak_valued_dict_from_dict() {
    alone(|| {
        let object = Gc::new(3);
        let map = WeakValueMap::from_iter(HashMap::from([(364, object.clone())]));
        assert!(map.get(&364).is_some_and(|there| Gc::ptr_eq(&there, &object)));
    });
}

#[test]
fn test_123_make_weak_valued_dict_from_weak_valued_dict() {
    alone(|| {
        let object = Gc::new(3);
        let map = WeakValueMap::from([(364, &object)]);
        let second: WeakValueMap<i32, i32> = map.iter().collect();
        drop(map);
        assert!(second.get(&364).is_some_and(|there| Gc::ptr_eq(&there, &object)));
    });
}

#[test]
fn test_127_weak_valued_dict_setdefault() {
    alone(|| {
        let (one, two) = (Gc::new(1), Gc::new(2));
        let map = WeakValueMap::new();
        let first = map.entry("key").or_insert(&one);
        assert!(Gc::ptr_eq(&first, &one) && map.contains_key("key"));
        assert_eq!(map.get("key"), Some(one.clone()));
        let second = map.get_or_insert_with("key", || two.clone());
        assert!(Gc::ptr_eq(&second, &one));
        assert_eq!(map.get("key"), Some(one.clone()));
        drop((first, second, one));
        assert!(Gc::ptr_eq(&map.entry("key").or_insert_with_key(|_| two.clone()), &two));
    });
}

#[test]
fn test_129_weak_valued_dict_update() {
    alone(|| {
        let objects: Vec<_> = (1..4).map(Gc::new).collect();
        let pairs: HashMap<_, _> = objects.iter().map(|object| (**object, object.clone())).collect();
        let map: WeakValueMap<i32, i32> = WeakValueMap::new();
        (&map).extend(pairs.clone());
        assert_eq!(map.len(), pairs.len());
        for (key, value) in &pairs {
            assert!(map.get(key).is_some_and(|there| Gc::ptr_eq(&there, value)));
        }
        // An update replaces values and keeps the rest.
        let other = Gc::new(7);
        let mut map = map;
        map.extend([(1, &other), (9, &other)]);
        assert_eq!((map.len(), map.get(&1), map.get(&9)), (4, Some(other.clone()), Some(other)));
        assert_eq!(map.get(&2).as_deref(), Some(&2));
    });
}

#[test]
fn test_130_weak_valued_union_operators() {
    alone(|| {
        let (a, b, c) = (Gc::new('a'), Gc::new('b'), Gc::new('c'));
        let first = WeakValueMap::from_iter([(1, &a), (2, &b)]);
        let second = WeakValueMap::from_iter([(1, &c), (4, &a)]);
        // `first | second`: a merged clone; the right one wins.
        let merged = first.clone();
        (&merged).extend(&second);
        assert_eq!(merged, WeakValueMap::from_iter([(1, &c), (2, &b), (4, &a)]));
        // `first | dict` and `dict | first`.
        let pairs = HashMap::from([(2, c.clone())]);
        let merged = first.clone();
        (&merged).extend(pairs.clone());
        assert_eq!(merged, WeakValueMap::from_iter([(1, &a), (2, &c)]));
        let mut other_way = WeakValueMap::from_iter(pairs);
        other_way.extend(&first);
        assert_eq!(other_way, first);
        // `first |= pairs`, and the entries die with their values.
        let mut first = first;
        first.extend([(3, &c), (4, &c)]);
        assert_eq!(first.len(), 4);
        drop(c);
        assert_eq!((first.len(), second.len(), merged.len()), (2, 1, 1));
        drop(a);
        assert_eq!((first.len(), second.len(), merged.len()), (1, 0, 0));
    });
}

#[test]
fn test_139_threaded_weak_valued_setdefault() {
    alone(|| {
        let (map, mut made) = (WeakValueMap::new(), 0);
        for round in 1..=if cfg!(miri) { 30 } else { 3000 } {
            let object = map.get_or_insert_with(10, || {
                made += 1;
                ref_cycle()
            });
            assert!(map.get(&10).is_some_and(|there| Gc::ptr_eq(&there, &object)));
            drop(object);
            if round % 3 == 0 {
                assert_eq!(gc::collect().collected, 1);
            }
        }
        assert_eq!(made, if cfg!(miri) { 10 } else { 1000 });
    });
}

#[test]
fn test_141_threaded_weak_valued_consistency() {
    alone(|| {
        gc::set_thresholds(Thresholds { young: 3, middle: 2, old: 2 });
        let map = WeakValueMap::new();
        for _ in 0..if cfg!(miri) { 30 } else { 3000 } {
            let object = ref_cycle();
            map.insert(10, &object);
            assert_eq!(map.len(), 1, "the object is alive, whoever has died");
        }
        let _ = gc::collect();
        assert_eq!(map.len(), 0);
    });
}

#[test]
fn an_entry_is_there_until_the_garbage_is_found() {
    alone(|| {
        let log = Log::new();
        let nodes = ring(3, &log);
        let map: WeakValueMap<_, _> = nodes.iter().enumerate().collect();
        drop(nodes);
        assert_eq!(map.len(), 3);
        assert_eq!(map.get(&1).map(|node| node.name()), Some(1));
        assert_eq!((gc::collect().collected, map.len()), (3, 0));
    });
}
