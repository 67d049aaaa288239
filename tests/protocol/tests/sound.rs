//! The protocol as it is: nothing is wrong in any state of any of these settings.
//!
//! By default 33 million states, less than a minute of one core.
//! `GC_PROTOCOL_LONG=1` adds 180 million, about seven minutes and 2 GB:
//! `GC_PROTOCOL_LONG=1 cargo test -p gc-protocol --test sound -- --nocapture`.

use gc_protocol::Kind::{Immutable, Mutex, Once, RwLock};
use gc_protocol::{Destructor, Handle, Kind, Setting, explore};

const A: Handle = Handle::strong(0);
const B: Handle = Handle::strong(1);
const C: Handle = Handle::strong(2);
const NONE: Handle = Handle::NONE;

/// The cells of an object that owns another, which has a mutex.
const OWNER: [(usize, Kind); 2] = [(0, Immutable), (1, Mutex)];

/// Explores all of `setting`.
#[track_caller]
fn holds(setting: &Setting) {
    let outcome = explore(setting);
    println!(
        "{:44} {:9} states {:10} steps, depth {:3}, {:.1?}",
        setting.name, outcome.states, outcome.steps, outcome.depth, outcome.duration
    );
    if let Some((violation, trace)) = outcome.found {
        panic!("{}: {violation:?}\n{trace}", setting.name);
    }
}

/// The collector goes through objects by number. Where they are not alike, every
/// order is a setting of its own.
#[track_caller]
fn holds_in_every_order(setting: &Setting) {
    const TWO: [&[usize]; 2] = [&[0, 1], &[1, 0]];
    const THREE: [&[usize]; 6] =
        [&[0, 1, 2], &[0, 2, 1], &[1, 0, 2], &[1, 2, 0], &[2, 0, 1], &[2, 1, 0]];
    let orders: &[&[usize]] = if setting.objects == 2 { &TWO } else { &THREE };
    for names in orders {
        holds(&setting.clone().renamed(names));
    }
}

/// Two objects of a cell each, two mutators of two registers.
fn pair(name: &'static str, first: Kind, second: Kind) -> Setting {
    let threads: [&[Handle]; 2] = [&[A, B], &[NONE, NONE]];
    Setting::new(name, &[(0, first), (1, second)], &threads).channels()
}

/// The same with two registers and one.
fn small_pair(name: &'static str, first: Kind, second: Kind) -> Setting {
    let threads: [&[Handle]; 2] = [&[A, B], &[NONE]];
    Setting::new(name, &[(0, first), (1, second)], &threads).channels()
}

/// A owns B, which has a cell; a mutator of two registers and one of `other`.
fn owned(name: &'static str, second: Kind, other: &[Handle]) -> Setting {
    let threads: [&[Handle]; 2] = [&[A, NONE], other];
    Setting::new(name, &[(0, Immutable), (1, second)], &threads).holding(0, B).channels()
}

/// Three objects of a cell each and one mutator.
fn triple(name: &'static str, kinds: [Kind; 3], registers: &[Handle]) -> Setting {
    let cells = [(0, kinds[0]), (1, kinds[1]), (2, kinds[2])];
    Setting::new(name, &cells, &[registers])
}

#[test]
fn two_objects_and_two_mutators() {
    holds(&pair("two mutexes", Mutex, Mutex));
    holds(&pair("two read-write locks", RwLock, RwLock));
    holds(&pair("two once-cells", Once, Once));
    holds_in_every_order(&pair("a mutex and a read-write lock", Mutex, RwLock));
    holds_in_every_order(&pair("a mutex and a once-cell", Mutex, Once));
    holds_in_every_order(&pair("a read-write lock and a once-cell", RwLock, Once));
    holds_in_every_order(&owned("an immutable edge and a mutex", Mutex, &[NONE, NONE]));
    holds_in_every_order(&owned("an immutable edge and a lock", RwLock, &[NONE, NONE]));
    holds_in_every_order(&owned("an immutable edge and a once-cell", Once, &[NONE, NONE]));
    holds(&small_pair("two locks, two guards a thread", RwLock, RwLock).guards(2));
}

#[test]
fn two_objects_and_two_mutators_with_weak_handles() {
    let one = Setting::new("one lock, weak", &[(0, RwLock)], &[&[A, NONE], &[NONE, NONE]]);
    holds(&one.channels().weak());
    holds_in_every_order(&owned("an immutable edge and a mutex, weak", Mutex, &[NONE]).weak());
}

