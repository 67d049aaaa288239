//! gc-arena 0.7: mark and sweep in slices, within an arena. Handles are branded with its lifetime and live inside
//! `mutate` alone, where nothing is collected: so workloads are written for it by hand, under the names of the
//! others. The arena is given its turn (`collect_debt`) after every so many objects that a batch has made, which is
//! what the crate's documentation asks for.
//!
//! Handles are copied and nothing is counted, and neither is anything freed when the last one goes.

use crate::measure::{Sample, timed};
use crate::workload::{Random, Runner, Start, Stopwatch};
use crate::{counter, workload};
use gc_arena::arena::CollectionPhase;
use gc_arena::barrier::unlock;
use gc_arena::{Arena, Collect, Gc, Lock, Mutation, RefLock, Rootable};
use std::hint::black_box;
use std::time::Duration;

type NodeRef<'gc> = Gc<'gc, Node<'gc>>;
type Link<'gc> = Lock<Option<NodeRef<'gc>>>;

#[derive(Collect)]
#[collect(no_drop)]
struct Node<'gc> {
    value: u64,
    next: Link<'gc>,
    previous: Link<'gc>,
}

#[derive(Collect)]
#[collect(no_drop)]
struct List<'gc> {
    head: u64,
    tail: Option<Gc<'gc, List<'gc>>>,
}

#[derive(Collect)]
#[collect(no_drop)]
struct Branch<'gc> {
    children: Option<(Gc<'gc, Branch<'gc>>, Gc<'gc, Branch<'gc>>)>,
}

#[derive(Collect)]
#[collect(no_drop)]
struct Member<'gc> {
    parent: Option<Gc<'gc, Member<'gc>>>,
    children: RefLock<Vec<Gc<'gc, Member<'gc>>>>,
}

#[derive(Collect)]
#[collect(no_drop)]
struct Level<'gc> {
    edges: Vec<Gc<'gc, Level<'gc>>>,
}

/// What is held from outside.
#[derive(Collect, Default)]
#[collect(no_drop)]
struct Root<'gc> {
    nodes: Vec<NodeRef<'gc>>,
    lists: Vec<Option<Gc<'gc, List<'gc>>>>,
    level: Option<Gc<'gc, Level<'gc>>>,
}

type World = Arena<Rootable![Root<'_>]>;

fn world() -> World {
    Arena::new(|_| Root::default())
}

/// A collection that leaves nothing that was garbage before it: one that is under way may have seen it alive.
fn collect(world: &mut World) {
    if world.collection_phase() != CollectionPhase::Sleeping {
        world.finish_cycle();
    }
    world.finish_cycle();
}

/// Objects between two turns of the arena.
const SLICE: usize = 100;

fn node<'gc>(mc: &Mutation<'gc>, value: u64, next: Option<NodeRef<'gc>>) -> NodeRef<'gc> {
    Gc::new(mc, Node { value, next: Lock::new(next), previous: Lock::new(None) })
}

fn set_next<'gc>(mc: &Mutation<'gc>, node: NodeRef<'gc>, next: Option<NodeRef<'gc>>) {
    unlock!(Gc::write(mc, node), Node, next).set(next);
}

fn set_previous<'gc>(mc: &Mutation<'gc>, node: NodeRef<'gc>, previous: Option<NodeRef<'gc>>) {
    unlock!(Gc::write(mc, node), Node, previous).set(previous);
}

fn link<'gc>(mc: &Mutation<'gc>, one: NodeRef<'gc>, next: NodeRef<'gc>) {
    set_next(mc, one, Some(next));
    set_previous(mc, next, Some(one));
}

fn ring<'gc>(mc: &Mutation<'gc>, nodes: usize) -> NodeRef<'gc> {
    let last = node(mc, 0, None);
    let first = (1..nodes as u64).fold(last, |first, value| node(mc, value, Some(first)));
    set_next(mc, last, Some(first));
    last
}

fn cons<'gc>(
    mc: &Mutation<'gc>,
    head: u64,
    tail: Option<Gc<'gc, List<'gc>>>,
) -> Gc<'gc, List<'gc>> {
    Gc::new(mc, List { head, tail })
}

fn sum<'gc>(list: Gc<'gc, List<'gc>>) -> u64 {
    let mut sum = 0_u64;
    let mut rest = Some(list);
    while let Some(list) = rest {
        sum = sum.wrapping_add(list.head);
        rest = list.tail;
    }
    sum
}

