//! How much memory std's containers take, from what they tell of themselves.
//!
//! Arrays and boxes tell all. Of trees and hash tables the layout is known, from std's source (Rust 1.95,
//! hashbrown 0.16), and is no promise; `tests/kept` compares all of it with what is really allocated.

use std::alloc::Layout;
#[cfg(feature = "slotmap")]
use std::mem::ManuallyDrop;
use std::mem::MaybeUninit;

/// Bytes of an array with room for `capacity` elements.
pub(super) fn array<T>(capacity: usize) -> usize {
    capacity.saturating_mul(size_of::<T>())
}

/// Bytes of what an `Rc` or an `Arc` points to: two counts and the value (alloc/src/rc.rs, `RcInner`).
pub(super) fn counted<T: ?Sized>(value: &T) -> usize {
    let counts = Layout::new::<[usize; 2]>();
    counts.extend(Layout::for_value(value)).map_or(0, |(layout, _)| layout.pad_to_align().size())
}

/// Bytes of the nodes of a linked list (alloc/src/collections/linked_list.rs, `Node`).
pub(super) fn list<T>(len: usize) -> usize {
    array::<(usize, usize, T)>(len)
}

/// Bytes of a hash table with room for `capacity` entries of type `T`, as hashbrown lays it out
/// (hashbrown/src/raw.rs, `TableLayout::calculate_layout_for`).
///
/// Where entries have been removed a table may say less than it had room for, and is taken for
/// one of half the size or smaller.
pub(super) fn table<T>(capacity: usize) -> usize {
    if capacity == 0 {
        return 0;
    }
    // At most seven of eight buckets are full, one of four or of eight stays empty.
    let buckets = match capacity {
        1..4 => 4,
        4..8 => 8,
        _ => (capacity.saturating_mul(8) / 7).next_power_of_two(),
    };
    let entries = array::<T>(buckets).next_multiple_of(align_of::<T>().max(GROUP));
    entries.saturating_add(buckets).saturating_add(GROUP)
}

/// Bytes of an index with room for `capacity` entries of type `E`: an array of them, and a table of
/// their places (indexmap/src/map/core.rs). It tells the smaller of the two capacities.
#[cfg(any(feature = "indexmap", feature = "petgraph", feature = "serde_json"))]
pub(super) fn indexed<E>(capacity: usize) -> usize {
    array::<E>(capacity).saturating_add(table::<usize>(capacity))
}

/// How many control bytes hashbrown looks at together, of which there are so many more than buckets.
const GROUP: usize = if cfg!(target_feature = "sse2") && !cfg!(miri) { 16 } else { 8 };

/// Entries in a node of a B-tree (alloc/src/collections/btree/node.rs, `CAPACITY`).
const ENTRIES: usize = 11;

/// A leaf of a B-tree, in `LeafNode`'s words.
#[allow(dead_code, reason = "only its size is asked for")]
struct Leaf<K, V> {
    parent: Option<&'static ()>,
    parent_idx: u16,
    len: u16,
    keys: [MaybeUninit<K>; ENTRIES],
    vals: [MaybeUninit<V>; ENTRIES],
}

/// A node with children, in `InternalNode`'s words.
#[allow(dead_code, reason = "only its size is asked for")]
#[repr(C)]
struct Internal<K, V> {
    data: Leaf<K, V>,
    edges: [usize; ENTRIES + 1],
}

/// Bytes of the nodes of a B-tree with these keys, which are all of them, in their order.
///
/// How full the nodes are depends on how the tree was made, and it does not tell. But the keys of a
/// node stand in an array: where the next key does not follow the last, the walk has left a leaf, and
/// that key stands between two leaves, in a node above. So the keys tell the nodes.
pub(super) fn tree<'k, K: 'k, V>(keys: impl IntoIterator<Item = &'k K>) -> usize {
    let mut levels: Vec<Level> = Vec::new();
    for key in keys {
        let place = (&raw const *key).addr();
        let found = levels.iter_mut().any(|level| level.takes(place, size_of::<K>()));
        if !found {
            levels.push(Level { last: place, nodes: 1, over: false });
        }
    }
    let nodes = |level: &Level| level.nodes;
    let leaves = levels.first().map_or(0, nodes);
    let above: usize = levels.iter().skip(1).map(nodes).sum();
    leaves * size_of::<Leaf<K, V>>() + above * size_of::<Internal<K, V>>()
}

/// The nodes of a B-tree that are as far above the leaves as each other.
struct Level {
    /// Where the last of their keys stands.
    last: usize,
    nodes: usize,
    /// The last node is over: the next key here is the first of another.
    over: bool,
}

impl Level {
    /// Whether the next key, which no lower level takes, stands here.
    fn takes(&mut self, place: usize, size: usize) -> bool {
        if self.over {
            self.nodes += 1;
        } else if place != self.last + size {
            self.over = true;
            return false;
        }
        (self.last, self.over) = (place, false);
        true
    }
}

/// A place for a value or for numbers, as in `slotmap`.
#[cfg(feature = "slotmap")]
#[allow(dead_code, reason = "only its size is asked for")]
pub(super) union ValueOr<T, N: Copy> {
    value: ManuallyDrop<T>,
    other: N,
}
