//! Models of the thread-safe half for loom: the real code under every order of a few threads.
//!
//! Each model is a handful of objects and two or three threads, and ends with nothing left: every
//! value dropped once, every box freed. Whether a value is used after its end, or in no order with
//! it, loom sees by a [`Canary`] in it; for boxes see `gc_box/quarantine.rs`.
//!
//! What a model is for is said by `.ci/mutations.txt`: lines `mutation model`, where the code with
//! the mutation (`mutated!("…")`) has to fail the model.

mod attached;
mod candidates;
mod cells;
mod counts;
mod ends;
mod freezing;
mod slots;
mod verification;

use crate::gc_box::quarantine;
use crate::heap::settle;
use crate::primitive::{self, aside, guess, skip_rest, thread};
use crate::sync::{self, Gc};
use crate::{Trace, Tracer, set_unraisable_hook};
use cells::{OnceSlot, RwSlot, Slot};
use std::cell::{Cell, RefCell};
use std::sync::Once;
use std::time::Instant;

pub(crate) use canary::Canary;

mod canary {
    use crate::primitive::Tracked;
    use std::cell::Cell;
    use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

    std::thread_local! {
        /// Canaries made and not dropped. (loom runs all threads of a model on one of std's.)
        static ALIVE: Cell<isize> = const { Cell::new(0) };
    }

    /// Part of a value whose uses loom is to see.
    pub(crate) struct Canary {
        memory: Tracked<()>,
        /// Not of loom's, since it is to order nothing.
        gone: AtomicBool,
    }

    // SAFETY: loom sees each access, and fails where two are a race.
    unsafe impl Sync for Canary {}

    impl Canary {
        pub(crate) fn new() -> Self {
            ALIVE.set(ALIVE.get() + 1);
            Canary { memory: Tracked::new(()), gone: AtomicBool::new(false) }
        }

        /// The value is used.
        pub(crate) fn touch(&self) {
            assert!(!self.gone.load(SeqCst), "a value is used after its end");
            self.memory.with(|_| ());
        }

        /// The value is changed.
        pub(crate) fn write(&mut self) {
            self.memory.with_mut(|_| ());
        }

        pub(super) fn alive() -> isize {
            ALIVE.get()
        }

        pub(super) fn begin() {
            ALIVE.set(0);
        }
    }

    impl Drop for Canary {
        fn drop(&mut self) {
            assert!(!self.gone.swap(true, SeqCst), "a value is dropped twice");
            self.memory.with_mut(|_| ());
            ALIVE.set(ALIVE.get() - 1);
        }
    }
}

std::thread_local! {
    /// What user code has panicked with where the collector caught it.
    static CAUGHT: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static RUNS: Cell<usize> = const { Cell::new(0) };
    /// Small garbage is looked for first in the models of this thread.
    static SMALL: Cell<bool> = const { Cell::new(false) };
}

/// Notes what went wrong where a panic would not come through.
fn caught(message: String) {
    CAUGHT.with_borrow_mut(|all| all.push(message));
}

/// The same models once more, with small garbage looked for first.
macro_rules! also_small {
    ($($model:ident),+ $(,)?) => {
        mod small {
            $(#[test]
            fn $model() {
                crate::models::SMALL.set(true);
                super::$model();
            })+
        }
    };
}
use also_small;

/// Runs a model in every order with at most so many preemptions. When it is over nothing is left.
fn check(preemptions: usize, f: impl Fn() + Send + Sync + 'static) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| set_unraisable_hook(Some(Box::new(|event| caught(event.to_string())))));
    let started = Instant::now();
    RUNS.set(0);
    primitive::model(preemptions, move || {
        RUNS.set(RUNS.get() + 1);
        CAUGHT.take();
        Canary::begin();
        quarantine::begin();
        guess::ALL.set(false);
        guess::TOGETHER.set(false);
        guess::SMALL.set(SMALL.get());
        f();
        guess::ALL.set(false);
        guess::SMALL.set(false);
        finish();
    });
    let name = thread_name();
    println!("{name}: {} runs, {:.1?}", RUNS.get(), started.elapsed());
}

