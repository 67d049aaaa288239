//! Objects made by `Gc::pin`: a finalizer, too, gets pinned handles only.

use gc_core::unsync::{self, Gc};
use gc_core::{Finalize, Finalizing, Trace};
use gc_tests::unsync::alone;
use std::cell::{Cell, RefCell};
use std::marker::PhantomPinned;
use std::pin::Pin;

#[derive(Trace)]
#[trace(finalize)]
struct Stays<P: 'static> {
    me: RefCell<Option<Pin<Gc<Stays<P>>>>>,
    /// An address that code which was given `Pin<&Stays>` may rely on.
    seen_at: Cell<usize>,
    pin: P,
}

thread_local! {
    static HANDLES: Cell<(bool, bool)> = const { Cell::new((false, false)) };
    static SAVED: RefCell<Option<Pin<Gc<Stays<PhantomPinned>>>>> = const { RefCell::new(None) };
}

impl<P: Trace + 'static> Finalize for Stays<P> {
    fn finalize(&self, cx: &Finalizing<'_>) {
        let plain: Option<Gc<Self>> = cx.handle();
        let pinned: Option<Pin<Gc<Self>>> = cx.pinned_handle();
        HANDLES.set((plain.is_some(), pinned.is_some()));
        SAVED.set(cx.pinned_handle());
    }
}

fn stays<P: 'static>(pin: P) -> Stays<P> {
    Stays { me: RefCell::new(None), seen_at: Cell::new(0), pin }
}

fn pinned() -> Pin<Gc<Stays<PhantomPinned>>> {
    let pin = Gc::pin(stays(PhantomPinned));
    pin.seen_at.set((&raw const *pin).addr());
    pin
}

#[test]
fn a_finalizer_got_a_handle_by_which_a_pinned_value_could_be_moved() {
    alone(|| {
        drop(pinned());
        assert_eq!(HANDLES.take(), (false, true));
        let saved = SAVED.take().expect("resurrected");
        assert_eq!(saved.seen_at.get(), (&raw const *saved).addr());
        drop(saved);
        assert_eq!(unsync::live(), 0);
    });
}

#[test]
fn in_a_cycle_as_well() {
    alone(|| {
        let pin = pinned();
        *pin.me.borrow_mut() = Some(pin.clone());
        drop(pin);
        assert_eq!(unsync::collect().resurrected, 1);
        assert_eq!(HANDLES.take(), (false, true));
        let saved = SAVED.take().expect("resurrected");
        assert_eq!(saved.seen_at.get(), (&raw const *saved).addr());
        drop(saved);
        assert_eq!((unsync::collect().collected, unsync::live()), (1, 0));
    });
}

#[test]
fn what_was_not_made_pinned_has_no_pinned_handle() {
    alone(|| {
        drop(Gc::new(stays(PhantomPinned)));
        assert_eq!(HANDLES.take(), (true, false));
        assert_eq!(unsync::live(), 0);
    });
}

/// An `Unpin` value may be moved all the same.
#[test]
fn a_value_that_may_move_is_unpinned_by_its_owner() {
    alone(|| {
        let gc = Pin::into_inner(Gc::pin(stays(())));
        assert!(Gc::try_unwrap(gc).is_ok());
        drop(Gc::pin(stays(())));
        assert_eq!((HANDLES.take(), unsync::live()), ((false, true), 0));
    });
}
