//! Slots with std's threads. The heap is that of all tests, so each counts its own values.

use super::*;
use crate::sync::{collect, collect_generation};
use crate::{Generation, Trace};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

type Shared<T> = crate::sync::Gc<T>;

/// How many of them there are.
type Count = Arc<AtomicUsize>;

/// A value that is counted, and that tells when it is read after its end.
#[derive(Trace)]
#[trace(leaf, crate = crate)]
struct Canary {
    song: AtomicUsize,
    count: Count,
}

const SONG: usize = 0x5eed;

impl Canary {
    fn new(count: &Count) -> Self {
        count.fetch_add(1, SeqCst);
        Canary { song: AtomicUsize::new(SONG), count: Arc::clone(count) }
    }

    fn check(&self) {
        assert_eq!(self.song.load(SeqCst), SONG, "read after its end");
    }
}

impl Drop for Canary {
    fn drop(&mut self) {
        assert_eq!(self.song.swap(0, SeqCst), SONG, "dropped twice");
        self.count.fetch_sub(1, SeqCst);
    }
}

/// What a graph is made of.
#[derive(Trace)]
#[trace(crate = crate)]
struct Node {
    canary: Canary,
    first: AtomicOptionGc<Node>,
    second: AtomicOptionGc<Node>,
}

fn node(count: &Count) -> Shared<Node> {
    let (first, second) = (AtomicOptionGc::none(), AtomicOptionGc::none());
    Gc::new(Node { canary: Canary::new(count), first, second })
}

/// Collects until so many are left. Tests beside this one may be pinned for a while, or hold what
/// their collection has taken.
fn until_left(count: &Count, left: usize) {
    for _ in 0..100_000 {
        let _ = collect();
        if count.load(SeqCst) == left {
            return;
        }
        thread::yield_now();
    }
    panic!("{} are left", count.load(SeqCst));
}

#[test]
fn a_slot_is_one_word() {
    assert_eq!(size_of::<AtomicGc<String>>(), size_of::<usize>());
    assert_eq!(size_of::<AtomicOptionGc<String>>(), size_of::<usize>());
}

#[test]
fn it_is_send_and_sync_as_the_handle_is() {
    fn both<T: Send + Sync>() {}
    both::<AtomicGc<Node>>();
    both::<AtomicOptionGc<String>>();
}

#[test]
fn load_store_and_swap() {
    let count = Count::default();
    let [first, second, third] = [(); 3].map(|()| node(&count));
    let slot = AtomicGc::new(first.clone());
    assert!(Gc::ptr_eq(&slot.load(), &first));
    slot.store(second.clone());
    assert!(Gc::ptr_eq(&slot.load(), &second));
    assert!(Gc::ptr_eq(&slot.swap(third.clone()), &second));
    assert!(Gc::ptr_eq(&slot.load(), &third));
    assert!(Gc::ptr_eq(&slot.into_inner(), &third));
    drop((first, second, third));
    until_left(&count, 0);
}

#[test]
fn a_slot_that_may_be_empty() {
    let count = Count::default();
    let mut slot = AtomicOptionGc::default();
    assert!(slot.load().is_none());
    assert!(slot.swap(Some(node(&count))).is_none());
    assert!(slot.load().is_some());
    slot.store(None);
    assert!(slot.take().is_none());
    assert!(slot.replace(Some(node(&count))).is_none());
    let taken = slot.take().unwrap();
    assert!(slot.into_inner().is_none());
    drop(taken);
    until_left(&count, 0);
}

#[test]
fn compare_exchange_goes_by_identity() {
    let [one, other] = [Gc::new(1), Gc::new(1)];
    let slot = AtomicOptionGc::from(one.clone());
    let error = slot.compare_exchange(Some(&other), None).unwrap_err();
    assert!(Gc::ptr_eq(&error.current.unwrap(), &one));
    assert!(error.new.is_none());
    assert!(slot.compare_exchange(None, Some(other.clone())).is_err());
    let old = slot.compare_exchange(Some(&one), Some(other.clone())).unwrap();
    assert!(Gc::ptr_eq(&old.unwrap(), &one));
    assert!(Gc::ptr_eq(&slot.compare_exchange(Some(&other), None).unwrap().unwrap(), &other));
    assert!(slot.compare_exchange(None, None).unwrap().is_none());
}

