//! Memory that is kept: what a heap has needed once goes back when it does not need it
//! any more. (What a thread leaves behind at its end: `memory/threads.rs`.)

use gc_core::unsync::{self, Gc};
use gc_core::{Finalize, Finalizing, Trace};
use gc_tests::unsync::alone;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, RefCell};

mod boxes;
mod profile;
mod sizes;
mod sync;

thread_local! {
    /// What this thread has been given and has not given back.
    static HELD: Cell<isize> = const { Cell::new(0) };
}

/// The system's allocator, which counts.
struct Counting;

fn count(size: usize, sign: isize) {
    let size = isize::try_from(size).expect("no allocation is larger");
    // A thread that ends has no counter any more.
    let _ = HELD.try_with(|held| held.set(held.get() + sign * size));
}

// SAFETY: every call is handed on to `System` as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 1);
        // SAFETY: the caller's promises are those that `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size, 1);
        count(layout.size(), -1);
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(layout.size(), -1);
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) };
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many objects there are at the most. Eight bytes each are a lot.
const MANY: usize = if cfg!(miri) { 20_000 } else { 500_000 };

/// What a heap may keep for the next time.
const FEW: isize = 1 << 20;

/// Runs `f`, which leaves nothing alive, and checks that little is kept.
fn keeps_little(f: fn()) {
    alone(move || {
        unsync::disable();
        let before = HELD.get();
        f();
        assert_eq!(unsync::live(), 0);
        // Boxes of dead objects are kept until a collection finds nothing, see `boxes.rs`.
        assert_eq!(unsync::collect().total(), 0);
        let kept = HELD.get() - before;
        assert!(kept < FEW, "{kept} bytes are kept while nothing is alive");
    });
}

/// How deep objects end inside the first one. What dies in there has to wait.
const NESTED: usize = 8;

#[derive(Default, Trace)]
struct Wide(RefCell<Vec<Gc<Wide>>>);

fn leaves() -> Vec<Gc<Wide>> {
    (0..MANY).map(|_| Gc::default()).collect()
}

#[test]
fn the_list_of_those_that_wait_kept_its_largest_size() {
    keeps_little(|| {
        let hub = Gc::new(Wide(RefCell::new(leaves())));
        drop((0..NESTED).fold(hub, |hub, _| Gc::new(Wide(RefCell::new(vec![hub])))));
    });
}

#[test]
fn the_list_of_those_that_wait_for_what_a_finalizer_drops() {
    #[derive(Trace)]
    #[trace(finalize)]
    struct Drops(RefCell<Vec<Gc<Drops>>>);

    impl Finalize for Drops {
        fn finalize(&self, _: &Finalizing<'_>) {
            drop(self.0.take());
        }
    }

    keeps_little(|| {
        let leaf = |_| Gc::new(Drops(RefCell::default()));
        let hub = Gc::new(Drops(RefCell::new((0..MANY).map(leaf).collect())));
        drop((0..NESTED).fold(hub, |hub, _| Gc::new(Drops(RefCell::new(vec![hub])))));
    });
}

#[test]
fn the_table_of_what_was_captured_kept_its_largest_size() {
    keeps_little(|| {
        // One candidate that reaches all the others.
        let root = Gc::new(Wide(RefCell::new(leaves())));
        let again = root.clone();
        root.0.borrow_mut().push(again);
        drop(root);
        let report = unsync::collect();
        assert_eq!((report.candidates, report.collected), (1, MANY + 1));
    });
}

#[test]
fn the_tables_of_candidates_kept_their_largest_size() {
    keeps_little(|| {
        for _ in 0..3 {
            let leaves = leaves();
            drop(leaves.clone());
            assert_eq!(unsync::counts()[0], MANY);
            let report = unsync::collect();
            assert_eq!((report.candidates, report.collected), (MANY, 0));
        }
    });
}

#[test]
fn the_table_of_candidates_that_died_before_any_collection() {
    keeps_little(|| {
        let leaves = leaves();
        drop(leaves.clone());
        drop(leaves);
        let _ = unsync::collect();
    });
}

#[test]
fn the_table_of_callbacks() {
    keeps_little(|| {
        let objects: Vec<_> = (0..MANY).map(|_| Gc::new(0_u8)).collect();
        let callbacks: Vec<_> = objects.iter().map(|o| Gc::downgrade_with(o, || ())).collect();
        drop(objects);
        drop(callbacks);
    });
}
