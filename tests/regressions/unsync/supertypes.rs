//! A `Gc` is covariant, so a handle's type may be a supertype of what the object was
//! made with, among `'static` types too: `fn(&'static str)` of `for<'a> fn(&'a str)`.
//!
//! Written as the supertype, a value was dropped and finalized as the subtype, which
//! called it with a string that was gone soon after. (With lifetimes that are not
//! `'static` the compiler refuses it: see the UI tests.)

use gc_core::unsync::{self, AnyGc, Gc, UniqueGc, Weak};
use gc_core::{Finalize, Finalizing, Trace, coerce};
use gc_tests::unsync::alone;
use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

type Short = for<'a> fn(&'a str);
type Static = fn(&'static str);

/// Calls itself with a string that lives as long as its type says.
trait Call {
    fn call(&self);
}

impl Call for Short {
    fn call(&self) {
        let short = String::from("short-lived, on the heap, and soon gone");
        self(&short);
    }
}

#[expect(coherence_leak_check, reason = "that there are two implementations is the point")]
impl Call for Static {
    fn call(&self) {
        self("static");
    }
}

thread_local! {
    static CAUGHT: Cell<&'static str> = const { Cell::new("") };
}

fn nothing(_: &str) {}

fn catch(text: &'static str) {
    CAUGHT.set(text);
}

/// What was caught, read before it is compared: AddressSanitizer sees where it is gone.
fn caught() -> String {
    CAUGHT.take().to_string()
}

#[derive(Clone, Trace)]
#[trace(leaf)]
struct CallsOnDrop<T: Call>(T);

impl<T: Call> Drop for CallsOnDrop<T> {
    fn drop(&mut self) {
        self.0.call();
    }
}

#[derive(Clone, Trace)]
#[trace(finalize)]
struct CallsAtEnd<T: Call>(#[trace(skip)] T);

impl<T: Call> Finalize for CallsAtEnd<T> {
    fn finalize(&self, _: &Finalizing<'_>) {
        self.0.call();
    }
}

#[test]
fn a_value_was_dropped_as_the_subtype_that_its_object_was_made_with() {
    let gc: Gc<CallsOnDrop<Short>> = Gc::new(CallsOnDrop(nothing as Short));
    let mut gc: Gc<CallsOnDrop<Static>> = gc;
    if let Some(value) = Gc::get_mut(&mut gc) {
        *value = CallsOnDrop(catch as Static);
    }
    drop(gc);
    assert_eq!(caught(), "", "get_mut must not lend it");
}

#[test]
fn a_value_was_finalized_as_the_subtype_that_its_object_was_made_with() {
    let gc: Gc<CallsAtEnd<Short>> = Gc::new(CallsAtEnd(nothing as Short));
    let mut gc: Gc<CallsAtEnd<Static>> = gc;
    if let Some(value) = Gc::get_mut(&mut gc) {
        *value = CallsAtEnd(catch as Static);
    }
    drop(gc);
    assert_eq!(caught(), "", "get_mut must not lend it");
}

#[test]
fn make_mut_copies_it_into_an_object_of_the_handles_type() {
    let gc: Gc<CallsOnDrop<Short>> = Gc::new(CallsOnDrop(nothing as Short));
    let mut gc: Gc<CallsOnDrop<Static>> = gc;
    *Gc::make_mut(&mut gc) = CallsOnDrop(catch as Static);
    assert!(Gc::get_mut(&mut gc).is_some(), "now it is what it says");
    drop(gc);
    assert_eq!(caught(), "static");
}

#[test]
fn with_weak_handles_make_mut_copies_it_too() {
    let gc: Gc<CallsAtEnd<Short>> = Gc::new(CallsAtEnd(nothing as Short));
    let weak = Gc::downgrade(&gc);
    let mut gc: Gc<CallsAtEnd<Static>> = gc;
    *Gc::make_mut(&mut gc) = CallsAtEnd(catch as Static);
    assert!(weak.upgrade().is_none());
    drop(gc);
    assert_eq!(caught(), "static");
}

/// Nothing runs when it ends, but it is asked later what it was made with.
#[test]
fn a_plain_value_was_written_as_a_supertype_and_came_back_as_the_subtype() {
    let gc: Gc<Short> = Gc::new_opaque(nothing as Short);
    let mut gc: Gc<Static> = gc;
    if let Some(value) = Gc::get_mut(&mut gc) {
        *value = catch;
    }
    let short = AnyGc::from(gc.clone()).downcast::<Short>().expect("what it was made with");
    Call::call(&*short);
    drop(short);
    assert_eq!(caught(), "", "get_mut must not lend it");
    *Gc::make_mut(&mut gc) = catch;
    assert!(AnyGc::from(gc.clone()).downcast::<Short>().is_err(), "a copy of the handle's type");
    drop(gc);
}

#[test]
fn the_plain_elements_of_an_array_were_written_as_supertypes() {
    let slice: Gc<[Short]> = coerce!(Gc::new_opaque([nothing as Short; 2]));
    let mut slice: Gc<[Static]> = slice;
    if let Some(elements) = Gc::get_mut(&mut slice) {
        elements[0] = catch;
    }
    let array = AnyGc::from(slice).downcast::<[Short; 2]>().expect("what it was made with");
    Call::call(&array[0]);
    assert_eq!(caught(), "", "get_mut must not lend it");
}

#[test]
fn slices_and_their_elements() {
    let gc: Gc<[CallsOnDrop<Short>]> = vec![CallsOnDrop(nothing as Short)].into();
    let mut gc: Gc<[CallsOnDrop<Static>]> = gc;
    assert!(Gc::get_mut(&mut gc).is_none());
    let mut gc: Gc<[CallsOnDrop<Static>]> = vec![CallsOnDrop(catch as Static)].into();
    assert!(Gc::get_mut(&mut gc).is_some());
}

/// A trait of which a method of the value's own type writes through `&mut`.
trait Assign {
    fn assign(&mut self);
}

impl Assign for CallsOnDrop<Static> {
    fn assign(&mut self) {
        *self = CallsOnDrop(catch as Static);
    }
}

fn refuses<R>(coerce: impl FnOnce() -> R) {
    let result = catch_unwind(AssertUnwindSafe(|| drop(coerce())));
    let panic = result.expect_err("coerce! forgets what the type was");
    let words = panic.downcast_ref::<&str>().copied().unwrap_or_default();
    assert!(words.contains("supertype"), "{words}");
}

#[test]
fn coerce_forgot_that_the_handles_type_was_a_supertype() {
    alone(|| {
        let made: Gc<CallsOnDrop<Short>> = Gc::new(CallsOnDrop(nothing as Short));
        let gc: Gc<CallsOnDrop<Static>> = made;
        let weak: Weak<CallsOnDrop<Static>> = Gc::downgrade(&gc);
        refuses(|| -> Gc<dyn Assign> { coerce!(gc.clone()) });
        refuses(|| -> Gc<dyn Any> { coerce!(gc.clone()) });
        refuses(|| -> Weak<dyn Assign> { coerce!(weak.clone()) });
        drop(gc);
        assert!(caught().is_empty() && weak.upgrade().is_none(), "no handle was lost");
        drop(weak);
        assert_eq!(unsync::live(), 0);
    });
}

#[test]
fn coerce_takes_what_is_what_it_says() {
    let mut gc: Gc<dyn Assign> = coerce!(Gc::new(CallsOnDrop(catch as Static)));
    Gc::get_mut(&mut gc).expect("the only handle").assign();
    drop(gc);
    assert_eq!(caught(), "static");
    let unique: UniqueGc<dyn Assign> = coerce!(UniqueGc::new(CallsOnDrop(catch as Static)));
    let dangling: Weak<dyn Assign> = coerce!(Weak::<CallsOnDrop<Static>>::new());
    assert!(dangling.upgrade().is_none());
    drop(unique);
    assert_eq!(caught(), "static");
}
