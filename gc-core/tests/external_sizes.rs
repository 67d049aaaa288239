//! What `shallow_size` says of other crates' types is what they have allocated; or what is left out of
//! it is what their line in `trace/external` says.

#![allow(missing_docs, reason = "a test")]

use gc_core::{Trace, unsync};
use std::alloc::{GlobalAlloc, Layout, System};
use std::any::type_name;
use std::cell::Cell;

thread_local! {
    /// What this thread has been given and has not given back, in bytes.
    static HELD: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: every call is handed on to `System` as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = HELD.try_with(|held| held.set(held.get().wrapping_add(layout.size())));
        // SAFETY: the caller's promises are those that `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // (What another thread was given may be given back here.)
        let _ = HELD.try_with(|held| held.set(held.get().wrapping_sub(layout.size())));
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) };
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What is allocated for an object with the value that `make` makes, and what is said of it.
fn sizes<T: Trace + 'static>(make: impl FnOnce() -> T) -> (usize, usize) {
    // So that no box is one that was kept from another.
    let _ = unsync::collect();
    let before = HELD.get();
    let object = unsync::Gc::new(make());
    (HELD.get().wrapping_sub(before), unsync::shallow_size(&object))
}

#[track_caller]
fn exact<T: Trace + 'static>(make: impl FnOnce() -> T) {
    let (held, size) = sizes(make);
    assert_eq!(size, held, "{}", type_name::<T>());
}

/// Some of it is not told of, but no more than this share of the whole.
#[track_caller]
fn within<T: Trace + 'static>(percent: usize, make: impl FnOnce() -> T) {
    let (held, size) = sizes(make);
    let off = held.abs_diff(size) * 100;
    assert!(off <= percent * held, "{}: {size} of {held}", type_name::<T>());
}

fn texts() -> impl Iterator<Item = String> {
    (0..100).map(|n| format!("text {n}"))
}

#[test]
fn vectors_and_texts() {
    drop(unsync::Gc::new(0));
    exact(|| texts().collect::<smallvec::SmallVec<[String; 4]>>());
    exact(|| texts().take(3).collect::<smallvec::SmallVec<[String; 4]>>());
    exact(|| texts().collect::<arrayvec::ArrayVec<String, 100>>());
    exact(|| texts().collect::<thin_vec::ThinVec<String>>());
    exact(thin_vec::ThinVec::<u8>::new);
    exact(|| (0..9).collect::<thin_vec::ThinVec<u128>>());
    exact(|| texts().collect::<tinyvec::TinyVec<[String; 4]>>());
    exact(|| texts().take(3).collect::<tinyvec::TinyVec<[String; 4]>>());
    exact(|| compact_str::CompactString::from("longer than what fits in place: 24 bytes"));
    exact(|| compact_str::CompactString::from("short"));
    exact(|| smol_str::SmolStr::from("short"));
    exact(|| either::Either::<String, u8>::Left("text".into()));
    exact(|| once_cell::sync::OnceCell::from(String::from("text")));
    exact(|| parking_lot::Mutex::new(vec![String::from("text")]));
    exact(|| parking_lot::RwLock::new(vec![String::from("text")]));
    exact(|| {
        url::Url::parse("https://example.com/path")
            .map(|url| url.host().map(|host| host.to_owned()))
    });
    within(10, || bytes::BytesMut::with_capacity(1000));
    within(50, || url::Url::parse("https://example.com/path").expect("a URL"));
}

#[test]
fn maps_and_graphs() {
    drop(unsync::Gc::new(0));
    exact(|| {
        texts()
            .map(|text| (text, 1_u8))
            .collect::<hashbrown::HashMap<_, _, std::hash::RandomState>>()
    });
    exact(|| texts().collect::<hashbrown::HashSet<_, std::hash::RandomState>>());
    exact(|| {
        let mut table = hashbrown::HashTable::new();
        for n in 0..100_u64 {
            table.insert_unique(n, n, |n| *n);
        }
        table.shrink_to(0, |n| *n);
        table
    });
    within(15, || {
        texts()
            .map(|text| (text, 1_u8))
            .collect::<indexmap::IndexMap<_, _, std::hash::RandomState>>()
    });
    within(15, || texts().collect::<indexmap::IndexSet<_, std::hash::RandomState>>());
    exact(|| texts().map(|text| (text, 1_u8)).collect::<dashmap::DashMap<_, _>>());
    exact(|| texts().collect::<dashmap::DashSet<_>>());
    exact(|| {
        let mut map = slotmap::SlotMap::new();
        for text in texts() {
            map.insert(text);
        }
        map
    });
    within(10, || {
        let mut map = slotmap::DenseSlotMap::new();
        for text in texts() {
            map.insert(text);
        }
        map
    });
    exact(|| {
        let mut graph = petgraph::graph::Graph::<String, u32>::new();
        let nodes: Vec<_> = texts().map(|text| graph.add_node(text)).collect();
        for pair in nodes.windows(2) {
            graph.add_edge(pair[0], pair[1], 1);
        }
        graph
    });
    exact(|| {
        let mut graph = petgraph::stable_graph::StableGraph::<String, u32>::new();
        for text in texts() {
            graph.add_node(text);
        }
        graph
    });
    within(50, || {
        (0..100_u32).map(|n| (n, n + 1)).collect::<petgraph::graphmap::DiGraphMap<
            u32,
            u64,
            std::hash::RandomState,
        >>()
    });
    exact(|| serde_json::json!({ "a": [1, 2, "three"], "b": { "c": null }, "d": "text" }));
}

#[test]
fn what_is_behind_a_lock_that_would_wake_tasks_is_left_out() {
    drop(unsync::Gc::new(0));
    let (held, size) = sizes(|| tokio::sync::Mutex::new(String::from("four")));
    assert_eq!(size, held - 4);
    exact(|| tokio::sync::OnceCell::from(String::from("text")));
}
