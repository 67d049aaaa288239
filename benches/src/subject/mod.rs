//! What is compared: one small file a pointer.

mod arc;
#[cfg(feature = "peers")]
pub(crate) mod peers;
mod rc;
mod shapes;
mod slot;
mod sync;
mod unsync;

pub(crate) use arc::Arc;
pub(crate) use rc::Rc;
pub(crate) use sync::{Sync, SyncBackground, SyncOff};
pub(crate) use unsync::Unsync;

use gc_core::Thresholds;
use std::any::Any;
use std::time::Duration;

/// What a collection has met.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Swept {
    /// Objects that it looked at.
    pub(crate) visited: usize,
    /// Objects that it reclaimed.
    pub(crate) collected: usize,
}

/// The automatic collections so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Collections {
    pub(crate) count: usize,
    pub(crate) time: Duration,
}

/// A collection beside the caller: what it has met, once it is over.
pub(crate) type Sweeping = Box<dyn FnMut() -> Option<Swept>>;

/// A counted pointer, and objects of the shapes that the workloads need.
///
/// Every subject has the same shapes, see [`shapes`]; only the pointer
/// and the cell around what changes are its own.
pub(crate) trait Subject: 'static {
    /// Its name in the table.
    const NAME: &'static str;
    /// Whether it reclaims cycles. If not, workloads take them apart by hand.
    const COLLECTS: bool;
    /// Whether `collect` tells what it has met.
    const REPORTS: bool = false;
    /// What it has no part in: the workloads whose names contain the first, for the reason in the second.
    const CANNOT: &'static [(&'static str, &'static str)] = &[];

    /// A handle to a number: it cannot be part of a cycle.
    type Number: Clone;
    /// A handle to a string: no cycle, but something to drop.
    type Text;
    /// A handle to a list that does not change: a number and maybe the rest.
    type List: Clone;
    /// A handle to a node with a number and two links that can be set.
    type Node: Clone;
    /// A handle to a binary tree that does not change.
    type Branch: Clone;
    /// A handle to a node of a tree that knows its parent.
    type Member: Clone;
    /// A handle to a node with any number of edges that do not change.
    type Level: Clone;

    fn number(value: u64) -> Self::Number;
    fn read(number: &Self::Number) -> u64;
    fn text(text: String) -> Self::Text;

    fn cons(head: u64, tail: Option<Self::List>) -> Self::List;
    /// Walks the list.
    fn sum(list: &Self::List) -> u64;

    fn node(value: u64, next: Option<Self::Node>) -> Self::Node;
    fn set_next(node: &Self::Node, next: Option<Self::Node>);
    fn set_previous(node: &Self::Node, previous: Option<Self::Node>);
    fn take_next(node: &Self::Node) -> Option<Self::Node>;
    fn take_previous(node: &Self::Node) -> Option<Self::Node>;

    fn branch(children: Option<(Self::Branch, Self::Branch)>) -> Self::Branch;
    /// Walks the tree and counts its nodes.
    fn size(tree: &Self::Branch) -> usize;

    /// A new node below `parent`. Its handle to the parent is a strong one if
    /// the subject collects, else a weak one.
    fn member(parent: Option<&Self::Member>) -> Self::Member;

    fn level(edges: Vec<Self::Level>) -> Self::Level;

    /// What has to be there while a batch runs; nothing, if collections run where they are due.
    fn attended() -> Option<Box<dyn Any>> {
        None
    }

    /// Has everything collected by what is `attended`, if that does so beside the caller. The
    /// answer says what was swept when it is over.
    fn collect_beside(_attended: &dyn Any) -> Option<Sweeping> {
        None
    }

    /// Collects everything.
    fn collect() -> Swept {
        Swept::default()
    }

    /// So many objects more were let go that may be in cycles. One that only collects when it is told to
    /// does so from time to time, see `SELDOM`.
    #[inline]
    fn let_go(_objects: usize) {}

    /// What follows a batch in which objects were let go, for one that does not free them at once.
    #[inline]
    fn settle() {}

    /// Runs `f` without automatic collections.
    fn quietly<R>(f: impl FnOnce() -> R) -> R {
        f()
    }

    /// What was collected so far.
    fn collections() -> Collections {
        Collections::default()
    }
}

/// A subject that has weak handles.
pub(crate) trait Weakly: Subject {
    type WeakNumber: Clone;
    type WeakNode;

    fn downgrade_number(number: &Self::Number) -> Self::WeakNumber;
    fn upgrade_number(weak: &Self::WeakNumber) -> Option<Self::Number>;
    fn downgrade_node(node: &Self::Node) -> Self::WeakNode;
    fn upgrade_node(weak: &Self::WeakNode) -> Option<Self::Node>;
}

/// A subject whose handles may be used by several threads at a time.
pub(crate) trait Parallel:
    Subject<
        Number: Send + std::marker::Sync,
        List: Send + std::marker::Sync,
        Node: Send + std::marker::Sync,
    >
{
}

/// Sets the number of candidates that start a collection, for all subjects that collect.
pub(crate) fn set_young(young: usize) {
    use gc_core::{sync, unsync};
    unsync::set_thresholds(Thresholds { young, ..unsync::thresholds() });
    sync::set_thresholds(Thresholds { young, ..sync::thresholds() });
}
