//! The end of a thread: what it has left is found by the next collection on another, and
//! the destructors of its thread-locals may use handles in any order.

use super::gc::{self, Gc, Node, Weak, WeakCallback, alone, ring, self_loop};
use gc_tests::{Event, Log};
use std::cell::RefCell;
use std::thread;

/// Makes the thread known to the heap: by its first candidate.
fn touch_heap() {
    let node = Node::new(usize::MAX, &Log::new());
    drop(node.clone());
}

/// What a thread leaves in a thread-local. It is dropped field by field.
#[derive(Default)]
struct Left {
    strong: Vec<Gc<Node>>,
    weak: Vec<Weak<Node>>,
    callbacks: Vec<WeakCallback<Node>>,
    at_end: Vec<AtEnd>,
}

/// Runs a closure when it is dropped.
struct AtEnd(Option<Box<dyn FnOnce()>>);

impl AtEnd {
    fn new(f: impl FnOnce() + 'static) -> AtEnd {
        AtEnd(Some(Box::new(f)))
    }
}

impl Drop for AtEnd {
    fn drop(&mut self) {
        if let Some(f) = self.0.take() {
            f();
        }
    }
}

thread_local! {
    static LAZY: RefCell<Left> = RefCell::default();
    static CONST: RefCell<Left> = const {
        RefCell::new(Left { strong: vec![], weak: vec![], callbacks: vec![], at_end: vec![] })
    };
}

/// On a thread of its own, lets `fill` leave things in a thread-local that is used before the
/// heap or after it, of either kind; then `check` looks at the heap.
fn in_every_order(
    fill: impl Fn(&mut Left, &Log) + Send + Clone + 'static,
    check: impl Fn(&Log) + Send + Clone + 'static,
) {
    for (before, lazy) in [(false, false), (false, true), (true, false), (true, true)] {
        let (fill, check) = (fill.clone(), check.clone());
        alone(move || {
            let log = Log::new();
            let inner = log.clone();
            let run = move || {
                let with = |f: &dyn Fn(&mut Left)| {
                    if lazy {
                        LAZY.with_borrow_mut(|left| f(left));
                    } else {
                        CONST.with_borrow_mut(|left| f(left));
                    }
                };
                if before {
                    // Something that needs dropping registers the destructor.
                    with(&|left| left.strong.reserve(1));
                }
                touch_heap();
                with(&|left| fill(left, &inner));
            };
            thread::spawn(run).join().expect("no panic");
            check(&log);
        });
    }
}

#[test]
fn garbage_is_left_for_the_next_collection() {
    alone(|| {
        let log = Log::new();
        let inner = log.clone();
        let thread = thread::spawn(move || drop(ring(2, &inner)));
        thread.join().expect("no panic");
        assert_eq!((log.events(), gc::live()), (vec![], 2));
        assert_eq!(gc::collect().collected, 2);
        assert_eq!((log.finalized(), log.dropped()), (vec![0, 1], vec![0, 1]));
    });
}

#[test]
fn garbage_of_a_thread_that_ended_by_a_panic() {
    alone(|| {
        let log = Log::new();
        let inner = log.clone();
        let thread = thread::spawn(move || {
            let _node = self_loop(0, &inner);
            LAZY.with_borrow_mut(|left| left.strong.push(self_loop(1, &inner)));
            gc_tests::bang("the thread's own");
        });
        assert!(thread.join().is_err());
        assert_eq!((gc::collect().collected, log.dropped()), (2, vec![0, 1]));
    });
}

#[test]
fn a_handle_in_a_thread_local_dies_by_count_in_any_order() {
    in_every_order(
        |left, log| {
            let node = Node::new(0, log);
            node.link(&Node::new(1, log));
            left.strong.push(node);
        },
        |log| {
            let expected =
                [Event::Finalized(0), Event::Dropped(0), Event::Finalized(1), Event::Dropped(1)];
            assert_eq!((log.take(), gc::live()), (expected.to_vec(), 0));
        },
    );
}

