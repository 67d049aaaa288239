//! What random programs have found, as small as it gets.

use super::node::Node;
use super::{begin, below, end, listen};
use crate::primitive::{schedules, thread};
use crate::sync::{self, Gc};

/// An object that refers to itself, through whatever cell.
fn looped() -> Gc<Node> {
    loop {
        let gc = Gc::new(Node::new(Vec::new()));
        if gc.cells.write(|slots| slots.edges[below(2)] = Some(gc.clone())).is_some() {
            return gc;
        }
    }
}

/// It was captured twice by one collection, out of the list of each thread. Each of its two
/// numbers was held by the handle of the other, and both were let go in silence: no candidate any
/// more, and never collected.
#[test]
fn a_candidate_that_another_thread_drops_while_the_lists_are_taken_is_not_lost() {
    listen();
    schedules(1, Some(2), 3000, || {
        begin(1);
        let first = looped();
        let other = first.clone();
        // Its list is the newest, so it is taken first.
        let thread = thread::spawn(move || {
            drop(other);
            let _ = sync::collect();
            sync::leave_thread();
        });
        drop(first);
        thread.join().expect("it does not panic");
        end(1);
    });
}