#[test]
fn three_objects_and_a_mutator() {
    let cells = triple("three once-cells", [Once; 3], &[A, C]).holding(0, B);
    holds_in_every_order(&cells);
    let mutexes = triple("three mutexes", [Mutex; 3], &[A, C]).holding(0, B);
    let locks = triple("three read-write locks", [RwLock; 3], &[A, C]).holding(0, B);
    // The mutator can give the two that are not the owner each other's place.
    for names in [[0, 1, 2], [1, 0, 2], [2, 1, 0]] {
        holds(&mutexes.clone().renamed(&names));
        holds(&locks.clone().renamed(&names));
    }
    let mixed = [Immutable, Once, Mutex];
    holds_in_every_order(&triple("one of each", mixed, &[A, C]).holding(0, B));
    holds(&weak_chain());
    holds(&weak_chain().renamed(&[2, 1, 0]));
}

/// A owns B, and B owns C, which has a mutex.
fn weak_chain() -> Setting {
    let kinds = [Immutable, Immutable, Mutex];
    triple("a chain, weak", kinds, &[A, NONE]).holding(0, B).holding(1, C).weak()
}

#[test]
fn more_than_one_collector() {
    holds(&pair("two collectors", Mutex, Mutex).two_collectors());
    holds_in_every_order(&small_pair("mutators that collect", Mutex, RwLock).mutators_collect());
    let one = Setting::new("one object, two collectors, weak", &[(0, Mutex)], &[&[A, NONE, NONE]]);
    holds(&one.two_collectors().weak());
    let owner = Setting::new("a pair, two collectors, weak", &OWNER, &[&[A, NONE]]);
    holds_in_every_order(&owner.holding(0, B).two_collectors().weak());
}

#[test]
fn generations_and_allocation() {
    let old = small_pair("generations, two collectors", Mutex, Mutex);
    holds(&old.generations().two_collectors());
    let cells = [(0, Mutex), (1, RwLock)];
    let born = Setting::new("an object is allocated", &cells, &[&[A, NONE], &[NONE]]);
    holds_in_every_order(&born.channels());
}

#[test]
fn finalizers_and_destructors() {
    let weak = Setting::new("finalizers, weak", &OWNER, &[&[A, NONE]]);
    holds_in_every_order(&weak.holding(0, B).finalizers().weak());
    let both = Setting::new("finalizers, two collectors", &[(0, Mutex), (1, Mutex)], &[&[A, B]]);
    holds(&both.finalizers().two_collectors());
    holds(&small_pair("destructors that lock", Mutex, Mutex).destructor(Destructor::Locks));
    let cells = [(0, Immutable), (0, Immutable), (1, Mutex)];
    let sibling = Setting::new("destructors that upgrade", &cells, &[&[A, NONE]])
        .holding(0, B)
        .holding(1, Handle::weak(1));
    holds_in_every_order(&sibling.destructor(Destructor::Rescues).weak());
}

/// Merging steps leaves out no outcome: the same settings with nothing merged.
#[test]
fn nothing_merged() {
    holds(&small_pair("two mutexes, small steps", Mutex, Mutex).small_steps());
    let owner = owned("an immutable edge, small steps", RwLock, &[NONE]);
    holds_in_every_order(&owner.small_steps());
    let weak = Setting::new("weak, small steps", &[(0, Mutex), (1, Once)], &[&[A, B]]);
    holds(&weak.weak().small_steps());
}

#[test]
fn the_long_list() {
    if std::env::var_os("GC_PROTOCOL_LONG").is_none() {
        println!("left out: GC_PROTOCOL_LONG is not set");
        return;
    }
    holds(&small_pair("two mutexes, weak", Mutex, Mutex).weak());
    holds(&small_pair("two read-write locks, weak", RwLock, RwLock).weak());
    holds(&small_pair("two once-cells, weak", Once, Once).weak());
    let weak = Setting::new("two collectors, weak", &[(0, Mutex), (1, Mutex)], &[&[A, B]]);
    holds(&weak.two_collectors().weak());
    let both = small_pair("finalizers, two collectors", Mutex, Mutex);
    holds(&both.finalizers().two_collectors());
    holds_in_every_order(&owned("immutable and mutex, weak", Mutex, &[NONE, NONE]).weak());
    holds(&pair("two locks, small steps", RwLock, RwLock).small_steps());
    holds(&pair("two mutexes, two guards", Mutex, Mutex).guards(2));
    holds_in_every_order(&weak_chain());
    holds(&triple("three once-cells", [Once; 3], &[A, B, C]));
    holds(&triple("three mutexes", [Mutex; 3], &[A, B, C]));
    holds(&triple("three read-write locks", [RwLock; 3], &[A, B, C]));
    let mixed = triple("one of each, weak", [Immutable, Once, Mutex], &[A, C]).holding(0, B);
    holds_in_every_order(&mixed.weak());
    let old = triple("three objects, generations", [Mutex; 3], &[A, C]).holding(0, B);
    holds(&old.generations());
    let cells = [(0, Immutable), (1, Immutable), (2, RwLock)];
    let chain = Setting::new("a chain, two mutators", &cells, &[&[A, NONE], &[NONE, NONE]]);
    holds(&chain.holding(0, B).holding(1, C).channels());
}