#[test]
fn fetch_update_may_give_up() {
    let slot = AtomicGc::new(Gc::new(1));
    assert_eq!(slot.fetch_update(|_| None).map_err(|now| *now), Err(1));
    assert_eq!(slot.fetch_update(|now| Some(Gc::new(**now * 10))).map(|old| *old), Ok(1));
    assert_eq!(*slot.load(), 10);
}

#[test]
fn it_shows_its_value() {
    assert_eq!(format!("{:?}", AtomicGc::new(Gc::new(5))), "AtomicGc(5)");
    assert_eq!(format!("{:?}", AtomicOptionGc::from(Gc::new(5))), "AtomicOptionGc(Some(5))");
    assert_eq!(format!("{:?}", AtomicOptionGc::<u8>::none()), "AtomicOptionGc(None)");
    let error = CompareExchangeError { current: 1, new: 2 };
    assert_eq!(format!("{error:?}"), "CompareExchangeError { current: 1, new: 2 }");
}

#[test]
fn what_goes_with_its_slot_goes_at_once() {
    let count = Count::default();
    drop(AtomicGc::new(node(&count)));
    assert_eq!(count.load(SeqCst), 0);
    let mut slot = AtomicGc::new(node(&count));
    drop(slot.replace(node(&count)));
    assert_eq!(count.load(SeqCst), 1);
    drop(slot.into_inner());
    assert_eq!(count.load(SeqCst), 0);
}

/// The same in the two ways: young objects, and old ones.
fn cycles_are_collected(generation: Generation) {
    let count = Count::default();
    let selfish = node(&count);
    selfish.first.store(Some(selfish.clone()));
    let [one, other] = [node(&count), node(&count)];
    one.first.store(Some(other.clone()));
    one.second.store(Some(other.clone()));
    other.first.store(Some(one.clone()));
    // A handle from outside, in a slot.
    let held = AtomicGc::new(other.clone());
    if generation == Generation::Old {
        drop(one.clone());
        for _ in 0..3 {
            let _ = collect();
        }
        assert_eq!(Gc::generation(&one), Generation::Old);
    }
    drop((selfish, one, other));
    for _ in 0..100_000 {
        let _ = collect_generation(generation);
        if count.load(SeqCst) == 2 {
            break;
        }
    }
    let kept = held.load();
    kept.canary.check();
    let other = kept.first.load().unwrap();
    other.canary.check();
    assert_eq!(count.load(SeqCst), 2);
    drop((kept, other, held));
    until_left(&count, 0);
}

#[test]
fn young_cycles_are_collected() {
    cycles_are_collected(Generation::Young);
}

#[test]
fn old_cycles_are_collected() {
    cycles_are_collected(Generation::Old);
}

#[test]
fn a_cycle_that_is_cut_ends_by_count() {
    let count = Count::default();
    let one = node(&count);
    one.first.store(Some(one.clone()));
    one.first.store(None);
    drop(one);
    for _ in 0..100_000 {
        crate::heap::settle();
        if count.load(SeqCst) == 0 {
            return;
        }
        thread::yield_now();
    }
    panic!("it is left");
}

/// Replaces what is in another slot when it ends.
#[derive(Trace)]
#[trace(leaf, crate = crate)]
struct Storing {
    rest: usize,
    count: Count,
}

static CHAIN: AtomicOptionGc<Storing> = AtomicOptionGc::none();

impl Drop for Storing {
    fn drop(&mut self) {
        self.count.fetch_sub(1, SeqCst);
        if self.rest > 0 {
            self.count.fetch_add(1, SeqCst);
            let next = Storing { rest: self.rest - 1, count: Arc::clone(&self.count) };
            CHAIN.store(Some(Gc::new(next)));
            CHAIN.store(None);
        }
    }
}

#[test]
fn a_destructor_may_change_slots() {
    let count = Count::default();
    count.fetch_add(1, SeqCst);
    let rest = if cfg!(miri) { 20 } else { 5_000 };
    CHAIN.store(Some(Gc::new(Storing { rest, count: Arc::clone(&count) })));
    CHAIN.store(None);
    until_left(&count, 0);
}

