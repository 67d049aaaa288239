//! Weak collections: user code that does anything while they use it, what they leave behind, and
//! what stands where in the order of a death.

use super::gc::{self, Gc, Interner, Node, OnDrop, Shared, Slot, WeakKey, WeakSet, WeakValueMap};
use super::gc::{alone, self_loop};
use gc_core::weakref::{ByIdentity, Entry};
use gc_core::{Trace, UserCode};
use gc_tests::{Event, Log, bang, caught, unraisable};
use std::hash::{Hash, Hasher};

/// How many values there are where there are many.
const COUNT: usize = if cfg!(miri) { 50 } else { 1000 };

/// A key that does what a test wants, once, when it is hashed, compared or dropped.
struct Name {
    name: usize,
    on_hash: Slot<Option<OnDrop>>,
    on_eq: Slot<Option<OnDrop>>,
    on_drop: Slot<Option<OnDrop>>,
}

impl Name {
    fn new(name: usize) -> Name {
        let [on_hash, on_eq, on_drop] = [(); 3].map(|()| Slot::new(None));
        Name { name, on_hash, on_eq, on_drop }
    }

    fn hashing(name: usize, f: impl FnOnce() + gc::Hook) -> Name {
        let key = Name::new(name);
        key.on_hash.set(Some(Box::new(f)));
        key
    }

    fn comparing(name: usize, f: impl FnOnce() + gc::Hook) -> Name {
        let key = Name::new(name);
        key.on_eq.set(Some(Box::new(f)));
        key
    }

    fn dropping(name: usize, f: impl FnOnce() + gc::Hook) -> Name {
        let key = Name::new(name);
        key.on_drop.set(Some(Box::new(f)));
        key
    }
}

fn run(hook: &Slot<Option<OnDrop>>) {
    if let Some(hook) = hook.take() {
        hook();
    }
}

impl Drop for Name {
    fn drop(&mut self) {
        run(&self.on_drop);
    }
}

impl Hash for Name {
    /// One hash for all even names and one for all odd ones.
    fn hash<H: Hasher>(&self, state: &mut H) {
        run(&self.on_hash);
        (self.name % 2).hash(state);
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        run(&self.on_eq);
        run(&other.on_eq);
        self.name == other.name
    }
}

impl Eq for Name {}

type Map = WeakValueMap<Name, usize>;

/// A map that user code may get at, in which the even names below ten are, and its values.
fn shared() -> (Shared<Map>, Vec<Gc<usize>>) {
    let values: Vec<_> = (0..5).map(|number| Gc::new(number * 2)).collect();
    (Shared::new(values.iter().map(|value| (Name::new(**value), value)).collect()), values)
}

fn names(map: &Map) -> Vec<usize> {
    let mut names: Vec<_> = map.keys().map(|key| key.name).collect();
    names.sort_unstable();
    names
}

#[test]
fn a_panic_in_hash_or_eq_changes_nothing() {
    alone(|| {
        let (map, values) = shared();
        let one = Gc::new(1);
        let hash = || Name::hashing(2, || bang("hash"));
        let eq = || Name::comparing(2, || bang("eq"));
        let map = &map;
        let all: [(&str, &dyn Fn(Name)); 5] = [
            ("insert", &|name| drop(map.insert(name, &one))),
            ("remove", &|name| drop(map.remove(&name))),
            ("get", &|name| drop(map.get(&name))),
            ("entry", &|name| drop(map.entry(name))),
            ("setdefault", &|name| drop(map.get_or_insert_with(name, || one.clone()))),
        ];
        for (what, operation) in all {
            assert_eq!(caught(|| operation(hash())), Some("hash"), "{what}");
            assert_eq!(caught(|| operation(eq())), Some("eq"), "{what}");
            assert_eq!((names(map), Gc::weak_count(&one)), (vec![0, 2, 4, 6, 8], 0), "{what}");
        }
        assert!(values.iter().all(|value| Gc::weak_count(value) == 1));
    });
}

#[test]
fn a_panic_in_the_value_that_is_to_be_made_puts_nothing_in() {
    alone(|| {
        let map: WeakValueMap<u8, u8> = WeakValueMap::new();
        assert_eq!(caught(|| drop(map.get_or_insert_with(1, || bang("make")))), Some("make"));
        assert_eq!(map.len(), 0);
    });
}

