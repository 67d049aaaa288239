//! What collections show, and in which order.

use super::{NONE, Probe, Untouchable, check, edges, hooks, probe};
use crate::{Depth, Finalizing, Trace, Tracer};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet, LinkedList, VecDeque};
use std::hash::{BuildHasherDefault, DefaultHasher};

/// A collection of `count` elements, the first with number 1.
pub(super) fn of<C: FromIterator<Probe>>(count: usize) -> C {
    (1..=count).map(probe).collect()
}

/// Checks a collection that keeps its elements in order.
pub(super) fn check_collection<C: FromIterator<Probe> + Trace>() {
    check(&of::<C>(0), &[]);
    check(&of::<C>(1), &[1]);
    check(&of::<C>(4), &[1, 2, 3, 4]);
}

#[test]
fn collections_show_each_element_once_and_in_order() {
    check_collection::<Vec<Probe>>();
    check_collection::<VecDeque<Probe>>();
    check_collection::<LinkedList<Probe>>();
    check_collection::<BTreeSet<Probe>>();
    check_collection::<Box<[Probe]>>();

    let heap: BinaryHeap<Reverse<Probe>> = (1..=3).map(|n| Reverse(probe(n))).collect();
    check(&heap, &[1, 2, 3]);
    check(&BinaryHeap::<Probe>::new(), &[]);
}

#[test]
fn a_deque_that_wraps_around_shows_both_halves() {
    let mut deque = VecDeque::with_capacity(8);
    deque.extend([probe(1), probe(2)]);
    deque.push_front(probe(3));
    let (front, back) = deque.as_slices();
    assert!(!front.is_empty() && !back.is_empty(), "it does wrap around");
    check(&deque, &[3, 1, 2]);
}

#[test]
fn iterators_show_what_is_left() {
    let mut rest = of::<Vec<Probe>>(3).into_iter();
    rest.next();
    check(&rest, &[2, 3]);

    let mut rest = [probe(1), probe(2), probe(3)].into_iter();
    rest.next_back();
    check(&rest, &[1, 2]);
}

#[test]
fn arrays_of_any_length() {
    let none: [Probe; 0] = [];
    check(&none, &[]);
    check(&[probe(1)], &[1]);
    check(&std::array::from_fn::<Probe, 100, _>(|n| probe(n + 1)), &Vec::from_iter(1..=100));
}

#[test]
fn slices_show_each_element() {
    let vec: Vec<Probe> = of(3);
    assert_eq!(edges(&vec[1..]), [2, 3]);
    assert_eq!(hooks(&vec[1..]), [2, 3]);
}

#[test]
fn maps_show_keys_and_values() {
    let map: BTreeMap<Probe, Probe> = (1..=3).map(|n| (probe(n), probe(n + 10))).collect();
    check(&map, &[1, 11, 2, 12, 3, 13]);
    check(&BTreeMap::<Probe, Probe>::new(), &[]);
    assert!(!<BTreeMap<Probe, Untouchable>>::is_leaf(Depth::START));
    assert!(!<BTreeMap<Untouchable, Probe>>::is_leaf(Depth::START));

    check(&HashMap::from([(probe(1), probe(2))]), &[1, 2]);
    check(&HashMap::from([(1, probe(2))]), &[2]);
    check(&HashMap::from([(probe(1), 2)]), &[1]);
    check(&HashMap::<Probe, Probe>::new(), &[]);
    check(&HashSet::from([probe(7)]), &[7]);

    let many: HashMap<Probe, Probe> = (1..=50).map(|n| (probe(n), probe(n + 50))).collect();
    let mut shown = edges(&many);
    shown.sort_unstable();
    assert_eq!(shown, Vec::from_iter(1..=100));
}

/// A hasher without `BuildHasher` and without `Trace`.
pub(super) struct Nothing;