#[test]
fn the_last_handles_to_cycles_are_dropped_in_any_order() {
    in_every_order(
        |left, log| {
            left.strong.extend((0..100).map(|name| self_loop(name, log)));
            left.strong.extend(ring(3, log));
        },
        |log| {
            assert_eq!((log.events(), gc::live()), (vec![], 103));
            assert_eq!((gc::collect().collected, gc::live()), (103, 0));
            assert_eq!(log.dropped().len(), 103);
        },
    );
}

#[test]
fn weak_handles_and_callbacks_are_dropped_in_any_order() {
    in_every_order(
        |left, log| {
            let (cycle, inner) = (self_loop(0, log), log.clone());
            left.weak.push(Gc::downgrade(&cycle));
            left.callbacks.push(Gc::downgrade_with(&cycle, move || inner.push(Event::Called(0))));
            let weak = Gc::downgrade(&cycle);
            left.at_end.push(AtEnd::new(move || drop(weak.upgrade())));
        },
        |log| {
            assert_eq!((gc::collect().collected, gc::live()), (1, 0));
            assert_eq!(log.take(), [Event::Finalized(0), Event::Dropped(0)], "it was cancelled");
        },
    );
}

#[test]
fn a_destructor_of_a_thread_local_may_use_everything() {
    in_every_order(
        |left, log| {
            let log = log.clone();
            left.at_end.push(AtEnd::new(move || {
                let node = Node::new(0, &log);
                let weak = Gc::downgrade(&node);
                drop(node.clone());
                drop((weak.upgrade(), gc::counts(), gc::stats(), gc::thresholds()));
                let value = Gc::try_unwrap(node).expect("one handle");
                drop(value);
                let second = Node::new(1, &log);
                second.link(&Node::new(2, &log));
                drop(second);
                drop(self_loop(3, &log));
                let _ = gc::collect();
                assert_eq!(gc::live(), 0);
                gc::set_thresholds(gc_core::Thresholds { young: 1, middle: 1, old: 1 });
                drop((self_loop(4, &log), self_loop(5, &log)));
                drop(Node::new(6, &log));
                log.note("done");
            }));
        },
        |log| {
            assert!(log.events().contains(&Event::Note("done")));
            let _ = gc::collect();
            assert_eq!((log.dropped(), gc::live()), ((0..7).collect(), 0));
        },
    );
}

/// As many threads as a list of them would not forget, each with a candidate.
#[test]
fn threads_that_come_and_go() {
    alone(|| {
        let log = Log::new();
        for round in 0..if cfg!(miri) { 3 } else { 50 } {
            let threads = (0..4).map(|_| {
                let log = log.clone();
                thread::spawn(move || drop(self_loop(0, &log)))
            });
            threads.collect::<Vec<_>>().into_iter().for_each(|t| t.join().expect("no panic"));
            assert_eq!(gc::live(), 4, "in round {round}");
            assert_eq!(gc::collect().collected, 4);
        }
        assert_eq!(log.dropped().len(), log.finalized().len());
    });
}

/// Collects while threads end, whose candidates must not fall between.
#[test]
fn threads_that_end_while_another_collects() {
    alone(|| {
        let log = Log::new();
        const THREADS: usize = if cfg!(miri) { 5 } else { 100 };
        let inner = log.clone();
        let ending = thread::spawn(move || {
            for name in 0..THREADS {
                let log = inner.clone();
                let thread = thread::spawn(move || {
                    LAZY.with_borrow_mut(|left| left.strong.push(self_loop(name, &log)));
                    drop(self_loop(name, &log));
                });
                thread.join().expect("no panic");
            }
        });
        while !ending.is_finished() {
            let _ = gc::collect();
        }
        ending.join().expect("no panic");
        while gc::collect().total() > 0 {}
        assert_eq!((log.dropped().len(), gc::live()), (2 * THREADS, 0));
    });
}
