//! Random programs: roots, links, weak handles, callbacks, finalizers and destructors that
//! themselves do random things, and collections of all generations at every point.
//!
//! Unlike the model (`tests/model`) nothing is predicted, so that hooks may do whatever a
//! program does, some levels deep. Nobody may come across a dropped value, and nothing may
//! be left in the end. `GC_TESTS_PROGRAMS` sets how many are run, `GC_TESTS_FIRST` the first.

use super::gc::{self, Canary, Gc, Lock, Weak, WeakCallback, alone, lock, try_lock};
use crate::hooks::{listen, messages};
use gc_core::{Finalize, Finalizing, Generation, Thresholds, Trace};
use gc_tests::{Event, Log, bang};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

type Cellular = Lock<Node>;

/// What hooks do.
#[derive(Clone, Copy, Default)]
struct Manners {
    /// Finalizers do something.
    finalizers: bool,
    /// Finalizers and destructors panic now and then.
    bombs: bool,
    /// Nobody does anything any more.
    quiet: bool,
}

/// What a program has in hand.
#[derive(Default)]
struct World {
    random: u64,
    roots: Vec<Gc<Cellular>>,
    weaks: Vec<Weak<Cellular>>,
    watches: Vec<WeakCallback<Cellular>>,
    /// How deep hooks are at work inside each other.
    depth: u32,
    manners: Manners,
    made: usize,
    log: Log,
}

thread_local! {
    static WORLD: RefCell<World> = RefCell::default();
}

/// Nothing is dropped while the world is borrowed.
fn world<R>(f: impl FnOnce(&mut World) -> R) -> R {
    WORLD.with_borrow_mut(f)
}

fn random(n: usize) -> usize {
    world(|world| {
        let mut x = world.random;
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        world.random = x;
        usize::try_from(x >> 11).expect("64 bits") % n
    })
}

fn manners() -> Manners {
    world(|world| world.manners)
}

/// A handle to some root.
fn root() -> Option<Gc<Cellular>> {
    let n = random(1000);
    world(|world| world.roots.get(n % world.roots.len().max(1)).cloned())
}

/// The handle of some root, which is one no longer.
fn take_root() -> Option<Gc<Cellular>> {
    let n = random(1000);
    world(|world| match world.roots.len() {
        0 => None,
        len => Some(world.roots.swap_remove(n % len)),
    })
}

fn keep(root: Gc<Cellular>) {
    world(|world| world.roots.push(root));
}

#[derive(Trace)]
#[trace(finalize)]
struct Node {
    links: Vec<Gc<Cellular>>,
    boxed: Option<Box<Node>>,
    weak: Vec<Weak<Cellular>>,
    watches: Vec<WeakCallback<Cellular>>,
    hidden: Hidden,
    canary: Canary,
}

