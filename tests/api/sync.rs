//! The contracts on the heap that all threads share.

suite!(gc_tests::sync);

mod as_arc;
mod auto_traits;
mod locks;
mod thread_exit;
mod threads;

/// Runs `f` on another thread, to the end of that thread.
fn elsewhere<R: Send>(f: impl FnOnce() -> R + Send) -> R {
    std::thread::scope(|scope| {
        let thread = scope.spawn(f);
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
