//! Types of other crates: what they show, which are leaves, that cycles through them are collected.

#![allow(unused_imports, unused_macros, reason = "what is needed depends on the features")]

use super::containers::{Nothing, check_collection, check_leaf, of, of_leaves, unlike};
use super::{Probe, check, cycles, edges, hooks, probe};
use crate::unsync::Gc;
use crate::{Depth, Trace};
use std::hash::{BuildHasherDefault, DefaultHasher, RandomState};

macro_rules! leaves {
    ($($type:ty),+ $(,)?) => {$(
        assert!(<$type>::is_leaf(Depth::START), "{} is a leaf", stringify!($type));
        assert!(!<$type>::may_finalize(Depth::START), "{} has no finalizer", stringify!($type));
    )+};
}

#[test]
#[cfg(feature = "arrayvec")]
fn arrayvec() {
    use arrayvec::{ArrayString, ArrayVec};
    check_collection::<ArrayVec<Probe, 4>>();
    let mut rest = of::<ArrayVec<Probe, 4>>(3).into_iter();
    rest.next();
    check(&rest, &[2, 3]);
    check_leaf(&ArrayVec::from([unlike(1), unlike(2)]));
    leaves! { ArrayString<8>, ArrayVec<u8, 8> }
    cycles::check(|node| ArrayVec::from([node.clone(), node]));
}

#[test]
#[cfg(feature = "bytes")]
fn bytes() {
    leaves! { bytes::Bytes, bytes::BytesMut }
}

#[test]
#[cfg(feature = "chrono")]
fn chrono() {
    use chrono::*;
    leaves! {
        DateTime<Utc>, DateTime<FixedOffset>, NaiveDate, NaiveTime, NaiveDateTime, TimeDelta,
        Weekday, Vec<Option<NaiveDate>>,
    }
}

#[test]
#[cfg(feature = "compact_str")]
fn compact_str() {
    leaves! { compact_str::CompactString }
}

#[test]
#[cfg(feature = "either")]
fn either() {
    use either::Either;
    check(&Either::<Probe, u8>::Left(probe(1)), &[1]);
    check(&Either::<u8, Probe>::Right(probe(2)), &[2]);
    check(&Either::<u8, Probe>::Left(1), &[]);
    leaves! { Either<u8, String> }
    cycles::check(Either::<_, u8>::Left);
}

#[test]
#[cfg(feature = "hashbrown")]
fn hashbrown() {
    use hashbrown::{HashMap, HashSet, HashTable};
    type Plain = BuildHasherDefault<DefaultHasher>;

    check(&HashMap::<_, _, Plain>::from_iter([(probe(1), probe(2))]), &[1, 2]);
    check(&HashSet::<_, Plain>::from_iter([probe(3)]), &[3]);
    check(&HashMap::<u8, Probe, _>::with_hasher(Nothing), &[]);
    check(&HashSet::<Probe, _>::with_hasher(Nothing), &[]);
    let many: HashMap<_, _, RandomState> = (1..=50).map(|n| (probe(n), probe(n + 50))).collect();
    let mut shown = edges(&many);
    shown.sort_unstable();
    assert_eq!(shown, Vec::from_iter(1..=100));

    let mut table = HashTable::new();
    for n in 1..=9 {
        table.insert_unique(n as u64, probe(n), |probe| *probe.0 as u64);
    }
    let _ = table.find_entry(5, |probe| *probe.0 == 5).unwrap().remove();
    let mut shown = edges(&table);
    shown.sort_unstable();
    assert_eq!(shown, [1, 2, 3, 4, 6, 7, 8, 9]);
    assert_eq!(hooks(&table).len(), 8);

    check_leaf(&HashMap::<_, _, Plain>::from_iter([(unlike(1), unlike(2))]));
    check_leaf(&HashSet::<_, Plain>::from_iter([unlike(1)]));
    cycles::check(|node| HashMap::<_, _, Plain>::from_iter([(1, node.clone()), (2, node)]));
}