fn walk() -> Runner {
    let mut world = world();
    world.mutate_root(|mc, root| {
        root.lists = vec![(0..1000).fold(None, |tail, value| Some(cons(mc, value, tail)))];
    });
    Box::new(move || {
        world.mutate(|_, root| {
            timed(50_000, || {
                for _ in 0..50 {
                    black_box(
                        black_box(root).lists.iter().flatten().map(|&list| sum(list)).sum::<u64>(),
                    );
                }
            })
        })
    })
}

fn scattered() -> Runner {
    let mut world = world();
    world.mutate_root(|mc, root| {
        root.lists.resize(1000, None);
        let mut order: Vec<usize> = (0..1000).collect();
        let mut random = Random::new();
        for value in 0..1000 {
            random.shuffle(&mut order);
            for &list in &order {
                root.lists[list] = Some(cons(mc, value, root.lists[list]));
            }
        }
    });
    Box::new(move || {
        world.mutate(|_, root| {
            timed(1_000_000, || root.lists.iter().flatten().fold(0, |all, &list| sum(list) ^ all))
        })
    })
}

/// Batches of `make`, with the arena's turns between slices, and a collection at the end.
fn made<const COUNT: usize>(make: impl for<'gc> Fn(&Mutation<'gc>) + 'static) -> Runner {
    let mut world = world();
    Box::new(move || {
        timed(COUNT, || {
            for _ in 0..COUNT / SLICE {
                world.mutate(|mc, _| (0..SLICE).for_each(|_| make(mc)));
                world.collect_debt();
            }
            collect(&mut world);
        })
    })
}

fn numbers() -> Runner {
    made::<20_000>(|mc| {
        black_box(Gc::new_static(mc, black_box(1_u64)));
    })
}

fn texts() -> Runner {
    made::<20_000>(|mc| {
        black_box(Gc::new_static(mc, black_box("spam").to_string()));
    })
}

fn nodes() -> Runner {
    made::<20_000>(|mc| {
        black_box(node(mc, black_box(1), black_box(None)));
    })
}

fn list() -> Runner {
    let mut world = world();
    Box::new(move || {
        timed(1000, || {
            world.mutate(|mc, _| {
                black_box((0..1000).fold(None, |tail, value| Some(cons(mc, value, tail))));
            });
            collect(&mut world);
        })
    })
}

fn rings<const NODES: usize>() -> Runner {
    let mut world = world();
    Box::new(move || {
        timed(20_000, || {
            for index in 0..20_000 / NODES {
                world.mutate(|mc, _| {
                    black_box(ring(mc, NODES));
                });
                if NODES >= SLICE || index % (SLICE / NODES) == 0 {
                    world.collect_debt();
                }
            }
            collect(&mut world);
        })
    })
}

fn linked<'gc>(mc: &Mutation<'gc>, nodes: usize) -> NodeRef<'gc> {
    (1..nodes as u64).fold(node(mc, 0, None), |last, value| {
        let node = node(mc, value, None);
        link(mc, last, node);
        node
    })
}

fn linked_list<const NODES: usize>() -> Runner {
    let mut world = world();
    Box::new(move || {
        timed(NODES, || {
            world.mutate(|mc, _| {
                black_box(linked(mc, NODES));
            });
            collect(&mut world);
        })
    })
}

fn branch<'gc>(mc: &Mutation<'gc>, depth: u32) -> Gc<'gc, Branch<'gc>> {
    let children = (depth > 0).then(|| (branch(mc, depth - 1), branch(mc, depth - 1)));
    Gc::new(mc, Branch { children })
}

fn size<'gc>(tree: Gc<'gc, Branch<'gc>>) -> usize {
    1 + tree.children.map_or(0, |(left, right)| size(left) + size(right))
}

fn binary() -> Runner {
    let mut world = world();
    Box::new(move || {
        timed(8191, || {
            world.mutate(|mc, _| assert_eq!(size(black_box(branch(mc, 12))), 8191));
            collect(&mut world);
        })
    })
}

fn member<'gc>(mc: &Mutation<'gc>, parent: Option<Gc<'gc, Member<'gc>>>) -> Gc<'gc, Member<'gc>> {
    let member = Gc::new(mc, Member { parent, children: RefLock::new(Vec::new()) });
    if let Some(parent) = member.parent {
        unlock!(Gc::write(mc, parent), Member, children).borrow_mut().push(member);
    }
    member
}