#[test]
fn eq_may_drop_the_last_handle_of_any_entry() {
    alone(|| {
        let (map, values) = shared();
        // Of others, and of the one that is found.
        let rest = Shared::new(Slot::new(values));
        let inner = rest.clone();
        let key = Name::comparing(4, move || drop(inner.take()));
        assert_eq!(map.get(&key), None);
        assert_eq!(map.len(), 0);

        let (map, values) = shared();
        let rest = Slot::new(values);
        let key = Name::comparing(4, move || drop(rest.take()));
        let four = Gc::new(44);
        assert_eq!(map.insert(key, &four), None);
        assert_eq!((names(&map), map.get(&Name::new(4))), (vec![4], Some(four)));
    });
}

#[test]
fn eq_may_use_the_map() {
    alone(|| {
        // What comes in while keys are compared is compared too.
        let (map, _values) = shared();
        let ten = Gc::new(10);
        let (inner, value) = (map.clone(), ten.clone());
        let key = Name::comparing(10, move || drop(inner.insert(Name::new(10), &value)));
        let other = Gc::new(11);
        assert_eq!(map.insert(key, &other), Some(ten.clone()), "it replaces what has come in");
        assert_eq!((map.len(), Gc::weak_count(&ten)), (6, 0));

        let inner = map.clone();
        let key = Name::comparing(10, move || drop(inner.insert(Name::new(12), &Gc::new(0))));
        assert!(map.get_or_insert_with(key, || unreachable!("it is there")) == other);

        let inner = map.clone();
        let key = Name::comparing(10, move || inner.clear());
        assert_eq!(map.remove(&key), None, "it was gone when it was to be removed");
        assert!(map.is_empty());
        let inner = map.clone();
        let key = Name::comparing(10, move || drop(inner.remove(&Name::new(10))));
        map.insert(Name::new(10), &ten);
        assert_eq!(map.insert(key, &other), None);
        assert_eq!((map.len(), map.get(&Name::new(10))), (1, Some(other)));
    });
}

#[test]
fn the_value_that_comes_first_stays() {
    alone(|| {
        let map = Shared::new(WeakValueMap::new());
        let first = Gc::new(1);
        let made = map.get_or_insert_with("key", || {
            map.insert("key", &first);
            Gc::new(2)
        });
        assert!(Gc::ptr_eq(&made, &first));
        assert_eq!((map.len(), gc::live()), (1, 1));

        let set: WeakSet<i32> = WeakSet::new();
        assert!(Gc::ptr_eq(&set.get_or_insert(&first), &first));
        assert!(Gc::ptr_eq(&set.get_or_insert(&Gc::new(1)), &first));
    });
}

#[test]
fn a_key_may_use_the_map_when_it_is_dropped() {
    alone(|| {
        let map = Shared::new(WeakValueMap::new());
        let (one, two) = (Gc::new(1), Gc::new(2));
        let (inner, value) = (map.clone(), two.clone());
        let insert = move || {
            assert_eq!(inner.len(), 0, "its entry is gone");
            inner.insert(Name::new(7), &value);
        };
        map.insert(Name::dropping(7, insert), &one);
        drop(one);
        assert_eq!((map.len(), map.get(&Name::new(7))), (1, Some(two.clone())));

        // When everything goes at once too, and when its place is taken by an equal one.
        let inner = map.clone();
        map.insert(Name::dropping(8, move || inner.clear()), &two);
        map.clear();
        let (inner, value) = (map.clone(), two.clone());
        let again = Name::dropping(7, move || drop(inner.insert(Name::new(9), &value)));
        map.insert(Name::new(7), &two);
        map.insert(again, &two);
        assert_eq!(names(&map), [7, 9]);
    });
}