fn thread_name() -> String {
    std::thread::current().name().unwrap_or("?").to_string()
}

/// All that the model has made is garbage by now.
fn finish() {
    // Statics are dropped in no certain order.
    skip_rest();
    rest();
    sync::unfreeze();
    let _ = sync::collect();
    // What the first has let go for finalizers' sake.
    let _ = sync::collect();
    assert_eq!(sync::live(), 0, "objects are left");
    sync::leave_thread();
    assert_eq!(Canary::alive(), 0, "values are left");
    assert_eq!(quarantine::left(), 0, "boxes are left");
    let caught = CAUGHT.take();
    assert!(caught.is_empty(), "{caught:?}");
}

/// Lets threads that were joined come to their end, where they are pinned once more, and epochs go
/// by. Not while other orders are tried.
fn rest() {
    for _ in 0..4 {
        // (What a thread has read before it yields it does not go on to read.)
        thread::yield_now();
        settle();
    }
}

/// Lets the calling thread have its record before the part that counts, since to get one
/// orders it before a collection.
fn arrive() {
    aside(|| drop(Gc::new(())));
}

/// Starts a thread that is done with the heap when it ends.
fn spawn<R: Send + 'static>(f: impl FnOnce() -> R + Send + 'static) -> thread::JoinHandle<R> {
    thread::spawn(move || {
        arrive();
        let result = f();
        aside(sync::leave_thread);
        result
    })
}

/// A way to another object that is followed without the slot's lock.
enum Link {
    /// It is there from the beginning, and stays.
    Owned(Gc<Node>),
    Rw(RwSlot<Node>),
    Once(OnceSlot<Node>),
}

impl Link {
    fn get(&self) -> Gc<Node> {
        let target = match self {
            Link::Owned(owned) => Some(owned.clone()),
            Link::Rw(cell) => cell.read().get(),
            Link::Once(cell) => cell.get().cloned(),
        };
        target.expect("there is a target")
    }
}

/// An object of the models: only what a model asks for is there.
struct Node {
    canary: Canary,
    slot: Slot<Node>,
    links: Vec<Link>,
    on_drop: Option<Box<dyn Fn(&Node) + Send + Sync>>,
}

impl Node {
    /// One with an empty slot.
    fn new() -> Gc<Node> {
        Gc::new(Node::value())
    }

    fn value() -> Node {
        Node { canary: Canary::new(), slot: Slot::new(), links: Vec::new(), on_drop: None }
    }

    /// One that refers to itself.
    fn looped() -> Gc<Node> {
        let node = Node::new();
        node.slot.lock().set(Some(node.clone()));
        node
    }

    fn linked(links: impl IntoIterator<Item = Link>) -> Gc<Node> {
        let mut node = Node::value();
        node.links.extend(links);
        Gc::new(node)
    }

    fn dropping(links: Vec<Link>, f: impl Fn(&Node) + Send + Sync + 'static) -> Gc<Node> {
        let mut node = Node::value();
        node.links = links;
        node.on_drop = Some(Box::new(f));
        Gc::new(node)
    }

    fn touch(&self) {
        self.canary.touch();
    }

    /// Where a link leads.
    fn follow(&self) -> Gc<Node> {
        self.touch();
        self.links[0].get()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(f) = &self.on_drop {
            f(self);
        }
    }
}

// SAFETY: each handle is shown once, those in cells under their lock.
unsafe impl Trace for Node {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.touch();
        for link in &self.links {
            match link {
                Link::Owned(owned) => owned.trace(tracer),
                Link::Rw(cell) => cell.trace(tracer),
                Link::Once(cell) => cell.trace(tracer),
            }
        }
        self.slot.trace(tracer);
    }
}

/// Makes a candidate of an object that is held.
fn suspect(node: &Gc<Node>) {
    drop(node.clone());
}