fn grow<'gc>(mc: &Mutation<'gc>, parent: Gc<'gc, Member<'gc>>, levels: usize) {
    if levels > 0 {
        for _ in 0..10 {
            grow(mc, member(mc, Some(parent)), levels - 1);
        }
    }
}

fn family() -> Runner {
    let mut world = world();
    Box::new(move || {
        timed(1111, || {
            world.mutate(|mc, _| grow(mc, member(mc, None), 3));
            collect(&mut world);
        })
    })
}

fn graph() -> Runner {
    let mut world = world();
    let mut random = Random::new();
    world.mutate_root(|mc, root| {
        root.nodes = (0..1000).map(|value| node(mc, value, None)).collect()
    });
    Box::new(move || {
        timed(20_000, || {
            for _ in 0..20_000 / SLICE {
                world.mutate_root(|mc, root| {
                    (0..SLICE).for_each(|_| change(mc, &mut root.nodes, &mut random));
                });
                world.collect_debt();
            }
            collect(&mut world);
        })
    })
}

/// See `workload/graph.rs`.
fn change<'gc>(mc: &Mutation<'gc>, nodes: &mut [NodeRef<'gc>], random: &mut Random) {
    let one = random.below(nodes.len());
    let other = match random.below(8) {
        0..2 => return nodes[one] = node(mc, 1, None),
        2..6 => Some(nodes[random.below(nodes.len())]),
        _ => None,
    };
    let set = if random.below(2) == 0 { set_next } else { set_previous };
    set(mc, nodes[one], other);
}

/// So many nodes in lists of a hundred.
fn alive(count: usize) -> World {
    let mut world = world();
    world.mutate_root(|mc, root| {
        root.nodes = (0..count as u64).map(|value| node(mc, value, None)).collect();
        for pair in root.nodes.chunks(100).flat_map(|list| list.windows(2)) {
            link(mc, pair[0], pair[1]);
        }
    });
    collect(&mut world);
    world
}

fn pair<'gc>(mc: &Mutation<'gc>, held: Option<NodeRef<'gc>>) {
    let one = node(mc, 1, None);
    let other = node(mc, 2, Some(one));
    set_previous(mc, one, held);
    set_next(mc, one, Some(other));
    black_box(one);
}

fn pick<'gc>(nodes: &[NodeRef<'gc>], index: usize) -> NodeRef<'gc> {
    nodes[index.wrapping_mul(7919) % nodes.len()]
}

fn churn<const LIVE: usize, const HOLDS: bool>() -> Runner {
    let mut world = alive(LIVE);
    Box::new(move || {
        timed(100_000, || {
            for slice in 0..100_000 / (SLICE / 2) {
                world.mutate(|mc, root| {
                    for index in slice * SLICE / 2..(slice + 1) * SLICE / 2 {
                        pair(mc, HOLDS.then(|| pick(&root.nodes, index)));
                    }
                });
                world.collect_debt();
            }
            collect(&mut world);
        })
    })
}

fn stall<const LIVE: usize, const PER_MILLE: usize>() -> Runner {
    let mut world = alive(LIVE);
    let mut times = Vec::new();
    Box::new(move || {
        times.clear();
        let mut watch = Stopwatch::new();
        for index in 0..200_000 {
            times.push(watch.time(|| {
                world.mutate(|mc, root| {
                    pair(mc, Some(pick(&root.nodes, index)));
                    for also in 0..4 {
                        let node = pick(&root.nodes, index.wrapping_mul(4) + also);
                        let next = node.next.get();
                        set_next(mc, node, None);
                        set_next(mc, node, next);
                    }
                });
                world.collect_debt();
            }));
        }
        collect(&mut world);
        times.sort_unstable();
        let time: Duration = times[(times.len() - 1) * PER_MILLE / 1000];
        Sample::of_time(time, 1)
    })
}

fn gc_collect() -> Runner {
    let mut world = world();
    Box::new(move || {
        collect(&mut world);
        world.mutate(|mc, _| {
            for _ in 0..100 {
                let head = node(mc, 0, None);
                let last = (1..21).fold(head, |last, value| {
                    let node = node(mc, value, None);
                    link(mc, last, node);
                    node
                });
                link(mc, last, head);
            }
        });
        timed(2100, || collect(&mut world))
    })
}

