//! CPython's `test_weakset`, scenario by scenario (see `tests/README.md`).

use super::gc::{self, Gc, Slot, WeakSet, alone};
use gc_core::Trace;
use gc_core::weakref::ByIdentity;

/// A character of its own for each: equal ones are not the same.
fn chars(text: &str) -> Vec<Gc<char>> {
    text.chars().map(Gc::new).collect()
}

/// What the tests of CPython have: a set of three, and what keeps it full.
fn abc() -> (WeakSet<char>, Vec<Gc<char>>) {
    let items = chars("abc");
    (items.iter().collect(), items)
}

/// The elements in order.
fn text(set: &WeakSet<char>) -> String {
    let mut elements: Vec<char> = set.iter().map(|element| *element).collect();
    elements.sort_unstable();
    elements.into_iter().collect()
}

#[test]
fn test_155_len() {
    alone(|| {
        let (set, mut items) = abc();
        assert_eq!(set.len(), 3);
        let other = Gc::new('F');
        let single = WeakSet::from([&other]);
        assert_eq!((single.len(), single.is_empty()), (1, false));
        drop(other);
        assert_eq!((single.len(), single.is_empty()), (0, true));
        drop(items.pop());
        assert_eq!(set.len(), 2);
    });
}

#[test]
fn test_157_union() {
    alone(|| {
        let (set, items) = abc();
        let others = chars("xyz");
        let union = set.union(others.clone());
        for c in "abcxyz".chars() {
            assert!(union.contains(&c));
        }
        assert_eq!((text(&set).as_str(), union.contains(&'q')), ("abc", false));
        // It takes a set too, and any iterator.
        let set_of_others: WeakSet<char> = others.iter().collect();
        assert_eq!(set.union(&set_of_others), union);
        assert_eq!(set.union(others.iter().filter(|c| ***c == 'x').cloned()).len(), 4);
        drop((items, others));
        assert_eq!(union.len(), 0, "the union holds nothing either");
    });
}

#[test]
fn test_158_or() {
    alone(|| {
        let (set, _items) = abc();
        let others = chars("cd");
        let other: WeakSet<char> = others.iter().collect();
        assert_eq!(text(&(&set | &other)), "abcd");
        assert_eq!(&set | &other, set.union(&other));
        let mut set = set;
        set |= &other;
        assert_eq!(text(&set), "abcd");
    });
}

#[test]
fn test_160_isdisjoint() {
    alone(|| {
        let (set, items) = abc();
        assert!(set.is_disjoint(&WeakSet::<char>::from_iter(&chars("axz")[1..])));
        assert!(set.is_disjoint(chars("xyz")));
        assert!(!set.is_disjoint(chars("cx")));
        drop(items);
        assert!(set.is_disjoint(chars("abc")));
    });
}

#[test]
fn test_161_and() {
    alone(|| {
        let (set, items) = abc();
        let others = chars("bcd");
        let other: WeakSet<char> = others.iter().collect();
        let both = &set & &other;
        assert_eq!((text(&both).as_str(), text(&set).as_str()), ("bc", "abc"));
        assert_eq!(both, set.intersection(others.clone()));
        // What is in it are the objects of the other one.
        assert!(both.iter().all(|element| !items.iter().any(|item| Gc::ptr_eq(item, &element))));
    });
}

#[test]
fn test_163_sub() {
    alone(|| {
        let (set, _items) = abc();
        let others = chars("bx");
        let other: WeakSet<char> = others.iter().collect();
        assert_eq!(text(&(&set - &other)), "ac");
        assert_eq!(text(&set.difference(others.clone())), "ac");
        assert_eq!(text(&set), "abc");
    });
}

#[test]
fn test_164_symmetric_difference() {
    alone(|| {
        let (set, _items) = abc();
        let others = chars("bcxx");
        let difference = set.symmetric_difference(others.clone());
        assert_eq!(text(&difference), "ax", "what comes twice counts once");
        assert_eq!(&set ^ &others.iter().collect(), difference);
        assert_eq!(text(&set), "abc");
    });
}

#[test]
fn test_166_sub_and_super() {
    alone(|| {
        let (items, more, others) = (chars("ab"), chars("abcde"), chars("def"));
        let [ab, abcde, def]: [WeakSet<char>; 3] =
            [&items, &more, &others].map(|items| items.iter().collect());
        assert!(ab.is_subset(&abcde) && ab.is_subset(&ab));
        assert!(abcde.is_superset(&ab) && abcde.is_superset(&abcde));
        assert!(!abcde.is_subset(&ab) && !abcde.is_superset(&def) && !def.is_subset(&ab));
    });
}