/// Handles that the collector does not see.
#[derive(Trace)]
#[trace(leaf)]
struct Hidden(#[expect(dead_code, reason = "dropped")] Gc<usize>, Option<Gc<Vec<Weak<Cellular>>>>);

impl Node {
    fn new() -> Node {
        let (name, log) = world(|world| {
            world.made += 1;
            (world.made, world.log.clone())
        });
        let canary = Canary::new(name, &log);
        canary.on_drop(|| {
            act();
            if manners().bombs && random(10) == 0 && !std::thread::panicking() {
                bang("bomb");
            }
        });
        Node {
            links: vec![],
            boxed: None,
            weak: vec![],
            watches: vec![],
            hidden: Hidden(Gc::new(name), None),
            canary,
        }
    }
}

impl Finalize for Node {
    fn finalize(&self, cx: &Finalizing<'_>) {
        let manners = manners();
        let _alive = self.canary.name();
        if !manners.finalizers {
            return;
        }
        for node in self.links.iter().filter_map(|link| try_lock(link)) {
            let _alive = node.canary.name();
        }
        match random(8) {
            _ if manners.quiet => {}
            0 => drop(cx.handle().map(keep)),
            1 => {
                let links =
                    self.links.first().and_then(|link| with(link, |n| n.links.split_off(0)));
                drop(links);
            }
            2 if manners.bombs => bang("bomb"),
            _ => act(),
        }
    }
}

/// Runs `f` on a node, unless it is borrowed.
fn with<R>(node: &Gc<Cellular>, f: impl FnOnce(&mut Node) -> R) -> Option<R> {
    let mut node = try_lock(node)?;
    let _alive = node.canary.name();
    Some(f(&mut node))
}

/// What hooks do: a step, unless they are too deep in each other.
fn act() {
    let deep = world(|world| {
        world.depth += 1;
        world.depth > 4 || world.manners.quiet
    });
    if !deep {
        step();
    }
    world(|world| world.depth -= 1);
}

/// One step of a program.
fn step() {
    match random(22) {
        0..=3 => keep(Gc::new(Lock::new(Node::new()))),
        4..=7 => link(),
        8..=11 => drop(take_root()),
        12 => drop(root().map(|root| with(&root, |node| node.links.pop()))),
        13 => {
            let weak = root().map(|root| Gc::downgrade(&root));
            world(|world| world.weaks.extend(weak));
        }
        14 => upgrade(),
        15 => watch(),
        16 => drop(world(|world| world.watches.pop())),
        17 => drop(gc::collect_generation(Generation::ALL[random(3)])),
        18 => unwrap_into_another(),
        19 => hide(),
        20 => write_to_unique(),
        _ => drop_and_upgrade(),
    }
}

fn link() {
    if let (Some(from), Some(to)) = (root(), root()) {
        let _ = with(&from, |node| node.links.push(to));
    }
}

fn upgrade() {
    let weak = world(|world| world.weaks.pop());
    if let Some(node) = weak.as_ref().and_then(Weak::upgrade) {
        let _ = with(&node, |_| ());
        if random(2) == 0 {
            keep(node);
        }
    }
}

/// A callback, kept by a node or by the program.
fn watch() {
    let (Some(watched), Some(keeper), owned) = (root(), root(), root()) else { return };
    let inside = random(2) == 0;
    // What a callback owns is held from outside: a cycle through one is a leak by design.
    let owned = if inside { None } else { owned };
    let weak = Gc::downgrade(&watched);
    let watch = Gc::downgrade_with(&watched, move || {
        assert!(weak.upgrade().is_none(), "a callback upgraded what it watches");
        drop(owned);
        act();
    });
    if inside {
        let mut watch = Some(watch);
        let _ = with(&keeper, |node| node.watches.extend(watch.take()));
    } else {
        world(|world| world.watches.push(watch));
    }
}

/// A value leaves its object and goes into another's.
fn unwrap_into_another() {
    let Some(Ok(cell)) = take_root().map(Gc::try_unwrap) else { return };
    let _alive = lock(&cell).canary.name();
    if let Some(to) = root() {
        drop(with(&to, |node| node.boxed.replace(Box::new(gc::into_inner(cell)))));
    }
}

/// Weak handles in an object of their own, which is not traced.
fn hide() {
    if let (Some(at), Some(to)) = (root(), root()) {
        let weak = Gc::downgrade(&to);
        let hidden = Gc::new(vec![weak.clone()]);
        drop(with(&at, |node| {
            node.weak.push(weak);
            node.hidden.1.replace(hidden)
        }));
    }
}

/// Whatever happens meanwhile, nobody comes across what `get_mut` has lent.
fn write_to_unique() {
    let Some(mut node) = take_root() else { return };
    if let Some(cell) = Gc::get_mut(&mut node) {
        let name = lock(cell).canary.name();
        act();
        assert_eq!(lock(cell).canary.name(), name);
    }
    keep(node);
}

fn drop_and_upgrade() {
    let mut node = Gc::new(Lock::new(Node::new()));
    let weak = Gc::downgrade(&node);
    drop(node.clone());
    assert!(Gc::get_mut(&mut node).is_none(), "unique beside a weak handle");
    assert!(weak.upgrade().is_some());
}

/// Drops all that the program has in hand.
fn let_go() {
    let (roots, weaks, watches) = world(|world| {
        let roots = std::mem::take(&mut world.roots);
        (roots, std::mem::take(&mut world.weaks), std::mem::take(&mut world.watches))
    });
    drop((roots, weaks, watches));
}

/// How many steps a program has.
const STEPS: usize = if cfg!(miri) { 150 } else { 400 };

fn program(seed: u64, manners: Manners) {
    let random_start = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    world(|world| (world.random, world.manners) = (random_start, manners));
    gc::set_thresholds(Thresholds { young: 3 + random(20), middle: 2, old: 2 });
    for _ in 0..STEPS {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(step)) {
            let bomb = panic.downcast_ref::<&str>() == Some(&"bomb");
            assert!(bomb && manners.bombs, "program {seed}: a panic in a step");
            world(|world| world.depth = 0);
        }
    }
    world(|world| world.manners = Manners { quiet: true, bombs: false, ..manners });
    for _ in 0..3 {
        let_go();
        let _ = gc::collect();
        let _ = gc::collect();
    }
    let other: Vec<_> = messages().into_iter().filter(|message| message != "bomb").collect();
    assert_eq!(other, [""; 0], "program {seed}");
    assert_eq!(gc::live(), 0, "left over by program {seed}");
    let (made, events) = world(|world| (world.made, world.log.take()));
    let dropped = events.iter().filter(|event| matches!(event, Event::Dropped(_))).count();
    assert_eq!(dropped, made, "program {seed}");
}

fn run(manners: Manners) {
    listen();
    let setting = |name, default| {
        std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(default)
    };
    let first = setting("GC_TESTS_FIRST", 1);
    let programs = setting("GC_TESTS_PROGRAMS", if cfg!(miri) { 2 } else { 200 });
    for seed in first..first + programs {
        alone(move || program(seed, manners));
    }
}

#[test]
fn with_destructors_that_act() {
    run(Manners::default());
}

#[test]
fn with_finalizers_that_act() {
    run(Manners { finalizers: true, ..Manners::default() });
}

#[test]
fn with_destructors_that_panic() {
    run(Manners { bombs: true, ..Manners::default() });
}

#[test]
fn with_finalizers_and_destructors_that_panic() {
    run(Manners { finalizers: true, bombs: true, quiet: false });
}