#[test]
fn maps_may_have_any_hasher() {
    type Plain = BuildHasherDefault<DefaultHasher>;
    let mut map: HashMap<u8, Probe, Plain> = HashMap::default();
    map.insert(1, probe(2));
    check(&map, &[2]);
    let mut set: HashSet<Probe, Plain> = HashSet::default();
    set.insert(probe(3));
    check(&set, &[3]);

    check(&HashMap::<u8, Probe, _>::with_hasher(Nothing), &[]);
    check(&HashSet::<Probe, _>::with_hasher(Nothing), &[]);
}

pub(super) fn unlike(number: usize) -> Untouchable {
    Untouchable(Box::new(number))
}

/// A collection of leaves that must not be looked at.
pub(super) fn of_leaves<C: FromIterator<Untouchable>>() -> C {
    (1..=3).map(unlike).collect()
}

/// Checks that a collection of leaves is one, and is not walked over.
#[track_caller]
pub(super) fn check_leaf<C: Trace>(collection: &C) {
    assert!(C::is_leaf(Depth::START));
    assert!(!C::may_finalize(Depth::START));
    assert_eq!(edges(collection), NONE);
    assert_eq!(hooks(collection), NONE);
}

#[test]
fn leaves_are_not_walked_over() {
    check_leaf(&of_leaves::<Vec<_>>());
    check_leaf(&of_leaves::<Vec<_>>().into_iter());
    check_leaf(&of_leaves::<VecDeque<_>>());
    check_leaf(&of_leaves::<LinkedList<_>>());
    check_leaf(&of_leaves::<BinaryHeap<_>>());
    check_leaf(&of_leaves::<BTreeSet<_>>());
    check_leaf(&of_leaves::<HashSet<_>>());
    check_leaf(&[unlike(1), unlike(2)]);
    check_leaf(&BTreeMap::from([(unlike(1), unlike(2))]));
    check_leaf(&HashMap::from([(unlike(1), unlike(2))]));
    check_leaf(&std::sync::Mutex::new(unlike(1)));
    check_leaf(&std::sync::RwLock::new(unlike(1)));
}

#[test]
fn boxes_show_their_contents() {
    check(&Box::new(probe(1)), &[1]);
    let object: Box<dyn Trace> = Box::new(vec![probe(1), probe(2)]);
    check(&object, &[1, 2]);
    check(&Box::new(Box::new(probe(3))), &[3]);
}

#[test]
fn nested_values_are_found_in_order() {
    let nested = vec![
        (Some(Box::new(probe(1))), BTreeMap::from([(1, vec![probe(2), probe(3)])])),
        (None, BTreeMap::from([(1, vec![]), (2, vec![probe(4)])])),
    ];
    check(&nested, &[1, 2, 3, 4]);
}

/// What the derive writes for a type that contains itself.
struct Tree(Probe, Vec<Tree>, BTreeMap<u8, Tree>);

// SAFETY: each part is shown once.
unsafe impl Trace for Tree {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.0.trace(tracer);
        self.1.trace(tracer);
        self.2.trace(tracer);
    }

    fn is_leaf(depth: Depth) -> bool {
        depth.deeper().is_some_and(|depth| {
            // The probe's part is left out, or the question would end there.
            <Vec<Tree>>::is_leaf(depth) && <BTreeMap<u8, Tree>>::is_leaf(depth)
        })
    }

    fn may_finalize(depth: Depth) -> bool {
        depth.deeper().is_none_or(|depth| {
            <Vec<Tree>>::may_finalize(depth) || <BTreeMap<u8, Tree>>::may_finalize(depth)
        })
    }

    fn finalize_within(&self, cx: &Finalizing<'_>) {
        self.0.finalize_within(cx);
        self.1.finalize_within(cx);
        self.2.finalize_within(cx);
    }
}

#[test]
fn questions_about_recursive_types_come_to_an_end() {
    let leaf = |number| Tree(probe(number), vec![], BTreeMap::new());
    let tree = Tree(probe(1), vec![leaf(2), leaf(3)], BTreeMap::from([(0, leaf(4))]));
    check(&tree, &[1, 2, 3, 4]);
}
