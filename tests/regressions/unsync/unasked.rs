//! What was asked of nobody: implementations that keep the written obligations of
//! `Trace`, and other doors into the heap.

use crate::hooks::Which;
use gc_core::handle::{Local, Space};
use gc_core::unsync::{self, Gc};
use gc_core::{Depth, Finalize, Finalizing, Trace, Tracer};
use gc_tests::Log;
use gc_tests::unsync::{Canary, Plain, alone};
use std::cell::{Cell, RefCell};
use std::fmt::{self, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Brings itself back in a `finalize_within` that does not go through `Finalizing::run`.
struct Direct {
    me: RefCell<Option<Gc<Direct>>>,
    canary: Canary,
}

thread_local! {
    static SAVED: RefCell<Option<Gc<Direct>>> = const { RefCell::new(None) };
}

impl Finalize for Direct {
    fn finalize(&self, cx: &Finalizing<'_>) {
        SAVED.set(cx.handle());
    }
}

// SAFETY: 1. it shows its one handle once. 2. to 5. hold trivially. 6. is not kept to
// the letter: a handle from `Finalizing` is noticed all the same.
unsafe impl Trace for Direct {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.me.trace(tracer);
    }

    fn may_finalize(_: Depth) -> bool {
        true
    }

    fn finalize_within(&self, cx: &Finalizing<'_>) {
        self.finalize(cx);
    }
}

fn check_direct(cyclic: bool) {
    alone(move || {
        let log = Log::new();
        let object = Gc::new(Direct { me: RefCell::new(None), canary: Canary::new(0, &log) });
        if cyclic {
            *object.me.borrow_mut() = Some(object.clone());
        }
        drop(object);
        let _ = unsync::collect();
        let saved = SAVED.take().expect("the hook has run");
        let name = catch_unwind(AssertUnwindSafe(|| saved.canary.name()));
        if name.is_err() {
            // There is nothing left to drop.
            std::mem::forget(saved);
            panic!("resurrected and dropped");
        }
        drop(saved);
        let _ = unsync::collect();
        assert_eq!((log.dropped(), unsync::live()), (vec![0], 0));
    });
}

#[test]
fn a_hook_that_was_not_called_by_run_resurrected_a_value_that_was_then_dropped() {
    check_direct(false);
    check_direct(true);
}

/// Drops handles whenever it is written to.
struct Sink {
    handles: Vec<Gc<Plain>>,
    written: String,
}

impl fmt::Write for Sink {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.written.push_str(text);
        drop(self.handles.pop());
        Ok(())
    }
}

#[test]
fn showing_the_heap_lent_its_cells_to_user_code() {
    alone(|| {
        let log = Log::new();
        let nodes: Vec<_> = (0..20).map(|name| Plain::new(name, &log)).collect();
        drop(nodes[0].clone());
        let mut sink = Sink { handles: nodes.clone(), written: String::new() };
        Local::with_heap(|heap| write!(sink, "{heap:?} {heap:#?}")).expect("no error");
        assert!(sink.written.contains("live: 20"), "{}", sink.written);
        assert!(sink.handles.len() < 20);
    });
}

/// A trace that leaves a `Cell` alone may be called for what stands in one.
#[test]
fn a_value_in_a_cell_is_traced_where_it_stands() {
    alone(|| {
        #[derive(Trace)]
        struct InCell(Cell<Option<Gc<InCell>>>);

        let object = Gc::new(InCell(Cell::new(None)));
        object.0.set(Some(object.clone()));
        drop(object);
        assert_eq!((unsync::collect().collected, unsync::live()), (1, 0));
    });
}

/// Panics in its `finalize_within`, outside of any hook.
struct Unfinalizable {
    me: RefCell<Option<Gc<Unfinalizable>>>,
    canary: Canary,
}

thread_local! {
    static KEPT: RefCell<Option<Gc<Unfinalizable>>> = const { RefCell::new(None) };
}

// SAFETY: 1. it shows its one handle once. 2. to 5. hold trivially. 6. `finalize_within`
// calls nothing; what the panic hooks do is user code that the collector reckons with.
unsafe impl Trace for Unfinalizable {
    fn trace(&self, tracer: &mut Tracer<'_>) {
        self.me.trace(tracer);
    }

    fn may_finalize(_: Depth) -> bool {
        true
    }

    fn finalize_within(&self, _: &Finalizing<'_>) {
        panic!("in finalize_within");
    }
}

#[test]
fn a_panic_hook_in_finalize_within_resurrected_what_was_then_dropped() {
    for which in Which::BOTH {
        alone(move || {
            let log = Log::new();
            let canary = Canary::new(0, &log);
            let object = Gc::new(Unfinalizable { me: RefCell::new(None), canary });
            *object.me.borrow_mut() = Some(object.clone());
            let weak = Gc::downgrade(&object);
            which.calls(move || KEPT.set(weak.upgrade()));
            drop(object);
            assert_eq!(unsync::collect().resurrected, 1);
            let kept = KEPT.take().expect("the hook has run");
            assert_eq!((kept.canary.name(), log.dropped()), (0, vec![]));
            kept.me.take();
        });
    }
}
