//! `WeakKeyMap`: values that belong to their keys.

use super::gc::{self, Gc, Node, Shared, Slot, WeakKeyMap, alone, self_loop};
use gc_core::weakref::ByIdentity;
use gc_core::weakref::key_map::Entry;
use gc_core::{Finalize, Finalizing, Generation, Trace};
use gc_tests::Event::{Called, Dropped, Finalized};
use gc_tests::Log;
use std::hash::Hash;

type Nodes = WeakKeyMap<Node, Node, ByIdentity>;

fn nodes() -> Nodes {
    WeakKeyMap::by_identity()
}

/// A map that is an object of its own, with an edge.
#[derive(Trace)]
struct Owner {
    map: Nodes,
    edge: Slot<Option<Gc<Node>>>,
}

#[test]
fn a_value_lives_as_long_as_its_key_and_the_map() {
    alone(|| {
        let log = Log::new();
        let (map, key) = (nodes(), Node::new(0, &log));
        map.insert_gc(&key, Node::new(1, &log));
        assert_eq!(map.get(&key).unwrap().name(), 1);
        let _ = gc::collect();
        assert!(map.contains_key(&key) && log.take().is_empty());
        drop(key);
        assert_eq!(log.take(), [Finalized(0), Dropped(0), Finalized(1), Dropped(1)]);
        assert!(map.is_empty());

        let key = Node::new(2, &log);
        map.insert_gc(&key, Node::new(3, &log));
        drop(map);
        assert_eq!(log.take(), [Finalized(3), Dropped(3)]);
        assert_eq!((key.name(), gc::live()), (2, 1));
    });
}

#[test]
fn a_value_does_not_keep_its_own_key_alive() {
    alone(|| {
        let log = Log::new();
        let map = nodes();
        for handles in 0..3 {
            let (key, value) = (Node::new(0, &log), Node::new(1, &log));
            value.link(&key);
            let weak = Gc::downgrade(&value);
            map.insert_gc(&key, value);
            let others = vec![key.clone(); handles];
            drop(key);
            assert_eq!(gc::collect().collected, if handles == 0 { 2 } else { 0 });
            drop(others);
            assert_eq!(gc::collect().collected, if handles == 0 { 0 } else { 2 });
            assert!(map.is_empty() && weak.upgrade().is_none());
            assert_eq!(log.take(), [Finalized(0), Finalized(1), Dropped(0), Dropped(1)]);
        }
    });
}

#[test]
fn a_key_may_be_its_own_value() {
    alone(|| {
        let log = Log::new();
        let (map, key) = (nodes(), Node::new(0, &log));
        map.insert_gc(&key, key.clone());
        drop(key);
        assert_eq!((map.len(), gc::collect().collected, map.len()), (1, 1, 0));
        assert_eq!(log.take(), [Finalized(0), Dropped(0)]);
    });
}

/// The value of each key is the next key, in another map.
#[test]
fn cycles_of_any_length_through_several_maps() {
    alone(|| {
        let log = Log::new();
        for length in 1..12 {
            let maps: Vec<_> = (0..length).map(|_| nodes()).collect();
            let keys: Vec<_> = (0..length).map(|name| Node::new(name, &log)).collect();
            for (number, map) in maps.iter().enumerate() {
                map.insert_gc(&keys[number], keys[(number + 1) % length].clone());
            }
            let last = keys[length / 2].clone();
            drop(keys);
            assert_eq!(gc::collect().collected, 0);
            assert!(maps.iter().all(|map| map.len() == 1));
            drop(last);
            assert_eq!(gc::collect().collected, length);
            assert!(maps.iter().all(|map| map.is_empty()));
            assert_eq!((log.take().len(), gc::live()), (2 * length, 0));
        }
    });
}

#[test]
fn a_chain_of_entries_goes_by_count() {
    alone(|| {
        const LENGTH: usize = if cfg!(miri) { 50 } else { 20_000 };
        let map: WeakKeyMap<Slot<usize>, Slot<usize>, ByIdentity> = WeakKeyMap::by_identity();
        let first = Gc::new(Slot::new(0));
        let mut last = first.clone();
        for number in 1..LENGTH {
            let next = Gc::new(Slot::new(number));
            map.insert_gc(&last, next.clone());
            last = next;
        }
        assert_eq!((map.len(), gc::live()), (LENGTH - 1, LENGTH));
        drop((first, last));
        assert_eq!((map.len(), gc::live()), (0, 0));
    });
}