fn gc_traversal() -> Runner {
    let mut world = world();
    world.mutate_root(|mc, root| {
        let mut top = Gc::new(mc, Level { edges: Vec::new() });
        for edges in 1..1000 {
            top = Gc::new(mc, Level { edges: vec![top; edges] });
        }
        black_box(&top.edges);
        root.level = Some(top);
    });
    collect(&mut world);
    Box::new(move || timed(499_500, || collect(&mut world)))
}

fn node_bytes() -> Runner {
    Box::new(|| {
        let mut world = world();
        world.mutate_root(|mc, root| {
            root.nodes.reserve(100_000);
            let before = counter::live();
            root.nodes.extend((0..100_000).map(|value| node(mc, value, None)));
            black_box(root.nodes.iter().map(|node| node.value).sum::<u64>());
            Sample::of_bytes(counter::live() - before, 100_000)
        })
    })
}

fn peak<const ALIVE: bool>() -> Runner {
    Box::new(|| {
        let mut world = world();
        world.mutate_root(|mc, root| {
            root.nodes.reserve(10_000);
            root.nodes.extend((0..10_000).map(|_| ring(mc, 10)));
            if !ALIVE {
                root.nodes.clear();
            }
        });
        let before = counter::live();
        let peak = counter::peak_of(|| collect(&mut world));
        Sample::of_bytes(peak - before, 100_000)
    })
}

/// A workload's name, and how it begins.
type Named = (&'static str, fn() -> Runner);

const STARTS: &[Named] = &[
    ("deref: walk of a list of 1000", walk),
    ("deref: walk of 1000 lists of 1000, scattered", scattered),
    ("new + last drop: number", numbers),
    ("new + last drop: string", texts),
    ("new + last drop: node without links", nodes),
    ("new + last drop: list of 1000", list),
    ("rings of 2: build and reclaim", rings::<2>),
    ("rings of 10: build and reclaim", rings::<10>),
    ("rings of 1000: build and reclaim", rings::<1000>),
    ("list of 1000, linked both ways: build and reclaim", linked_list::<1000>),
    ("list of 100000, linked both ways: build and reclaim", linked_list::<100_000>),
    ("binary tree of 8191: build, walk, drop", binary),
    ("tree of 1111 with parents: build and reclaim", family),
    ("random graph of 1000", graph),
    ("churn beside 10000 live", churn::<10_000, false>),
    ("churn beside 100000 live", churn::<100_000, false>),
    ("churn beside 1000000 live", churn::<1_000_000, false>),
    ("churn that holds some of 10000 live", churn::<10_000, true>),
    ("churn that holds some of 100000 live", churn::<100_000, true>),
    ("churn that holds some of 1000000 live", churn::<1_000_000, true>),
    ("stall beside 100000 live: longest", stall::<100_000, 1000>),
    ("stall beside 1000000 live: longest", stall::<1_000_000, 1000>),
    ("stall beside 100000 live: 99.9%", stall::<100_000, 999>),
    ("gc_collect: 100 rings of 21", gc_collect),
    ("gc_traversal: 1000 levels, 499500 edges", gc_traversal),
    ("bytes: a node with two links and a number", node_bytes),
    ("bytes: peak of a collection, per object, rings of 10, all alive", peak::<true>),
    ("bytes: peak of a collection, per object, rings of 10, all garbage", peak::<false>),
];

/// The workload of that name.
pub(crate) fn start(name: &str) -> Start {
    match STARTS.iter().find(|(workload, _)| *workload == name) {
        // A batch ends with a collection anyway.
        Some(&(_, start)) => Start::Here { start, settle: || () },
        None if name.contains("clone") || name.contains("drop") => {
            Start::Cannot("its handles are copied, nothing is counted")
        }
        None => Start::Cannot("not written for it: its live list is the one of the other churns"),
    }
}

/// The structure of some size of that name.
pub(crate) fn start_deep(name: &str) -> Start {
    Start::Depth(match name {
        workload::LARGEST_LIST => |size| {
            let mut world = world();
            world.mutate(|mc, _| {
                black_box((0..size as u64).fold(None, |tail, value| Some(cons(mc, value, tail))));
            });
            collect(&mut world);
        },
        workload::LARGEST_CYCLE => |size| {
            let mut world = world();
            world.mutate(|mc, _| {
                black_box(ring(mc, size));
            });
            collect(&mut world);
        },
        workload::LARGEST_ALIVE => |size| {
            let mut world = world();
            world.mutate_root(|mc, root| root.nodes.push(linked(mc, size)));
            collect(&mut world);
        },
        _ => return Start::Cannot("not written for it"),
    })
}
