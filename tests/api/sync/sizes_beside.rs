//! Sizes of objects that other threads change, drop and collect meanwhile.

use super::beside;
use super::gc::{self, Gc, alone};
use gc_core::{Trace, Tracer};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError, RwLock};
use std::thread;

/// Runs a closure in the middle of each trace.
struct Traced(Mutex<Option<Box<dyn Fn() + Send>>>);

// SAFETY: it shows nothing. What runs in there is the test's, and touches no handle.
unsafe impl Trace for Traced {
    fn trace(&self, _: &mut Tracer<'_>) {
        // The lock is free again before that: others may trace it meanwhile.
        let hook = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(hook) = hook {
            hook();
        }
    }
}

#[derive(Trace)]
struct Node {
    next: Mutex<Option<Gc<Node>>>,
    hook: Traced,
}

fn node() -> Gc<Node> {
    Gc::new(Node { next: Mutex::default(), hook: Traced(Mutex::default()) })
}

fn link(from: &Gc<Node>, to: &Gc<Node>) {
    *from.next.lock().expect("no panic") = Some(to.clone());
}

/// A node that leads to a cycle of three, and the last of these.
fn cycle() -> (Gc<Node>, Gc<Node>) {
    let (root, nodes) = (node(), [node(), node(), node()]);
    link(&root, &nodes[0]);
    link(&nodes[0], &nodes[1]);
    link(&nodes[1], &nodes[2]);
    link(&nodes[2], &nodes[0]);
    let [_, _, last] = nodes;
    (root, last)
}

/// A thread that sleeps in the trace of a node.
struct Sleep {
    asleep: Receiver<()>,
    wake: Sender<()>,
}

impl Sleep {
    /// The next trace of `node` sleeps.
    fn in_trace_of(node: &Gc<Node>) -> Sleep {
        let (tell, asleep) = channel();
        let (wake, awake) = channel::<()>();
        let awake = Mutex::new(awake);
        *node.hook.0.lock().expect("no panic") = Some(Box::new(move || {
            tell.send(()).expect("somebody waits");
            let _ = awake.lock().expect("no panic").recv();
        }));
        Sleep { asleep, wake }
    }

    fn wait(&self) {
        self.asleep.recv().expect("it is traced");
    }

    fn wake(self) {
        drop(self.wake);
    }
}

#[test]
fn a_cycle_that_is_let_go_while_it_is_measured_is_garbage_afterwards() {
    alone(|| {
        let (root, last) = cycle();
        let size = 4 * gc::shallow_size(&root);
        thread::scope(|scope| {
            let sleep = Sleep::in_trace_of(&last);
            let walk = scope.spawn(|| gc::deep_size(&root));
            sleep.wait();
            drop(last);
            drop(root.next.lock().expect("no panic").take());
            sleep.wake();
            assert_eq!(walk.join().expect("no panic"), size);
        });
        assert_eq!((gc::live(), gc::collect().collected), (4, 3));
        drop(root);
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn the_same_where_a_collection_has_looked_at_it_meanwhile() {
    alone(|| {
        let (sleeper, (root, last)) = (node(), cycle());
        // It is a candidate, so that a collection comes to it.
        drop(sleeper.clone());
        thread::scope(|scope| {
            let (collection, sleep) = (Sleep::in_trace_of(&sleeper), Sleep::in_trace_of(&last));
            // The walk cannot take the right to collect, as somebody has it.
            let collects = scope.spawn(gc::collect);
            collection.wait();
            let walk = scope.spawn(|| gc::deep_size(&root));
            sleep.wait();
            collection.wake();
            let _ = collects.join().expect("no panic");
            drop(last);
            drop(root.next.lock().expect("no panic").take());
            // This one sees that the walk has handles.
            assert_eq!((gc::collect().collected, gc::live()), (0, 5));
            sleep.wake();
            let _ = walk.join().expect("no panic");
        });
        assert_eq!((gc::live(), gc::collect().collected), (5, 3));
        drop((sleeper, root));
        assert_eq!(gc::live(), 0);
    });
}

#[test]
fn an_object_whose_last_handle_is_the_walks_ends_with_it() {
    alone(|| {
        let (root, last) = (node(), node());
        link(&root, &last);
        thread::scope(|scope| {
            let sleep = Sleep::in_trace_of(&last);
            let walk = scope.spawn(|| gc::deep_size(&root));
            sleep.wait();
            drop(last);
            drop(root.next.lock().expect("no panic").take());
            assert_eq!(gc::live(), 2);
            sleep.wake();
            let _ = walk.join().expect("no panic");
        });
        assert_eq!(gc::live(), 1);
    });
}

#[test]
fn objects_that_change_hands_are_measured_and_freed() {
    #[derive(Trace)]
    struct Hub(RwLock<Vec<Gc<Item>>>, gc::AtomicOptionGc<Item>);
    #[derive(Trace)]
    struct Item(String, RwLock<Option<Gc<Hub>>>);

    let rounds = if cfg!(miri) { 20 } else { 2000 };
    alone(move || {
        let hub = Gc::new(Hub(RwLock::default(), gc::AtomicOptionGc::default()));
        let item = || Gc::new(Item("some text".into(), RwLock::new(Some(hub.clone()))));
        let smallest = gc::shallow_size(&hub);
        beside(
            || {
                let (one, other) = (item(), item());
                let mut items = hub.0.write().unwrap_or_else(PoisonError::into_inner);
                items.push(one);
                let old = if items.len() > 10 { std::mem::take(&mut *items) } else { Vec::new() };
                drop(items);
                drop(old);
                hub.1.store(Some(other));
            },
            || {
                for round in 0..rounds {
                    assert!(gc::deep_size(&hub) >= smallest);
                    if round % 16 == 0 {
                        let _ = gc::collect();
                    }
                }
            },
        );
        drop(hub.0.write().map(|mut items| std::mem::take(&mut *items)));
        hub.1.store(None);
        drop(hub);
        let _ = (gc::collect(), gc::collect());
        assert_eq!(gc::live(), 0);
    });
}
