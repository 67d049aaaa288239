//! Epochs with std's threads. Tests beside this one may be pinned at any time, so what
//! is to happen is waited for.

use super::*;
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc;
use std::thread;

/// Lets epochs go by until that holds.
fn until(holds: impl Fn() -> bool) {
    while !holds() {
        advance();
        thread::yield_now();
    }
}

/// Defers as many additions of one.
fn defer(times: usize, ran: &Arc<AtomicUsize>) {
    let guard = pin();
    for _ in 0..times {
        let ran = Arc::clone(ran);
        guard.defer(move || ran.fetch_add(1, SeqCst));
    }
}

#[test]
fn the_collector_is_our_own() {
    assert!(is_ours(&pin()));
    assert!(!is_ours(&crossbeam_epoch::pin()));
}

#[test]
fn what_is_deferred_runs() {
    // More than run in one step.
    let times = if cfg!(miri) { 50 } else { 5_000 };
    let ran = Arc::default();
    defer(times, &ran);
    until(|| ran.load(SeqCst) == times);
}

#[test]
fn a_guard_elsewhere_keeps_it_from_running() {
    let (release, released) = mpsc::channel::<()>();
    let (report, pinned) = mpsc::channel();
    let other = thread::spawn(move || {
        let _guard = pin();
        report.send(()).unwrap();
        released.recv().unwrap_err();
    });
    pinned.recv().unwrap();
    let ran = Arc::default();
    defer(1, &ran);
    advance();
    advance();
    assert_eq!(ran.load(SeqCst), 0);
    drop(release);
    other.join().unwrap();
    until(|| ran.load(SeqCst) == 1);
}

#[test]
fn what_an_ended_thread_has_deferred_runs() {
    let ran = Arc::default();
    thread::scope(|scope| {
        scope.spawn(|| defer(3, &ran)).join().unwrap();
    });
    until(|| ran.load(SeqCst) == 3);
}

/// Pins and defers when its thread's locals are torn down.
struct AtExit(Cell<Option<Arc<AtomicUsize>>>);

impl Drop for AtExit {
    fn drop(&mut self) {
        let ran = self.0.take().unwrap();
        // A guard may outlive the handle it came from.
        let outer = pin();
        defer(1, &ran);
        advance();
        assert_eq!(ran.load(SeqCst) % 10, 0, "our own guard keeps it");
        ran.fetch_add(10, SeqCst);
        drop(outer);
    }
}

thread_local! {
    static BEFORE: AtExit = const { AtExit(Cell::new(None)) };
    static AFTER: AtExit = const { AtExit(Cell::new(None)) };
}

#[test]
fn a_thread_can_pin_while_its_locals_are_torn_down() {
    let [before, after] = [Arc::<AtomicUsize>::default(), Arc::default()];
    let theirs = [Arc::clone(&before), Arc::clone(&after)];
    let thread = thread::spawn(move || {
        let [before, after] = theirs;
        // One of them goes after the handle, in whatever order locals go.
        BEFORE.with(|local| local.0.set(Some(before)));
        drop(pin());
        AFTER.with(|local| local.0.set(Some(after)));
    });
    thread.join().unwrap();
    until(|| [&before, &after].iter().all(|ran| ran.load(SeqCst) == 11));
}