#[test]
#[cfg(feature = "indexmap")]
fn indexmap() {
    use indexmap::{IndexMap, IndexSet};
    type Plain = BuildHasherDefault<DefaultHasher>;

    check_collection::<IndexSet<Probe, Plain>>();
    let map: IndexMap<_, _, Plain> = (1..=3).map(|n| (probe(n), probe(n + 10))).collect();
    check(&map, &[1, 11, 2, 12, 3, 13]);
    check(&IndexMap::<u8, Probe, _>::with_hasher(Nothing), &[]);
    check_leaf(&IndexMap::<_, _, Plain>::from_iter([(unlike(1), unlike(2))]));
    check_leaf(&of_leaves::<IndexSet<_, Plain>>());
    cycles::check(|node| IndexMap::<_, _, Plain>::from_iter([(1, node.clone()), (2, node)]));
}

#[test]
#[cfg(feature = "once_cell")]
fn once_cell() {
    use once_cell::{sync, unsync};
    check(&unsync::OnceCell::with_value(probe(1)), &[1]);
    check(&unsync::OnceCell::<Probe>::new(), &[]);
    check(&sync::OnceCell::with_value(probe(2)), &[2]);
    check(&sync::OnceCell::<Probe>::new(), &[]);

    let lazy = unsync::Lazy::new(|| probe(3));
    check(&lazy, &[]);
    unsync::Lazy::force(&lazy);
    check(&lazy, &[3]);
    let lazy = sync::Lazy::new(|| probe(4));
    check(&lazy, &[]);
    sync::Lazy::force(&lazy);
    check(&lazy, &[4]);

    leaves! { unsync::OnceCell<u8>, sync::OnceCell<u8>, unsync::Lazy<u8>, sync::Lazy<u8> }
    cycles::check(unsync::OnceCell::with_value);
    cycles::check(sync::OnceCell::with_value);
}

#[test]
#[cfg(feature = "ordered-float")]
fn ordered_float() {
    use ordered_float::{NotNan, OrderedFloat};
    leaves! { OrderedFloat<f64>, NotNan<f32> }
    check(&OrderedFloat(probe(1)), &[1]);
}

#[test]
#[cfg(feature = "parking_lot")]
fn parking_lot_shows_nothing_of_a_busy_lock() {
    use parking_lot::{FairMutex, Mutex, RwLock};
    let lock = Mutex::new(vec![probe(1), probe(2)]);
    check(&lock, &[1, 2]);
    let guard = lock.lock();
    check(&lock, &[]);
    drop(guard);
    check(&lock, &[1, 2]);

    let lock = FairMutex::new(probe(3));
    check(&lock, &[3]);
    let guard = lock.lock();
    check(&lock, &[]);
    drop(guard);
    check(&lock, &[3]);

    let lock = RwLock::new(vec![probe(4), probe(5)]);
    let reading = lock.read();
    check(&lock, &[4, 5]);
    drop(reading);
    let writing = lock.write();
    check(&lock, &[]);
    drop(writing);
    check(&lock, &[4, 5]);
}

#[test]
#[cfg(feature = "parking_lot")]
fn parking_lot_shows_what_this_thread_has_locked_to_share() {
    use parking_lot::ReentrantMutex;
    let lock = ReentrantMutex::new(probe(1));
    check(&lock, &[1]);
    let guard = lock.lock();
    check(&lock, &[1]);
    std::thread::scope(|scope| {
        scope.spawn(|| check(&lock, &[]));
    });
    drop(guard);
    check(&lock, &[1]);
}

#[test]
#[cfg(feature = "parking_lot")]
fn parking_lot_does_not_lock_leaves() {
    use parking_lot::{Condvar, FairMutex, Mutex, Once, ReentrantMutex, RwLock};
    check_leaf(&Mutex::new(unlike(1)));
    check_leaf(&FairMutex::new(unlike(1)));
    check_leaf(&ReentrantMutex::new(unlike(1)));
    check_leaf(&RwLock::new(unlike(1)));
    leaves! { Condvar, Once }
    cycles::check(Mutex::new);
    cycles::check(RwLock::new);
    cycles::check(ReentrantMutex::new);
}