#[test]
fn a_map_in_garbage_lets_go_of_its_values() {
    alone(|| {
        let log = Log::new();
        let key = Node::new(0, &log);
        let owner = Gc::new(Owner { map: nodes(), edge: Slot::new(None) });
        owner.map.insert_gc(&key, Node::new(1, &log));
        // The value keeps the map alive, and the map the value: but only as long as the key lives.
        let cycle: WeakKeyMap<Owner, Node, ByIdentity> = WeakKeyMap::by_identity();
        let node = Node::new(2, &log);
        cycle.insert_gc(&owner, node.clone());
        owner.edge.set(Some(node));
        let looped = self_loop(3, &log);
        owner.edge.with(|edge| edge.as_ref().unwrap().link(&looped));
        drop((looped, owner));
        assert_eq!(gc::live(), 2);
        assert_eq!((key.name(), cycle.len()), (0, 0));
        assert_eq!(gc::collect().collected, 1);
        let dropped = log.dropped();
        assert!(dropped.contains(&1) && dropped.contains(&2) && dropped.contains(&3));
    });
}

type Insides = WeakKeyMap<Slot<u8>, Inside, ByIdentity>;

/// A value of the map's that owns the map.
#[derive(Trace)]
struct Inside(Gc<Insides>);

#[test]
fn a_map_that_only_its_value_refers_to_lives_as_long_as_that_values_key() {
    alone(|| {
        let key = Gc::new(Slot::new(0));
        let map = Gc::new(Insides::by_identity());
        map.insert(&key, Inside(map.clone()));
        drop(map);
        assert_eq!((gc::collect().collected, gc::live()), (0, 3));
        drop(key);
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn a_map_and_its_key_and_its_value_in_one_cycle() {
    alone(|| {
        let log = Log::new();
        let owner = Gc::new(Owner { map: nodes(), edge: Slot::new(None) });
        let key = Node::new(0, &log);
        let back: WeakKeyMap<Node, Owner, ByIdentity> = WeakKeyMap::by_identity();
        owner.map.insert_gc(&key, self_loop(1, &log));
        back.insert_gc(&key, owner.clone());
        owner.edge.set(Some(key));
        drop(owner);
        assert_eq!((gc::collect().collected, back.len()), (3, 0));
        assert_eq!((log.dropped().len(), gc::live()), (2, 0));
    });
}

#[test]
fn a_key_in_garbage_takes_its_values_along() {
    alone(|| {
        let log = Log::new();
        let (one, two) = (nodes(), nodes());
        let key = self_loop(0, &log);
        one.insert_gc(&key, Node::new(1, &log));
        two.insert_gc(&key, Node::new(2, &log));
        drop(key);
        assert_eq!(gc::collect().collected, 3);
        assert_eq!((one.len(), two.len(), gc::live()), (0, 0, 0));
        // Those that were attached first go first.
        assert_eq!(log.dropped(), [0, 1, 2]);
    });
}

#[test]
fn leaves_may_be_keys_of_values_that_refer_to_them() {
    alone(|| {
        fn check<T: Trace + Hash + Eq + gc::Value + 'static>(value: T, opaque: bool) {
            let map = WeakKeyMap::new();
            let key = if opaque { Gc::new_opaque(value) } else { Gc::new(value) };
            map.insert(&key, Some(key.clone()));
            assert!(Gc::is_tracked(&key));
            // Found alive by a full collection it is not forgotten.
            let other = key.clone();
            drop(key);
            for generation in [Generation::Young, Generation::Old, Generation::Old] {
                assert_eq!(gc::collect_generation(generation).collected, 0);
            }
            assert_eq!(map.len(), 1);
            drop(other);
            assert_eq!((gc::collect().collected, map.len(), gc::live()), (2, 0, 0));
        }
        for opaque in [false, true] {
            check(5, opaque);
            check((), opaque);
            check("text".to_string(), opaque);
            check(vec![1, 2], opaque);
        }
        // Nothing has to be attached any more.
        let (map, key) = (WeakKeyMap::new(), Gc::new(1));
        map.insert(&key, 2);
        assert_eq!(map.remove(&1).as_deref(), Some(&2));
        drop(key.clone());
        let _ = gc::collect();
        drop(key);
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn unsized_keys_and_values() {
    alone(|| {
        let map: WeakKeyMap<str, [u8]> = WeakKeyMap::new();
        let key: Gc<str> = Gc::from("spam");
        assert!(map.insert_gc(&key, Gc::from(vec![1, 2])).is_none());
        assert_eq!(map.get("spam").as_deref(), Some(&[1, 2][..]));
        drop(key);
        assert_eq!((map.len(), gc::live()), (0, 0));
    });
}

#[test]
fn an_equal_key_replaces_the_value_and_the_old_key_stays() {
    alone(|| {
        let (old, new) = (Gc::new("key".to_string()), Gc::new("key".to_string()));
        let map = WeakKeyMap::new();
        assert_eq!(map.insert(&old, 1), None);
        assert_eq!(map.insert(&new, 2).as_deref(), Some(&1));
        assert_eq!(map.len(), 1);
        let (key, value) = map.get_key_value("key").unwrap();
        assert!(Gc::ptr_eq(&key, &old) && *value == 2);
        drop((key, value, new));
        assert_eq!(map.get("key").as_deref(), Some(&2));
        drop(old);
        assert_eq!((map.len(), gc::live()), (0, 0));
    });
}

#[test]
fn what_is_replaced_or_removed_is_the_callers() {
    alone(|| {
        let log = Log::new();
        let (map, key) = (nodes(), Node::new(0, &log));
        assert!(map.insert_gc(&key, Node::new(1, &log)).is_none());
        let first = map.insert_gc(&key, Node::new(2, &log)).unwrap();
        let second = map.remove(&key).unwrap();
        assert!(map.is_empty() && map.remove(&key).is_none());
        assert_eq!((Gc::strong_count(&first), Gc::strong_count(&second)), (1, 1));
        assert_eq!((Gc::weak_count(&first), Gc::weak_count(&key)), (0, 0));
        drop(key);
        assert_eq!((first.name(), second.name()), (1, 2));
        assert_eq!(log.dropped(), [0]);
    });
}

#[test]
fn one_value_may_belong_to_several_keys_and_to_one_by_several_maps() {
    alone(|| {
        let log = Log::new();
        let (one, two) = (nodes(), nodes());
        let (a, b, value) = (Node::new(0, &log), Node::new(1, &log), Node::new(2, &log));
        value.link(&a);
        for key in [&a, &b] {
            one.insert_gc(key, value.clone());
            two.insert_gc(key, value.clone());
        }
        assert_eq!(Gc::strong_count(&value), 5);
        drop((one.remove(&a), value));
        drop(a);
        assert_eq!(gc::collect().collected, 0);
        drop((one, two.remove(&b)));
        // Now it belongs to the one key that only it refers to.
        assert_eq!((gc::collect().collected, two.len()), (2, 0));
        assert_eq!((b.name(), gc::live()), (1, 1));
    });
}

#[test]
fn entries_are_gone_when_the_key_drops_and_values_are_not() {
    alone(|| {
        let log = Log::new();
        let map = Shared::new(nodes());
        let (key, value) = (Node::new(0, &log), Node::new(1, &log));
        let weak = Gc::downgrade(&value);
        let (seen, onto) = (map.clone(), log.clone());
        key.on_drop(move || {
            assert_eq!((seen.len(), weak.upgrade().map(|value| value.name())), (0, Some(1)));
            onto.push(Called(7));
        });
        map.insert_gc(&key, value);
        drop(key);
        assert_eq!(log.take(), [Finalized(0), Dropped(0), Called(7), Finalized(1), Dropped(1)]);
    });
}

#[test]
fn a_resurrected_key_keeps_its_entries() {
    alone(|| {
        for cyclic in [false, true] {
            let log = Log::new();
            let shelf = Shared::new(Slot::new(Vec::new()));
            let (map, key, value) = (nodes(), Node::new(0, &log), Node::new(1, &log));
            if cyclic {
                value.link(&key);
            }
            key.resurrect_to(&shelf);
            map.insert_gc(&key, value);
            drop(key);
            let _ = gc::collect();
            let key = shelf.take().pop().unwrap();
            assert_eq!(map.get(&key).unwrap().name(), 1);
            assert!(log.dropped().is_empty());
            drop(key);
            let _ = gc::collect();
            assert_eq!((map.len(), log.dropped()), (0, vec![0, 1]));
        }
    });
}

#[test]
fn a_value_is_finalized_before_its_key_drops_and_may_be_resurrected_with_it() {
    alone(|| {
        let log = Log::new();
        let shelf = Shared::new(Slot::new(Vec::new()));
        let (map, key, value) = (nodes(), Node::new(0, &log), Node::new(1, &log));
        value.link(&key);
        value.resurrect_to(&shelf);
        map.insert_gc(&key, value);
        drop(key);
        assert_eq!(gc::collect().resurrected, 2);
        assert_eq!(map.len(), 1);
        drop(shelf.take());
        assert_eq!((gc::collect().collected, map.len()), (2, 0));
    });
}

#[test]
fn a_value_that_is_moved_out_of_its_object_ends_the_key() {
    alone(|| {
        let log = Log::new();
        let map = nodes();
        for name in 0..2 {
            let key = Gc::new(Node::value(name, &log));
            map.insert_gc(&key, Node::new(10, &log));
            let node = if name == 0 { Gc::try_unwrap(key).ok() } else { Gc::into_inner(key) };
            assert_eq!((map.len(), node.unwrap().name()), (0, name));
            assert_eq!(log.take(), [Finalized(10), Dropped(10), Dropped(name)]);
        }
        let (map, mut key) = (WeakKeyMap::new(), Gc::new(7));
        map.insert(&key, 8);
        assert!(Gc::get_mut(&mut key).is_none());
        *Gc::make_mut(&mut key) += 1;
        assert_eq!((*key, map.len(), gc::live()), (8, 0, 1));
    });
}

#[test]
fn an_entry_is_looked_at_and_changed() {
    alone(|| {
        let map = WeakKeyMap::new();
        let (key, same) = (Gc::new("key"), Gc::new("key"));
        assert!(matches!(map.entry(&key), Entry::Vacant(_)));
        assert_eq!(*map.entry(&key).or_insert(1), 1);
        assert_eq!(*map.entry(&same).or_insert_with(|| unreachable!()), 1);
        let Entry::Occupied(mut entry) = map.entry(&same) else { unreachable!() };
        assert!(Gc::ptr_eq(entry.key(), &key) && **entry.get() == 1);
        assert_eq!((*entry.insert(2), **entry.get()), (1, 2));
        let Entry::Occupied(entry) = map.entry(&same) else { unreachable!() };
        assert_eq!((*entry.remove(), map.len()), (2, 0));

        // What has come in meanwhile stays.
        map.insert(&key, 1);
        let Entry::Occupied(entry) = map.entry(&same) else { unreachable!() };
        map.insert(&same, 2);
        assert_eq!((*entry.remove(), map.get(&"key").as_deref()), (1, Some(&2)));
        // What has gone meanwhile comes back.
        let Entry::Occupied(mut entry) = map.entry(&same) else { unreachable!() };
        map.clear();
        assert_eq!((*entry.insert(3), map.len()), (2, 1));
        assert_eq!((*entry.remove(), map.len()), (3, 0));

        // Somebody else comes first.
        let Entry::Vacant(vacant) = map.entry(&key) else { unreachable!() };
        map.insert(&same, 3);
        assert_eq!(*vacant.insert(4), 3);
        let Entry::Occupied(entry) = map.entry(&key) else { unreachable!() };
        map.clear();
        assert_eq!((*entry.remove(), *map.entry(&key).or_default()), (3, 0));
        assert_eq!(format!("{map:?}"), r#"{"key": 0}"#);
    });
}

#[test]
fn whoever_iterates_may_do_what_he_likes() {
    alone(|| {
        let keys: Vec<_> = (0..20).map(|number| Gc::new(number.to_string())).collect();
        let map: WeakKeyMap<_, _> = keys.iter().zip(0..20).collect();
        let mut iter = map.iter();
        let (key, value) = iter.next().unwrap();
        assert_eq!(*key, value.to_string());
        drop(keys);
        assert_eq!((map.len(), iter.count()), (1, 0));
        assert_eq!(map.keys().map(|key| key.parse()).collect::<Vec<_>>(), [Ok(*value)]);
        for (key, _) in &map {
            map.remove(&*key);
            map.insert(&key, 100);
        }
        assert_eq!(map.values().map(|value| *value).sum::<i32>(), 100);
        let copy = map.clone();
        map.retain(|_, value| **value != 100);
        assert_eq!((map.len(), copy.len(), copy.pop().map(|(_, value)| *value)), (0, 1, Some(100)));
        assert!(copy.pop().is_none());
    });
}

#[test]
fn a_map_may_be_filled_and_emptied_while_a_collection_runs() {
    alone(|| {
        let log = Log::new();
        let map = Shared::new(nodes());
        let (key, other) = (self_loop(0, &log), Node::new(1, &log));
        map.insert_gc(&key, Node::new(2, &log));
        map.insert_gc(&other, Node::new(3, &log));
        // In a finalizer: a new value for the dying key, which goes with it.
        let (inner, onto) = (map.clone(), log.clone());
        key.on_finalize(move |_, cx| {
            let me = cx.handle().unwrap();
            let new = Node::new(4, &onto);
            new.link(&me);
            drop(inner.insert_gc(&me, new));
            let _ = gc::collect();
        });
        let (inner, theirs) = (map.clone(), Gc::downgrade(&other));
        let onto = log.clone();
        let _callback = Gc::downgrade_with(&key, move || {
            let other = theirs.upgrade().unwrap();
            drop(inner.insert_gc(&other, Node::new(5, &onto)));
            let _ = gc::collect();
        });
        drop(key);
        let _ = gc::collect();
        let _ = gc::collect();
        assert_eq!((map.len(), map.get(&other).map(|value| value.name())), (1, Some(5)));
        let mut dropped = log.dropped();
        dropped.sort_unstable();
        assert_eq!((dropped, gc::live()), (vec![0, 2, 3, 4], 2));
    });
}

/// A finalizer that moves the values of one map's key to another key.
#[derive(Trace)]
#[trace(finalize)]
struct Mover {
    from: Slot<Option<Gc<Owner>>>,
    to: Gc<Node>,
}

impl Finalize for Mover {
    fn finalize(&self, _: &Finalizing<'_>) {
        let owner = self.from.get().unwrap();
        let key = owner.edge.get().unwrap();
        let value = owner.map.remove(&key).unwrap();
        owner.map.insert_gc(&self.to, value);
    }
}

#[test]
fn what_a_finalizer_attaches_elsewhere_lives_on() {
    alone(|| {
        let log = Log::new();
        let (key, to) = (Node::new(0, &log), Node::new(1, &log));
        let owner = Gc::new(Owner { map: nodes(), edge: Slot::new(Some(key.clone())) });
        let mover = Gc::new(Mover { from: Slot::new(Some(owner.clone())), to: to.clone() });
        let movers: WeakKeyMap<Node, Mover, ByIdentity> = WeakKeyMap::by_identity();
        movers.insert_gc(&key, mover);
        owner.map.insert_gc(&key, self_loop(2, &log));
        let weak = Gc::downgrade(&owner);
        drop((key, owner));
        let _ = gc::collect();
        // The value was let go again when the map that had it went.
        assert!(weak.upgrade().is_none() && movers.is_empty());
        let _ = gc::collect();
        assert_eq!((to.name(), gc::live()), (1, 1));
        assert_eq!(log.dropped().len(), 2);
    });
}

#[test]
fn old_keys_and_young_values() {
    alone(|| {
        let log = Log::new();
        let (map, key) = (nodes(), Node::new(0, &log));
        drop(key.clone());
        let _ = gc::collect();
        assert_eq!(Gc::generation(&key), Generation::Old);
        let value = self_loop(1, &log);
        map.insert_gc(&key, value);
        for _ in 0..2 {
            assert_eq!(gc::collect_generation(Generation::Young).collected, 0);
        }
        map.get(&key).unwrap().link(&key);
        drop(key);
        assert_eq!(gc::collect_generation(Generation::Young).collected, 0);
        assert_eq!((gc::collect().collected, map.len()), (2, 0));
    });
}

#[test]
fn maps_are_equal_if_they_say_the_same_of_the_same_keys() {
    alone(|| {
        let [a, b, c] = ["a", "b", "a"].map(Gc::new);
        let map = WeakKeyMap::from([(&a, 1), (&b, 2)]);
        let other = WeakKeyMap::from([(&b, 2), (&c, 1)]);
        assert_eq!(map, other, "the keys are equal, and so are the values");
        assert_eq!(map, map.clone());
        assert_ne!(map, WeakKeyMap::from([(&a, 1), (&b, 3)]));
        assert_ne!(map, WeakKeyMap::from([(&a, 1)]));
        assert_ne!(WeakKeyMap::from([(&a, 1)]), map);
        let identity = |key| WeakKeyMap::<_, _, ByIdentity>::from_iter([(key, 1)]);
        assert!(identity(&a) == identity(&a) && identity(&a) != identity(&c));
        drop(c);
        assert_ne!(map, other, "what is dead does not count");
    });
}