/// Panics when it ends.
#[derive(Trace)]
#[trace(leaf, crate = crate)]
struct Panicking(Count);

impl Drop for Panicking {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
        panic!("in a destructor");
    }
}

#[test]
fn whose_store_ends_an_object_that_panics_does_not() {
    let count = Count::default();
    count.fetch_add(1, SeqCst);
    let slot = AtomicOptionGc::from(Gc::new(Panicking(Arc::clone(&count))));
    slot.store(None);
    until_left(&count, 0);
}

/// Changes a slot when its thread's locals are torn down.
struct AtExit(Count);

static AT_EXIT: AtomicOptionGc<Node> = AtomicOptionGc::none();

impl Drop for AtExit {
    fn drop(&mut self) {
        AT_EXIT.store(Some(node(&self.0)));
        AT_EXIT.load().unwrap().canary.check();
        AT_EXIT.store(None);
    }
}

thread_local! {
    static EXIT: std::cell::RefCell<Option<AtExit>> = const { std::cell::RefCell::new(None) };
}

#[test]
fn slots_can_be_changed_at_the_end_of_a_thread() {
    let count = Count::default();
    let theirs = Arc::clone(&count);
    let thread = thread::spawn(move || {
        EXIT.with(|exit| exit.replace(Some(AtExit(Arc::clone(&theirs)))));
        // The heap's part of the thread begins after that, and so ends before.
        let cycle = node(&theirs);
        cycle.first.store(Some(cycle.clone()));
    });
    thread.join().unwrap();
    until_left(&count, 0);
}

/// A thread that has changed a slot and sleeps keeps nothing back.
#[test]
fn a_sleeping_thread_keeps_nothing() {
    let count = Count::default();
    let (wake, asleep) = std::sync::mpsc::channel::<()>();
    let (tell, told) = std::sync::mpsc::channel();
    let theirs = Arc::clone(&count);
    let thread = thread::spawn(move || {
        AtomicGc::new(node(&theirs)).store(node(&theirs));
        tell.send(()).unwrap();
        asleep.recv().unwrap_err();
    });
    told.recv().unwrap();
    until_left(&count, 0);
    drop(wake);
    thread.join().unwrap();
}

/// Small and the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// One thing that a thread may do to a graph that is reached from a few roots.
fn act(
    roots: &[AtomicOptionGc<Node>],
    mine: &mut [Option<Shared<Node>>],
    random: &mut Random,
    count: &Count,
) {
    let place = random.below(mine.len());
    let from = mine[random.below(mine.len())].clone();
    let slot = match &from {
        Some(node) if random.below(4) > 0 => {
            node.canary.check();
            if random.below(2) == 0 { &node.first } else { &node.second }
        }
        _ => &roots[random.below(roots.len())],
    };
    let other = mine[random.below(mine.len())].clone();
    match random.below(8) {
        0 => mine[place] = Some(node(count)),
        1 => mine[place] = None,
        2 | 3 => mine[place] = slot.load(),
        4 => slot.store(other),
        5 => mine[place] = slot.swap(other),
        6 => match slot.compare_exchange(mine[place].as_ref(), other) {
            Ok(old) => mine[place] = old,
            Err(error) => mine[place] = error.current,
        },
        _ => mine[place] = slot.take(),
    }
}

#[test]
fn many_threads_change_a_graph_while_it_is_collected() {
    let count = Count::default();
    let roots: [AtomicOptionGc<Node>; 3] = [const { AtomicOptionGc::none() }; 3];
    let steps = if cfg!(miri) { 300 } else { 60_000 };
    thread::scope(|scope| {
        for seed in 1..=4 {
            let (roots, count) = (&roots, &count);
            scope.spawn(move || {
                let mut mine = [const { None }; 4];
                let mut random = Random(seed * 0x9e37_79b9_7f4a);
                for step in 0..steps {
                    act(roots, &mut mine, &mut random, count);
                    if step % 200 == 0 {
                        let _ = collect_generation(Generation::Young);
                    }
                    if step % 1000 == 0 {
                        let _ = collect();
                    }
                }
            });
        }
    });
    drop(roots);
    until_left(&count, 0);
}