#[test]
#[cfg(feature = "petgraph")]
fn petgraph_shows_nodes_and_edges() {
    use petgraph::graph::{DiGraph, NodeIndex, UnGraph};
    use petgraph::stable_graph::StableDiGraph;

    let mut graph = DiGraph::new();
    let (a, b) = (graph.add_node(probe(1)), graph.add_node(probe(2)));
    graph.add_edge(a, b, probe(3));
    graph.add_edge(a, b, probe(4));
    graph.add_edge(b, b, probe(5));
    check(&graph, &[1, 2, 3, 4, 5]);
    check(&UnGraph::<Probe, Probe>::default(), &[]);

    let mut graph = StableDiGraph::<_, _>::new();
    let nodes = [1, 2, 3].map(|n| graph.add_node(probe(n)));
    graph.add_edge(nodes[0], nodes[1], probe(4));
    graph.add_edge(nodes[0], nodes[2], probe(5));
    check(&graph, &[1, 2, 3, 4, 5]);
    graph.remove_node(nodes[1]);
    check(&graph, &[1, 3, 5]);

    leaves! { DiGraph<u8, String>, NodeIndex }
    cycles::check(|node| {
        let mut graph = DiGraph::<_, _>::new();
        let index = graph.add_node(node.clone());
        graph.add_edge(index, index, node);
        graph
    });
}

#[test]
#[cfg(feature = "petgraph")]
fn petgraph_shows_the_edges_of_a_map() {
    use petgraph::graphmap::GraphMap;
    use petgraph::{Directed, Undirected};
    let mut directed = GraphMap::<u8, Probe, Directed, RandomState>::new();
    directed.add_edge(1, 2, probe(1));
    directed.add_edge(2, 1, probe(2));
    directed.add_edge(3, 3, probe(3));
    check(&directed, &[1, 2, 3]);
    let mut undirected = GraphMap::<u8, Probe, Undirected, RandomState>::new();
    undirected.add_edge(1, 2, probe(1));
    undirected.add_edge(2, 1, probe(2));
    undirected.add_node(7);
    check(&undirected, &[2]);
}

#[test]
#[cfg(feature = "semver")]
fn semver() {
    leaves! { semver::Version, semver::VersionReq, semver::Comparator, semver::Error }
}

#[test]
#[cfg(feature = "serde_json")]
fn serde_json() {
    use serde_json::{Error, Map, Number, Value};
    leaves! { Value, Map<String, Value>, Number, Error, Vec<Value> }
}

#[test]
#[cfg(feature = "slotmap")]
#[allow(deprecated, reason = "`HopSlotMap` is")]
fn slotmap_shows_each_value() {
    use slotmap::{DenseSlotMap, HopSlotMap, SlotMap};
    macro_rules! check_map {
        ($($type:ident)+) => {$(
            let mut map = $type::new();
            check(&map, &[]);
            let keys = [1, 2, 3].map(|n| map.insert(probe(n)));
            check(&map, &[1, 2, 3]);
            map.remove(keys[2]);
            check(&map, &[1, 2]);
            map.insert(probe(4));
            check(&map, &[1, 2, 4]);

            let mut map = $type::new();
            map.insert(unlike(1));
            check_leaf(&map);

            cycles::check(|node| {
                let mut map = $type::new();
                map.insert(node.clone());
                map.insert(node);
                map
            });
        )+};
    }
    check_map! { SlotMap HopSlotMap DenseSlotMap }
}

#[test]
#[cfg(feature = "slotmap")]
fn slotmap_shows_each_secondary_value() {
    use slotmap::{DefaultKey, KeyData, SecondaryMap, SlotMap, SparseSecondaryMap};
    leaves! { DefaultKey, KeyData, SparseSecondaryMap<DefaultKey, u8> }

    let mut keys = SlotMap::new();
    let [first, second] = [(); 2].map(|()| keys.insert(()));
    let mut map = SecondaryMap::from_iter([(second, probe(2)), (first, probe(1))]);
    check(&map, &[1, 2]);
    map.remove(first);
    check(&map, &[2]);
    // What has taken the place of a removed key's value.
    keys.remove(second);
    map.insert(keys.insert(()), probe(3));
    check(&map, &[3]);

    let mut map: SparseSecondaryMap<_, _> =
        SparseSecondaryMap::from_iter([(first, probe(1)), (second, probe(2))]);
    let mut shown = edges(&map);
    shown.sort_unstable();
    assert_eq!(shown, [1, 2]);
    assert_eq!(hooks(&map).len(), 2);
    map.remove(first);
    check(&map, &[2]);
}

