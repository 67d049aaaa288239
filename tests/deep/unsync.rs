//! A thread's own heap.

suite!(gc_tests::unsync);

use crate::{STACK, timed};
use gc_core::Trace;
use gc_core::unsync::{self, Gc};
use shapes::on_small_stack;
use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

#[test]
fn a_ring_is_collected_when_its_thread_ends() {
    static DROPPED: AtomicUsize = AtomicUsize::new(0);

    #[derive(Trace)]
    #[trace(leaf)]
    struct Counted;
    impl Drop for Counted {
        fn drop(&mut self) {
            DROPPED.fetch_add(1, Ordering::Relaxed);
        }
    }
    #[derive(Trace)]
    struct Link(RefCell<Option<Gc<Link>>>, Counted);

    on_small_stack(|n| {
        let leave_a_ring = move || {
            let first = Gc::new(Link(RefCell::new(None), Counted));
            let mut head = first.clone();
            for _ in 1..n {
                head = Gc::new(Link(RefCell::new(Some(head)), Counted));
            }
            *first.0.borrow_mut() = Some(head);
            drop(first);
            assert_eq!((unsync::live(), DROPPED.load(Ordering::Relaxed)), (n, 0));
        };
        let thread =
            thread::Builder::new().stack_size(STACK).spawn(leave_a_ring).expect("a thread");
        timed("build and end", || thread.join().expect("no panic"));
        assert_eq!(DROPPED.load(Ordering::Relaxed), n);
    });
}
