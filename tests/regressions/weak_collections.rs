//! Weak collections that lost what was there, or kept what was not needed.

use super::gc::{self, Gc, OnDrop, Shared, Slot, WeakKeyMap, WeakSet, WeakValueMap, alone};
use gc_core::weakref::{ByIdentity, Entry};
use std::hash::{Hash, Hasher};

/// A key that does what a test wants, once, when it is compared.
struct Probe(Slot<Option<OnDrop>>);

impl Probe {
    fn new(on_eq: impl FnOnce() + gc::Hook) -> Probe {
        Probe(Slot::new(Some(Box::new(on_eq))))
    }

    fn plain() -> Probe {
        Probe(Slot::new(None))
    }
}

impl PartialEq for Probe {
    fn eq(&self, other: &Self) -> bool {
        for hook in [&self.0, &other.0] {
            if let Some(hook) = hook.take() {
                hook();
            }
        }
        true
    }
}

impl Eq for Probe {}

impl Hash for Probe {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// There was a living value under the key all the time.
#[test]
fn a_value_was_not_found_because_it_was_replaced_during_the_search() {
    alone(|| {
        let map = Shared::new(WeakValueMap::new());
        let value = Shared::new(Slot::new(Some(Gc::new(0))));
        let with_value = |look: &dyn Fn(&Gc<i32>)| {
            let now = value.take().expect("a value");
            look(&now);
            value.set(Some(now));
        };
        with_value(&|value| drop(map.insert(Probe::plain(), value)));
        let replacing = || {
            let (map, value) = (map.clone(), value.clone());
            Probe::new(move || {
                let before = value.take().expect("a value");
                let new = Gc::new(*before + 1);
                map.insert(Probe::plain(), &new);
                value.set(Some(new));
                drop(before);
            })
        };
        assert_eq!(map.get(&replacing()).as_deref(), Some(&1));
        assert!(map.contains_key(&replacing()));
        assert!(matches!(map.entry(replacing()), Entry::Occupied(entry) if **entry.get() == 3));
        with_value(&|value| assert_eq!(**value, 3));
    });
}

/// As many entries as a table of this size is not kept for when it is empty.
const MANY: usize = if cfg!(miri) { 100 } else { 1000 };

#[test]
fn a_copy_kept_the_room_of_what_had_gone() {
    alone(|| {
        let all: Vec<_> = (0..MANY).map(Gc::new).collect();
        let values: WeakValueMap<_, _> = all.iter().enumerate().collect();
        let keys: WeakKeyMap<usize, u8> = all.iter().map(|key| (key, 1)).collect();
        let set: WeakSet<usize> = all.iter().collect();
        let (values, keys, copy, union) = (values.clone(), keys.clone(), set.clone(), &set | &set);
        assert!(values.capacity() >= MANY && keys.capacity() >= MANY && union.capacity() >= MANY);
        drop(all);
        let kept = [values.capacity(), keys.capacity(), copy.capacity(), union.capacity()];
        assert!(kept.iter().all(|&kept| kept < MANY), "{kept:?}");
    });
}

#[test]
fn retain_removed_a_value_that_it_was_not_asked_about() {
    alone(|| {
        let key = Gc::new("key");
        let map = WeakKeyMap::from([(&key, 1)]);
        let mut asked = Vec::new();
        map.retain(|key, value| {
            asked.push(**value);
            map.insert(key, 2);
            false
        });
        assert_eq!((asked, map.get(&"key").as_deref()), (vec![1], Some(&2)));
        map.retain(|_, _| false);
        drop(map);
        assert_eq!(gc::live(), 1);
    });
}

#[test]
fn a_key_did_not_come_because_its_value_was_replaced_meanwhile() {
    alone(|| {
        let all = [Gc::new(0), Gc::new(1), Gc::new(2)];
        let map: WeakKeyMap<i32, i32, ByIdentity> = all.iter().map(|key| (key, 0)).collect();
        let came = map.keys().inspect(|_| all.iter().for_each(|key| drop(map.insert(key, 1))));
        assert_eq!(came.count(), 3);
    });
}

/// Neither the value that was nor the one that is came.
#[test]
fn an_entry_did_not_come_because_its_value_was_replaced_meanwhile() {
    alone(|| {
        let all = [Gc::new(0), Gc::new(1), Gc::new(2)];
        let map: WeakKeyMap<i32, i32, ByIdentity> = all.iter().map(|key| (key, 0)).collect();
        let mut values = Vec::new();
        for (_, value) in &map {
            values.push(*value);
            all.iter().for_each(|key| drop(map.insert(key, *value + 1)));
        }
        assert_eq!(values, [0, 1, 2]);
        // What is removed comes if it lives, and what has gone does not.
        let kept: Vec<_> = map.values().take(1).collect();
        let mut iter = map.iter();
        map.clear();
        assert_eq!((iter.next().map(|(_, value)| *value), iter.next()), (Some(*kept[0]), None));
    });
}

#[test]
fn an_entry_did_not_remove_what_it_had_put_in_itself() {
    alone(|| {
        let all = [Gc::new(0), Gc::new(1), Gc::new(2)];
        let map = WeakValueMap::from([("key", &all[0])]);
        let Entry::Occupied(mut entry) = map.entry("key") else { panic!("there is a value") };
        map.remove("key");
        map.insert("key", &all[1]);
        assert_eq!(*entry.insert(&all[2]), 0);
        assert_eq!(*entry.remove(), 2);
        assert!(map.is_empty());
    });
}