#[test]
fn test_167_lt() {
    alone(|| {
        let (items, more) = (chars("ab"), chars("abcde"));
        let [ab, abcde]: [WeakSet<char>; 2] = [&items, &more].map(|items| items.iter().collect());
        let is_less = |a: &WeakSet<char>, b: &WeakSet<char>| a.is_subset(b) && a != b;
        assert!(is_less(&ab, &abcde) && !is_less(&abcde, &ab) && !is_less(&ab, &ab));
    });
}

/// An element that refers to itself, to the set that it is in, and to a set of itself.
#[derive(Trace)]
struct Foo {
    cycle: AllFoos,
    sub: Slot<Option<Gc<Foo>>>,
    set: WeakSet<Foo, ByIdentity>,
}

/// The set of all of them, an object itself.
type AllFoos = Gc<WeakSet<Foo, ByIdentity>>;

#[test]
fn test_169_gc() {
    alone(|| {
        let all: AllFoos = Gc::new(WeakSet::new());
        let make = |_| {
            let foo = Gc::new(Foo { cycle: all.clone(), sub: Slot::default(), set: WeakSet::new() });
            assert!(all.insert(&foo) && foo.set.insert(&foo));
            foo.sub.set(Some(foo.clone()));
            foo
        };
        let count = if cfg!(miri) { 20 } else { 1000 };
        let foos: Vec<_> = (0..count).map(make).collect();
        assert_eq!((all.len(), gc::live()), (count, count + 1));
        assert!(foos.iter().all(|foo| foo.cycle.contains(foo) && foo.set.contains(foo)));
        let weak = Gc::downgrade(&all);
        drop((foos, all));
        assert_eq!((gc::collect().collected, gc::live()), (count, 0), "the set goes with the last");
        assert!(weak.upgrade().is_none());
    });
}

#[test]
fn test_172_constructor_identity() {
    alone(|| {
        let (set, _items) = abc();
        let copy: WeakSet<char> = set.iter().collect();
        set.clear();
        assert_eq!((set.len(), copy.len()), (0, 3));
    });
}

#[test]
fn test_174_clear() {
    alone(|| {
        let (set, items) = abc();
        set.clear();
        assert_eq!((set.len(), set), (0, WeakSet::new()));
        assert!(items.iter().all(|item| Gc::weak_count(item) == 0));
    });
}

#[test]
fn test_175_copy() {
    alone(|| {
        let (set, items) = abc();
        let copy = set.clone();
        assert_eq!(set, copy);
        assert!(copy.remove(&'a'));
        assert_ne!(set, copy);
        drop(set);
        drop(items);
        assert_eq!(copy.len(), 0);
    });
}

#[test]
fn test_177_remove() {
    alone(|| {
        let (set, _items) = abc();
        assert!(set.remove(&'a'));
        assert!(!set.contains(&'a'));
        assert!(!set.remove(&'a') && !set.remove(&'q'));
        assert_eq!(set.take(&'b').as_deref(), Some(&'b'));
        assert_eq!(set.take(&'b'), None);
    });
}

#[test]
fn test_178_discard() {
    alone(|| {
        let (set, items) = abc();
        let _ = set.remove(&'a');
        let _ = set.remove(&'Q');
        assert_eq!(text(&set), "bc");
        let by_identity: WeakSet<char, ByIdentity> = items.iter().collect();
        assert!(by_identity.remove(&items[0]) && !by_identity.remove(&Gc::new('b')));
        assert_eq!(by_identity.len(), 2);
    });
}

#[test]
fn test_180_update() {
    alone(|| {
        let (mut set, _items) = abc();
        let others = chars("cxyz");
        set.extend(others.clone());
        assert_eq!(text(&set), "abcxyz");
        set.extend(chars("uvw")); // nobody holds them
        assert_eq!(text(&set), "abcxyz");
    });
}

#[test]
fn test_181_update_set() {
    alone(|| {
        let (mut set, _items) = abc();
        let others = chars("xyz");
        let other: WeakSet<char> = others.iter().collect();
        set.extend(&other);
        assert_eq!(text(&set), "abcxyz");
    });
}

#[test]
fn test_183_intersection_update() {
    alone(|| {
        let (set, items) = abc();
        set.intersect(chars("bcd"));
        assert_eq!(text(&set), "bc");
        assert!(set.iter().all(|element| items.iter().any(|item| Gc::ptr_eq(item, &element))));
        set.intersect([]);
        assert_eq!(set.len(), 0);
    });
}

