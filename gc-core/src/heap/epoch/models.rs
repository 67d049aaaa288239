//! Epochs under loom: that its run ends well, too.

use super::*;
use loom::cell::UnsafeCell;
use loom::sync::Arc as Tracked;
use loom::sync::atomic::{AtomicBool, Ordering::Relaxed};
use loom::thread;

/// As many preemptions as `LOOM_MAX_PREEMPTIONS` says, or two.
pub(in crate::heap) fn check(model: impl Fn() + Send + Sync + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound.get_or_insert(2);
    builder.max_branches = builder.max_branches.max(10_000);
    builder.check(model);
}

/// Memory of which loom says when it is used in an order that nobody has made sure of.
#[derive(Debug)]
pub(in crate::heap) struct Memory(UnsafeCell<()>);

// SAFETY: loom sees each access, and fails where two are a race.
unsafe impl Sync for Memory {}

impl Memory {
    pub(in crate::heap) fn new() -> Self {
        Memory(UnsafeCell::new(()))
    }

    pub(in crate::heap) fn read(&self) {
        self.0.with(|_| ());
    }

    pub(in crate::heap) fn write(&self) {
        self.0.with_mut(|_| ());
    }
}

/// loom's leak check looks at the rest: nobody advances here.
#[test]
fn what_is_deferred_is_gone_when_the_statics_are() {
    check(|| {
        let [first, second] = [Tracked::new(()), Tracked::new(())];
        let other = thread::spawn(move || pin().defer(move || drop(first)));
        pin().defer(move || drop(second));
        other.join().unwrap();
    });
}

#[test]
fn a_guard_keeps_what_is_deferred_after_it() {
    check(|| {
        let value = Tracked::new((Memory::new(), AtomicBool::new(false)));
        let theirs = Tracked::clone(&value);
        let guard = pin();
        let other = thread::spawn(move || {
            pin().defer(move || {
                theirs.0.write();
                theirs.1.store(true, Relaxed);
            });
            advance();
        });
        value.0.read();
        // Relaxed: orders nothing; that there is a guard is enough.
        assert!(!value.1.load(Relaxed), "it has run");
        drop(guard);
        other.join().unwrap();
    });
}