#[test]
fn a_panic_in_the_drop_of_a_key_loses_nothing() {
    alone(|| {
        unraisable::listen();
        let log = Log::new();
        let filled = |values: &[Gc<usize>]| {
            let map = Map::new();
            for value in values {
                let (name, log) = (**value, log.clone());
                let key = Name::dropping(name, move || {
                    log.push(Event::Dropped(name));
                    // (Two of them would end the process.)
                    if name == 3 {
                        bang("the key");
                    }
                });
                map.insert(key, value);
            }
            map
        };
        let values: Vec<_> = (0..6).map(Gc::new).collect();
        let sorted = |log: &Log| {
            let mut events = log.take();
            events.sort();
            events
        };
        let all: Vec<_> = (0..6).map(Event::Dropped).collect();

        let map = filled(&values);
        assert_eq!(caught(|| map.clear()), Some("the key"));
        assert_eq!((sorted(&log), map.len()), (all.clone(), 0));

        let map = filled(&values);
        assert_eq!(caught(|| drop(map)), Some("the key"));
        assert_eq!(sorted(&log), all);
        assert!(values.iter().all(|value| Gc::weak_count(value) == 0), "no callback is left");

        // Where a callback drops it, the hook is told.
        let map = filled(&values);
        drop(values);
        assert_eq!((sorted(&log), map.len()), (all, 0));
        assert_eq!(gc::heard_of(), [UserCode::Callback]);
    });
}

#[test]
fn an_entry_goes_after_the_finalizer_and_before_the_value() {
    alone(|| {
        let log = Log::new();
        let map = Shared::new(WeakValueMap::new());
        let node = Node::new(0, &log);
        let seen = Shared::new(Slot::new(Vec::new()));
        let look = |what: &'static str| {
            let (map, seen) = (map.clone(), seen.clone());
            move || {
                let state = (what, map.len(), map.contains_key(&0));
                seen.with_mut(|seen: &mut Vec<_>| seen.push(state));
            }
        };
        let older = Gc::downgrade_with(&node, look("older callback"));
        map.insert(0, &node);
        let newer = Gc::downgrade_with(&node, look("newer callback"));
        let finalize = look("finalizer");
        node.on_finalize(move |_, _| finalize());
        node.on_drop(look("drop"));
        drop(node);
        let expected = [
            ("finalizer", 1, true),
            ("newer callback", 1, false), // counted until its callback runs, as in Python
            ("older callback", 0, false),
            ("drop", 0, false),
        ];
        assert_eq!(seen.take(), expected);
        drop((older, newer));
    });
}

#[test]
fn the_end_of_an_old_value_leaves_the_new_one_alone() {
    alone(|| {
        // bpo-28427: the old value's callback is still to come when the new value is put in.
        let log = Log::new();
        let map = Shared::new(WeakValueMap::new());
        let (old, new) = (self_loop(0, &log), Node::new(1, &log));
        map.insert("key", &old);
        let (inner, value) = (map.clone(), new.clone());
        let newer = Gc::downgrade_with(&old, move || {
            assert!(inner.insert("key", &value).is_none());
        });
        drop(old);
        assert_eq!(gc::collect().collected, 1);
        assert!(map.get("key").is_some_and(|there| Gc::ptr_eq(&there, &new)));
        assert_eq!((map.len(), Gc::weak_count(&new)), (1, 1));
        drop(newer);
    });
}

#[test]
fn a_resurrected_value_stays_in_the_map() {
    alone(|| {
        let log = Log::new();
        let shelf = Shared::new(Slot::new(Vec::new()));
        let map = WeakValueMap::new();
        let node = self_loop(0, &log);
        node.resurrect_to(&shelf);
        map.insert(0, &node);
        drop(node);
        let _ = gc::collect();
        assert!(map.contains_key(&0));
        drop(shelf.take());
        let _ = gc::collect();
        assert_eq!(map.len(), 0);
    });
}

/// An object that owns a map.
#[derive(Trace)]
struct Owner {
    map: WeakValueMap<usize, Owner>,
    keys: Slot<Vec<Gc<Owner>>>,
}

fn owner() -> Gc<Owner> {
    Gc::new(Owner { map: WeakValueMap::new(), keys: Slot::default() })
}

