//! The heap of all threads: what those that have ended leave behind, and what a collection misses or
//! meets twice while others go on.
//!
//! The bytes are counted for the whole process, and the room of the last collection is kept for the
//! next, so each test runs in a child process that runs nothing else.

use crate::allocator::{held, paused_above};
use gc_core::sync::background::{self, Config};
use gc_core::sync::{self, Gc};
use gc_core::{Generation, Trace};
use gc_tests::process::{is_child, respawn};
use gc_tests::sync::{Slot, alone};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

/// Runs `f` alone in a child process.
fn in_child(test: &str, f: impl FnOnce()) {
    if is_child() {
        return f();
    }
    let output = respawn(&format!("sync::{test}"));
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}");
}

/// Runs `f` on so many threads, one after another, and checks that what they leave behind is not in
/// proportion to their number.
fn leave_little(threads: usize, f: fn()) {
    leave_at_most(64 << 10, threads, f);
}

fn leave_at_most(limit: usize, threads: usize, f: fn()) {
    let run = || thread::spawn(f).join().expect("no panic");
    // The first leave what is made once for the process.
    (0..100).for_each(|_| run());
    let before = held();
    (0..threads).for_each(|_| run());
    let left = held().saturating_sub(before);
    assert!(left < limit, "{left} bytes left behind by {threads} threads");
}

#[test]
fn records_of_ended_threads_were_kept_while_no_collection_was_due() {
    in_child("records_of_ended_threads_were_kept_while_no_collection_was_due", || {
        leave_little(2000, || drop(Gc::<str>::from("never a candidate")));
    });
}

/// Their deaths were counted where nobody looked.
#[test]
fn boxes_of_ended_threads_candidates_that_had_died_were_kept() {
    in_child("boxes_of_ended_threads_candidates_that_had_died_were_kept", || {
        // A thousand of them are swept together; three thousand take more than a megabyte.
        leave_at_most(600 << 10, 3000, || {
            let node = Gc::new((Slot::<Option<Gc<Node>>>::default(), [0_u8; 256]));
            drop(node.clone());
            drop(node);
        });
    });
}

/// They are kept by the thread that dropped them, until it ends.
#[test]
fn boxes_of_objects_that_ended_on_another_thread_than_they_were_made_on() {
    in_child("boxes_of_objects_that_ended_on_another_thread_than_they_were_made_on", || {
        leave_little(300, || {
            let objects: Vec<Gc<u64>> = (0..1000).map(Gc::new).collect();
            let there = thread::spawn(move || drop(objects));
            there.join().expect("no panic");
            let objects: Vec<Gc<u64>> = (0..1000).map(Gc::new).collect();
            assert!(objects.iter().zip(0..).all(|(object, number)| **object == number));
        });
    });
}

#[test]
fn the_background_collector_kept_boxes_for_objects_that_it_never_makes() {
    in_child("the_background_collector_kept_boxes_for_objects_that_it_never_makes", || {
        alone(|| {
            sync::disable();
            let garbage = || (0..20_000).for_each(|_| drop(ring()));
            let background = background::start(Config::default()).expect("a thread");
            let sweep = || background.collect_now().wait().collected;
            // The room for the next collection has its size from here on.
            garbage();
            assert_eq!(sweep(), 20_000);
            let before = held();
            garbage();
            assert_eq!(sweep(), 20_000);
            let left = held().saturating_sub(before);
            assert!(left < 64 << 10, "{left} bytes left");
            // Nor were they before.
            drop(background);
            let went = before.saturating_sub(held());
            assert!(went < 256 << 10, "{went} bytes went with its thread");
        });
    });
}

#[derive(Trace)]
struct Tree(Vec<Gc<Tree>>);

#[test]
fn the_list_of_those_that_wait_was_leaked_with_its_thread() {
    in_child("the_list_of_those_that_wait_was_leaked_with_its_thread", || {
        leave_little(100, || {
            // As deep as objects end inside each other, and then so many that they have to wait.
            let hub = Gc::new(Tree((0..1000).map(|_| Gc::new(Tree(Vec::new()))).collect()));
            drop((0..8).fold(hub, |hub, _| Gc::new(Tree(vec![hub]))));
        });
    });
}

#[derive(Default, Trace)]
struct Node(Slot<Option<Gc<Node>>>);

/// A node with an edge to itself.
fn ring() -> Gc<Node> {
    let node = Gc::<Node>::default();
    node.0.set(Some(node.clone()));
    node
}

/// Longer than anything takes that does not wait for ever.
const LONG: Duration = Duration::from_secs(20);

/// Does what the other side waits for.
fn step<T>(there: &Sender<T>, value: T) {
    there.send(value).expect("the other side is there");
}

fn wait<T>(here: &Receiver<T>) -> T {
    here.recv_timeout(LONG).expect("the other side comes by")
}

/// A full collection on a thread of its own, which is held up for `act` when it has begun with the
/// candidates that this thread has made. All threads that have used the heap before are visited
/// after it, and what stood in the buffers has been captured.
fn collect_beside(act: impl FnOnce()) -> usize {
    const MANY: usize = 10_000;
    let ((arrive, arrived), (open, opened)) = (channel(), channel());
    let collects = thread::spawn(move || {
        let candidates: Vec<Gc<Node>> = (0..MANY).map(|_| Gc::default()).collect();
        drop(candidates.clone());
        let pause = move || {
            step(&arrive, ());
            wait(&opened);
        };
        // The table of objects grows when a fourth of them are in there. Nothing else asks for as much.
        let (report, paused) = paused_above(MANY / 4 * size_of::<usize>(), pause, sync::collect);
        assert!(paused && report.candidates >= MANY, "{report:?}");
        report.collected
    });
    wait(&arrived);
    act();
    step(&open, ());
    collects.join().expect("no panic")
}

#[test]
fn a_candidate_that_was_dropped_again_while_they_were_captured_was_never_collected() {
    in_child(
        "a_candidate_that_was_dropped_again_while_they_were_captured_was_never_collected",
        || {
            alone(|| {
                sync::disable();
                let node = ring();
                drop(node.clone());
                // In the buffers from here on, which are captured first.
                let _ = sync::collect_generation(Generation::Young);
                // A candidate again, now in the list of this thread.
                let _ = collect_beside(|| drop(node));
                let _ = sync::collect();
                assert_eq!(gc_tests::sync::live(), 0);
            });
        },
    );
}

#[test]
fn a_collection_missed_what_a_thread_that_ended_meanwhile_left() {
    in_child("a_collection_missed_what_a_thread_that_ended_meanwhile_left", || {
        alone(|| {
            sync::disable();
            let ((make, made), (end, ended)) = (channel(), channel());
            let leaves = thread::spawn(move || {
                (0..20).for_each(|_| drop(ring()));
                step(&make, ());
                wait(&ended);
            });
            wait(&made);
            let collected = collect_beside(|| {
                step(&end, ());
                leaves.join().expect("no panic");
            });
            assert_eq!((collected, gc_tests::sync::live()), (20, 0));
        });
    });
}
