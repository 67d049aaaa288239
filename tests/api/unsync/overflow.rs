//! Counts are 32 bits wide: one too many ends the process, as with `Rc`.

use gc_core::unsync::{Gc, Weak};
use gc_tests::process::{aborted, is_child, respawn};
use std::hint::black_box;

/// Runs the named test again in a child, which must abort.
fn must_abort(test: &str) {
    let output = respawn(&format!("unsync::overflow::{test}"));
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(aborted(&output), "{}: {words}", output.status);
    assert!(!words.contains("too far"), "{words}");
}

const FULL: u64 = 1 << 32;

#[test]
#[cfg_attr(debug_assertions, ignore = "4 billion steps take a minute without optimization")]
fn too_many_handles() {
    if !is_child() {
        return must_abort("too_many_handles");
    }
    let gc = Gc::new(1_u8);
    let raw = Gc::as_ptr(&gc);
    for _ in 0..FULL {
        // SAFETY: the object is alive; the counts are leaked on purpose.
        unsafe { Gc::increment_strong_count(black_box(raw)) };
    }
    eprintln!("too far: {}", Gc::strong_count(&gc));
}

#[test]
#[cfg_attr(debug_assertions, ignore = "4 billion steps take a minute without optimization")]
fn too_many_weak_handles() {
    if !is_child() {
        return must_abort("too_many_weak_handles");
    }
    let gc = Gc::new(1_u8);
    let weak: Weak<u8> = Gc::downgrade(&gc);
    for _ in 0..FULL {
        std::mem::forget(black_box(&weak).clone());
    }
    eprintln!("too far: {}", Gc::weak_count(&gc));
}

#[test]
#[cfg_attr(debug_assertions, ignore = "4 billion steps take a minute without optimization")]
fn too_many_upgrades() {
    if !is_child() {
        return must_abort("too_many_upgrades");
    }
    let gc = Gc::new(1_u8);
    let weak: Weak<u8> = Gc::downgrade(&gc);
    for _ in 0..FULL {
        std::mem::forget(black_box(&weak).upgrade());
    }
    eprintln!("too far: {}", Gc::strong_count(&gc));
}
