//! The contracts on the heap that all threads share.

suite!(gc_tests::sync);

mod as_arc;
mod auto_traits;
mod external_threads;
mod freeze_all;
mod inspect_beside;
mod locks;
mod sizes_beside;
mod thread_exit;
mod threads;
mod weak_keys;
mod weak_threads;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

/// Runs `f` on another thread, to the end of that thread.
fn elsewhere<R: Send>(f: impl FnOnce() -> R + Send) -> R {
    thread::scope(|scope| {
        let thread = scope.spawn(f);
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Runs `f` while another thread sleeps in the middle of `around`: in the function that it is
/// given. It wakes when `f` has ended, be it by a panic.
fn while_asleep<R>(around: impl FnOnce(&dyn Fn()) + Send, f: impl FnOnce() -> R) -> R {
    let (asleep, is_asleep) = mpsc::channel();
    let (wake, awake) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            around(&|| {
                asleep.send(()).expect("somebody waits");
                assert!(awake.recv().is_err(), "nothing is ever sent");
            });
        });
        let _wakes_when_dropped = wake;
        is_asleep.recv().expect("it falls asleep");
        f()
    })
}

/// Runs `f` while another thread calls `again` again and again.
fn beside<R>(mut again: impl FnMut() + Send, f: impl FnOnce() -> R) -> R {
    struct Stop<'a>(&'a AtomicBool);
    impl Drop for Stop<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                again();
            }
        });
        let _stops_when_dropped = Stop(&stop);
        f()
    })
}
