//! Random safe programs whose destructors, finalizers and callbacks do anything:
//! collect, upgrade, resurrect, unwrap, write through `get_mut` across a collection,
//! panic at any level. Canaries and counts are checked; what was freed is seen by
//! AddressSanitizer and Miri.
//!
//! `GC_TESTS_SEED` runs one program, `GC_TESTS_CHAOS` sets how many there are. It is a binary of
//! its own because it replaces the hooks of the process.

use gc_core::unsync::{self, Gc, UniqueGc, Weak, WeakCallback};
use gc_core::{DebugFlags, Finalize, Finalizing, Generation, Trace};
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::thread::LocalKey;

/// Steps of a program.
const STEPS: u32 = 80;
/// Actions that a step may lead to.
const ACTIONS: u32 = 12;
/// What a panic that is part of a program says.
const CHAOS: &str = "chaos";

type List<T> = RefCell<Vec<T>>;

thread_local! {
    static SEED: Cell<u64> = const { Cell::new(1) };
    static LEFT: Cell<u32> = const { Cell::new(0) };
    static POOL: List<Gc<Node>> = const { RefCell::new(Vec::new()) };
    static WEAKS: List<Weak<Node>> = const { RefCell::new(Vec::new()) };
    static WATCHES: List<WeakCallback<Node>> = const { RefCell::new(Vec::new()) };
    static UNIQUES: List<UniqueGc<Node>> = const { RefCell::new(Vec::new()) };
}

/// A number below `bound` (xorshift, Marsaglia 2003).
fn below(bound: usize) -> usize {
    let mut x = SEED.get();
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    SEED.set(x);
    usize::try_from((x >> 20) % bound as u64).expect("below a usize")
}

fn one_in(n: usize) -> bool {
    below(n) == 0
}

/// Acts when it is dropped, which must be once.
struct Acts {
    canary: Box<u32>,
    dropped: Cell<bool>,
}

impl Drop for Acts {
    fn drop(&mut self) {
        assert_eq!(*self.canary, 77);
        assert!(!self.dropped.replace(true), "dropped twice");
        act(true);
    }
}

#[derive(Trace)]
#[trace(finalize)]
struct Node {
    canary: Box<u32>,
    first: List<Gc<Node>>,
    #[trace(skip)]
    acts: Acts,
    edges: List<Gc<Node>>,
    one: Cell<Option<Gc<Node>>>,
    watch: List<WeakCallback<Node>>,
    finalized: Cell<bool>,
}

impl Finalize for Node {
    fn finalize(&self, cx: &Finalizing<'_>) {
        assert!(!self.finalized.replace(true), "finalized twice");
        self.check();
        self.edges.borrow().iter().for_each(|node| node.check());
        if one_in(3) {
            let me = cx.handle();
            if one_in(2) { keep(me) } else { drop(me) }
        }
        act(true);
    }
}

impl Node {
    fn new() -> Node {
        Node {
            canary: Box::new(42),
            first: RefCell::default(),
            acts: Acts { canary: Box::new(77), dropped: Cell::new(false) },
            edges: RefCell::default(),
            one: Cell::default(),
            watch: RefCell::default(),
            finalized: Cell::new(false),
        }
    }

    fn check(&self) {
        assert_eq!(*self.canary, 42);
        assert!(!self.acts.dropped.get(), "used after its drop");
    }
}

fn push<T>(list: &'static LocalKey<List<T>>, item: T) {
    list.with_borrow_mut(|list| list.push(item));
}

/// Takes a random item out.
fn take<T>(list: &'static LocalKey<List<T>>) -> Option<T> {
    list.with_borrow_mut(|list| {
        let index = (!list.is_empty()).then(|| below(list.len()))?;
        Some(list.swap_remove(index))
    })
}

/// A clone of a random item.
fn pick<T: Clone>(list: &'static LocalKey<List<T>>) -> Option<T> {
    list.with_borrow(|list| {
        let index = (!list.is_empty()).then(|| below(list.len()))?;
        Some(list[index].clone())
    })
}

fn keep(node: Option<Gc<Node>>) {
    if let Some(node) = node {
        node.check();
        push(&POOL, node);
    }
}

/// Does something, unless enough was done in this step.
fn act(inside: bool) {
    let Some(left) = LEFT.get().checked_sub(1) else { return };
    LEFT.set(left);
    match below(if inside { 27 } else { 25 }) {
        0 | 1 => push(&POOL, Gc::new(Node::new())),
        2..=5 => link(),
        6 => link_by_cell(),
        7..=9 => drop(take(&POOL)),
        10 => unlink(),
        11 | 12 => downgrade(),
        13 | 14 => upgrade(),
        15 => drop(unsync::collect()),
        16 => drop(unsync::collect_generation(Generation::Young)),
        17 => keep(take(&POOL).and_then(unwrap)),
        18 => write_across_a_collection(),
        19 => watch(),
        20 => unique(),
        21 => deep_list(),
        22 => set_debug(),
        23 => look_into_garbage(),
        24 => look_around(),
        25 if std::thread::panicking() => {}
        25 => panic!("{CHAOS}"),
        _ => drop(panic::catch_unwind(AssertUnwindSafe(|| (act(true), act(true))))),
    }
}