#[test]
fn a_map_may_be_part_of_the_garbage_that_its_values_are() {
    alone(|| {
        let (one, two, outside) = (owner(), owner(), owner());
        for (from, to) in [(&one, &two), (&two, &one), (&one, &outside)] {
            from.keys.with_mut(|edges| edges.push(to.clone()));
        }
        for (number, value) in [&one, &two, &outside].into_iter().enumerate() {
            one.map.insert(number, value);
            outside.map.insert(number, value);
        }
        drop((one, two));
        assert_eq!(outside.map.len(), 3);
        assert_eq!(gc::collect().collected, 2);
        assert_eq!((outside.map.len(), Gc::weak_count(&outside)), (1, 1));
        drop(outside);
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn a_key_that_leads_to_its_map_keeps_it_until_the_entry_is_taken_out() {
    alone(|| {
        #[derive(Trace)]
        struct Hidden {
            map: WeakValueMap<Id, u8>,
        }
        // (`usize` in place of an `Eq` for objects.)
        struct Id(#[allow(dead_code, reason = "it is held")] Gc<Hidden>);
        impl PartialEq for Id {
            fn eq(&self, _: &Id) -> bool {
                true
            }
        }
        impl Eq for Id {}
        impl Hash for Id {
            fn hash<H: Hasher>(&self, _: &mut H) {}
        }

        let value = Gc::new(1);
        let object = Gc::new(Hidden { map: WeakValueMap::new() });
        object.map.insert(Id(object.clone()), &value);
        drop(object);
        let _ = gc::collect();
        assert_eq!(gc::live(), 2, "as the documentation says");
        drop(value);
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn a_dropped_map_leaves_nothing_behind() {
    alone(|| {
        let values: Vec<_> = (0..10).map(Gc::new).collect();
        let map: WeakValueMap<_, _> = values.iter().enumerate().collect();
        let set: WeakSet<usize> = values.iter().collect();
        let copies = (map.clone(), set.clone());
        assert!(values.iter().all(|value| Gc::weak_count(value) == 4));
        drop((map, set));
        assert!(values.iter().all(|value| Gc::weak_count(value) == 2));
        drop(copies);
        assert!(values.iter().all(|value| Gc::weak_count(value) == 0));
    });
}

#[test]
fn the_room_of_what_has_gone_is_given_back() {
    alone(|| {
        let mut values: Vec<_> = (0..5000).map(Gc::new).collect();
        let map: WeakValueMap<_, _> = values.iter().enumerate().collect();
        let kept = WeakValueMap::with_capacity(5000);
        (&kept).extend(values.iter().enumerate());
        assert!(map.capacity() >= 5000);
        values.truncate(3);
        assert!(map.capacity() < 200, "{}", map.capacity());
        assert!(kept.capacity() >= 5000, "that was asked for");
        assert_eq!((0..3).filter(|key| map.contains_key(key)).count(), 3);
        kept.shrink_to_fit();
        assert!(kept.capacity() < 10);
        assert_eq!(kept, map);
    });
}

#[test]
fn keys_of_one_hash_are_told_apart() {
    alone(|| {
        let values: Vec<_> = (0..40).map(Gc::new).collect();
        let map: Map = values.iter().map(|value| (Name::new(**value), value)).collect();
        for value in &values {
            assert!(map.get(&Name::new(**value)).is_some_and(|there| Gc::ptr_eq(&there, value)));
        }
        for odd in values.iter().skip(1).step_by(2) {
            assert_eq!(map.remove(&Name::new(**odd)).as_ref(), Some(odd));
        }
        assert_eq!(names(&map), (0..40).step_by(2).collect::<Vec<_>>());
        assert_eq!(map.remove(&Name::new(1)), None);
    });
}

#[test]
fn everything_can_be_popped_and_what_is_dead_is_passed_over() {
    alone(|| {
        let values: Vec<_> = (0..100).map(Gc::new).collect();
        let map: WeakValueMap<_, _> = values.iter().enumerate().collect();
        let mut popped: Vec<_> = std::iter::from_fn(|| map.pop().map(|(key, _)| *key)).collect();
        popped.sort_unstable();
        assert_eq!((popped, map.pop()), ((0..100).collect(), None));

        // One is dead, and its callback has not run.
        let map = Shared::new(WeakValueMap::new());
        let value = Gc::new(1);
        map.insert((), &value);
        let inner = map.clone();
        let callback = Gc::downgrade_with(&value, move || {
            assert_eq!((inner.len(), inner.pop(), inner.len()), (1, None, 0));
        });
        drop((value, callback));
    });
}

#[test]
fn a_place_is_not_locked_while_it_is_looked_at() {
    alone(|| {
        let (one, two, three) = (Gc::new(1), Gc::new(2), Gc::new(3));
        let map = WeakValueMap::from_iter([("a", &one)]);
        let Entry::Occupied(mut entry) = map.entry("a") else { panic!("it is there") };
        assert_eq!((**entry.key(), entry.get()), ("a", &one));
        map.insert("a", &two);
        assert_eq!(entry.remove(), one);
        assert_eq!(map.get("a"), Some(two.clone()), "what has come since stays");

        let Entry::Occupied(held) = map.entry("a") else { panic!("it is there") };
        entry = held;
        map.clear();
        assert_eq!(entry.insert(&three), two);
        assert_eq!((entry.into_value(), map.get("a")), (three.clone(), Some(three)));

        let Entry::Vacant(entry) = map.entry("b") else { panic!("it is not there") };
        map.insert("b", &two);
        assert_eq!((*entry.key(), entry.insert(&one)), ("b", two));
        assert_eq!(map.entry("c").key(), &"c");
    });
}

#[test]
fn retain_may_do_anything_to_the_map() {
    alone(|| {
        let (map, values) = shared();
        let word = caught(|| {
            map.retain(|key, value| {
                assert_eq!(key.name, **value);
                map.remove(key);
                if map.len() == 2 { bang("enough") } else { true }
            });
        });
        assert_eq!((word, map.len()), (Some("enough"), 2));
        map.retain(|key, _| {
            map.insert(Name::new(key.name), &values[0]);
            false
        });
        assert_eq!(map.len(), 2, "what was put in meanwhile is not what was looked at");
        map.retain(|_, _| false);
        assert_eq!(map.len(), 0);
    });
}

trait Shape: gc::Value {
    fn area(&self) -> usize;
}

impl Shape for usize {
    fn area(&self) -> usize {
        *self
    }
}

#[test]
fn values_may_be_of_any_size() {
    alone(|| {
        let texts: WeakValueMap<u8, str> = WeakValueMap::new();
        let text: Gc<str> = Gc::from("spam");
        texts.insert(1, &text);
        assert_eq!(texts.get(&1).as_deref(), Some("spam"));
        let shapes: WeakSet<dyn Shape + Send + Sync, ByIdentity> = WeakSet::new();
        let shape: Gc<dyn Shape + Send + Sync> = gc_core::coerce!(Gc::new(5_usize));
        assert!(shapes.insert(&shape) && !shapes.insert(&shape));
        assert_eq!(shapes.iter().map(|shape| shape.area()).sum::<usize>(), 5);
        drop((text, shape));
        assert!(texts.is_empty() && shapes.is_empty());
    });
}

#[test]
fn values_without_a_size_are_told_apart_by_identity() {
    alone(|| {
        let units: Vec<_> = (0..100).map(|_| Gc::new(())).collect();
        let set: WeakSet<(), ByIdentity> = units.iter().collect();
        assert_eq!(set.len(), 100);
        assert!(units.iter().all(|unit| set.remove(unit)));
    });
}

#[test]
fn an_interner_keeps_nothing() {
    alone(|| {
        let names = Interner::<str>::new();
        let kept: Vec<_> = (0..COUNT).map(|number| names.intern(format!("name {number}"))).collect();
        let again: Vec<_> = (0..COUNT).map(|number| names.intern(&*format!("name {number}"))).collect();
        assert!(kept.iter().zip(&again).all(|(one, other)| Gc::ptr_eq(one, other)));
        assert_eq!((names.len(), gc::live()), (COUNT, COUNT));
        drop(kept);
        assert_eq!(names.len(), COUNT);
        drop(again);
        assert_eq!((names.len(), gc::live(), names.iter().count()), (0, 0, 0));
        assert_eq!(format!("{:?} {:?}", names.get("name 1"), names), "None Interner({})");
    });
}

#[test]
fn weak_keys_find_each_other_while_both_are_alive() {
    alone(|| {
        let (one, equal) = (Gc::new(1), Gc::new(1));
        // A key of a weak map that keeps nothing.
        let map = WeakValueMap::new();
        let value = Gc::new("value");
        map.insert(WeakKey::new(&one), &value);
        assert_eq!(map.get(&WeakKey::new(&equal)), Some(value.clone()));
        drop(one);
        assert_eq!(map.get(&WeakKey::new(&equal)), None);
        assert_eq!((map.len(), gc::live()), (1, 2), "the entry is its value's");
        drop(value);
        assert_eq!(map.len(), 0);
    });
}