#[cfg(all(feature = "slotmap", feature = "derive"))]
slotmap::new_key_type! {
    /// A key of one's own, made of a leaf.
    #[derive(crate::Trace)]
    #[trace(crate = crate)]
    struct OwnKey;
}

#[test]
#[cfg(all(feature = "slotmap", feature = "derive"))]
fn slotmap_keys_of_ones_own_are_leaves() {
    leaves! { OwnKey, Vec<OwnKey>, slotmap::SlotMap<OwnKey, OwnKey> }
}

#[test]
#[cfg(feature = "smallvec")]
fn smallvec() {
    use smallvec::{SmallVec, smallvec};
    // In place up to two elements, elsewhere with four.
    check_collection::<SmallVec<[Probe; 2]>>();
    let mut rest = of::<SmallVec<[Probe; 2]>>(3).into_iter();
    rest.next();
    check(&rest, &[2, 3]);
    check_leaf(&of_leaves::<SmallVec<[_; 2]>>());
    check_leaf(&of_leaves::<SmallVec<[_; 8]>>());
    cycles::check(|node| -> SmallVec<[Gc<_>; 1]> { smallvec![node.clone(), node] });
    cycles::check(|node| -> SmallVec<[Gc<_>; 2]> { smallvec![node.clone(), node] });
}

#[test]
#[cfg(feature = "smol_str")]
fn smol_str() {
    leaves! { smol_str::SmolStr, smol_str::SmolStrBuilder }
}

#[test]
#[cfg(feature = "thin-vec")]
fn thin_vec() {
    use thin_vec::{ThinVec, thin_vec};
    check_collection::<ThinVec<Probe>>();
    let mut rest = of::<ThinVec<Probe>>(3).into_iter();
    rest.next_back();
    check(&rest, &[1, 2]);
    check(&ThinVec::<Probe>::new().into_iter(), &[]);
    check_leaf(&of_leaves::<ThinVec<_>>());
    cycles::check(|node| thin_vec![node.clone(), node]);
}

#[test]
#[cfg(feature = "time")]
fn time() {
    use time::{Date, Duration, OffsetDateTime, Time, UtcDateTime};
    leaves! { Date, Duration, OffsetDateTime, Time, UtcDateTime }
}

#[test]
#[cfg(feature = "tinyvec")]
fn tinyvec() {
    use tinyvec::{ArrayVec, SliceVec, TinyVec};
    type Item = Option<Probe>;
    let some = |n| Some(probe(n));

    let mut array: ArrayVec<[Item; 4]> = [some(1), some(2), some(3)].into_iter().collect();
    check(&array, &[1, 2, 3]);
    array.pop();
    check(&array, &[1, 2]);
    // Values beyond the length are owned too.
    check(&ArrayVec::from_array_len([some(1), some(2), some(3)], 1), &[1, 2, 3]);

    let mut vec: TinyVec<[Item; 2]> = [some(1), some(2)].into_iter().collect();
    assert!(vec.is_inline());
    check(&vec, &[1, 2]);
    vec.push(some(3));
    assert!(vec.is_heap());
    check(&vec, &[1, 2, 3]);

    leaves! { ArrayVec<[u8; 33]>, TinyVec<[u8; 4]>, SliceVec<'static, Probe> }
    cycles::check(|node| TinyVec::from([Some(node.clone()), Some(node)]));
}

#[test]
#[cfg(feature = "url")]
fn url() {
    use url::{Host, Url};
    leaves! { Url, Host, Host<&'static str> }
    check(&Host::Domain(probe(1)), &[1]);
    check(&Host::<Probe>::Ipv4([127, 0, 0, 1].into()), &[]);
}

#[test]
#[cfg(feature = "uuid")]
fn uuid() {
    leaves! { uuid::Uuid, uuid::NonNilUuid, uuid::fmt::Simple }
}