fn link() {
    let (Some(from), Some(to)) = (pick(&POOL), pick(&POOL)) else { return };
    let list = if one_in(2) { &from.edges } else { &from.first };
    if let Ok(mut list) = list.try_borrow_mut() {
        list.push(to);
    }
}

fn link_by_cell() {
    if let (Some(from), Some(to)) = (pick(&POOL), pick(&POOL)) {
        drop(from.one.replace(Some(to)));
    }
}

fn unlink() {
    let Some(from) = pick(&POOL) else { return };
    let edges = from.edges.try_borrow_mut().map(|mut edges| std::mem::take(&mut *edges));
    drop(edges);
}

fn downgrade() {
    if let Some(node) = pick(&POOL) {
        push(&WEAKS, Gc::downgrade(&node));
    }
}

fn upgrade() {
    let weak = if one_in(2) { take(&WEAKS) } else { pick(&WEAKS) };
    let Some(up) = weak.and_then(|weak| weak.upgrade()) else { return };
    up.check();
    match below(3) {
        0 => push(&POOL, up),
        1 => drop(up),
        _ => drop(unwrap(up)),
    }
}

/// Takes the value out, or gives the handle back.
fn unwrap(node: Gc<Node>) -> Option<Gc<Node>> {
    match Gc::try_unwrap(node) {
        Ok(value) => {
            value.check();
            None
        }
        Err(node) => Some(node),
    }
}

fn write_across_a_collection() {
    let Some(mut node) = take(&POOL) else { return };
    if let Some(value) = Gc::get_mut(&mut node) {
        let old = std::mem::take(value.first.get_mut());
        let _ = unsync::collect();
        value.check();
        drop(old);
        value.check();
    }
    push(&POOL, node);
}

fn watch() {
    let Some(node) = pick(&POOL) else { return };
    let watch = Gc::downgrade_with(&node, || act(true));
    let owner = if one_in(2) { pick(&POOL) } else { None };
    match owner.as_ref().map(|owner| owner.watch.try_borrow_mut()) {
        Some(Ok(mut list)) => list.push(watch),
        Some(Err(_)) => {}
        None => push(&WATCHES, watch),
    }
}

fn unique() {
    let unique = UniqueGc::new(Node::new());
    push(&WEAKS, UniqueGc::downgrade(&unique));
    unique.edges.borrow_mut().extend(pick(&POOL));
    match below(3) {
        0 => drop(unique),
        1 => push(&POOL, UniqueGc::publish(unique)),
        _ => push(&UNIQUES, unique),
    }
}

/// The sink acts as well.
fn set_debug() {
    let all = [DebugFlags::empty(), DebugFlags::SAVE_ALL, DebugFlags::LEAK, DebugFlags::all()];
    unsync::set_debug(all[below(all.len())]);
}

fn look_into_garbage() {
    let garbage = unsync::garbage();
    let some = if one_in(2) { garbage.to_vec() } else { garbage.drain() };
    for object in some {
        match object.downcast() {
            Ok(node) if one_in(2) => keep(Some(node)),
            other => drop(other),
        }
    }
    if one_in(4) {
        unsync::garbage().clear();
    }
}

/// Follows one edge from anywhere.
fn look_around() {
    let Some(node) = pick(&POOL) else { return };
    let mut around = unsync::referents(&node);
    if !around.is_empty() {
        let one = around.swap_remove(below(around.len()));
        drop(around);
        keep(one.downcast().ok());
    }
}

fn deep_list() {
    let mut head = Gc::new(Node::new());
    for _ in 0..below(14) {
        let next = Node::new();
        next.first.borrow_mut().push(head);
        if one_in(3) {
            next.edges.borrow_mut().extend(pick(&POOL));
        }
        head = Gc::new(next);
        if one_in(4) {
            push(&WEAKS, Gc::downgrade(&head));
        }
    }
    if one_in(2) { drop(head) } else { push(&POOL, head) }
}

/// Runs one program, and sees to it that it leaves nothing.
fn run(seed: u64) {
    SEED.set(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    for _ in 0..STEPS {
        LEFT.set(ACTIONS);
        let _ = panic::catch_unwind(|| act(false));
    }
    LEFT.set(0);
    // A finalizer may hand on what the next round takes apart.
    for _ in 0..30 {
        unsync::set_debug(DebugFlags::empty());
        unsync::garbage().clear();
        drop((WATCHES.take(), UNIQUES.take(), POOL.take(), WEAKS.take()));
        let _ = unsync::collect();
    }
    assert_eq!(unsync::live(), 0, "left by the program of seed {seed}");
}

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn whatever_user_code_does_nothing_is_dropped_twice_or_used_after() {
    let default = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if info.payload_as_str() != Some(CHAOS) {
            // Wherever it was: a failed check would be swallowed by the collector.
            default(info);
            std::process::abort();
        }
    }));
    gc_core::set_unraisable_hook(Some(Box::new(|_| ())));
    gc_core::set_debug_sink(Some(Box::new(|_| act(true))));
    match setting("GC_TESTS_SEED") {
        Some(seed) => run(seed),
        None => (0..setting("GC_TESTS_CHAOS").unwrap_or(2000)).for_each(run),
    }
}