#[test]
fn test_184_iand() {
    alone(|| {
        let (mut set, _items) = abc();
        let others = chars("bcd");
        set &= &others.iter().collect();
        assert_eq!(text(&set), "bc");
        let same = set.clone();
        set &= &same;
        assert_eq!(text(&set), "bc");
    });
}

#[test]
fn test_186_isub() {
    alone(|| {
        let (mut set, _items) = abc();
        let others = chars("bd");
        set -= &others.iter().collect();
        assert_eq!(text(&set), "ac");
        let same = set.clone();
        set -= &same;
        assert_eq!(text(&set), "");
    });
}

#[test]
fn test_187_symmetric_difference_update() {
    alone(|| {
        let (mut set, _items) = abc();
        let others = chars("bcx");
        set.symmetric_difference_with(others.clone());
        assert_eq!(text(&set), "ax");
        let same = set.clone();
        set ^= &same;
        assert_eq!(text(&set), "");
    });
}

#[test]
fn test_190_eq() {
    alone(|| {
        let (set, items) = abc();
        let equal = chars("cba");
        assert_eq!(set, set.clone());
        assert_eq!(set, equal.iter().collect());
        let (more, fewer) = (chars("abcd"), chars("ab"));
        assert!(set != more.iter().collect() && set != fewer.iter().collect());
        let (same, another): (WeakSet<char, ByIdentity>, WeakSet<char, ByIdentity>) =
            (items.iter().collect(), equal.iter().collect());
        assert!(same == items.iter().collect() && same != another);
    });
}

#[test]
fn test_191_ne() {
    alone(|| {
        let (set, mut items) = abc();
        let equal = chars("abc");
        let other: WeakSet<char> = equal.iter().collect();
        assert!(!set.ne(&other));
        drop(items.pop());
        assert!(set.ne(&other), "what is dead does not count");
    });
}

#[test]
fn test_193_weak_destroy_and_mutate_while_iterating() {
    alone(|| {
        let mut items = chars("abcdefghijklmnopqrstuvwxyz");
        let set: WeakSet<char> = items.iter().collect();
        // Each `change` comes in the middle of an iteration, when the element has died.
        let mut amid = |change: &dyn Fn(char)| {
            let mut iter = set.iter();
            let first = iter.next().expect("there are some");
            let victim = items.iter().rposition(|item| **item != *first).expect("more");
            drop(first);
            let value = *items.remove(victim);
            change(value);
            assert!(iter.all(|element| *element != value));
        };
        amid(&|value| assert!(!set.contains(&value)));
        amid(&|value| assert!(!set.remove(&value)));
        amid(&|value| assert!(set.insert(&Gc::new(value))));
        amid(&|value| {
            let again = Gc::new(value);
            assert!(set.insert(&again) && !set.insert(&again));
            assert!(set.contains(&value));
        });
        let before = set.clone();
        amid(&|_| {
            (&set).extend(&before);
            assert_eq!(set, before);
        });
        amid(&|_| {
            set.subtract(&before);
            assert!(set.is_empty());
        });
        amid_clear();
    });
}

/// Emptied while it is gone through, it still yields what lives.
fn amid_clear() {
    let (set, items) = abc();
    let iter = set.iter();
    set.clear();
    assert_eq!((iter.count(), set.len()), (3, 0));
    drop(items);
}

#[test]
fn test_194_len_cycles() {
    alone(|| {
        let make = |_| {
            let node = Gc::new(Slot::new(None));
            node.set(Some(Cyclic(node.clone())));
            node
        };
        let items: Vec<_> = (0..20).map(make).collect();
        let set: WeakSet<Slot<Option<Cyclic>>, ByIdentity> = items.iter().collect();
        let mut iter = set.iter();
        drop(iter.next());
        drop(items);
        assert_eq!(gc::collect().collected, 20);
        assert!(set.len() <= 1);
        assert_eq!(iter.count(), 0);
        let _ = gc::collect();
        assert_eq!(set.len(), 0);
    });
}

/// An edge back to the slot that it is in.
#[derive(Trace)]
struct Cyclic(#[allow(dead_code, reason = "it is there to be traced")] Gc<Slot<Option<Cyclic>>>);

#[test]
fn test_196_repr() {
    alone(|| {
        let item = Gc::new('a');
        let set = WeakSet::from([&item]);
        assert_eq!(format!("{set:?}"), "{'a'}");
        drop(item);
        assert_eq!(format!("{set:?}"), "{}");
    });
}
